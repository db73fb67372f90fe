"""Models in words: the keys that one of them takes alone, and what models can."""

KEYS: dict[str, tuple[str, str]] = {
    "decay": ("coverage that falls with distance", "覆盖衰减"),
    "assignment": ("who goes where within capacities", "容量内的分配方式"),
    "transport_per_min": ("transport, {currency} per unit and minute", "运输费（{currency}/单位·分钟）"),
    "piles": ("units", "设备"),
    "flows": ("trips", "出行"),
    "vehicle": ("vehicle", "车辆"),
}
"""Key of a programme -> what it is, in English and Chinese."""

SENTENCES: dict[str, str] = {
    "it needs a model that serves places": "需要服务需求点的模型",
    "it needs a model that covers some places and not others": "需要只覆盖部分需求点的模型",
    "it needs a model that must serve every place": "需要必须服务全部需求点的模型",
    "it needs a model that assigns demand to sites": "需要将需求分配到站点的模型",
    "it needs a model that assigns places": "需要分配需求点的模型",
    "it needs a model whose sites have a capacity": "需要站点有容量的模型",
    "it needs a model that counts the sites in reach of a place": "需要对服务范围内站点计数的模型",
    "it needs a model that adds travel up": "需要累计出行的模型",
    "it needs a model that pays for transport": "需要计入运输费用的模型",
    "it needs a model that knows more than one": "需要有多种目标的模型",
    "it needs a model in which others compete": "需要有竞争者的模型",
    "it needs a model of sites that feed each other": "需要站点逐级供给的模型",
    "it needs a model whose value is of a year and whose cost is of setting up": (
        "需要目标值按年计、成本为建设成本的模型"
    ),
    "it needs a model that covers": "需要覆盖类模型",
    "its sites serve without limit": "其站点的服务量不受限制",
    "it needs a model that covers places by degrees": "需要按程度覆盖需求点的模型",
    "it needs a model that covers within capacities": "需要在容量限制内覆盖的模型",
    "it needs a model that weighs transport against sites": "需要权衡运输与建站费用的模型",
    "it needs a model that sets up piles": "需要设置充电桩的模型",
    "it needs a model of trips": "需要描述出行的模型",
    "{place}.{key}   {model} does not take it: {because} ({models})": (
        "{place}.{key}   {model} 不接受该键：{because}（{models}）"
    ),
    "{place}   {model} does not take competitors ({sites}): {because} ({models})": (
        "{place}   {model} 不接受竞争者站点（{sites}）：{because}（{models}）"
    ),
    "{place}.{key}   says nothing with objective cost, which serves every place; choose objective coverage": (
        "{place}.{key}   目标为 cost 时服务全部需求点，该键不起作用；请将 objective 设为 coverage"
    ),
    "{place}.{key}   would be told in the last objective, which is the worst district's share; ask for "
    'them with objective_order = ["floor", "coverage"] or without an order': (
        "{place}.{key}   将以最后一个目标（最差分区的覆盖率）表示；"
        '请使用 objective_order = ["floor", "coverage"]，或不设目标顺序'
    ),
    '{place}.{key}   does not go with assignment = "nearest", in which a place is served to the share that '
    "its nearest site has room for; take one of them out": (
        '{place}.{key}   不能与 assignment = "nearest" 同用，后者按最近站点的余量服务需求点；请去掉其中之一'
    ),
    "{place}.demand.load   is 0 at {n} places with weight ({named}): tiers feed what places take up; give them "
    "a load above 0": (
        "{place}.demand.load   有 {n} 个权重不为 0 的需求点占用容量为 0（{named}）：各层级按占用容量供给；"
        "请给出大于 0 的占用容量"
    ),
    "{place}.phasing   transport is paid every year, so what a year spends would be unknown; leave out "
    'transport_per_km and objective = "cost"': (
        '{place}.phasing   运输费每年发生，因而无法确定各年支出；请去掉 transport_per_km 和 objective = "cost"'
    ),
    "{place}.phasing   objective_order and years together are not defined; remove one of them": (
        "{place}.phasing   objective_order 不能与分年同用；请去掉其中之一"
    ),
    "{place}.{key}   is not told of a programme over years; take {key} or phasing out": (
        "{place}.{key}   不适用于分年方案；请去掉 {key} 或 phasing"
    ),
    "{place}.phasing.years.{year}.demand   says the weights of that year and not its loads "
    "({place}.demand.load); use growth, which both grow by": (
        "{place}.phasing.years.{year}.demand   给出该年的权重，但未给出占用容量（{place}.demand.load）；"
        "请改用 growth，两者按其同步增长"
    ),
    "{place}.phasing.years.{year}.demand   {model} has no places; use growth": (
        "{place}.phasing.years.{year}.demand   {model} 没有需求点；请改用 growth"
    ),
    "did you mean {near}?": "是否应为 {near}？",
    "known are {models}": "可用的有 {models}",
    "programmes.{name}.model   {model} is not a model; {hint}": "programmes.{name}.model   没有模型 {model}；{hint}",
    "{model} minimises {unit}; programmes share money by the share of their need that they cover: give it a model that "
    "covers ({models})": "{model} 使{unit}最小；各方案按覆盖需求的份额分配资金：请改用覆盖类模型（{models}）",
    "{model} has no value of full coverage to compare with others'; give it a model that covers ({models})": (
        "{model} 没有可与其他方案比较的全覆盖值；请改用覆盖类模型（{models}）"
    ),
}
