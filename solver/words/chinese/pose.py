"""Faults of programmes that become models."""

SENTENCES: dict[str, str] = {
    "{place}.{key}   is missing; {model} needs it": "{place}.{key}   缺失；{model} 需要该键",
    "programmes.{name}.piles   is missing; name the kinds of piles under piles.kinds": (
        "programmes.{name}.piles   缺失；请在 piles.kinds 下列出充电桩类型"
    ),
    "programmes.{name}.reach   no place is within {limit:g} {unit} of any site; is the limit in the right unit, and do "
    "the layers lie in the same area?": (
        "programmes.{name}.reach   没有需求点在任何站点的 {limit:g} {unit} 以内；"
        "限值的单位是否正确，各图层是否在同一区域？"
    ),
    "programmes.{name}.reach   is missing; a decay needs its limit": (
        "programmes.{name}.reach   缺失；衰减（decay）需要其限值"
    ),
    "programmes.{name}.decay.{other}   does not fit a reach in {unit}; use {wanted}": (
        "programmes.{name}.decay.{other}   与以 {unit} 计的服务范围不符；请改用 {wanted}"
    ),
    "programmes.{name}.market.{other}   does not fit a reach in {unit}; use {wanted}": (
        "programmes.{name}.market.{other}   与以 {unit} 计的服务范围不符；请改用 {wanted}"
    ),
    "{place}.{other}   does not fit a reach in {unit}; use {wanted}": (
        "{place}.{other}   与以 {unit} 计的服务范围不符；请改用 {wanted}"
    ),
    "{place}   flow-refuelling needs the roads between stations; give the study a [network]": (
        "{place}   flow-refuelling 需要站点之间的道路；请在方案文件中给出 [network]"
    ),
    "{place}.{key}   is missing; flow-refuelling needs it": "{place}.{key}   缺失；flow-refuelling 需要该键",
    "programmes.{name}.flows   no way on the vehicle's roads between {pairs}; add road_classes, or take these flows "
    "out": "programmes.{name}.flows   {pairs} 之间没有车辆可行的道路；请增加 road_classes，或去掉这些流量",
    "{place}.impedance.rate   is {rate:g}; at {farthest:.6g} {per} the impedance is e^{power:.0f}, too large to add "
    "up; use at most {most:.3g}, or a shorter reach": (
        "{place}.impedance.rate   为 {rate:g}；在 {farthest:.6g} {per} 处阻抗为 e^{power:.0f}，过大而无法累加；"
        "请不超过 {most:.3g}，或缩短服务范围"
    ),
    "{place}.market   is missing; say what draws people to a site and how travel puts them off: market = {{ "
    'attractiveness = "COLUMN", distance_power = 2 }}': (
        "{place}.market   缺失；请说明站点的吸引力和出行的阻抗："
        'market = {{ attractiveness = "COLUMN", distance_power = 2 }}'
    ),
    "{place}.objective   is cost without a share to reach; give market.target_share, or leave objective out": (
        "{place}.objective   为 cost 但没有要达到的份额；请给出 market.target_share，或去掉 objective"
    ),
    "programmes.{name}.open   is missing; p-dispersion spreads the sites that must open: say how many (open or "
    "open_at_least)": (
        "programmes.{name}.open   缺失；p-dispersion 将必须开放的站点分散布置：请给出数量（open 或 open_at_least）"
    ),
    "{place}.{wanted}   is missing; fixed-charge weighs transport against the cost of sites": (
        "{place}.{wanted}   缺失；fixed-charge 权衡运输费用与建站费用"
    ),
    "programmes.{name}.sizes   sites that are there take no modules and need a capacity of their own; none at "
    "{endless}: name the column of capacity in their layer": (
        "programmes.{name}.sizes   现有站点不设模块，须有自身容量；{endless} 没有容量：请在其图层中指定容量列"
    ),
    "{place}.{key}   is missing; hierarchical needs it": "{place}.{key}   缺失；hierarchical 需要该键",
    "{place}.tiers.{i}.reach   is missing; say how far {lower} may be from {upper}": (
        "{place}.tiers.{i}.reach   缺失；请说明 {lower} 距 {upper} 的最大距离"
    ),
    "{place}.tiers   has {n}; hierarchical needs at least 2, highest first": (
        "{place}.tiers   有 {n} 个层级；hierarchical 至少需要 2 个，由高到低"
    ),
    "tiers: {name} has no reach": "tiers：{name} 没有服务范围",
    "{key}   nothing is within reach from {what}; is the limit in the right unit, and do the layers lie in the same "
    "area?": "{key}   {what}均不可达；限值的单位是否正确，各图层是否在同一区域？",
    "a place to any site of {tier}": "需求点到 {tier} 的站点",
    "{lower} to {upper}": "{lower} 到 {upper} ",
    "transport_per_km   some ways within {limit_min:g} min are longer than {longest_km:.6g} km, faster than "
    "{fastest_kph:g} km/h; look at network.speeds_kph, or give the reach in m": (
        "transport_per_km   {limit_min:g} 分钟以内的部分路径长于 {longest_km:.6g} 公里，"
        "快于 {fastest_kph:g} 公里/小时；请检查 network.speeds_kph，或以米给出服务范围"
    ),
    "programmes.{name}.phasing   is missing": "programmes.{name}.phasing   缺失",
    "programmes.{name}.demand   is missing": "programmes.{name}.demand   缺失",
}
