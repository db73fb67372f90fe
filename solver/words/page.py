"""Words of the report's page in English and Chinese: those its scripts show, and those around them."""

from solver.words.speech import Speech

PAGE: dict[str, tuple[str, str]] = {
    "chosen": ("chosen", "选中"),
    "kept": ("existing, kept", "现有保留"),
    "closed": ("existing, closed", "现有关闭"),
    "other": ("not chosen", "未选"),
    "served": ("places served", "已覆盖需求点"),
    "partly": ("places served in part", "部分覆盖需求点"),
    "unserved": ("places not served", "未覆盖需求点"),
    "links": ("supplied by", "供应关系"),
    "refuelled": ("trips refuelled", "可补能的出行"),
    "stranded": ("trips not refuelled", "不可补能的出行"),
    "roads": ("roads", "道路"),
    "north": ("N", "北"),
    "filter": ("filter: id, name, district", "筛选：编号、名称、分区"),
    "all_sites": ("all sites", "全部站点"),
    "all_programmes": ("all programmes: chosen sites", "全部方案：选中站点"),
    "click": ("Click a site or a place for its figures.", "点击站点或需求点查看其指标。"),
    "left_out": (
        "The places are too many for this page; plan.gpkg has them.",
        "需求点过多，未列入本页；见 plan.gpkg。",
    ),
    "place": ("Place", "需求点"),
    "weight": ("Demand", "需求量"),
    "served_share": ("Share served", "服务比例"),
    "by": ("Served by", "服务站点"),
    "status_candidate": ("candidate", "候选"),
    "status_existing": ("existing", "现有"),
    "status_required": ("required", "必选"),
    "status_forbidden": ("forbidden", "禁选"),
    "status_competitor": ("competitor", "竞争者"),
    "status_closable": ("may close", "可关闭"),
}
"""Words of maps and tables of sites."""

AROUND: dict[str, tuple[str, str]] = {
    "summary": ("Summary", "摘要"),
    "contents": ("Contents", "目录"),
    "map": ("Map", "地图"),
    "programme": ("Show", "显示"),
    "find": ("find an id or a name", "查找编号或名称"),
    "whole": ("whole map", "全图"),
    "map_hint": (
        "Drag to move; click the map, then scroll, or use + and − to zoom. The map needs no internet.",
        "拖动平移；先点击地图再滚动滚轮，或用 + 和 − 缩放。地图无需联网。",
    ),
    "no_script": (
        "Without JavaScript the map and the tables of sites are not shown; the pictures, sites.csv and plan.gpkg hold "
        "the same.",
        "未启用 JavaScript 时不显示交互地图和站点表；图片、sites.csv 和 plan.gpkg 中有相同内容。",
    ),
    "show_on_map": ("show on the map", "在地图上显示"),
    "notice": ("About the data", "数据说明"),
    "decided": ("What was decided", "决策内容"),
    "proof": ("How good it is", "优劣证明"),
    "figures": ("Figures", "主要指标"),
    "picture": (
        "{title}: chosen, existing and other sites, and the places they serve",
        "{title}：选中、现有与其他站点及其服务的需求点",
    ),
    "all_of_them": ("All sites", "全部站点"),
    "sites_note": (
        "A click on a row shows the site on the map, a click on a head sorts. plan.gpkg holds all of them.",
        "点击行可在地图上定位，点击表头可排序。全部站点见 plan.gpkg。",
    ),
    "sites_note_alone": (
        "A click on a head sorts. plan.gpkg holds all of them.",
        "点击表头可排序。全部站点见 plan.gpkg。",
    ),
    "why": ("Why these sites", "为何选这些站点"),
    "matter_most": ("Chosen, hardest to replace", "已选且最难替代"),
    "next_in_line": ("Not chosen, would add most", "未选且可新增最多"),
    "asked": ("What was asked", "输入条件与规则"),
    "key": ("Key in the study file", "研究文件中的键"),
    "rule": ("Rule", "规则"),
    "value": ("Value", "取值"),
    "budget_use": ("Budget", "预算使用"),
    "spent": ("spent", "已用"),
    "left": ("not spent", "结余"),
    "method": ("Method and limits", "方法与局限"),
    "cost_by_district": ("Cost by district, {unit}", "各分区造价（{unit}）"),
    "share_by_district": ("Share of demand covered by district, %", "各分区覆盖率（%）"),
    "share_by_year": ("Share covered by year, %", "各年覆盖率（%）"),
    "cost_by_year": ("Cost by year, {unit}", "各年造价（{unit}）"),
    "no_district": ("no district", "未分区"),
    "general": ("For the whole study", "全局设置"),
    "made_by": ("Made by siting {version}; it opens without internet.", "由 siting {version} 生成，无需联网即可打开。"),
}
"""Words of titles and texts of the page."""


def around(key: str, speech: Speech, **values: object) -> str:
    """A word or sentence of the page in the language."""
    return AROUND[key][speech.zh].format(**values)
