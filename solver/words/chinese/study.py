"""Faults of the study file."""

SENTENCES: dict[str, str] = {
    "is {shown}": "为 {shown}",
    "is {shown}, which is {what}": "为 {shown}，{what}",
    "is {shown}: {what}": "为 {shown}：{what}",
    "no text": "不是文本",
    "write it in quotes": "请加引号",
    "no whole number": "不是整数",
    "write a whole number": "请写整数",
    "no number": "不是数字",
    "write a number": "请写数字",
    "neither true nor false": "既非 true 也非 false",
    "write true or false": "请写 true 或 false",
    "no list": "不是列表",
    "write [..., ...]": "请写 [..., ...]",
    "no section": "不是小节",
    "write {{ key = value }} or a section in brackets": "请写 {{ key = value }} 或方括号小节",
    "not such a name": "不符合命名规则",
    "use letters of English, digits, point, dash and underscore only": "只可用英文字母、数字、点、短横和下划线",
    "empty": "为空",
    "write a text": "请写文本",
    "too long for a name of files": "作为文件名过长",
    "write at most 80 signs": "至多 80 个字符",
    "above {bound:g}": "大于 {bound:g}",
    "at least {bound:g}": "不小于 {bound:g}",
    "below {bound:g}": "小于 {bound:g}",
    "at most {bound:g}": "不大于 {bound:g}",
    "must be {what}": "须{what}",
    "must be {choices}": "须为 {choices}",
    "{first} or {last}": "{first}或{last}",
    "is not a known key": "不是已知的键",
    "write a number between {least:g} and {largest:g}": "请写 {least:g} 与 {largest:g} 之间的数",
    "add it": "请补上",
    "has {n} entries": "有 {n} 项",
    "write {wanted}": "请写 {wanted} 项",
    "mend it": "请改正",
    "years has {twice} more than once": "years 中 {twice} 重复",
    "needs exactly one of {ways}; it has {given}": "须在 {ways} 中恰选一个；现有 {given}",
    "needs exactly one of {ways}": "须在 {ways} 中恰选一个",
    "is {unit}; write {cost_units}, or a number above 0": "为 {unit}；请写 {cost_units}，或大于 0 的数",
    "is {code!r}; write a code of three capital letters, such as EUR": "为 {code!r}；请写三个大写字母的代码，如 EUR",
    "portfolio.{name}   other plans and the worth of sites are not told of a joint plan; ask for them of one "
    "programme, for example with -p {first}": (
        "portfolio.{name}   统筹方案不提供备选方案与站点价值；请就单个方案求取，例如 -p {first}"
    ),
    "programmes.{name}   alternatives and marginals are not told of a programme over years; take phasing out "
    "to ask for them": "programmes.{name}   分年方案不提供备选方案与站点价值；如需，请去掉 phasing",
    "{name}: study.base   is {base}; name a study file in the same folder": (
        "{name}：study.base   为 {base}；请指定同一文件夹中的研究文件"
    ),
    "{name}: study.base   is {base}, which is based on this study; take one of them out": (
        "{name}：study.base   为 {base}，而它又以本文件为基础；请去掉其一"
    ),
    "{path}   has a key of more than {deepest} parts ({deep}...); write it flat": (
        "{path}   有键超过 {deepest} 级（{deep}...）；请减少嵌套"
    ),
    "--set {override}   is not KEY=VALUE; write for example programmes.parking.budget=2e9": (
        "--set {override}   不是 KEY=VALUE；请写如 programmes.parking.budget=2e9"
    ),
    "--set {override}...   has more than {deepest} parts; no key of a study has as many": (
        "--set {override}...   超过 {deepest} 级；研究文件中没有这样深的键"
    ),
    "--set {override}   `{key}` lies inside a plain value, not a table": (
        "--set {override}   `{key}` 位于普通值之内，而非表"
    ),
    "--set {override}   `{key}` is not a position in a list of {n}; use 0, 1, ...": (
        "--set {override}   `{key}` 不是 {n} 项列表中的位置；请用 0、1、..."
    ),
    "{path}   does not exist; `siting new DIR` makes a study to start from": (
        "{path}   不存在；`siting new DIR` 可新建研究文件"
    ),
    "{path}   is not UTF-8 text (byte {byte}); save it as UTF-8 in your editor": (
        "{path}   不是 UTF-8 文本（第 {byte} 字节）；请在编辑器中另存为 UTF-8"
    ),
    "{path}   cannot be read ({said}); name a study file that you may read": (
        "{path}   无法读取（{said}）；请指定可读的研究文件"
    ),
    "{path}   is not valid TOML: {error}; mend it there": "{path}   不是有效的 TOML：{error}；请在该处改正",
    "{path}   is nested too deep; write it flat": "{path}   嵌套过深；请减少嵌套",
    "needs one of at_least, at_most and exactly": "须有 at_least、at_most、exactly 之一",
    "group_rules has column {column} more than once; put its numbers into one rule": (
        "group_rules 中列 {column} 重复；请把其数值写入一条规则"
    ),
    "spacing_from_existing needs spacing_m": "spacing_from_existing 须与 spacing_m 同用",
    'objective_order must be ["floor", "coverage"] or ["coverage", "floor"]': (
        'objective_order 须为 ["floor", "coverage"] 或 ["coverage", "floor"]'
    ),
    "order_tolerance needs objective_order": "order_tolerance 须与 objective_order 同用",
    "scenarios.{name}   is not in the study; known are {known}": "scenarios.{name}   不在研究文件中；已有 {known}",
    "in scenario {name}: {error}": "情景 {name} 中：{error}",
    "is {value}; write true or false, or a section with time_limit_s": (
        "为 {value}；请写 true 或 false，或含 time_limit_s 的小节"
    ),
    "has both limit_m and limit_min; keep the one that the reach has": (
        "同时有 limit_m 与 limit_min；请保留与 reach 一致的一个"
    ),
    "needs exactly one of limit_m and limit_min; write one of them": "须恰有 limit_m 与 limit_min 之一；请写其一",
    "mode straight knows no travel time; give limit_m in place of limit_min": (
        "straight 方式没有行程时间；请用 limit_m 代替 limit_min"
    ),
    "shape `steps` and the key `steps` go together": "形状 `steps` 与键 `steps` 须同时给出",
    "has both full_m and full_min; keep the one that the reach has": (
        "同时有 full_m 与 full_min；请保留与 reach 一致的一个"
    ),
    "shape `steps` has no full_m or full_min; the first step says up to where all is covered": (
        "形状 `steps` 没有 full_m 或 full_min；第一级即表示全部覆盖的范围"
    ),
    "shape `{shape}` has no rate; exponential, gaussian and power do": (
        "形状 `{shape}` 没有 rate；exponential、gaussian 与 power 才有"
    ),
    "has steps whose share rises with distance; a farther step must not cover more": (
        "有分级的比例随距离上升；更远的分级不得覆盖更多"
    ),
    "shape `exponential` and the key `rate` go together": "形状 `exponential` 与键 `rate` 须同时给出",
    "`exponent` belongs to shape `power`; exponential has `rate`": (
        "`exponent` 属于形状 `power`；exponential 用 `rate`"
    ),
    "needs [network] with a road layer, or [travel] with a matrix; add one of them": (
        "须有带道路图层的 [network]，或带行程矩阵的 [travel]；请补上其一"
    ),
    "scenarios: base is the study as it is and all is every scenario; give it another name": (
        "scenarios：base 指原研究文件，all 指全部情景；请另取名称"
    ),
    "{what} has the name {alike} more than once; give each its own": "{what} 中名称 {alike} 重复；请各取一名",
    "the names {alike} are one name to many disks; give each a name of its own": (
        "名称 {alike} 在许多磁盘上视为同名；请各取一名"
    ),
}
