"""What commands print."""

SENTENCES: dict[str, str] = {
    # several commands
    "note: {note}": "注意：{note}",
    "written: {path}": "已写出：{path}",
    "{n}": "{n} 个",
    "yes": "是",
    "no": "否",
    "none": "无",
    "all": "合计",
    "m": "米",
    "s": "秒",
    "min": "分钟",
    "No such command '{name}'; did you mean '{near}'?": "没有命令 {name}；是否为 {near}？",
    "stopped before anything was done; nothing was written": "尚未开始即已停止；没有写出任何文件",
    # new
    "next:  siting run {folder} --out results/{name}": "下一步：  siting run {folder} --out results/{name}",
    # check
    "{path}: no faults": "{path}：没有错误",
    "{path}: no faults, nor in its scenarios ({scenarios})": "{path}：没有错误，各情景（{scenarios}）也没有错误",
    "programme": "方案",
    "model": "模型",
    "sites": "站点",
    "places": "需求点",
    "joined by id": "按编号关联",
    "table": "表",
    "match": "相符",
    "only in table": "仅在表中",
    "only in layers": "仅在图层中",
    # run
    "summary, figures and maps; opens in any browser": "汇总、指标与地图，用浏览器打开",
    "layers for QGIS and ArcGIS": "图层，用 QGIS 或 ArcGIS 打开",
    "the same layers as a project: open it in QGIS": "QGIS 工程，打开即见全部图层",
    "the sites decided on": "选定的站点",
    "one row of figures per programme": "每个方案一行指标",
    "everything, for programs": "全部结果，供程序读取",
    "{n} map": "{n} 幅地图",
    "{n} maps": "{n} 幅地图",
    # compare
    "covered, by district": "各分区覆盖率",
    "{plan}, changed from the study file:": "{plan}，对研究文件的修改：",
    "{plan}: sites gained: {sites}": "{plan}：新增站点 {sites}",
    "{plan}: sites lost: {sites}": "{plan}：取消站点 {sites}",
    "{plan}: other units at {sites}": "{plan}：设备数不同的站点 {sites}",
    "{n}: {which}": "{n} 个：{which}",
    # sweep
    "sweep": "多方案计算",
    "what all runs say together": "汇总全部计算",
    "charts and findings; opens in any browser": "图表与结论，用浏览器打开",
    "one row per run and programme": "每次计算、每个方案一行",
    "in how many plans each site is chosen": "各站点被选中的方案数",
    "the same as a layer for QGIS and ArcGIS": "同上，图层，用 QGIS 或 ArcGIS 打开",
    "what every value alone changes": "各取值单独引起的变化",
    "how much each key explains": "各参数的解释程度",
    "what each plan may lose over the scenarios": "各方案在各情景下可能的损失",
    "every plan in every scenario": "每个方案在每个情景下的表现",
    "a result of each": "每次计算的结果",
    "{runs} runs: {news} done now, {kept} were there already, {faults} with faults": (
        "共 {runs} 次计算：本次完成 {news} 次，已有 {kept} 次，有错误 {faults} 次"
    ),
    "stopped with {n} runs missing; the same command runs them": "中断，尚缺 {n} 次；再次运行同一命令即可补齐",
    "stopped before the runs were looked at together; the same command does that": (
        "尚未汇总即中断；再次运行同一命令即可汇总"
    ),
    "Changed from the study file:": "对研究文件的修改：",
    "fault": "错误",
    # export
    "coordinates are degrees (WGS 84), as {format} wants": "坐标为经纬度（WGS 84），这是 {format} 的要求",
    "field names are cut to 10 signs: {fields}": "字段名截短为 10 个字符：{fields}",
    "{file} says which field is which column, and what it is": "{file} 列出各字段对应的列及其含义",
    "{name}: a sheet holds {rows:,} rows; {left:,} are left out": (
        "{name}：一张工作表最多 {rows:,} 行，略去 {left:,} 行"
    ),
    "the lines of allocation are left out; write them with --layer allocation as .csv": (
        "未包含分配连线；请用 --layer allocation 写为 .csv"
    ),
    "{view} of {programme}": "{programme} 的{view}",
    "routes": "路线",
    "areas": "服务区",
    "streets": "街道",
    # network
    "{n:,} ways are closed to every wanted mode by their tags": "{n:,} 条道路按其标签不向任何所需出行方式开放",
    "{n:,} barriers stop some mode": "{n:,} 处障碍阻断部分出行方式",
    "{n:,} vertices of ways are not in the file (the extract cuts roads)": (
        "道路的 {n:,} 个顶点不在文件中（数据范围截断了道路）"
    ),
    "maxspeed not understood, class default taken: {values}": "无法识别的 maxspeed，取该等级的默认车速：{values}",
    "cut at crossings of one level: {pieces:,} more pieces than lines": "已在同层交叉处打断：比原线多 {pieces:,} 段",
    "read {ways:,} ways": "已读取 {ways:,} 条道路",
    "{path}: {edges:,} edges, {nodes:,} nodes, {crs}": "{path}：{edges:,} 条路段，{nodes:,} 个节点，{crs}",
    "class": "等级",
    "read km": "读入公里",
    "kept km": "保留公里",
    "open to {mode}: {km:,.1f} km": "{mode}可通行：{km:,.1f} 公里",
    "drive": "驾车",
    "walk": "步行",
    "truck": "货车",
    "{mode} network": "路网（{mode}）",
    "edges": "路段",
    "nodes": "节点",
    "kilometres": "公里",
    "  of them one-way": "  其中单行",
    "largest part both ways, nodes": "最大往返连通部分（节点）",
    "largest part both ways, km": "最大往返连通部分（公里）",
    "parts, counting one-way traps": "连通部分数（含单行死区）",
    "islands": "孤立部分",
    "dead ends": "断头路",
    "kilometres by class": "各等级公里数",
    "faults": "错误",
    "island": "孤立路段",
    "trap": "单行死区",
    "speed": "车速异常",
    "length": "长度不符",
    "double": "重复路段",
    "gap": "接头缺口",
    "crossing": "交叉无节点",
    "{n:,} faults written to {path}": "{n:,} 处错误已写入 {path}",
    "no road joins it to the main part": "没有道路与主体部分相连",
    "can be reached or left only, not both": "只能进或只能出，不能往返",
    "{speed:.0f} km/h on {road_class}, usual {usual:.0f}": (
        "{road_class} 的车速为 {speed:.0f} 公里/时，通常为 {usual:.0f}"
    ),
    "length_m is {given:.0f}, the line is {drawn:.0f} m": "length_m 为 {given:.0f}，线长为 {drawn:.0f} 米",
    "the same line is there already": "已有相同的线",
    "dead end {gap:.1f} m from a road it does not meet": "断头处距未相接的道路 {gap:.1f} 米",
    "crosses edge {edge} at one level without a node": "与路段 {edge} 同层交叉而无节点",
    "{path}: {n:,} junctions, one for each {every_m:g} m square, {crs}": (
        "{path}：{n:,} 个路口，每 {every_m:g} 米方格一个，{crs}"
    ),
    "travel": "出行",
    "searches": "搜索",
    "{path}: {pairs:,} pairs of {places:,} places and {facilities:,} facilities, in {unit}": (
        "{path}：{places:,} 个需求点与 {facilities:,} 个设施之间的 {pairs:,} 对，单位为{unit}"
    ),
    "{n:,} places have no facility within the limit": "{n:,} 个需求点在上限内没有设施",
    # models, engines, versions
    "example": "示例",
    "decides": "决定什么",
    "source": "文献",
    "several programmes under one budget: the section [portfolio.NAME], example purse": (
        "多个方案共用一笔预算：用 [portfolio.NAME] 一节，示例 purse"
    ),
    "a programme year by year: the section [programmes.NAME.phasing], example years": (
        "方案分年实施：用 [programmes.NAME.phasing] 一节，示例 years"
    ),
    "siting new DIR --from EXAMPLE writes an example that runs": "siting new DIR --from EXAMPLE 写出可运行的示例",
    "engine": "求解器",
    "version": "版本",
    "takes": "可解问题",
    "start": "初始解",
    "bound": "理论界",
    "Ctrl-C keeps the plan": "Ctrl-C 保留方案",
    "not on this computer:": "本机没有：",
    "what to do": "如何安装",
    'choose one with --engine NAME, or engine = "NAME" under [solve] or a programme': (
        '用 --engine NAME 选择，或在 [solve] 或方案中写 engine = "NAME"'
    ),
    "all programs": "全部规划",
    "all programs between bounds": "全部有界规划",
    "whole numbers": "整数规划",
    "whole numbers between bounds": "有界整数规划",
    "where proven": "证明时有",
    "what": "名称",
}
