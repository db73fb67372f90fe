"""Faults of what a study names: layers, columns, ids, travel."""

SENTENCES: dict[str, str] = {
    # layers
    "does not exist": "不存在",
    "is a folder; name a file": "是文件夹；请指定文件",
    "has no layer {layer}; it has {layers}": "没有图层 {layer}；现有 {layers}",
    "has several layers; say which: layer = one of {layers}": "有多个图层；请指明：layer = {layers} 之一",
    'is not in {said}; say its encoding, for example encoding = "GBK"': (
        '不是 {said} 编码；请写明编码，例如 encoding = "GBK"'
    ),
    "is empty; fill it, or name another file": "为空；请填写，或另指定文件",
    "is no table": "不是表格",
    "has {n} fields in line {line}, {wanted} were expected": "第 {line} 行有 {n} 个字段，应为 {wanted} 个",
    "{told}; put texts with commas in quotes, or save it anew as CSV": (
        "{told}；含逗号的文本请加引号，或重新另存为 CSV"
    ),
    "cannot be read ({said}); open it and save it anew": "无法读取（{said}）；请打开后重新保存",
    "is {text!r}, which is no known system": "为 {text!r}，不是已知坐标系",
    "is {crs!r}, which is no known system": "为 {crs!r}，不是已知坐标系",
    "use an EPSG code, for example EPSG:4547": "请用 EPSG 代码，例如 EPSG:4547",
    "use an EPSG code, such as EPSG:4547": "请用 EPSG 代码，如 EPSG:4547",
    "is {text} ({unit}); lengths need a metric system": "为 {text}（{unit}）；计算长度须用米制坐标系",
    "is in {system} ({unit}); lengths need a metric system": "坐标系为 {system}（{unit}）；计算长度须用米制坐标系",
    "use a projected one, e.g. EPSG:4547": "请用投影坐标系，如 EPSG:4547",
    "{file} has rows with {told}, which do not count": "{file} 中有值为 {told} 的行，未被计入",
    "{file} has no rows that meet `where`": "{file} 中没有满足 `where` 的行",
    "mend `where`": "请改正 `where`",
    "fill it, or name another file": "请填写，或另指定文件",
    "{file} has no geometry": "{file} 没有几何",
    "name its columns: x = ..., y = ..., crs = ...": "请指明坐标列：x = ..., y = ..., crs = ...",
    "{file} does not say its system of coordinates": "{file} 未注明坐标系",
    'say it: crs = "EPSG:4326", say': '请写明，例如 crs = "EPSG:4326"',
    "{file} has no geometry in row {rows}": "{file} 第 {rows} 行没有几何",
    "{file} has coordinates off the Earth in row {rows}": "{file} 第 {rows} 行的坐标超出地球范围",
    "mend or remove them": "请改正或删去",
    "{file} cannot be brought to {system}": "{file} 无法转换到 {system}",
    "is its system right?": "其坐标系是否正确？",
    "{file}: {error}": "{file}：{error}",
    "{path}: a layer is written as {layers}": "{path}：图层可写为 {layers}",
    # columns
    "it has {columns}": "现有 {columns}",
    "{file} has no {column} in row {blank}": "{file} 第 {blank} 行没有 {column}",
    "give every row an id": "请为每行给出编号",
    "{file} has {column} blank or with signs that no file keeps in row {odd}": (
        "{file} 第 {odd} 行的 {column} 为空白或含有文件无法保存的字符"
    ),
    "write letters and digits": "请用字母和数字",
    "{file} has {column} {twice} more than once": "{file} 中 {column} {twice} 重复",
    "ids must differ": "编号不得重复",
    "not a number of at least 0": "不是不小于 0 的数",
    "above {largest:g}": "大于 {largest:g}",
    "too large to reckon with (from {largest:g} on)": "过大而无法计算（自 {largest:g} 起）",
    "{file} column {spec} is {what} in row {shown}": "{file} 的列 {spec} {what}，见第 {shown} 行",
    "{file} column {spec} times cost_unit is {largest:g} or more in row {shown}": (
        "{file} 的列 {spec} 乘以 cost_unit 后不小于 {largest:g}，见第 {shown} 行"
    ),
    "{row} ({cell})": "{row}（{cell}）",
    "mend them, or the unit": "请改正数值或单位",
    "is {value:g}": "为 {value:g}",
    "must be at least 0": "须不小于 0",
    "must be above 0": "须大于 0",
    "must be below {largest:g}": "须小于 {largest:g}",
    # limits of places
    "has no reach beside it": "缺少与之并列的 reach",
    "say in reach how far any place may be served from": "请在 reach 中写明需求点最远可由多远处服务",
    "does not fit a reach with {theirs}": "与以 {theirs} 计的 reach 不符",
    "use demand.{theirs}": "请用 demand.{theirs}",
    "is 0 at {none}": "在 {none} 处为 0",
    "is beyond reach.{key} = {most:g} at {shown}": "超出 reach.{key} = {most:g}，见 {shown}",
    "raise reach.{key}, or mend them": "请增大 reach.{key}，或改正数值",
    # sites and places
    "name the layer of candidate sites": "请指明候选站点图层",
    "{file} has {unknown}": "{file} 中有 {unknown}",
    "known are {status}": "可用的为 {status}",
    "site {twice} is in more than one layer": "站点 {twice} 出现在多个图层中",
    "ids must differ across a programme": "同一方案内编号不得重复",
    "is 0 at every place": "在每个需求点均为 0",
    "is it the right column?": "列是否选对？",
    "is not a programme of this study": "不是本方案文件中的方案",
    "it is there already; `closable` lets it close": "该站点已存在；用 `closable` 可允许关闭",
    "it is there already; `existing_sites` keeps it": "该站点已存在；用 `existing_sites` 可予保留",
    "{site} is not a site": "{site} 不是站点",
    "{site} is {status} in its layer": "{site} 在图层中的状态为 {status}",
    "take it out of the list, or change the layer": "请从列表中去掉，或修改图层",
    "{both} is in `{other}` as well": "{both} 也在 `{other}` 中",
    "take it out of one of the lists": "请从其中一个列表中去掉",
    "name sites of the layers": "请用图层中的站点",
    # joins
    "the sites": "站点",
    "the sites of {programme}": "{programme} 的站点",
    # travel
    "the {whose} look shifted by {name}, the datum of Chinese web maps: half of the points lie farther than "
    "{plain_m:,.0f} m from the road, but {undone_m:,.0f} m once the shift is undone": (
        "{whose}疑似带有 {name} 偏移（中国网络地图的基准）：半数的点距道路超过 {plain_m:,.0f} 米，消除偏移后为 "
        "{undone_m:,.0f} 米"
    ),
    'set datum = "{datum}" at the layer': '请在图层处设 datum = "{datum}"',
    "import the roads with --datum {datum}": "请用 --datum {datum} 导入道路",
    "{fact}; {remedy}, or set network.datum_guard = false if they are right": (
        "{fact}；{remedy}，若坐标无误则设 network.datum_guard = false"
    ),
    "points": "点位",
    "roads": "道路",
    # portfolios
    "years and a joint budget together are not defined": "分年与共用预算不能并用",
    "an order of objectives and a joint objective together are not defined": "目标次序与联合目标不能并用",
    "other plans are those of a programme by itself": "备选方案只属于单个方案",
    "what a site is worth is told of a programme by itself": "站点价值只就单个方案给出",
    "is the name of a programme too": "也是某个方案的名称",
    "give one of them another name": "请为其中之一改名",
    "has {key}: {why}": "有 {key}：{why}",
    "take {key} out, or run it alone with -p": "请去掉 {key}，或用 -p 单独运行",
    "has {key} = {value}, which holds where it runs alone": "有 {key} = {value}，仅在单独运行时有效",
    "say {key} of the joint plan in {place}, or take it out": "请在 {place} 中为统筹方案写明 {key}，或将其去掉",
    "is what {place} calls its plan": "与 {place} 对其方案的称呼相同",
    "give it another name": "请改名",
    "it has {programmes}": "现有 {programmes}",
    "{file} {fact}": "{file} {fact}",
    "degrees": "度",
    "unknown units": "未知单位",
}
