"""Kinds of charging pile."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray, frozen
from models.brief import brief
from models.given import checked
from models.magnitude import LARGEST, is_beyond
from models.messages import Listed, Message, say


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
) -> list[Message]:
    """What is wrong with kinds, grid limits and shares over `n` sites."""
    names = [kind.name for kind in kinds]
    found = [] if kinds else [say("charging needs at least one kind of pile")]
    if len(set(names)) < len(names):
        found.append(say("kinds of piles must differ in name; got {names}", names=Listed(names)))
    for kind in kinds:
        for what, values in (("cost", kind.cost), ("max_per_site", kind.max_per_site)):
            if values.shape != (n,):
                found.append(
                    say(
                        "kind {name}: {what} has shape {shape}; there are {n} sites",
                        name=kind.name,
                        what=what,
                        shape=values.shape,
                        n=n,
                    )
                )
            elif not (np.isfinite(values).all() and values.min(initial=0.0) >= 0):
                found.append(
                    say("kind {name}: {what} must be finite and at least 0 at every site", name=kind.name, what=what)
                )
            elif is_beyond(values).any():
                found.append(
                    say(
                        "kind {name}: {what} must be below {largest:g} at every site",
                        name=kind.name,
                        what=what,
                        largest=LARGEST,
                    )
                )
        if not (kind.power_kw > 0 and kind.energy_kwh_per_day > 0):
            found.append(say("kind {name}: power_kw and energy_kwh_per_day must be above 0", name=kind.name))
    if grid_limit_kw is not None and grid_limit_kw.shape != (n,):
        found.append(say("grid_limit_kw has shape {shape}; there are {n} sites", shape=grid_limit_kw.shape, n=n))
    elif grid_limit_kw is not None and not (np.isfinite(grid_limit_kw).all() and (grid_limit_kw >= 0).all()):
        found.append(say("grid_limit_kw must be finite and at least 0 at every site"))
    unknown = sorted(set(min_share) - set(names))
    if unknown:
        found.append(say("min_share names {unknown}; kinds are {names}", unknown=Listed(unknown), names=Listed(names)))
    if sum(min_share.values()) > 1 + 1e-12 or min(min_share.values(), default=0.0) < 0:
        found.append(
            say("least shares must be at least 0 and at most 1 together; got {shares}", shares=dict(min_share))
        )
    return found
