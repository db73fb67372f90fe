"""What `siting verify` finds of who is served, of years, of bounds, and of programmes together."""

SENTENCES: dict[str, str] = {
    # who serves whom
    "{place} is served {n:.6f} times": "{place} 被服务 {n:.6f} 次",
    "{place} has a share of {share:g}": "{place} 的份额为 {share:g}",
    "{place} is served to {share:.4%}": "{place} 被服务 {share:.4%}",
    "{place} is served to {share:.6f}; its open sites cover it to {best:.6f}": (
        "{place} 被服务 {share:.6f}；开放站点可覆盖 {best:.6f}"
    ),
    "{site} serves {load} of {most}": "{site} 服务 {load}，能力为 {most}",
    "{place} is served by {site}, which is closed": "{place} 由 {site} 服务，而该站未开放",
    "{place} is served by {site} in the demand layer and by {others}": (
        "{place} 在需求图层中由 {site} 服务，实为 {others}"
    ),
    "{place} goes {travel:.6g} to {site}; another open site is {least:.6g} off": (
        "{place} 到 {site} 为 {travel:.6g}；另一开放站点仅 {least:.6g}"
    ),
    "{place} is reached by {n} open sites; {asked} are asked for": "{place} 有 {n} 个开放站点可达；要求 {asked} 个",
    "{place} can be reached by {n} sites only; the study refuses that": "{place} 仅有 {n} 个站点可达；研究不允许",
    "places of the demand layer": "需求图层的需求点",
    "from start {start} to goal {goal}: {told:.9g} by scipy, {right:.9g} by networkx": (
        "由 {start} 至 {goal}：scipy 得 {told:.9g}，networkx 得 {right:.9g}"
    ),
    "amount of {place}": "{place} 的服务量",
    "load of {place}": "{place} 的负荷",
    "share of {place} at {site}": "{place} 由 {site} 服务的份额",
    "share of {place} that goes to {site}": "{place} 前往 {site} 的份额",
    "{column} of {place}": "{place} 的 {column}",
    "travel of {place} and {site}": "{place} 与 {site} 之间的出行",
    "{point} is brought to a road {told:.2f} m off; the nearest is {least:.2f}, the limit {limit:g}": (
        "{point} 接到 {told:.2f} 米外的道路；最近的为 {least:.2f} 米，限值 {limit:g} 米"
    ),
    "points without coordinates have no distance": "没有坐标的点没有距离",
    "the study has no roads": "研究没有道路",
    "nothing travels on roads": "没有沿道路的出行",
    "the programme has no years with places": "方案没有分年的需求点",
    "the programme has no places": "方案没有需求点",
    "the programme has no reach": "方案没有服务范围",
    "the programme has no piles": "方案没有充电桩",
    "the programme has no flows": "方案没有出行",
    "{site} is new and serves nobody": "{site} 为新建，却无人使用",
    "{bound} may keep it from that": "可能受 {bound} 所限",
    "{bound} may keep them from that": "可能受 {bound} 所限",
    "{n:,} pairs are too many to share out again": "{n:,} 个点对过多，未重新分配",
    "the least travel was not found in time": "未能在限时内求得最短总出行",
    "{told} are travelled; {least} would do": "总出行为 {told}；{least} 即可",
    "some places could change their sites and travel less in all": "有需求点可以互换站点而使总出行减少",
    "the open sites could serve more people within their capacities": "开放站点在能力之内还可服务更多人",
    "the most that can be served was not found in time": "未能在限时内求得最大服务量",
    "{total} are served; the open sites could serve {most}": "服务 {total}；开放站点可服务 {most}",
    "links of the portfolio": "统筹的关联",
    "{sites}: asked for by {keys}": "{sites}：由 {keys} 要求",
    "{site} hands on {load} and gets {got}": "{site} 转出 {load}，转入 {got}",
    "{site} is closed and takes part in feeding": "{site} 未开放，却参与供给",
    "{upper} feeds {lower}, which is not in the tier below": "{upper} 供给 {lower}，而后者不在下一级",
    "{upper} feeds {lower}, which is beyond its reach": "{upper} 供给 {lower}，而后者不在可达范围内",
    # models
    "objective ({unit})": "目标值（{unit}）",
    "{share:.6%} is captured; the target is {wanted:.6%}": "获得份额 {share:.6%}；目标为 {wanted:.6%}",
    "rows of the layer of flows": "出行图层的行数",
    "flow {n}": "第 {n} 条出行",
    "vehicles of {name}": "{name} 的车辆数",
    "{name} is refuelled to {share:.4%}; its trip can be driven": "{name} 加注 {share:.4%}；其行程可以驶完",
    "{name} is refuelled to {share:.4%}; its trip cannot be driven": "{name} 加注 {share:.4%}；其行程无法驶完",
    "{told} are refuelled; at most {most} can be driven": "加注 {told}；可驶完的至多 {most}",
    "{told} need a stop; the stations have {stock} stops a day": "{told} 需要停靠；各站每日可停靠 {stock} 次",
    "with every site open {most} are refuelled; that fewer refuel at most {bound} is not proven": (
        "全部站点开放时加注 {most}；站点较少时至多 {bound}，未能证明"
    ),
    "stations have capacities, and the result does not say which flows they refuel": (
        "站点有能力限制，而结果未说明为哪些出行加注"
    ),
    "the result does not say which flows are refuelled": "结果未说明哪些出行得到加注",
    "the objective is summed over the years": "目标值为各年之和",
    "share of the worst district, {told}": "最差分区 {told} 的份额",
    "{site} is excluded and {status}": "{site} 已被排除，却为 {status}",
    # years
    "{site} opens in no year": "{site} 没有开放年份",
    "{site} opens in a year and is not in the plan": "{site} 有开放年份，却不在方案中",
    "{site} opens in two years": "{site} 有两个开放年份",
    "{site} closes and is kept": "{site} 已关闭，却列为保留",
    "objective (sum over the years)": "目标值（各年之和）",
    "counts of {year}": "{year} 的权数",
    "budget of {year}": "{year} 的预算",
    "open_new_sites of {name}": "{name} 的 open_new_sites",
    "cost_so_far of {year}": "{year} 的 cost_so_far",
    "cost of {year}": "{year} 的造价",
    "left of {year}": "{year} 的结余",
    "objective of {year}": "{year} 的目标值",
    "{key} of {year}": "{year} 的 {key}",
    "the last year and the sum hold; who is served in earlier years is not in the result": (
        "末年与合计成立；结果不含较早年份的服务对象"
    ),
    "who is served in earlier years is not in the result; the last year is checked": (
        "结果不含较早年份的服务对象；末年已检验"
    ),
    "{year} opens {n}; {least} to {most} are asked for": "{year} 新建 {n} 处；要求 {least} 至 {most} 处",
    "{year} has spent {spent}; {money} were there": "{year} 支出 {spent}；可用 {money}",
    "{year}: {name} is covered to {share:.4%}; at least {least:.4%} is asked for": (
        "{year}：{name} 覆盖 {share:.4%}；要求至少 {least:.4%}"
    ),
    # how it ended, and bounds
    "ended is {ended}; known are {known}": "ended 为 {ended}；可用的为 {known}",
    "ended is {ended} and limit is {limit}": "ended 为 {ended}，limit 为 {limit}",
    "ended is {ended}, and there is a plan worth {objective}": "ended 为 {ended}，却有目标值为 {objective} 的方案",
    "there is no plan and no reason": "没有方案，也没有原因",
    "proven without a plan": "已证明，却没有方案",
    "proven without a bound": "已证明，却没有界",
    "proven with a gap of {gap:.6%}; {asked:.6%} was asked": "以 {gap:.6%} 的差距证明；要求 {asked:.6%}",
    "proven with a gap of {right}; {asked:.6%} was asked": "以 {right} 的差距证明；要求 {asked:.6%}",
    "there is no plan, but {key}": "没有方案，却有 {key}",
    "no plan has a cost": "没有方案，却有造价",
    "the plan is worth {objective}, better than the bound {bound}": "方案目标值为 {objective}，优于界 {bound}",
    "the plan is worth {objective:.10g}, better than its bound {bound:.10g}": (
        "方案目标值为 {objective:.10g}，优于界 {bound:.10g}"
    ),
    "the plan {sites} is worth {worth}; the bound is {bound}": "方案 {sites} 的目标值为 {worth}；界为 {bound}",
    "the plan {sites} keeps every rule and is worth {best}; the bound is {bound}": (
        "方案 {sites} 遵守全部规则，目标值为 {best}；界为 {bound}"
    ),
    "the plan {plan} keeps every rule": "方案 {plan} 遵守全部规则",
    "the plan {sites} is as good and costs {cost}; told are {told}": "方案 {sites} 同样好，造价 {cost}；所述为 {told}",
    "the plan {sites} is worth {worth} within {less}; told is {objective}": (
        "方案 {sites} 造价不超过 {less}，目标值为 {worth}；所述为 {objective}"
    ),
    "no new site": "不新建",
    "serves every place within less than the bound {bound}": "以小于界 {bound} 的出行服务每个需求点",
    "keeps all sites farther apart than the bound {bound}": "使全部站点间距大于界 {bound}",
    "the plan {sites} {what}": "方案 {sites} {what}",
    "that no plan {what} was not proven again": "未能再次证明没有方案能{what}",
    "that no plan of the same worth costs less is not proven again": "未能再次证明同等方案中没有造价更低的",
    "programmes over years are not solved again": "分年方案不再求解",
    "the bound is that of the second objective under the first": "界为第一目标之下第二目标的界",
    "plans of the same worth over years, in joint plans or in an order are not looked for again": (
        "分年、统筹或有先后目标的同等方案不再查找"
    ),
    "the program is too large to look for plans of the same worth again": "规划过大，不再查找同等方案",
    "no program of {model} is written anew here": "此处没有重写 {model} 的规划",
    "proven again is {proof} only, {gap:.3%} from the plan; the bound told is {bound}": (
        "再次证明的界仅为 {proof}，与方案相差 {gap:.3%}；所述的界为 {bound}"
    ),
    "{n:,} pairs of places and sites are too many to solve it again": "{n:,} 个需求点与站点的点对过多，不再求解",
    "the linear program of it was not solved in time": "其线性规划未能在限时内求解",
    "the program written anew was not solved in time": "重写的规划未能在限时内求解",
    "the program written anew has a plan, and lacks {keys}, which it may break": (
        "重写的规划有方案，但不含 {keys}，方案可能与之相违"
    ),
    "the program written anew has a plan; it may leave out places that must be served": (
        "重写的规划有方案；但可能遗漏必须服务的需求点"
    ),
    # what else is told
    "only the run knows why: {reason}": "只有运行本身知道原因：{reason}",
    "there is a proven plan, and a reason: {reason}": "有已证明的方案，却有原因：{reason}",
    "there are {n} reasons in English and {right} in Chinese": "英文原因有 {n} 条，中文有 {right} 条",
    "{key} took {value} s": "{key} 用时 {value} 秒",
    "lost_share of other plan {number}": "备选方案 {number} 的 lost_share",
    "opens of other plan {number}": "备选方案 {number} 的 opens",
    "leaves_out of other plan {number}": "备选方案 {number} 的 leaves_out",
    "objective of other plan {number}": "备选方案 {number} 的目标值",
    "cost of other plan {number}": "备选方案 {number} 的造价",
    "other plan {number}: {fault}": "备选方案 {number}：{fault}",
    "other plan {n} loses {lost:.4%}; at most {within:.4%} was asked for": (
        "备选方案 {n} 损失 {lost:.4%}；要求至多 {within:.4%}"
    ),
    "their sites, costs and differences hold; who serves whom in them is not in the result": (
        "其站点、造价与差别成立；结果不含其服务对象"
    ),
    "{n} other plans; {count} were asked for": "备选方案 {n} 个；要求 {count} 个",
    "{n} other plans, and none were sought": "有备选方案 {n} 个，而并未要求",
    "the search ended {ended} with {n} of {count} plans": "查找以 {ended} 结束，得 {count} 个中的 {n} 个",
    "the result does not say how many other plans were asked for": "结果未说明要求多少备选方案",
    "{key} of other plans sought": "所求备选方案的 {key}",
    "chosen of {site}": "{site} 的 chosen",
    "{site} loses at least {low:.10g} and at most {high:.10g}": "{site} 至少损失 {low:.10g}，至多损失 {high:.10g}",
    "{site} cannot be turned round, and loses {low} to {high}": "{site} 无法改变，却损失 {low} 至 {high}",
    "they fit the plan; what is lost, and which were solved, would need a run for every site": (
        "与方案相符；损失多少、哪些已求解，须逐站重新计算"
    ),
    # programmes together
    "budget of the portfolio": "统筹的预算",
    "cost of the portfolio": "统筹的造价",
    "gap of the portfolio": "统筹的差距",
    "objective of the portfolio": "统筹的目标值",
    "one_more_million_adds and what is gained would need the programmes to be solved again": (
        "one_more_million_adds 及所得须重新求解各方案"
    ),
    "the programmes cost {total} together; the joint budget is {budget}": "各方案合计造价 {total}；统筹预算为 {budget}",
    "cost of {name} in the portfolio": "{name} 在统筹中的造价",
    "new_sites of {name} in the portfolio": "{name} 在统筹中的 new_sites",
    "{key} of {name} in the portfolio": "{name} 在统筹中的 {key}",
    "{site} is in the portfolio only ({key})": "{site} 仅在统筹中（{key}）",
    "{site} is missing in the portfolio ({key})": "统筹中缺少 {site}（{key}）",
    "cost in {district}": "{district} 的造价",
    "cost of {name} in {district}": "{name} 在 {district} 的造价",
    "end of {name}": "{name} 的结束状态",
    "bound of {name}": "{name} 的界",
    "{name} reaches {share:.4%} of its full value; its floor is {floor:.4%}": (
        "{name} 达到全部价值的 {share:.4%}；下限为 {floor:.4%}"
    ),
    "{programme} opens {site} without {sites} of {other}": "{programme} 开放 {site}，而 {other} 的 {sites} 未开放",
}
