"""What an office says that turning costs, in seconds."""

from dataclasses import dataclass

import numpy as np

from solver.errors import NetworkError


@dataclass(frozen=True)
class TurnCosts:
    """Seconds added at crossings. A bend in a road without a crossing costs nothing, nor does turning at a dead end
    beyond `about_s`. Raises NetworkError for costs below 0."""

    left_s: float
    right_s: float
    about_s: float

    def __post_init__(self) -> None:
        for name in ("left_s", "right_s", "about_s"):
            if not 0 <= getattr(self, name) < np.inf:
                raise NetworkError(f"turn cost {name} is {getattr(self, name)}; must be at least 0 seconds")
