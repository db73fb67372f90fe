"""What a planner makes of a travel time or length: impedances to minimise, and willingness that fades with distance.

`power` and `exponential` with positive parameters weigh far places more (as in location-allocation of GIS); with
negative ones, and `gaussian` and `linear_decay`, they are the distance decay of gravity models (Wilson, 1967;
Kwan, 1998; for the Gaussian form Dai, 2010).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Transform = Callable[[Floats], Floats]


def linear(factor: float = 1.0) -> Transform:
    """`factor * t`."""
    return lambda t: factor * t


def power(exponent: float, *, floor: float = 0.0) -> Transform:
    """`max(t, floor) ** exponent`; with a negative exponent `floor` must be above 0, so that 0 has a value."""
    if exponent < 0 and floor <= 0:
        raise ValueError(f"power {exponent} of 0 is infinite; give a floor above 0, such as one minute")
    return lambda t: np.maximum(t, floor) ** exponent


def exponential(rate: float) -> Transform:
    """`exp(rate * t)`."""
    return lambda t: np.exp(rate * t)


def gaussian(spread: float) -> Transform:
    """`exp(-t**2 / (2 spread**2))`: 1 at 0, 0.61 at `spread`, 0.01 at three times `spread`."""
    if spread <= 0:
        raise ValueError(f"spread is {spread}; must be above 0")
    return lambda t: np.exp(-0.5 * (t / spread) ** 2)


def linear_decay(limit: float, *, full: float = 0.0) -> Transform:
    """1 up to `full`, then falling evenly to 0 at `limit`."""
    if not 0 <= full < limit:
        raise ValueError(f"full is {full} and limit {limit}; must be 0 <= full < limit")
    return lambda t: np.clip((limit - t) / (limit - full), 0.0, 1.0)


def transformed(matrix: csr_array, transform: Transform) -> csr_array:
    """The matrix with every stored value transformed; what is beyond reach stays absent, zeros stay stored."""
    return csr_array((transform(matrix.data), matrix.indices, matrix.indptr), shape=matrix.shape)
