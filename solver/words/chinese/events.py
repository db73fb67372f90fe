"""What goes on during a run, and notes of a sweep."""

SENTENCES: dict[str, str] = {
    "solving district by district": "分区求解",
    "reading the layers": "读取图层",
    "reading {file}": "读取 {file}",
    "building the {mode} network": "建立路网（{mode}）",
    "{mode} network: {left_out}": "路网（{mode}）：{left_out}",
    "left out: {parts}": "略去 {parts}",
    "nothing left out": "无略去",
    "{edges:,} edges ({km:,.1f} km) closed to the mode": "不向该出行方式开放的路段 {edges:,} 条（{km:,.1f} 公里）",
    "{edges:,} edges ({km:,.1f} km) in {parts:,} parts that cannot be reached and left again": (
        "不能往返的 {parts:,} 部分共 {edges:,} 条路段（{km:,.1f} 公里）"
    ),
    "{file} in the travel cache is spoiled; it is computed again": "出行缓存中的 {file} 已损坏，重新计算",
    "{file} in the travel cache cannot be read ({why}); it is computed again": (
        "出行缓存中的 {file} 无法读取（{why}），重新计算"
    ),
    "travel is not kept for the next run: {why}": "出行结果未能留存供下次使用：{why}",
    "travel of {places:,} places and {sites:,} sites": "计算 {places:,} 个需求点与 {sites:,} 个站点之间的出行",
    "travel within reach": "计算服务范围内的出行",
    "travel within reach of {n} programmes": "计算 {n} 个方案服务范围内的出行",
    "travel times for all runs ({n})": "计算全部运行所需的出行（{n}）",
    "formulating": "建立模型",
    "{columns:,} columns, {rows:,} rows, {coefficients:,} coefficients": (
        "{columns:,} 列，{rows:,} 行，{coefficients:,} 个系数"
    ),
    "{columns:,} columns, {rows:,} rows in {parts} parts": "{columns:,} 列，{rows:,} 行，分为 {parts} 部分",
    "searching for a first plan": "寻找初始方案",
    "bounding the plan; the time is too short for the whole program": "计算方案的界；时间不足以建立整个模型",
    "first plan {worth:,.6g}; bounding it": "初始方案 {worth:,.6g}；计算其界",
    "no plan yet; {left_s:,.0f} s left": "尚无方案；剩余 {left_s:,.0f} 秒",
    "no plan yet, bound {bound}; {left_s:,.0f} s left": "尚无方案，界 {bound}；剩余 {left_s:,.0f} 秒",
    "plan {worth}, no bound yet; {left_s:,.0f} s left": "方案 {worth}，尚无界；剩余 {left_s:,.0f} 秒",
    "plan {worth}, bound {bound}, gap {gap}; {left_s:,.0f} s left": (
        "方案 {worth}，界 {bound}，差距 {gap}；剩余 {left_s:,.0f} 秒"
    ),
    "narrowing the model down": "缩小模型",
    "solving with {engine}": "用 {engine} 求解",
    "solving what is left with {engine}": "用 {engine} 求解剩余部分",
    "solving all of it with {engine}": "用 {engine} 求解整体",
    "{work} from a gap of {gap}": "{work}，当前差距 {gap}",
    "closing a gap of {gap} by parts": "分部缩小差距 {gap}",
    "looking for the price of money that splits the budget": "寻找划分预算的资金价格",
    "{part} within {money}": "{part}，资金不超过 {money}",
    "of equally good plans the thriftiest": "在同等方案中选取最省者",
    "first objective: {objective}": "首要目标：{objective}",
    "second objective: {objective}": "次要目标：{objective}",
    "floor": "最差分区",
    "coverage": "覆盖",
    "no plan keeps every rule; looking for the rules in conflict": "没有满足全部规则的方案；正在查找冲突的规则",
    "other plans that lose at most {share}": "寻找损失不超过 {share} 的其他方案",
    "other plan {number} of {count} loses {loses}, differs by {n} sites": (
        "其他方案 {number}/{count}：损失 {loses}，有 {n} 个站点不同"
    ),
    "what each site is worth": "计算各站点的价值",
    "recomputing": "重新计算",
    "looking for a better plan than the bound allows": "寻找优于理论界的方案",
    "proven": "已证明",
    "limit": "到达限制而停止",
    "infeasible": "无可行方案",
    "unbounded": "无界",
    "interrupted": "被中断",
    "failed": "失败",
    "{ended}, {n} sites": "{ended}，{n} 个站点",
    "{ended}, no plan": "{ended}，没有方案",
    "{done} of {n} runs": "已完成 {n} 次计算中的 {done} 次",
    "{part}: {n} of {runs} runs have no plan and count in no share or index": (
        "{part}：{runs} 次计算中有 {n} 次无方案，不计入比例与指标"
    ),
    "fewer than {n} plans are few to call a site robust ({parts})": "方案不足 {n} 个，难以断定站点稳健（{parts}）",
    "{n} of {indices} sensitivity indices have an interval wider than {wide:g} or come from fewer than {fewest} "
    "samples: too few samples to rely on them; ask for more --samples (what is there is kept, except with lhs)": (
        "{indices} 个敏感性指标中有 {n} 个区间宽于 {wide:g} 或样本少于 {fewest} 个，样本过少，不足为凭；"
        "请增大 --samples（已有结果保留，lhs 除外）"
    ),
}
