"""Models in words: the keys that one of them takes alone, and what models can."""

KEYS: dict[str, tuple[str, str]] = {
    "decay": ("coverage that falls with distance", "覆盖衰减"),
    "assignment": ("who goes where within capacities", "容量内的分配方式"),
    "transport_per_min": ("transport, {currency} per unit and minute", "运输费（{currency}/单位·分钟）"),
    "piles": ("units", "设备"),
    "vehicles": ("vehicles at stations", "站点车辆"),
    "busy": ("share of the time that one is out", "忙碌概率"),
    "there": ("at existing sites", "现有站点已有"),
    "flows": ("trips", "出行"),
    "vehicle": ("vehicle", "车辆"),
}
"""Key of a programme, or of a section of it -> what it is, in English and Chinese."""

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
    "it needs a model that falls apart into districts": "需要可按区拆分的模型",
    "it needs a model that covers within capacities": "需要在容量限制内覆盖的模型",
    "it needs a model that weighs transport against sites": "需要权衡运输与建站费用的模型",
    "it needs a model that sets up piles": "需要设置充电桩的模型",
    "it needs a model of vehicles that are busy at times": "需要车辆有忙碌概率的模型",
    "say under vehicles how often one is busy and how many a site takes": (
        "请在 vehicles 下写明车辆的忙碌概率和单站车辆上限"
    ),
    "covered is expected: the share of calls that find a free vehicle in reach, where each is busy {busy:g} of the "
    "time, independently of the others": (
        "覆盖指期望覆盖：在服务范围内能得到空闲车辆的呼叫比例，每辆车忙碌的概率为 {busy:g}，彼此独立"
    ),
    "busy must be at least 0 and below 1; got {q:g}": "busy 须不小于 0 且小于 1；现为 {q:g}",
    "total must be at least 0; got {n}": "total 须不小于 0；现为 {n}",
    "{what} has shape {shape}; there are {n} sites": "{what} 的形状为 {shape}；站点有 {n} 个",
    "{what} must be at least 0 and below {largest:g} at every site": "{what} 在每个站点须不小于 0 且小于 {largest:g}",
    "vehicles that are there must be whole numbers": "现有车辆数须为整数",
    "exactly {n} vehicles in all ({key})": "车辆总数恰为 {n} 辆（{key}）",
    "{site} has {n} vehicles more; at most {most:g} fit": "{site} 新增 {n} 辆车；最多可增 {most:g} 辆",
    "{site} is a station without a vehicle": "{site} 是没有车辆的站点",
    "there are {n} vehicles; {asked} are asked": "车辆有 {n} 辆；要求 {asked} 辆",
    "vehicles are as many as asked": "车辆数符合要求",
    "the nearest free vehicle answers": "由最近的空闲车辆服务",
    "share of {place} at {site}: no vehicle is there": "{place} 由 {site} 服务的份额：该站没有车辆",
    "the programme has no vehicles": "方案没有车辆",
    "{site} is open without a vehicle": "{site} 启用但没有车辆",
    "{site} gets {n:g} vehicles; {most:g} fit": "{site} 新增 {n:g} 辆车；最多可增 {most:g} 辆",
    "there are {n:,g} vehicles; {asked:,} are asked for ({key})": "车辆有 {n:,g} 辆；要求 {asked:,} 辆（{key}）",
    "it needs a model of trips": "需要描述出行的模型",
    "known are {models}": "可用的有 {models}",
    "{model} minimises {unit}; programmes share money by the share of their need that they cover: give it a model that "
    "covers ({models})": "{model} 使{unit}最小；各方案按覆盖需求的份额分配资金：请改用覆盖类模型（{models}）",
    "{model} has no value of full coverage to compare with others'; give it a model that covers ({models})": (
        "{model} 没有可与其他方案比较的全覆盖值；请改用覆盖类模型（{models}）"
    ),
}
