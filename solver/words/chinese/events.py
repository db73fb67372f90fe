"""What a run tells while it goes on."""

SENTENCES: dict[str, str] = {
    # reading and travel
    "reading the layers": "读取图层",
    "reading {file}": "读取 {file}",
    "building the {mode} network": "建立路网（{mode}）",
    "{mode} network: {left_out}": "路网（{mode}）：{left_out}",
    "left out: {parts}": "略去 {parts}",
    "nothing left out": "没有略去的路段",
    "{n:,} edges ({km:,.1f} km) closed to the mode": "不向该出行方式开放的路段 {n:,} 条（{km:,.1f} 千米）",
    "{n:,} edges ({km:,.1f} km) in {islands:,} parts that cannot be reached and left again": (
        "不能往返的 {islands:,} 部分共 {n:,} 条路段（{km:,.1f} 千米）"
    ),
    "travel of {places:,} places and {sites:,} sites": "计算 {places:,} 个需求点与 {sites:,} 个站点之间的出行",
    "travel within reach": "计算服务范围内的出行",
    "travel within reach of {n} programmes": "计算 {n} 个方案服务范围内的出行",
    "travel is not kept for the next run: {error}": "出行结果未能保留供下次使用：{error}",
    "{file} in the travel cache cannot be read ({error}); it is computed again": (
        "出行缓存中的 {file} 无法读取（{error}），将重新计算"
    ),
    "{file} in the travel cache is spoiled; it is computed again": "出行缓存中的 {file} 已损坏，将重新计算",
    # solving
    "formulating": "建立模型",
    "{columns:,} columns, {rows:,} rows, {coefficients:,} coefficients": (
        "{columns:,} 列，{rows:,} 行，{coefficients:,} 个系数"
    ),
    "{columns:,} columns, {rows:,} rows in {parts} parts": "{columns:,} 列，{rows:,} 行，分为 {parts} 部分",
    "searching for a first plan": "寻找初始方案",
    "first plan {objective:,.6g}; bounding it": "初始方案 {objective:,.6g}；计算其理论界",
    "bounding the plan; the time is too short for the whole program": "计算方案的理论界；时间不足以求解整个规划",
    "narrowing the model down": "缩小模型",
    "solving with {engine}": "用 {engine} 求解",
    "solving with {engine} from a gap of {gap}": "用 {engine} 求解，当前差距 {gap}",
    "solving what is left with {engine}": "用 {engine} 求解其余部分",
    "solving what is left with {engine} from a gap of {gap}": "用 {engine} 求解其余部分，当前差距 {gap}",
    "solving all of it with {engine}": "用 {engine} 求解整体",
    "closing a gap of {gap} by parts": "分部缩小差距 {gap}",
    "looking for the price of money that splits the budget": "寻找划分预算的资金价格",
    "{programme} within {money}": "{programme}：在 {money} 之内",
    "first objective: {which}": "首要目标：{which}",
    "second objective: {which}": "次要目标：{which}",
    "floor": "最差分区",
    "coverage": "覆盖",
    "of equally good plans the thriftiest": "在同等方案中选取最省者",
    "no plan keeps every rule; looking for the rules in conflict": "没有满足全部规则的方案；正在查找冲突的规则",
    "other plans that lose at most {share}": "寻找损失不超过 {share} 的其他方案",
    "other plan {number} of {count} loses {share}, differs by {sites} sites": (
        "其他方案 {number}/{count}：损失 {share}，有 {sites} 个站点不同"
    ),
    "what each site is worth": "计算各站点的价值",
    # how it ended
    "{ended}, {n} sites": "{ended}，{n} 个站点",
    "{ended}, no plan": "{ended}，没有方案",
    "proven": "已证明",
    "limit": "到达限制而停止",
    "infeasible": "无可行方案",
    "unbounded": "无界",
    "interrupted": "被中断",
    "failed": "失败",
    # sweeps and verification
    "{done} of {n} runs": "已完成 {n} 次计算中的 {done} 次",
    "travel times for all runs ({n})": "计算全部运行所需的出行时间（{n}）",
    "recomputing": "重新计算",
    "looking for a better plan than the bound allows": "寻找优于理论界的方案",
}
