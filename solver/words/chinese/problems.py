"""Faults of problems, programmes and plans."""

SENTENCES: dict[str, str] = {
    # problems
    "{what} ids must differ; given more than once: {twice}": "{what}编号不得重复；重复的有：{twice}",
    "site": "站点",
    "a number of at least 0": "不小于 0 的数",
    "below {largest:g}": "小于 {largest:g}",
    "{what} {name} must be {asked}; not so at {named}": "{what}的 {name} 须为{asked}；以下不符：{named}",
    "sites.{name} has shape {shape}; there are {n} sites": "sites.{name} 的形状为 {shape}；共有 {n} 个站点",
    "sites.group has {entries} entries; there are {n} sites": "sites.group 有 {entries} 项；共有 {n} 个站点",
    "sites.xy has shape {shape}; ({n}, 2) is needed": "sites.xy 的形状为 {shape}；应为 ({n}, 2)",
    "demand.weight has shape {shape}; there are {n} places": "demand.weight 的形状为 {shape}；共有 {n} 个需求点",
    "demand.group has {entries} entries; there are {n} places": "demand.group 有 {entries} 项；共有 {n} 个需求点",
    "demand.load has shape {shape}; there are {n} places": "demand.load 的形状为 {shape}；共有 {n} 个需求点",
    "unit is {unit!r}; {units} is needed": "unit 为 {unit!r}；应为 {units}",
    "travel has shape {shape}; ({places}, {sites}) is needed": "travel 的形状为 {shape}；应为 ({places}, {sites})",
    "travel holds a negative, infinite or missing number; leave unreachable pairs out": (
        "travel 含有负数、无穷大或缺失值；不可达的点对请略去"
    ),
    "travel holds {mark:.15g}, which looks like a mark for no way and not like travel in {unit}; put inf for "
    "pairs without a way": (
        "travel 含有 {mark:.15g}，像是“不可达”的标记，而非以 {unit} 计的行程；不可达的点对请写 inf"
    ),
    # arguments
    "{needed} is needed": "应为{needed}",
    "a text": "文本",
    "a whole number": "整数",
    "a number": "数字",
    "True or False": "True 或 False",
    "a list": "列表",
    "a dictionary": "字典",
    "an {name}": " {name}",
    "a {name}": " {name}",
    "{needed}; did you mean {near!r}?": "{needed}；是否应为 {near!r}？",
    "entry {position} is {shown}, where {told}": "第 {position} 项为 {shown}，此处{told}",
    "a {kind} is needed; this has no {lacks}": "应为 {kind}；所给对象没有 {lacks}",
    "{name}: {error}; it takes {names}": "{name}：{error}；可用参数为 {names}",
    "{of}: {name} is {shown}; {told}": "{of}：{name} 为 {shown}；{told}",
    # programs and plans
    "program {name}: arrays do not fit {n} columns and {m} rows": "规划 {name}：数组与 {n} 列、{m} 行不符",
    "program {name}: a coefficient is not a finite number": "规划 {name}：有系数不是有限数",
    "program {name}: two blocks of columns are named {full}": "规划 {name}：有两组变量同名 {full}",
    "program {name}: two families of rows are named {full}": "规划 {name}：有两组约束同名 {full}",
    "rows {name}: coefficients of {block_name} are {shape}, not {value}": (
        "约束 {name}：{block_name} 的系数为 {shape}，应为 {value}"
    ),
    "{name} cannot be stated over other sites": "{name} 不能改用其他站点表述",
    "plan: served has {shape} columns; there are {n} sites": "方案：served 有 {shape} 列；共有 {n} 个站点",
    "plan: units of {kind} must be {n} whole numbers of at least 0": "方案：{kind} 的数量须为 {n} 个不小于 0 的整数",
    "plan: a closed site holds units of {kind}": "方案：未启用的站点配有 {kind}",
    "the plan does not say who serves whom": "方案未说明由谁服务谁",
    "{name} serves no places": "{name} 不服务任何需求点",
    # coverage
    "1 place": "1 个需求点",
    "{n:,} places": "{n:,} 个需求点",
    "{places} cannot be covered, too few sites reach them: {ids}; raise the reach, add candidates, or leave "
    'these places out (unreachable = "leave_out")': (
        "{places}无法覆盖，可达的站点太少：{ids}；请扩大服务范围、增加候选站点，或略去这些需求点（unreachable "
        '= "leave_out"）'
    ),
    "the plan leaves {n} places uncovered: {ids}": "方案有 {n} 个需求点未覆盖：{ids}",
    "backup must be a whole number of at least 1; got {backup}": "backup 须为不小于 1 的整数；现为 {backup}",
    "{key} ties districts in a way that cannot be taken apart; leave it out or solve the whole": (
        "{key} 使各区以无法拆分的方式相互关联；请去掉该规则，或整体求解"
    ),
    "backup above 1 cannot be taken apart by districts": "backup 大于 1 时不能按区拆分求解",
    "closable sites cannot be taken apart by districts": "含可关闭站点时不能按区拆分求解",
    "the sites have no district; name its column in sites.group": "站点没有所属区；请在 sites.group 中写明其列名",
    "gradual and backup coverage together are not defined; choose one of decay and backup": (
        "渐变覆盖与备份覆盖不能并用；decay 与 backup 请择一"
    ),
    "partial has shape {shape}; {needed} is needed": "partial 的形状为 {shape}；应为 {needed}",
    "partial must hold shares between 0 and 1": "partial 须为 0 到 1 之间的比例",
    "objective_order needs a model that maximises; {name} minimises here": (
        "objective_order 须用最大化模型；此处 {name} 为最小化"
    ),
    "alternatives and marginals are told in the last objective, which is the worst district's share; ask for "
    'them with objective_order = ["floor", "coverage"] or without an order': (
        '备选方案与站点价值按最后一个目标给出，而该目标是最差分区的比例；请改用 objective_order = ["floor", '
        '"coverage"]，或不设次序'
    ),
    "objective_order needs a district with demand; every weight is 0": (
        "objective_order 须有带需求的分区；现所有权重均为 0"
    ),
    "objective_order needs a model that covers places; {name} does not": (
        "objective_order 须用覆盖需求点的模型；{name} 不是"
    ),
    "{place} is served by {site}, which is out of reach": "{place} 由 {site} 服务，但后者不在服务范围内",
    "{place} is served by {site}, which is out of its reach": "{place} 由 {site} 服务，但不在其服务范围内",
    "{place} is served by {site}, which is not its nearest": "{place} 由 {site} 服务，但后者不是最近的站点",
    "{place} is served by more than one site": "{place} 由多个站点服务",
    "{place} is served {total:.6f} times": "{place} 被服务 {total:.6f} 次",
    "{place} is served {total:.6g} times": "{place} 被服务 {total:.6g} 次",
    "{site} serves though it is closed": "{site} 未启用却提供服务",
    "{site} serves {load:,.6g} of {capacity:,.6g}": "{site} 承担 {load:,.6g}，容量为 {capacity:,.6g}",
    # distances
    "p-dispersion needs the coordinates of the sites (x and y of their layer), or a reach between them": (
        "p-dispersion 需要站点坐标（图层的 x 和 y），或站点之间的行程范围"
    ),
    "p-dispersion needs two sites that may be open together, one of them new; add candidates": (
        "p-dispersion 需要两个可同时启用的站点，其中至少一个为新建；请增加候选站点"
    ),
    "p-dispersion: at_least {at_least:g} is above at_most {at_most:g}": (
        "p-dispersion：at_least {at_least:g} 大于 at_most {at_most:g}"
    ),
    "p-dispersion: no distance lies between {at_least:g} and {at_most:g}": (
        "p-dispersion：没有距离介于 {at_least:g} 与 {at_most:g} 之间"
    ),
    "distance has shape {shape}; ({n}, {n}) is needed": "distance 的形状为 {shape}；应为 ({n}, {n})",
    "distance holds a negative, infinite or missing number": "distance 含有负数、无穷大或缺失值",
    "p-center: at_least {at_least:g} is above at_most {at_most:g}": (
        "p-center：at_least {at_least:g} 大于 at_most {at_most:g}"
    ),
    "p-center: no travel lies between {at_least:g} and {at_most:g}": (
        "p-center：没有行程介于 {at_least:g} 与 {at_most:g} 之间"
    ),
    "{n} places are out of reach of every site that may open ({named}); {model} must serve all: widen the reach"
    ', add sites, or leave these places out (unreachable = "leave_out")': (
        "有 {n} 个需求点不在任何可启用站点的服务范围内（{named}）；{model} 须服务全部需求点：请扩大服务范围、增"
        '加站点，或略去这些需求点（unreachable = "leave_out"）'
    ),
    "all sites that may open carry {capacity:,.6g} together; the demand is {total:,.6g}: add sites or capacity": (
        "所有可启用站点的容量合计 {capacity:,.6g}；需求为 {total:,.6g}：请增加站点或容量"
    ),
    "{site} carries {carried:.6g}": "{site} 承担 {carried:.6g}",
    # charging
    "charging needs at least one kind of pile": "charging 至少需要一种充电桩",
    "kinds of piles must differ in name; got {names}": "充电桩类型不得同名；现有 {names}",
    "kind {name}: {what} has shape {shape}; there are {n} sites": (
        "类型 {name}：{what} 的形状为 {shape}；共有 {n} 个站点"
    ),
    "kind {name}: {what} must be finite and at least 0 at every site": (
        "类型 {name}：每个站点的 {what} 须为不小于 0 的有限数"
    ),
    "kind {name}: {what} must be below {largest:g} at every site": (
        "类型 {name}：每个站点的 {what} 须小于 {largest:g}"
    ),
    "kind {name}: power_kw and energy_kwh_per_day must be above 0": (
        "类型 {name}：power_kw 与 energy_kwh_per_day 须大于 0"
    ),
    "grid_limit_kw has shape {shape}; there are {n} sites": "grid_limit_kw 的形状为 {shape}；共有 {n} 个站点",
    "grid_limit_kw must be finite and at least 0 at every site": "每个站点的 grid_limit_kw 须为不小于 0 的有限数",
    "min_share names {unknown}; kinds are {names}": "min_share 中有 {unknown}；现有类型为 {names}",
    "least shares must be at least 0 and at most 1 together; got {shares}": (
        "最低占比须不小于 0，合计不大于 1；现为 {shares}"
    ),
    "{site} has {count:g} {kind} piles; at most {most:g} fit": (
        "{site} 有 {count:g} 个 {kind} 充电桩；最多可设 {most:g} 个"
    ),
    "{site} is open with {n:g} piles": "{site} 启用但只有 {n:g} 个充电桩",
    "{site} draws {power:g} kW of {limit:g}": "{site} 用电 {power:g} 千瓦，上限为 {limit:g}",
    "there are {total:g} piles; {asked} are asked": "共有 {total:g} 个充电桩；要求 {asked} 个",
    "{count:g} of {total:g} piles are {kind}, less than the share asked": (
        "{total:g} 个充电桩中 {kind} 有 {count:g} 个，低于要求的占比"
    ),
    "{site} serves {load:,.6g} kWh/day; its piles deliver {limit:,.6g}": (
        "{site} 承担 {load:,.6g} 千瓦时/日；其充电桩可供 {limit:,.6g}"
    ),
    "the service of a plan could not be computed: {message}": "无法计算方案的服务分配：{message}",
    # flows
    "range_m is {range_m}; must be above 0": "range_m 为 {range_m}；须大于 0",
    "start_fraction is {start_fraction}; must be a share between 0 and 1": (
        "start_fraction 为 {start_fraction}；须为 0 到 1 之间的比例"
    ),
    "max_detour_m is {max_detour_m}; must be at least 0": "max_detour_m 为 {max_detour_m}；须不小于 0",
    "kg_per_refuel is {kg_per_refuel}; must be above 0": "kg_per_refuel 为 {kg_per_refuel}；须大于 0",
    "distance_m has shape {shape}; it must be square": "distance_m 的形状为 {shape}；须为方阵",
    "distance_m must be at least 0 everywhere and 0 from a point to itself": (
        "distance_m 须处处不小于 0，且各点到自身为 0"
    ),
    "weight must be finite and at least 0 for every flow": "每条车流的 weight 须为不小于 0 的有限数",
    "weight must be below {largest:g} for every flow": "每条车流的 weight 须小于 {largest:g}",
    "{name} has shape {shape}; ({size},) is needed": "{name} 的形状为 {shape}；应为 ({size},)",
    "{name} must name points 0 to {n_points}": "{name} 须为 0 到 {n_points} 的点",
    "stations have a capacity in kg/day; say what a stop takes (kg_per_refuel)": (
        "站点容量以千克/日计；请写明每次加注量（kg_per_refuel）"
    ),
    "the open stations do not refuel the plan's shares of flows: {message}": (
        "启用的站点不能满足方案中各车流的比例：{message}"
    ),
    "what the open stations can refuel could not be computed: {message}": "无法计算启用站点可服务的车流：{message}",
    "flow {flow} can be driven in too many ways over the open stations": "车流 {flow} 经启用站点的走法过多",
    "{name} can be driven in too many ways round; lower max_detour_m": "{name} 的绕行走法过多；请减小 max_detour_m",
    "flow {f}: {flow_share:.6g} refuelled; at most {most:.6g} can be driven": (
        "车流 {f}：方案称 {flow_share:.6g} 可完成；实际最多 {most:.6g}"
    ),
    # tiers
    "{site} is closed but used": "{site} 未启用却被使用",
    "{site} carries more than its capacity": "{site} 超出容量",
    "{site} hands on more than it receives": "{site} 转出多于转入",
    "{row_ids} and {column_ids} are beyond each other's reach": "{row_ids} 与 {column_ids} 互不在服务范围内",
    "{n} places are beyond the reach of every chain of sites ({named}); objective cost must serve all of them: "
    "widen the reach, add sites, or choose objective coverage": (
        "有 {n} 个需求点不在任何站点链的服务范围内（{named}）；以 cost 为目标时须全部服务：请扩大服务范围、增加"
        "站点，或以 coverage 为目标"
    ),
    "tier has shape {shape}; there are {n} sites": "tier 的形状为 {shape}；共有 {n} 个站点",
    "tier must count from 0, the highest": "tier 须从 0（最高层级）起编",
    "demand.load is 0 at {n} places with weight ({named}); tiers feed what places take up: give them a load "
    "above 0": "有 {n} 个需求点有权重而 demand.load 为 0（{named}）；各层级按需求点用量供给：请给出大于 0 的用量",
    "{name} has shape {shape}; {needed} is needed": "{name} 的形状为 {shape}；应为 {needed}",
    "{name} holds a negative, infinite or missing number; leave unreachable pairs out": (
        "{name} 含有负数、无穷大或缺失值；不可达的点对请略去"
    ),
    "{name}_cost has {size} numbers; {name} has {nnz} pairs within reach": (
        "{name}_cost 有 {size} 个数；{name} 的服务范围内有 {nnz} 对"
    ),
    "{name}_cost must be numbers of at least 0": "{name}_cost 须为不小于 0 的数",
    "which is not in a lower tier": "但后者不在更低层级",
    "past a tier; only nested tiers may": "越过了一个层级；仅嵌套层级允许",
    "{upper} feeds {lower}, {why}": "{upper} 供给 {lower}，{why}",
    "{site} serves places but is not in the lowest tier; only nested tiers may": (
        "{site} 服务需求点但不在最低层级；仅嵌套层级允许"
    ),
    # market
    "attractiveness needs a finite number for each of {n} sites": "attractiveness 须为 {n} 个站点各给一个有限数",
    "attractiveness must be at least 0 at every site": "每个站点的 attractiveness 须不小于 0",
    "{n} pairs are 0 {unit} apart ({named}), where a site pulls without limit: set a least travel": (
        "有 {n} 对相距 0 {unit}（{named}），此时吸引力无限大：请设最小行程"
    ),
    "target_share must be a share; got {target}": "target_share 须为 0 到 1 之间的比例；现为 {target}",
    "all sites together capture {everything} of the demand; the target is {target}: lower it, widen the reach, "
    "or add sites": "全部站点合计可获得需求的 {everything}；目标为 {target}：请降低目标、扩大服务范围或增加站点",
    # modules
    "{site} has {count} modules of {name}; at most {most:g} fit": (
        "{site} 有 {count} 个 {name} 模块；最多可设 {most:g} 个"
    ),
    "{site} is open without a module": "{site} 启用但没有模块",
    "{site} serves {load:,.6g}; its modules carry {carried:,.6g}": (
        "{site} 承担 {load:,.6g}；其模块可承担 {carried:,.6g}"
    ),
    "size {name}: capacity is {capacity}; must be above 0": "规模 {name}：capacity 为 {capacity}；须大于 0",
    "size {name}: capacity and cost must be below {largest:g}": "规模 {name}：capacity 与 cost 须小于 {largest:g}",
    "size {name}: max_per_site must be finite": "规模 {name}：max_per_site 须为有限数",
    "size {name}: cost and most per site need one number for each of {n} sites": (
        "规模 {name}：造价与单站上限须为 {n} 个站点各给一个数"
    ),
    "sizes needs a model that assigns demand to sites; {name} does not": (
        "sizes 须用把需求分配给站点的模型；{name} 不是"
    ),
    # years
    "the plan is of one year only": "该方案只有一年",
    "the program is of one year only": "该规划只有一年",
    "phasing needs at least one year": "phasing 至少需要一年",
    "years must differ in name; got {names}": "各年不得同名；现有 {names}",
    "year {name} decides about other sites than year {first_name}": "{name} 年与 {first_name} 年的站点不同",
    "year {name} has another sense than year {first_name}": "{name} 年与 {first_name} 年的优化方向不同",
    "year {name} must count more than 0; got {counts:g}": "{name} 年的权重须大于 0；现为 {counts:g}",
    # portfolios
    "{name} minimises ({model}); only programmes that maximise can share a budget": (
        "{name} 为最小化（{model}）；只有最大化的方案可以共用预算"
    ),
    "{name} can cover nothing: its full value is {full:g}": "{name} 无可覆盖：其最大值为 {full:g}",
    "{name}: weight must be above 0 and floor a share; got {weight:g} and {floor:g}": (
        "{name}：weight 须大于 0，floor 须为比例；现为 {weight:g} 与 {floor:g}"
    ),
    "a portfolio needs at least one programme": "统筹方案至少需要一个方案",
    "programmes must differ in name; got {names}": "各方案不得同名；现有 {names}",
    "budget must be a number of at least 0; got {budget}": "预算须为不小于 0 的数；现为 {budget}",
    "budget must be below {largest:g}; got {budget:g}": "预算须小于 {largest:g}；现为 {budget:g}",
    "{name} gains nothing from any site; its floor of {floor} is out of reach": (
        "任何站点都不能使 {name} 增益；其下限 {floor} 无法达到"
    ),
    "a link joins {member} with itself; use the rule `needs` of the programme": (
        "有联系把 {member} 与其自身相连；请用该方案的规则 `needs`"
    ),
    "a link names {member}, which is no programme of the portfolio": "有联系指向 {member}，但它不是统筹方案中的方案",
    "a link names {site}, which {member} does not have": "有联系指向 {site}，但 {member} 没有该站点",
    # rules
    "{key} asks for {number} new sites; only {new} candidates may open": (
        "{key} 要求 {number} 个新建站点；只有 {new} 个候选站点可启用"
    ),
    "{name} has {can}, {n} are asked for": "{name} 有 {can} 个，要求 {n} 个",
    "name it in sites.group": "请在 sites.group 中指明",
    "column {column} is empty": "列 {column} 为空",
    "{key} needs a {group} for the sites; {where}": "{key} 需要站点的 {group}；{where}",
    "the sites' districts": "站点的分区",
    "the groups in column {column}": "列 {column} 中的分组",
    "{key} names {unknown}; {what} are {known}": "{key} 中有 {unknown}；{what}为 {known}",
    "{key} has {n} groups; there are {n_sites} sites": "{key} 有 {n} 个分组；共有 {n_sites} 个站点",
    "{key}: too few candidates in a {group}: {short}": "{key}：{group} 内的候选站点太少：{short}",
    "{key} needs a model that covers places; {name} does not": "{key} 须用覆盖需求点的模型；{name} 不是",
    "{key} names {unknown}; the districts with demand are {known}": "{key} 中有 {unknown}；有需求的分区为 {known}",
    "budget must be a number of at least 0; got {amount}": "预算须为不小于 0 的数；现为 {amount}",
    "budget must be below {largest:g}; got {amount:g}": "预算须小于 {largest:g}；现为 {amount:g}",
    "{key} names {unknown}, which are not sites of the programme": "{key} 中的 {unknown} 不是本方案的站点",
    "{key} needs two or more different sites in every set; not so in {wrong}": (
        "{key} 的每组须有两个以上不同站点；以下不符：{wrong}"
    ),
    "{key} needs the coordinates of the sites; a study with a matrix has none": (
        "{key} 需要站点坐标；用行程矩阵的研究没有坐标"
    ),
    "{key} needs sites that hold modules in whole numbers; name them under sizes": (
        "{key} 须有按整数配置模块的站点；请在 sizes 中写明"
    ),
    "{key} needs a model that assigns demand to sites; {name} does not": (
        "{key} 须用把需求分配给站点的模型；{name} 不是"
    ),
    "budget of every year must be at least 0 and below {largest:g}": "每年的预算须不小于 0 且小于 {largest:g}",
    "money carries over, but {without} has no budget; give every year one, or set carry_over = false": (
        "资金可结转，但 {without} 没有预算；请为每年给出预算，或写 carry_over = false"
    ),
}
