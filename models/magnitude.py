"""Numbers that are too large to reckon with, and numbers that stand for "no way" in tables of travel."""

import numpy as np

from models.arrays import BoolArray, FloatArray

LARGEST = 1e15
"""Amounts must be below this: engines refuse larger ones, and doubles hardly tell 1 apart beside them."""

HIGHEST_OF_KINDS = (
    *(float(2**bits - 1) for bits in (15, 16, 31, 32, 53, 63, 64)),
    *(float(2**31), float(2**63)),
    *(float(np.finfo(np.float32).max), float(np.finfo(np.float64).max)),
)
"""The last whole numbers and floats that computers store."""
SCALES = (1.0, 10.0, 60.0, 100.0, 600.0, 1000.0, 3600.0, 6000.0, 36000.0, 60000.0)
"""Of such a number other units make so many times less: 2147483647 tenths of a second are 3579139.4 minutes."""
ONLY_NINES = tuple(float("9" * n) for n in range(5, 19))
ROUND = tuple(10.0**n for n in range(5, 31))
UNLIKELY = {"m": 5e6, "s": 5 * 86400.0, "min": 5 * 1440.0}
"""Unit -> round numbers from here on are no travel: 5,000 km, five days."""
IMPOSSIBLE = {"m": 4e7, "s": 30 * 86400.0, "min": 30 * 1440.0}
"""Unit -> nothing travels so far: once around the earth, a month."""
MARK_GAP, OTHER_GAP = 3.0, 10.0
"""A number is a mark only where the next lower one is so many times less."""


def is_beyond(values: FloatArray | float) -> BoolArray:
    """Whether finite numbers are too large to reckon with."""
    return np.asarray(np.isfinite(values) & (np.abs(values) >= LARGEST), dtype=bool)


def marks_of_no_way(values: FloatArray, unit: str) -> FloatArray:
    """The different numbers among travel `values` in m, s or min that look like marks for "no way", rising.

    A mark is one of the well-known (the highest whole numbers, nines, large powers of ten), or more than any travel,
    and stands far above all real travel. From the highest down, until a number is none.
    """
    known = np.unique(values[np.isfinite(values)])
    for count in range(len(known)):
        at = len(known) - 1 - count
        value = known[at]
        lower = _next_real(known[:at], unit)
        if not _is_mark(float(value), lower, unit):
            return np.asarray(known[at + 1 :], dtype=np.float64)
    return np.asarray(known, dtype=np.float64)


def _next_real(lower: FloatArray, unit: str) -> float:
    """The highest of the lower numbers that is no well-known mark; 0 where there is none."""
    for value in lower[::-1]:
        if not _is_known(float(value), unit):
            return float(value)
    return 0.0


def _is_mark(value: float, lower: float, unit: str) -> bool:
    if _is_known(value, unit):
        return value >= MARK_GAP * lower
    return value > IMPOSSIBLE[unit] and value >= OTHER_GAP * lower


def _is_known(value: float, unit: str) -> bool:
    if value in ONLY_NINES or (value in ROUND and value >= UNLIKELY[unit]):
        return True
    scaled = np.outer(HIGHEST_OF_KINDS, 1.0 / np.array(SCALES))
    scaled = scaled[scaled >= HIGHEST_OF_KINDS[0]]
    return bool(np.any(np.abs(scaled - value) <= np.maximum(1e-7 * scaled, np.where(scaled >= 1e5, 1.0, 0.0))))
