"""What a planner makes of a travel time or length: impedances to minimise, and willingness that fades with distance.

`power` and `exponential` with positive parameters weigh far places more (as in location-allocation of GIS); with
negative ones, and `gaussian`, they are the distance decay of gravity models (Wilson, 1967; Kwan, 1998; for the
Gaussian form Dai, 2010). `gradual` and `stepped` are the decay of covering models between a full and a last distance.
"""

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from models.limits import reaching, within

Floats = NDArray[np.float64]
Transform = Callable[[Floats], Floats]
Shape = Literal["linear", "power", "exponential", "gaussian"]


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


def gradual(shape: Shape, *, full: float, limit: float, rate: float = 1.0) -> Transform:
    """Share covered: 1 up to `full`, then falling with u = (t - full) / (limit - full); 0 beyond `limit`.

    linear: 1 - u; power: (1 - u) ** rate; exponential: exp(-rate u); gaussian: exp(-rate u**2). The last two end at
    exp(-rate) at the limit. Source: Berman, Krass and Drezner (2003), gradual covering decay.
    """
    if not 0 <= full <= limit < np.inf or limit == 0:
        raise ValueError(f"full is {full} and limit {limit}; must be 0 <= full <= limit, limit above 0")
    fall: dict[str, Transform] = {
        "linear": lambda u: 1.0 - u,
        "power": lambda u: (1.0 - u) ** rate,
        "exponential": lambda u: np.exp(-rate * u),
        "gaussian": lambda u: np.exp(-rate * u**2),
    }
    if shape not in fall:
        raise ValueError(f"shape is {shape!r}; must be one of {', '.join(fall)}")

    def share(t: Floats) -> Floats:
        u = np.where(within(t, full), 0.0, (t - full) / (limit - full) if full < limit else 1.0)
        return np.where(within(t, limit), fall[shape](np.clip(u, 0.0, 1.0)), 0.0)

    return share


def stepped(steps: Sequence[tuple[float, float]]) -> Transform:
    """Share of the first step, a pair (limit, share), whose limit is not passed; 0 beyond all of them."""
    limits, shares = (np.array(column, dtype=np.float64) for column in zip(*sorted(steps), strict=True))
    return lambda t: np.append(shares, 0.0)[np.searchsorted(reaching(limits), t, side="left")]


def transformed(matrix: csr_array, transform: Transform) -> csr_array:
    """The matrix with every stored value transformed; what is beyond reach stays absent, zeros stay stored."""
    return csr_array((transform(matrix.data), matrix.indices, matrix.indptr), shape=matrix.shape)
