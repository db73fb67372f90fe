"""What a study asks of a model that the model cannot do, and what it lacks."""

SENTENCES: dict[str, str] = {
    # of several models
    "{model} needs it": "{model} 需要此项",
    "does not fit a reach in {unit}": "与以 {unit} 计的服务范围不符",
    "use {key}": "请改用 {key}",
    "is the limit in the right unit, and do the layers lie in the same area?": (
        "请检查范围的单位是否正确、各图层是否位于同一地区"
    ),
    "did you mean {near}?": "是否应为 {near}？",
    "it has {names}": "现有 {names}",
    "{model} is not a model": "没有模型 {model}",
    # keys that do not fit
    "{model} does not take it: {because} ({models})": "{model} 不接受该键：{because}（{models}）",
    "{model} does not take competitors ({sites}): {because} ({models})": (
        "{model} 不接受竞争者站点（{sites}）：{because}（{models}）"
    ),
    "says nothing with objective cost, which serves every place": "目标为 cost 时服务全部需求点，该键不起作用",
    "choose objective coverage": "请将 objective 设为 coverage",
    "would be told in the last objective, which is the worst district's share": (
        "将以最后一个目标（最差分区的覆盖率）表示"
    ),
    'ask for them with objective_order = ["floor", "coverage"] or without an order': (
        '请使用 objective_order = ["floor", "coverage"]，或不设目标顺序'
    ),
    'does not go with assignment = "nearest", in which a place is served to the share that its nearest '
    "site has room for": '不能与 assignment = "nearest" 同用，后者按最近站点的余量服务需求点',
    "take one of them out": "请去掉其中之一",
    "does not go with decompose, which solves one objective for one year": (
        "不能与 decompose 并用：分区求解只针对单一目标、单一年份"
    ),
    "is 0 at {n} places with weight ({named}): tiers feed what places take up": (
        "有 {n} 个权重不为 0 的需求点占用容量为 0（{named}）：各层级按占用容量供给"
    ),
    "give them a load above 0": "请给出大于 0 的占用容量",
    # years
    "transport is paid every year, so what a year spends would be unknown": "运输费每年发生，因而无法确定各年支出",
    'leave out transport_per_km and objective = "cost"': '请去掉 transport_per_km 和 objective = "cost"',
    "objective_order and years together are not defined": "objective_order 不能与分年同用",
    "remove one of them": "请去掉其中之一",
    "is not told of a programme over years": "不适用于分年方案",
    "take {key} or phasing out": "请去掉 {key} 或 phasing",
    "says the weights of that year and not its loads ({place}.demand.load)": (
        "给出该年的权重，但未给出占用容量（{place}.demand.load）"
    ),
    "use growth, which both grow by": "请改用 growth，两者按其同步增长",
    "{model} has no places": "{model} 没有需求点",
    "use growth": "请改用 growth",
    # single models
    "no place is within {limit:g} {unit} of any site": "没有任何需求点在任一站点的 {limit:g} {unit}之内",
    "a decay needs its limit": "衰减需要其范围",
    "say what draws people to a site and how travel puts them off: "
    'market = {{ attractiveness = "COLUMN", distance_power = 2 }}': (
        '请说明站点的吸引力及出行的阻力：market = {{ attractiveness = "列名", distance_power = 2 }}'
    ),
    "is cost without a share to reach": "为 cost，却没有须达到的份额",
    "give market.target_share, or leave objective out": "请给出 market.target_share，或去掉 objective",
    "is {rate:g}; at {farthest:.6g} {per} the impedance is e^{power:.0f}, too large to add up": (
        "为 {rate:g}；在 {farthest:.6g} {per} 处阻抗为 e^{power:.0f}，过大而无法相加"
    ),
    "use at most {most:.3g}, or a shorter reach": "请至多取 {most:.3g}，或缩小服务范围",
    "has {n}": "有 {n} 个",
    "{model} needs at least 2, highest first": "{model} 至少需要 2 个，最高级在前",
    "say how far {lower} may be from {upper}": "请说明 {lower} 距 {upper} 最远多少",
    "tiers: {tier} has no reach": "tiers：{tier} 没有服务范围",
    "nothing is within reach from {what}": "{what} 均不可达",
    "a place to any site of {tier}": "需求点到 {tier} 的任一站点",
    "{lower} to {upper}": "{lower} 到 {upper}",
    "some ways within {minutes:g} min are longer than {km:.6g} km, faster than {kph:g} km/h": (
        "{minutes:g} 分钟内的某些路径长于 {km:.6g} 千米，即快于 {kph:g} 千米/小时"
    ),
    "look at network.speeds_kph, or give the reach in m": "请检查 network.speeds_kph，或以米给出服务范围",
    "{model} needs the roads between stations": "{model} 需要站点之间的路网",
    "give the study a [network]": "请在研究中给出 [network]",
    "no way on the vehicle's roads between {pairs}": "在该车辆可行驶的道路上，{pairs} 之间没有通路",
    "add road_classes, or take these flows out": "请增加 road_classes，或去掉这些车流",
    "sites that are there take no modules and need a capacity of their own": "现有站点不设模块，须有自身容量",
    "none at {sites}: name the column of capacity in their layer": "{sites} 没有容量：请指定其图层的容量列",
    "{model} spreads the sites that must open: say how many (open or open_at_least)": (
        "{model} 使必须开放的站点分散：请说明开放多少个（open 或 open_at_least）"
    ),
    "{model} weighs transport against the cost of sites": "{model} 权衡运输与建站费用",
    "name the kinds of piles under piles.kinds": "请在 piles.kinds 中列出充电桩种类",
    # portfolios
    "{name} is no programme of the portfolio": "{name} 不是统筹方案中的方案",
    "is {programme} itself": "就是 {programme} 本身",
    "use the key needs of programmes.{programme}": "请使用 programmes.{programme} 的 needs 键",
    "links no site of {waiting} to any of {needed}": "未将 {waiting} 的任何站点与 {needed} 的站点关联",
    "are the ids the same?": "请检查编号是否一致",
    "the sites of {programme} have no column {column}": "{programme} 的站点没有列 {column}",
    "{sites} is no site of {programme}": "{sites} 不是 {programme} 的站点",
    "the sites of {programmes} have no place": "{programmes} 的站点没有位置",
    "give x and y, or link by same_id, column or pairs": "请给出 x 和 y，或用 same_id、column、pairs 关联",
    # found on the way
    "{head}: {place} {fact}": "{head}：{place} {fact}",
}
