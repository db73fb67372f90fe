"""What a siting problem is made of: sites, demand, and the travel between them within reach."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum

import numpy as np
import scipy.sparse as sp

from models.arrays import BoolArray, FloatArray, IntArray, Sparse, frozen
from models.brief import brief
from models.errors import ProblemError
from models.given import checked
from models.limits import within
from models.magnitude import LARGEST, UNLIKELY, is_beyond, marks_of_no_way
from models.messages import Listed, Message, say

UNITS = ("s", "m", "min")
"""Units of travel that limits, figures and pages know."""


class SiteStatus(IntEnum):
    """What may be decided about a site."""

    CANDIDATE = 0  # may be opened
    EXISTING = 1  # is open and stays open; costs nothing more, does not count as new
    REQUIRED = 2  # new, must be opened
    FORBIDDEN = 3  # must not be opened
    COMPETITOR = 4  # belongs to somebody else: open, never ours (market share only)
    CLOSABLE = 5  # is open and may be closed at its closing cost


@checked
@brief
@dataclass(frozen=True, eq=False)
class Sites:
    """Candidate and existing sites; every array is (n_sites,).

    `cost` is the fixed cost of opening, `closing_cost` of closing a closable site, `capacity` the demand a
    site can serve (inf: no limit), `group` its district ("" where none), `xy` (n_sites, 2) in metres, None if unknown.
    """

    ids: tuple[str, ...]
    cost: FloatArray
    status: IntArray
    group: tuple[str, ...]
    capacity: FloatArray
    closing_cost: FloatArray
    xy: FloatArray | None = None

    def __post_init__(self) -> None:
        n = len(self.ids)
        faults = _duplicates(say("site"), self.ids)
        for name in ("cost", "status", "capacity", "closing_cost"):
            array = frozen(getattr(self, name), np.int64 if name == "status" else np.float64)
            object.__setattr__(self, name, array)
            if array.shape != (n,):
                faults.append(
                    say("sites.{name} has shape {shape}; there are {n} sites", name=name, shape=array.shape, n=n)
                )
        if len(self.group) != n:
            faults.append(say("sites.group has {entries} entries; there are {n} sites", entries=len(self.group), n=n))
        if self.xy is not None:
            object.__setattr__(self, "xy", frozen(self.xy, np.float64))
            if self.xy.shape != (n, 2):
                faults.append(say("sites.xy has shape {shape}; ({n}, 2) is needed", shape=self.xy.shape, n=n))
        faults += _bad_values(say("site"), self.ids, "cost", self.cost, finite=True)
        faults += _bad_values(say("site"), self.ids, "closing_cost", self.closing_cost, finite=True)
        faults += _bad_values(say("site"), self.ids, "capacity", self.capacity, finite=False)
        raise_all(faults)

    @staticmethod
    def of(
        ids: Sequence[str],
        *,
        cost: FloatArray | float = 0.0,
        status: IntArray | int = SiteStatus.CANDIDATE,
        group: Sequence[str] | None = None,
        capacity: FloatArray | float = np.inf,
        closing_cost: FloatArray | float = 0.0,
        xy: FloatArray | None = None,
    ) -> "Sites":
        """Sites from ids and whatever else is known; numbers are repeated for every site."""
        n = len(ids)
        return Sites(
            ids=tuple(str(i) for i in ids),
            cost=np.broadcast_to(np.asarray(cost, dtype=np.float64), (n,)),
            status=np.broadcast_to(np.asarray(status, dtype=np.int64), (n,)),
            group=tuple(group) if group is not None else ("",) * n,
            capacity=np.broadcast_to(np.asarray(capacity, dtype=np.float64), (n,)),
            closing_cost=np.broadcast_to(np.asarray(closing_cost, dtype=np.float64), (n,)),
            xy=xy,
        )

    def __len__(self) -> int:
        return len(self.ids)

    def is_(self, *status: SiteStatus) -> BoolArray:
        """Mask (n_sites,) of the sites with one of the given statuses."""
        return np.isin(self.status, [int(s) for s in status])

    @property
    def fixed_open(self) -> BoolArray:
        """Mask of sites that are open in every plan (existing and required)."""
        return self.is_(SiteStatus.EXISTING, SiteStatus.REQUIRED)

    @property
    def fixed_closed(self) -> BoolArray:
        """Mask of sites that are open in no plan of ours (forbidden and competitors)."""
        return self.is_(SiteStatus.FORBIDDEN, SiteStatus.COMPETITOR)

    @property
    def is_new(self) -> BoolArray:
        """Mask of sites that count as new when opened."""
        return self.is_(SiteStatus.CANDIDATE, SiteStatus.REQUIRED, SiteStatus.FORBIDDEN)

    def opening_cost(self) -> FloatArray:
        """Cost (n_sites,) that opening adds to a plan: new sites cost, closable ones *save* their closing cost."""
        cost = np.where(self.is_new, self.cost, 0.0)
        return cost - np.where(self.is_(SiteStatus.CLOSABLE), self.closing_cost, 0.0)

    def base_cost(self) -> float:
        """Cost of a plan that opens nothing: every closable site closed."""
        return float(self.closing_cost[self.is_(SiteStatus.CLOSABLE)].sum())

    def plan_cost(self, is_open: BoolArray) -> float:
        """Cost of opening and closing where just the given sites (n_sites,) are open."""
        return self.base_cost() + float(self.opening_cost()[is_open].sum())


@checked
@brief
@dataclass(frozen=True, eq=False)
class Demand:
    """Demand places: `weight` (n_demand,) is what is to be covered; `group` the district; `xy` (n_demand, 2) metres.

    `own_load` (n_demand,) is what each place takes up at a site that serves all of it, in the unit of capacities, where
    that is not the weight: visits beside people, kWh beside cars. None: the weight.
    """

    ids: tuple[str, ...]
    weight: FloatArray
    group: tuple[str, ...]
    xy: FloatArray | None = None
    own_load: FloatArray | None = None

    def __post_init__(self) -> None:
        n = len(self.ids)
        object.__setattr__(self, "weight", frozen(self.weight, np.float64))
        faults = _duplicates(say("demand"), self.ids)
        if self.weight.shape != (n,):
            faults.append(say("demand.weight has shape {shape}; there are {n} places", shape=self.weight.shape, n=n))
        if len(self.group) != n:
            faults.append(say("demand.group has {entries} entries; there are {n} places", entries=len(self.group), n=n))
        if self.xy is not None:
            object.__setattr__(self, "xy", frozen(self.xy, np.float64))
        faults += _bad_values(say("demand"), self.ids, "weight", self.weight, finite=True)
        if self.own_load is not None:
            object.__setattr__(self, "own_load", frozen(self.own_load, np.float64))
            if self.own_load.shape != (n,):
                faults.append(
                    say("demand.load has shape {shape}; there are {n} places", shape=self.own_load.shape, n=n)
                )
            faults += _bad_values(say("demand"), self.ids, "load", self.own_load, finite=True)
        raise_all(faults)

    @staticmethod
    def of(
        ids: Sequence[str],
        *,
        weight: FloatArray | float = 1.0,
        load: FloatArray | float | None = None,
        group: Sequence[str] | None = None,
        xy: FloatArray | None = None,
    ) -> "Demand":
        """Demand from ids and whatever else is known; `load` is what capacities count, the weight if not given."""
        n = len(ids)
        return Demand(
            ids=tuple(str(i) for i in ids),
            weight=np.broadcast_to(np.asarray(weight, dtype=np.float64), (n,)),
            group=tuple(group) if group is not None else ("",) * n,
            xy=xy,
            own_load=None if load is None else np.broadcast_to(np.asarray(load, dtype=np.float64), (n,)),
        )

    @property
    def load(self) -> FloatArray:
        """What each place (n_demand,) takes up at sites where it is served as a whole, against their capacity.

        0 at a place without weight, whatever load it was given: nobody is there to be served. A place with weight and
        no load takes up nothing: any open site within reach serves it, a full one too.
        """
        return self.weight if self.own_load is None else np.where(self.weight > 0, self.own_load, 0.0)

    @property
    def load_per_weight(self) -> FloatArray:
        """Load per weight (n_demand,): places of one class must have it alike; 0 where there is no weight."""
        return np.divide(self.load, self.weight, out=np.zeros(len(self)), where=self.weight > 0)

    def __len__(self) -> int:
        return len(self.ids)


@checked
@brief
@dataclass(frozen=True, eq=False)
class SitingProblem:
    """Sites, demand and travel.

    `travel` is sparse (n_demand, n_sites): a stored entry, zero included, is the impedance of a pair within reach;
    a missing entry is out of reach. `unit` names the impedance ("s", "m", ...).
    """

    sites: Sites
    demand: Demand
    travel: Sparse
    unit: str = field(default="s")

    def __post_init__(self) -> None:
        travel = sp.csr_array(self.travel, dtype=np.float64)
        if not travel.has_canonical_format:
            travel = travel.copy()
            travel.sum_duplicates()
        object.__setattr__(self, "travel", travel)
        faults = (
            []
            if self.unit in UNITS
            else [
                say(
                    "unit is {unit!r}; {units} is needed",
                    unit=self.unit,
                    units=Listed([*map(repr, UNITS)], by="either"),
                )
            ]
        )
        if travel.shape != (len(self.demand), len(self.sites)):
            faults.append(
                say(
                    "travel has shape {shape}; ({places}, {sites}) is needed",
                    shape=travel.shape,
                    places=len(self.demand),
                    sites=len(self.sites),
                )
            )
        if travel.nnz and not (np.isfinite(travel.data).all() and travel.data.min() >= 0):
            faults.append(say("travel holds a negative, infinite or missing number; leave unreachable pairs out"))
        raise_all(faults)

    @staticmethod
    def dense(sites: Sites, demand: Demand, travel: FloatArray, *, unit: str = "s") -> "SitingProblem":
        """A problem from a full matrix (n_demand, n_sites); inf marks pairs out of reach.

        ProblemError where numbers look like other marks for "no way", such as 2147483647 or 9999999 beside short ways.
        """
        marks = marks_of_no_way(np.asarray(travel, dtype=np.float64), unit) if unit in UNLIKELY else np.zeros(0)
        if len(marks):
            raise ProblemError(
                say(
                    "travel holds {mark:.15g}, which looks like a mark for no way and not like travel in "
                    "{unit}; put inf for pairs without a way",
                    mark=marks[0],
                    unit=unit,
                )
            )
        rows, columns = np.nonzero(np.isfinite(travel))
        indptr = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=travel.shape[0]))])
        matrix = sp.csr_array((travel[rows, columns].astype(np.float64), columns, indptr), shape=travel.shape)
        return SitingProblem(sites=sites, demand=demand, travel=matrix, unit=unit)

    def within(self, limit: float) -> "SitingProblem":
        """The same problem with only the pairs whose impedance is at most `limit`, as `models.limits` has it."""
        keep = within(self.travel.data, limit)
        rows = np.repeat(np.arange(self.travel.shape[0]), np.diff(self.travel.indptr))[keep]
        indptr = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=self.travel.shape[0]))])
        matrix = sp.csr_array((self.travel.data[keep], self.travel.indices[keep], indptr), shape=self.travel.shape)
        return replace(self, travel=matrix)


def raise_all(faults: Sequence[Message | str]) -> None:
    """Raise one ProblemError that lists every fault, if there is any."""
    if faults:
        raise ProblemError(*faults)


def _duplicates(what: Message, ids: tuple[str, ...]) -> list[Message]:
    if len(set(ids)) == len(ids):
        return []
    seen: set[str] = set()
    twice = sorted({i for i in ids if i in seen or seen.add(i)})  # type: ignore[func-returns-value]
    return [say("{what} ids must differ; given more than once: {twice}", what=what, twice=Listed(twice[:10]))]


def _bad_values(what: Message, ids: tuple[str, ...], name: str, values: FloatArray, *, finite: bool) -> list[Message]:
    if values.shape != (len(ids),):
        return []
    bad = np.isnan(values) | (values < 0) | (np.isinf(values) if finite else False)
    found = []
    for wrong, asked in (
        (bad, say("a number of at least 0")),
        (is_beyond(values) & ~bad, say("below {largest:g}", largest=LARGEST)),
    ):
        named = Listed([f"{ids[i]} ({values[i]:g})" for i in np.flatnonzero(wrong)[:10]])
        told = {"what": what, "name": name, "asked": asked, "named": named}
        found += [say("{what} {name} must be {asked}; not so at {named}", **told)] if named.items else []
    return found
