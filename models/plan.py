"""A plan: what is open, how large, and who is served by whom. Ids and arrays only, no engine types."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray, Sparse, frozen
from models.brief import brief
from models.errors import ProblemError
from models.messages import say


@brief
@dataclass(frozen=True, eq=False)
class Plan:
    """A decision about every site.

    `open` (n_sites,): sites open in the plan, existing ones included. `units` kind -> (n_sites,) whole numbers, empty
    where sites hold no numbered units. `served` (n_demand, n_sites) sparse: share of a demand place's weight that a
    site serves, each in (0, 1], rows summing to at most 1 (backup cover may name several sites); None where the model
    serves no places. `flow_share` (n_flows,): share of each flow refuelled. `links` (n_sites, n_sites) sparse: amount
    that a site sends to another, for tiers.
    """

    open: BoolArray
    units: Mapping[str, IntArray] = field(default_factory=dict)
    served: Sparse | None = None
    flow_share: FloatArray | None = None
    links: Sparse | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "open", frozen(self.open, np.bool_))
        units = {kind: frozen(count, np.int64) for kind, count in self.units.items()}
        object.__setattr__(self, "units", units)
        n = len(self.open)
        for kind, count in units.items():
            if count.shape != (n,) or count.min(initial=0) < 0:
                raise ProblemError(say("plan: units of {kind} must be {n} whole numbers of at least 0", kind=kind, n=n))
            if bool(np.any((count > 0) & ~self.open)):
                raise ProblemError(say("plan: a closed site holds units of {kind}", kind=kind))
        if self.served is not None and self.served.shape[1] != n:
            raise ProblemError(
                say("plan: served has {shape} columns; there are {n} sites", shape=self.served.shape[1], n=n)
            )
