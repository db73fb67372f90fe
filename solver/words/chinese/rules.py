"""Rules in words: their keys, what each asks, what would do in its place, and how a plan breaks it."""

KEYS: dict[str, tuple[str, str]] = {
    "open": ("new sites", "新建站点数"),
    "open_at_least": ("new sites, at least", "新建站点数下限"),
    "open_at_most": ("new sites, at most", "新建站点数上限"),
    "budget": ("budget", "预算"),
    "money_share_per_group": ("greatest share of the money in a district", "分区资金占比上限"),
    "at_least_per_group": ("fewest new sites in a district", "每分区新站下限"),
    "at_most_per_group": ("most new sites in a district", "每分区新站上限"),
    "group_rules": ("numbers by group", "分组数量规则"),
    "floor_share": ("least covered share of districts", "分区最低覆盖率"),
    "spacing_m": ("least spacing of new sites, m", "新站最小间距（米）"),
    "at_most_one_of": ("at most one of", "至多选其一"),
    "forbidden_pairs": ("pairs that exclude each other", "互斥站点对"),
    "needs": ("opens only with", "依赖"),
    "minimum_use": ("least load of an open site", "开放站点最低负荷"),
    "sizes_total": ("modules in all", "模块总数"),
}
"""Key of a programme -> what it is, in English and Chinese."""

SENTENCES: dict[str, str] = {
    "no district gets more than its share of the money": "各分区资金不超过其占比",
    "{group} gets {spent} of {total}; at most {share:.4%} is asked for (money_share_per_group)": (
        "{group} 用去 {spent}（共 {total}）；要求至多 {share:.4%}（money_share_per_group）"
    ),
    "exactly": "恰好",
    "at least": "至少",
    "at most": "至多",
    "at least {n}": "至少 {n} 个",
    "at most {n}": "至多 {n} 个",
    "district": "分区",
    "group of column {column}": "{column} 列的组",
    "new site": "新站点",
    "new sites": "新站点",
    "open site": "开放站点",
    "open sites": "开放站点",
    "any site": "任一站点",
    "{part}: {text}": "{part}：{text}",
    # numbers of sites
    "{side} {n} new site ({key})": "{side}新建 {n} 个站点（{key}）",
    "{side} {n} new sites ({key})": "{side}新建 {n} 个站点（{key}）",
    "{n:g} new site": "新建 {n:g} 个站点",
    "{n:g} new sites": "新建 {n:g} 个站点",
    "{n} new sites are open; {rule}": "已开放 {n} 个新站点；{rule}",
    "{side} so many {what} in a {of}: {each} ({key})": "每个{of}{side}若干{what}：{each}（{key}）",
    "{side} {n} {what} in every {of} ({key})": "每个{of}{side} {n} 个{what}（{key}）",
    "{n:g} {what} in {group}": "{group} 有 {n:g} 个{what}",
    "{group} has {n} {what}; {side} {number} are asked for ({key})": (
        "{group} 有 {n} 个{what}；要求{side} {number} 个（{key}）"
    ),
    # coverage
    "at least {share} covered in every district ({key})": "每个分区覆盖率至少 {share}（{key}）",
    "a least covered share in districts: {each} ({key})": "各分区最低覆盖率：{each}（{key}）",
    "{group} covered to {share}": "{group} 覆盖率为 {share}",
    "{group} is covered to {covered:.4%}; at least {share:.4%} is asked for ({key})": (
        "{group} 覆盖率为 {covered:.4%}；要求至少 {share:.4%}（{key}）"
    ),
    "{key} cannot be checked: the plan serves no places": "无法检查 {key}：方案不服务任何需求点",
    # money
    "a budget of {amount} ({key})": "预算 {amount}（{key}）",
    "a budget of {amount}": "预算为 {amount}",
    "a joint budget of {amount} ({key})": "联合预算 {amount}（{key}）",
    "the plan costs {cost}; the budget is {budget}": "方案造价 {cost}；预算为 {budget}",
    "the programmes cost {cost} together; the joint budget is {budget}": "各方案合计造价 {cost}；联合预算为 {budget}",
    "at most {share} of the money in one district ({key})": "每个分区的资金占比不超过 {share}（{key}）",
    "at most a share of the money in districts: {each} ({key})": "各分区资金占比上限：{each}（{key}）",
    "{group} {share}": "{group} {share}",
    "{amount} more in {group} than its share": "{group} 比其份额多支出 {amount}",
    "{group} gets {paid} of {total}; at most {share} is asked for ({key})": (
        "{group} 支出 {paid}，共 {total}；要求不超过 {share}（{key}）"
    ),
    "{key} must be shares from 0 to 1": "{key} 须为 0 到 1 之间的比例",
    "{key} needs a district for the sites; name it in sites.group": "{key} 要求站点有分区；请用 sites.group 指明",
    "{key} names {unknown}; the sites' districts are {known}": "{key} 写有 {unknown}；站点的分区为 {known}",
    "{key} needs what a unit of {kinds} costs": "{key} 要求给出 {kinds} 的单价",
    # what sites have to do with each other
    "at most one site of {sets} ({key})": "{sets} 中至多开放一个（{key}）",
    "{n:g} of {sites} open": "{sites} 中开放 {n:g} 个",
    "{sites} are open together ({key})": "{sites} 同时开放（{key}）",
    "{site} only with {other}": "{site} 须与 {other} 同时开放",
    "{pairs} ({key})": "{pairs}（{key}）",
    "{site} without {other} open": "{site} 开放而 {other} 不开放",
    "{site} is open without {other} ({key})": "{site} 开放而 {other} 未开放（{key}）",
    "{n:g} of {sites} open, which are nearer than {distance_m:g} m": (
        "{sites} 中开放 {n:g} 个（间距小于 {distance_m:g} 米）"
    ),
    "new sites at least {distance_m:g} m apart ({key})": "新站彼此间距至少 {distance_m:g} 米（{key}）",
    "new sites at least {distance_m:g} m from one another and from existing ones ({key})": (
        "新站彼此之间及与现有站点间距至少 {distance_m:g} 米（{key}）"
    ),
    "{site} and {other} are {apart_m:.0f} m apart; at least {distance_m:g} is asked for ({key})": (
        "{site} 与 {other} 相距 {apart_m:.0f} 米；要求至少 {distance_m:g} 米（{key}）"
    ),
    "{key} cannot be checked: the sites have no coordinates": "无法检查 {key}：站点没有坐标",
    # single sites
    "{sites} open ({key})": "{sites} 必须开放（{key}）",
    "{sites} closed ({key})": "{sites} 不得开放（{key}）",
    "{sites} too near to something ({key})": "{sites} 距某些要素过近，不得开放（{key}）",
    "{site} open": "{site} 开放",
    "{site} closed": "{site} 不开放",
    "{site} open ({why})": "{site} 开放（{why}）",
    "{site} is open ({key})": "{site} 已开放（{key}）",
    "{site} is closed ({key})": "{site} 未开放（{key}）",
    "{far_m:,.0f} m from {feature} of {file}; at least {least_m:g} m": (
        "距 {file} 的 {feature} {far_m:,.0f} 米，须至少 {least_m:g} 米"
    ),
    "row {n}": "第 {n} 行",
    "{site} ({why})": "{site}（{why}）",
    "forbids required sites: {sites}": "禁止了必选站点：{sites}",
    "require others, or keep less distance": "请改选其他站点，或减小距离",
    "needs one system for all layers": "要求所有图层使用同一坐标系",
    "set study.crs, for example EPSG:4547": "请设置 study.crs，例如 EPSG:4547",
    # units and use
    "exactly {n:,} modules in all ({key})": "模块总数恰好 {n:,} 个（{key}）",
    "{n:,.6g} modules in all": "模块总数为 {n:,.6g}",
    "there are {n:,} modules; {rule}": "共有 {n:,} 个模块；{rule}",
    "exactly {n} piles in all ({key})": "充电桩共 {n} 台（{key}）",
    "at least {n} pile at every open site ({key})": "每个开放站点至少 {n} 台充电桩（{key}）",
    "at least {n} piles at every open site ({key})": "每个开放站点至少 {n} 台充电桩（{key}）",
    "piles within the power of their site ({key})": "充电桩不超过站点电力容量（{key}）",
    "least shares of all piles: {shares} ({key})": "各类充电桩最低占比：{shares}（{key}）",
    "every open site serves at least {least:g} ({key})": "每个开放站点服务量至少 {least:g}（{key}）",
    "every open site serves at least its least load ({key})": "每个开放站点达到最低服务量（{key}）",
    "{site} used for {by:,.6g} less than its least use": "{site} 的服务量比最低要求少 {by:,.6g}",
    "{site} serves {load:,.6g}; at least {least:,.6g} is asked for ({key})": (
        "{site} 服务量为 {load:,.6g}；要求至少 {least:,.6g}（{key}）"
    ),
    # years
    "{year} {amount}": "{year} {amount}",
    "budgets of the years: {each}; what is left carries over ({key})": "各年预算：{each}；结余转入下年（{key}）",
    "budgets of the years: {each}; what is left is lost ({key})": "各年预算：{each}；结余不转入下年（{key}）",
    "{part}: {amount} ({key})": "{part}：{amount}（{key}）",
    "{part}: {amount} and what is left of the years before ({key})": "{part}：{amount} 及以往结余（{key}）",
    "{part}: exactly {n} new sites open ({key})": "{part}：恰好新开 {n} 个站点（{key}）",
    "{part}: {numbers} new sites open ({key})": "{part}：新开站点{numbers}（{key}）",
    "what is open stays open ({key})": "已开放的站点保持开放（{key}）",
    "{year} has spent {spent} so far; {limit} were there": "{year} 累计支出 {spent}；可用 {limit}",
    "{year} has spent {spent}; {limit} were there": "{year} 支出 {spent}；可用 {limit}",
    "{year} opens {n} new sites; at least {least} are asked for": "{year} 新开 {n} 个站点；要求至少 {least} 个",
    "{year} opens {n} new sites; at most {most} are allowed": "{year} 新开 {n} 个站点；至多 {most} 个",
    "{site} was open and is closed in {year}": "{site} 原已开放，{year} 关闭",
    "{site} was closed and is open again in {year}": "{site} 已关闭，{year} 又开放",
    "{site} loses {kind} in {year}": "{site} 的 {kind} 在 {year} 减少",
    # programmes together
    "{part}: at least {share} of its full value ({key})": "{part}：至少达到全覆盖的 {share}（{key}）",
    "{part} at {share} of its full value": "{part} 达到全覆盖的 {share}",
    "{part} reaches {share:.4%} of its full value; its floor is {floor:.4%}": (
        "{part} 达到全覆盖的 {share:.4%}；要求至少 {floor:.4%}"
    ),
    "sites that open only where another does ({key})": "站点须待其所依站点开放（{key}）",
    "{site} open without what it waits for": "{site} 在其所依站点未开放时开放",
    "{part} opens {site} without {needed} of {other}": "{part} 开放 {site}，而 {other} 的 {needed} 未开放",
    "{row} changed by {by:,.6g}": "{row} 放宽 {by:,.6g}",
}
