"""What lies within a limit of distance or time: the limit itself counts, however it was rounded.

8.2 minutes are 491.99999999999994 s, a length of 500 m may come out of a projection or a sum of road pieces a few
nanometres longer, and tables of GIS keep seven digits (single precision rounds by up to 6e-8). So what exceeds a limit
by no more than `ROUNDING` of it is as far as the limit. This is used wherever the project compares travel or distance
with a limit; a limit is never crossed by more than 0.1 mm in a kilometre.
"""

from typing import TypeVar

import numpy as np

from models.arrays import BoolArray, FloatArray

ROUNDING = 1e-7
"""Share of a limit by which rounding may exceed it or fall short of it."""

SAME_PLACE_M = 1e-3
"""Points nearer to each other than this are at one place; projections move them by less."""

Limit = TypeVar("Limit", float, FloatArray)


def reaching(limit: Limit) -> Limit:
    """The largest numbers that count as within each limit, in its unit."""
    return limit * (1.0 + ROUNDING)


def within(values: FloatArray | float, limit: FloatArray | float) -> BoolArray:
    """Whether values are at most the limit, in the same unit."""
    return np.asarray(np.asarray(values) <= reaching(np.asarray(limit, dtype=np.float64)), dtype=bool)


def nearer(values: FloatArray | float, least: FloatArray | float) -> BoolArray:
    """Whether values are less than a least distance that must be kept; exactly at it is kept."""
    return np.asarray(np.asarray(values) < np.asarray(least, dtype=np.float64) * (1.0 - ROUNDING), dtype=bool)
