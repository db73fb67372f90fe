"""What a network does not contain of its edge layer, in numbers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class LeftOut:
    """Edges that are closed to the mode, and edges that cannot be reached from the main part and left again."""

    closed_edges: int
    closed_km: float
    islands: int
    island_edge_id: NDArray[np.int64]  # (n,) ids in the edge layer
    island_km: float

    def __bool__(self) -> bool:
        return bool(self.closed_edges or len(self.island_edge_id))

    def __str__(self) -> str:
        parts = []
        if self.closed_edges:
            parts.append(f"{self.closed_edges:,} edges ({self.closed_km:,.1f} km) closed to the mode")
        if len(self.island_edge_id):
            parts.append(
                f"{len(self.island_edge_id):,} edges ({self.island_km:,.1f} km) "
                f"in {self.islands:,} parts that cannot be reached and left again"
            )
        return "left out: " + "; ".join(parts) if parts else "nothing left out"
