"""Money in a study: the currency of the place, and the unit that a layer's columns of money are in."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from models.magnitude import LARGEST
from models.messages import Listed, say
from solver.study.section import Positive, Section
from solver.words.currency import Currency, currency

COST_UNITS: Mapping[str, float] = {
    "thousand": 1e3,
    "million": 1e6,
    "千元": 1e3,
    "万元": 1e4,
    "百万元": 1e6,
    "亿元": 1e8,
}
"""Name of a unit of money -> how much of the currency it is."""
CHINESE = (("亿", "亿元"), ("百万", "百万元"), ("万", "万元"), ("千元", "千元"))
"""What a column's name has in it -> the unit that it is likely in; the first that fits."""
ENGLISH: Mapping[str, str] = {
    **dict.fromkeys(("k", "thousand", "thousands", "tsd", "teur"), "thousand"),
    **dict.fromkeys(("mln", "mio", "million", "millions"), "million"),
    **dict.fromkeys(("wan", "wanyuan"), "万元"),
    "yiyuan": "亿元",
}
"""The same of a word of the name."""
OF_A_CURRENCY = re.compile(r"([km])(cny|rmb|eur|usd|gbp|jpy|krw|chf|inr|aud|cad)")
"""A unit written together with a currency, such as keur or musd."""


class CurrencySection(Section):
    """`study.currency`: the money of the place; a code alone will do."""

    code: Annotated[str, Field(description="three letters (ISO 4217), such as EUR")]
    symbol: Annotated[str | None, Field(min_length=1, max_length=8, description="its sign; known of common ones")] = (
        None
    )
    decimals: Annotated[
        int | None, Field(ge=0, le=4, description="of the smallest amount written; known of all in ISO 4217")
    ] = None

    @property
    def money(self) -> Currency:
        """The currency, with what it is known by."""
        return currency(self.code, self.symbol, self.decimals)

    @model_validator(mode="after")
    def _three_letters(self) -> Self:
        if not re.fullmatch("[A-Z]{3}", self.code):
            raise ValueError(say("is {code!r}; write a code of three capital letters, such as EUR", code=self.code))
        return self


def _section(value: Any) -> Any:
    """A code alone, or a section."""
    return {"code": value} if isinstance(value, str) else value


CurrencyKey = Annotated[CurrencySection, BeforeValidator(_section)]
"""A currency as a study writes it."""


def _known(unit: Any) -> Any:
    """A unit of money, if it is one."""
    number = isinstance(unit, int | float) and not isinstance(unit, bool) and 0 < unit < LARGEST
    if not number and not (isinstance(unit, str) and unit in COST_UNITS):
        raise ValueError(
            say(
                "is {unit}; write {cost_units}, or a number above 0",
                unit=repr(unit),
                cost_units=Listed(list(COST_UNITS)),
            )
        )
    return unit


CostUnit = Annotated[
    Literal["thousand", "million", "千元", "万元", "百万元", "亿元"] | Positive, BeforeValidator(_known)
]
"""A name of `COST_UNITS`, or how much of the currency a unit is."""


def factor_of(unit: float | str | None) -> float:
    """What amounts in a unit are multiplied by."""
    return COST_UNITS[unit] if isinstance(unit, str) else 1.0 if unit is None else float(unit)


def unit_in_name(column: str) -> str | None:
    """The unit that the name of a column of money says, as in 造价_万元, cost_wan or cost_keur; None if none."""
    for sign, unit in CHINESE:
        if sign in column:
            return unit
    for word in re.findall("[a-z]+", column.lower()):
        together = OF_A_CURRENCY.fullmatch(word)
        if together:
            return {"k": "thousand", "m": "million"}[together[1]]
        if word in ENGLISH:
            return ENGLISH[word]
    return None
