"""What the columns of a result's tables are, in English and Chinese: for aliases in GIS and heads in reports."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from solver.words.currency import CNY, Currency
from solver.words.speech import CHINESE, Speech

FIELDS: dict[str, tuple[str, str]] = {
    "site_id": ("Site", "站点编号"),
    "demand_id": ("Place", "需求点编号"),
    "programme": ("Programme", "方案"),
    "chosen": ("Chosen", "是否选中"),
    "open": ("Open", "是否开放"),
    "decision": ("Decision", "决定"),
    "status": ("Status before the plan", "规划前状态"),
    "group": ("District", "分区"),
    "tier": ("Tier", "层级"),
    "opening_year": ("Opens in", "启用年份"),
    "served_from_year": ("Served from", "开始覆盖年份"),
    "in_alternatives": ("Share of other plans that open it", "其他方案选中比例"),
    "lost_at_least": ("Lost by turning the decision round, at least", "反转决定的损失下界"),
    "lost_at_most": ("Lost by turning the decision round, at most", "反转决定的损失上界"),
    "cost": ("Cost, {currency}", "造价（{currency}）"),
    "units_cost": ("Cost of its units, {currency}", "设备造价（{currency}）"),
    "capacity": ("Capacity", "容量"),
    "excluded_because": ("Left out because", "排除原因"),
    "reachable_weight": ("Demand within reach", "可达需求量"),
    "sole_weight": ("Demand only it reaches", "仅由其可达的需求量"),
    "added_weight": ("Demand it would newly reach", "可新增的需求量"),
    "served_places": ("Places served", "服务点数"),
    "served_weight": ("Demand served", "服务需求量"),
    "served_load": ("Load served", "服务负荷"),
    "weight": ("Demand", "需求量"),
    "load": ("Load", "负荷"),
    "served_share": ("Share served", "服务比例"),
    "refuelled_share": ("Share refuelled", "可补能比例"),
    "travel_m": ("Travel, m", "出行距离（米）"),
    "travel_s": ("Travel, s", "出行时间（秒）"),
    "travel_min": ("Travel, minutes", "出行时间（分钟）"),
    "link": ("What the line joins", "连线类型"),
    "from_id": ("From", "起点"),
    "to_id": ("To", "终点"),
    "share": ("Share of the place's demand", "占该点需求比例"),
    "amount": ("Amount", "数量"),
    "road_x": ("Where it meets the road, x", "接路点横坐标"),
    "road_y": ("Where it meets the road, y", "接路点纵坐标"),
    "off_road_m": ("Distance to the road, m", "距道路（米）"),
    "road_class": ("Class of road", "道路等级"),
    "x": ("x, m", "横坐标"),
    "y": ("y, m", "纵坐标"),
    "lon": ("Longitude (WGS 84)", "经度（WGS 84）"),
    "lat": ("Latitude (WGS 84)", "纬度（WGS 84）"),
}
"""Column -> what it is. Columns of the planner's own layers are not among them; they keep their names."""

MONEY = frozenset({"budget", "cost", "cost_so_far", "left", "left_over"})
"""Columns and figures in money, beside those that end with `_cost`."""

UNITS = "_units"
"""The end of the name of a column that counts the units of a kind."""


def field_name(column: str, speech: Speech, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """What a column is, in words, kinds by their `names`; the planner's own columns are called what they are."""
    if column in FIELDS:
        return speech.with_currency(FIELDS[column][speech.zh])
    if column.endswith(UNITS) and column != UNITS:
        kind = column.removesuffix(UNITS)
        called = names.get(kind, kind if speech.zh else kind.replace("_", " "))
        return f"{called}（数量）" if speech.zh else f"{called}, number"
    return column


def is_money(name: str) -> bool:
    """Is a column or a figure in money?"""
    return name in MONEY or name.endswith("_cost")


def aliases(
    columns: Iterable[str], currency: Currency = CNY, names: Mapping[str, str] = MappingProxyType({})
) -> Mapping[str, str]:
    """Column -> its own name and its Chinese one side by side, for the columns that have one."""
    both = {column: field_name(column, CHINESE.paying(currency), names) for column in columns}
    return {column: f"{column} {chinese}" for column, chinese in both.items() if chinese != column}
