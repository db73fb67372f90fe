"""Faults of road networks: layers of lines, OpenStreetMap, travel."""

SENTENCES: dict[str, str] = {
    # edge layers
    "{path}: there is no such file": "{path}：没有这个文件",
    "{path}: there is no such file; make it with `siting network import`": (
        "{path}：没有这个文件；请用 `siting network import` 生成"
    ),
    "{path}: cannot be read as a layer of road edges: {error}; give a layer made by `siting network import`": (
        "{path}：不能作为路段图层读取：{error}；请使用 `siting network import` 生成的图层"
    ),
    "{path}: has no geometry; give a layer made by `siting network import`": (
        "{path}：没有几何；请使用 `siting network import` 生成的图层"
    ),
    "{path}: has no geometry; give a layer of lines": "{path}：没有几何；请使用线图层",
    "{path}: cannot be read as a layer of lines: {error}": "{path}：不能作为线图层读取：{error}",
    "{path}: a road network is written as .parquet or .gpkg, not {suffix}": (
        "{path}：路网可写为 .parquet 或 .gpkg，不能写为 {suffix}"
    ),
    "without suffix": "无扩展名",
    "give a layer of lines": "请使用线图层",
    "an edge layer has {columns}": "路段图层应有 {columns}",
    "holds {dtype}": "类型为 {dtype}",
    "must hold {kind}": "应为{kind}",
    "yes/no values": "是/否值",
    "numbers": "数值",
    "import roads with `siting network import`": "请用 `siting network import` 导入道路",
    "1 row ({shown})": "1 行（{shown}）",
    "{n:,} rows ({shown})": "{n:,} 行（{shown}）",
    "is not above 0 in {rows}": "在 {rows}中不大于 0",
    "mend them, or remove these rows": "请更正，或删除这些行",
    "is not one of {known} in {rows}": "在 {rows}中不是 {known} 之一",
    "mend them": "请更正",
    "is not unique in {rows}": "在 {rows}中重复",
    "give every edge its own number": "请给每条路段唯一的编号",
    "is missing in {rows}": "在 {rows}中缺失",
    "remove or redraw these rows": "请删除或重画这些行",
    "is not a LineString in {rows}": "在 {rows}中不是 LineString",
    "explode multi-part lines": "请将多部件线拆分",
    "lie in different places for node {nodes}, {rows}": "节点 {nodes} 的位置不一致，{rows}",
    "import the roads anew": "请重新导入道路",
    "import it with `siting network import FILE --out NET --crs EPSG:4547` or your own metric system": (
        "请用 `siting network import FILE --out NET --crs EPSG:4547` 导入，或使用自己的米制坐标系"
    ),
    "is not given; lengths need a metric one": "未给出；计算长度需要米制坐标系",
    "{crs} is in degrees; lengths need a metric one": "{crs} 以度为单位；计算长度需要米制坐标系",
    # layers of lines
    "is no column (wanted for {what})": "列不存在（用于 {what}）",
    "{meant} is no road class": "{meant} 不是道路等级",
    "known are {known}": "可用的有 {known}",
    "holds {shown}": "含有 {shown}",
    "say which class it is: --class 'WORD=primary'": "请说明其道路等级：--class 'WORD=primary'",
    "is no speed in {rows}: {shown}": "在 {rows}中不是速度：{shown}",
    "give km/h, empty = by class": "请以公里/小时给出，留空则按等级取值",
    "holds {shown} in {rows}": "在 {rows}中含有 {shown}",
    "say what is meant: --forward, --backward": "请说明其含义：--forward、--backward",
    "is no level in {rows}": "在 {rows}中不是层次",
    "give whole numbers, 0 = ground": "请给出整数，0 为地面",
    "is no line in {rows}": "在 {rows}中不是线",
    "has coordinates that are no numbers in {rows}": "在 {rows}中有非数值的坐标",
    "{place}: coordinate system {crs} is in degrees; lengths need a metric one: add --crs {near} or your own": (
        "{place}：坐标系 {crs} 以度为单位；计算长度需要米制坐标系：请加 --crs {near} 或自己的坐标系"
    ),
    "{place}: coordinate system {crs} is not in metres; give a metric one by --crs": (
        "{place}：坐标系 {crs} 不以米为单位；请用 --crs 给出米制坐标系"
    ),
    "{path}: none of its {n:,} roads is open to {modes}": "{path}：{n:,} 条道路均不向 {modes} 开放",
    "{name} is OpenStreetMap data, which says its columns, levels and coordinates itself; leave out the options for "
    "line layers": "{name} 是 OpenStreetMap 数据，自带列、层次与坐标；请去掉用于线图层的选项",
    # OpenStreetMap
    "no road touches the clip layer; check that both are of the same region": (
        "没有道路与裁剪图层相交；请检查二者是否在同一区域"
    ),
    "modes are {modes}; must be among {known}": "出行方式为 {modes}；须在 {known} 之中",
    "{road_class} is no road class; known are {known}": "{road_class} 不是道路等级；可用的有 {known}",
    "speed of {road_class} is {speed}; must be above 0 km/h": "{road_class} 的速度为 {speed}；须大于 0 公里/小时",
    "crs is {crs}, which is no known system; use a code such as EPSG:4547": (
        "crs 为 {crs}，不是已知坐标系；请使用代码，例如 EPSG:4547"
    ),
    "crs is {crs} (degrees); lengths need a metric system, for example EPSG:4547": (
        "crs 为 {crs}（以度为单位）；计算长度需要米制坐标系，例如 EPSG:4547"
    ),
    "the clip layer has no coordinate system; set it in your GIS": "裁剪图层没有坐标系；请在 GIS 中设置",
    "the clip layer must hold polygons only; it holds {found}": "裁剪图层只能含有面；现含有 {found}",
    "nothing": "空",
    "{path}: none of its {n:,} roads inside the clip layer is open to {modes}": (
        "{path}：裁剪图层内的 {n:,} 条道路均不向 {modes} 开放"
    ),
    "{path}: holds no road (way with a highway tag and places of its nodes); extract it with roads": (
        "{path}：没有道路（带 highway 标签且节点有位置的 way）；请连同道路一起提取"
    ),
    "{path}: holds no road (way with a highway tag and places of its nodes) inside the clip layer; extract it with "
    "roads": "{path}：裁剪图层内没有道路（带 highway 标签且节点有位置的 way）；请连同道路一起提取",
    "{path}: is damaged or not an OpenStreetMap file (after {seen:,} roads: {error}); download it again and compare "
    "its size and checksum with the source": (
        "{path}：已损坏或不是 OpenStreetMap 文件（读到 {seen:,} 条道路后：{error}）；"
        "请重新下载，并与来源核对大小和校验和"
    ),
    # coordinate systems of China
    "{outside:,} of {n:,} places lie outside China, first {lon:.4f} E {lat:.4f} N; {datum} is only used inside: take "
    "the coordinates as they are": (
        "{n:,} 个点中有 {outside:,} 个位于中国以外，首个为东经 {lon:.4f}、北纬 {lat:.4f}；"
        "{datum} 仅用于境内：请直接使用原坐标"
    ),
    "{place}: has no coordinate system; set it in your GIS (CGCS2000 degrees are EPSG:4490)": (
        "{place}：没有坐标系；请在 GIS 中设置（CGCS2000 经纬度为 EPSG:4490）"
    ),
    "{place}: is in {name}, whose exact shift to CGCS2000 is not public; have it converted to CGCS2000 by the "
    "surveying office, or set a transformation in your GIS": (
        "{place}：坐标系为 {name}，其到 CGCS2000 的精确转换参数不公开；"
        "请由测绘部门转换为 CGCS2000，或在 GIS 中设置转换参数"
    ),
    # networks
    "mode is {mode!r}; must be one of {known}": "出行方式为 {mode!r}；须为 {known} 之一",
    "no edge of {n:,} is open to {mode}; choose another mode or import with it": (
        "{n:,} 条路段均不向 {mode} 开放；请选其他出行方式，或导入时包含该方式"
    ),
    "no edge of {n:,} is open to {mode}; choose another mode": "{n:,} 条路段均不向 {mode} 开放；请选其他出行方式",
    "no node of the {mode} network can be left and reached again; check the one-way column": (
        "{mode} 路网中没有可往返的节点；请检查单行列"
    ),
    "speed of {what} is {value}; must be above 0 km/h": "{what} 的速度为 {value}；须大于 0 公里/小时",
    "turn cost {name} is {value}; must be at least 0 seconds": "转弯代价 {name} 为 {value}；须不小于 0 秒",
    "the network has no turn costs": "路网没有转弯代价",
    "road network: {faults}": "路网：{faults}",
    "no arc can be travelled": "没有可通行的弧",
    "{what} points outside 0..{limit}": "{what} 超出 0..{limit}",
    "arcs are not sorted by tail": "弧未按起点排序",
    "{what} of {n} arcs is not above 0, first arc {first}": "{n} 条弧的 {what} 不大于 0，首条为弧 {first}",
    "{n} arcs do not join the ends of their edge, first arc {first}": "{n} 条弧未连接其路段的两端，首条为弧 {first}",
    "arrays differ in length: {sizes}": "数组长度不一致：{sizes}",
    "node_xy has shape {shape}; must be (n_nodes, 2)": "node_xy 的形状为 {shape}；应为 (n_nodes, 2)",
    "impedance is {impedance!r}; must be 'time_s' or 'length_m'": "阻抗为 {impedance!r}；须为 'time_s' 或 'length_m'",
    # points on the network
    "{far:,} of {n:,} points lie farther than {limit_m:,.0f} m from the network; correct their places or coordinate "
    "system, import roads that reach them, or raise the limit (snap_limit_m):": (
        "{n:,} 个点中有 {far:,} 个距路网超过 {limit_m:,.0f} 米；"
        "请更正其位置或坐标系，导入能到达这些点的道路，或提高限值（snap_limit_m）："
    ),
    "  {id}   {distance_m:,.0f} m from the nearest road": "  {id}   距最近道路 {distance_m:,.0f} 米",
    "  ... and {n:,} more": "  …… 另有 {n:,} 个",
    "{n:,} points have no coordinates: {points}; mend or remove them": "{n:,} 个点没有坐标：{points}；请更正或删除",
    "access_speed_kph is {speed}; must be above 0": "access_speed_kph 为 {speed}；须大于 0",
    "every edge is of a class to avoid: {avoid}": "全部路段都属于应避开的等级：{avoid}",
    "snapped points: arrays differ in length: {sizes}": "接路点：数组长度不一致：{sizes}",
    "snapped points: point_xy has shape {shape}; {wanted} is needed": (
        "接路点：point_xy 的形状为 {shape}；应为 {wanted}"
    ),
    "snapped points: a fraction lies outside 0..1": "接路点：有比例超出 0..1",
    "snapped points: an access distance or time is negative or unknown": "接路点：有接路距离或时间为负或未知",
    "every_m is {every_m:g}; must be above 0": "every_m 为 {every_m:g}；须大于 0",
    "{absent} is no class of the {mode} network; it has {known}": "{mode} 路网中没有等级 {absent}；现有 {known}",
    "no node of the {mode} network has {n} streets of {of}": "{mode} 路网中没有汇集 {n} 条 {of} 街道的节点",
    # travel
    "cut-off is {cutoff}; must be above 0 and finite": "截止值为 {cutoff}；须为大于 0 的有限值",
    "cut-offs are {cutoffs}; they must be above 0 and finite": "截止值为 {cutoffs}；须为大于 0 的有限值",
    "cutoff is {cutoff}; must be above 0": "截止值为 {cutoff}；须大于 0",
    "k is {k}; must be at least 1": "k 为 {k}；至少为 1",
    "direction is {direction!r}; must be 'to_site' or 'from_site'": (
        "方向为 {direction!r}；须为 'to_site' 或 'from_site'"
    ),
    "{n:,} pairs have no way within {cutoff}: {pairs}": "{n:,} 对点在 {cutoff} 以内无路可通：{pairs}",
}
