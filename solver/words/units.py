"""Units of objectives in words, and amounts with their unit."""

from solver.words.report import exact, money
from solver.words.speech import Speech

UNITS: dict[str, str] = {
    "weighted shares of full coverage": "加权覆盖份额",
    "new sites": "个新站点",
    "m": "米",
    "s": "秒",
    "min": "分钟",
    "demand": "需求量",
    "weight": "需求量",
    "population": "人",
    "people": "人",
    "jobs": "岗位",
    "spaces": "泊位",
    "parking_need_spaces": "停车需求（泊位）",
    "turnover_vehicles_per_day": "周转量（辆/日）",
    "charging_need_kwh_per_day": "充电需求（千瓦时/日）",
    "vehicles_per_day": "辆/日",
    "parcels_per_day": "件/日",
    "parcels": "件",
    "cars": "辆",
    "patients": "人",
    "pupils": "人",
    "households": "户",
    "kwh": "千瓦时",
    "kwh_per_day": "千瓦时/日",
    "share of the market": "市场份额",
}
"""Units of objectives; a unit that is a column of the planner's is called what it is."""

SUMMED = ", summed over the years"
"""Stands behind the unit of what is added up over years."""
TIMES = " x "
"""Stands between the units of a product."""


def unit_in_words(unit: str, speech: Speech) -> str:
    """The unit of an objective: a known one in words, else the column's name with spaces."""
    if unit == speech.currency.code:
        return speech.currency.name(zh=speech.zh)
    if unit.endswith(SUMMED):
        return unit_in_words(unit.removesuffix(SUMMED), speech) + ("（各年合计）" if speech.zh else SUMMED)
    if TIMES in unit:
        return (" × " if speech.zh else TIMES).join(unit_in_words(part, speech) for part in unit.split(TIMES))
    return UNITS[unit] if speech.zh and unit in UNITS else unit.replace("_", " ")


def amount_in_words(value: float | None, unit: str, speech: Speech) -> str:
    """What a plan is worth, with its unit; money as money."""
    if unit == speech.currency.code:
        return money(value, speech)
    text = exact(value, speech)
    return f"{text} {unit_in_words(unit, speech)}" if unit and value is not None else text
