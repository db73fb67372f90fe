"""Kinds of charging pile."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray, frozen
from models.brief import brief
from models.given import checked
from models.magnitude import LARGEST, is_beyond


@checked
@brief
@dataclass(frozen=True, eq=False)
class PileKind:
    """A kind of pile: power in kW, energy it delivers in kWh/day, cost in money and most per site, both (n_sites,)."""

    name: str
    power_kw: float
    energy_kwh_per_day: float
    cost: FloatArray
    max_per_site: FloatArray

    def __post_init__(self) -> None:
        object.__setattr__(self, "power_kw", float(self.power_kw))
        object.__setattr__(self, "energy_kwh_per_day", float(self.energy_kwh_per_day))
        object.__setattr__(self, "cost", frozen(self.cost, np.float64))
        object.__setattr__(self, "max_per_site", frozen(np.floor(self.max_per_site), np.float64))


def kind_faults(
    n: int, kinds: tuple[PileKind, ...], grid_limit_kw: FloatArray | None, min_share: Mapping[str, float]
) -> list[str]:
    """What is wrong with kinds, grid limits and shares over `n` sites."""
    names = [kind.name for kind in kinds]
    found = [] if kinds else ["charging needs at least one kind of pile"]
    if len(set(names)) < len(names):
        found.append(f"kinds of piles must differ in name; got {', '.join(names)}")
    for kind in kinds:
        for what, values in (("cost", kind.cost), ("max_per_site", kind.max_per_site)):
            if values.shape != (n,):
                found.append(f"kind {kind.name}: {what} has shape {values.shape}; there are {n} sites")
            elif not (np.isfinite(values).all() and values.min(initial=0.0) >= 0):
                found.append(f"kind {kind.name}: {what} must be finite and at least 0 at every site")
            elif is_beyond(values).any():
                found.append(f"kind {kind.name}: {what} must be below {LARGEST:g} at every site")
        if not (kind.power_kw > 0 and kind.energy_kwh_per_day > 0):
            found.append(f"kind {kind.name}: power_kw and energy_kwh_per_day must be above 0")
    if grid_limit_kw is not None and grid_limit_kw.shape != (n,):
        found.append(f"grid_limit_kw has shape {grid_limit_kw.shape}; there are {n} sites")
    elif grid_limit_kw is not None and not (np.isfinite(grid_limit_kw).all() and (grid_limit_kw >= 0).all()):
        found.append("grid_limit_kw must be finite and at least 0 at every site")
    unknown = sorted(set(min_share) - set(names))
    if unknown:
        found.append(f"min_share names {', '.join(unknown)}; kinds are {', '.join(names)}")
    if sum(min_share.values()) > 1 + 1e-12 or min(min_share.values(), default=0.0) < 0:
        found.append(f"least shares must be at least 0 and at most 1 together; got {dict(min_share)}")
    return found
