"""Shares and gaps in per cent: the one way in which they are written, in every language."""

LEAST = 1e-4
"""A share nearer to 0 or to 1 than this is told as below 0.01 % or above 99.99 %."""
NOTHING = 1e-9
"""A difference from 0 or 1 that is rounding."""


def percent(value: float, places: int = 1) -> str:
    """A share in per cent with so many places, and with two where fewer would make it 0 or 1 and it is neither.

    Whole numbers have their places too (`50.0%`); shares that two places cannot tell from 0 or 1 are `< 0.01%` and
    `> 99.99%`.
    """
    size = abs(value)
    for whole in (0.0, 1.0):
        if abs(size - whole) < NOTHING:
            return f"{whole if value >= 0 else -whole:.{places}%}"
    if value < 0:
        return f"{value:.{places}%}"
    if size < LEAST:
        return "< 0.01%"
    if 1 - LEAST < size < 1:
        return "> 99.99%"
    shown = f"{value:.{places}%}"
    return f"{value:.2%}" if float(shown.rstrip("%")) in (0.0, 100.0) else shown
