"""Maximal covering (Church & ReVelle 1974, Papers of the Regional Science Association 32), reduced.

    max   sum_i  w_i c_i
    s.t.  c_i  = sum_k a_ik y_k                    a place is a sum of classes (one, unless coverage is gradual)
          y_k <= sum_{j in S_k} x_j                a class of places is covered by any open site of its set
          b y_k <= sum_{j in S_k} x_j, y_k binary  in its place where `backup` b is 2 or more (Hogan & ReVelle 1986)
          x_j binary, 0 <= y_k <= 1

Places with the same set are one class (exact: their weights add up); a class of one site is that site's own gain and
has neither row nor column. Gradual covering (Berman, Krass & Drezner 2003) is the same program: see `classes`.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import scipy.sparse as sp

from models.arrays import BoolArray, FloatArray, IntArray, Sparse, pairs_of, sparse_from_pairs
from models.brief import brief
from models.coverage.classes import CoverClasses, cover_classes, rows_of
from models.coverage.margins import Margins
from models.errors import ProblemError
from models.formulation import Draft, open_block, opening_cost
from models.given import checked
from models.messages import say
from models.placed import OverPlaces
from models.plan import Plan
from models.program import Block, ProgramBuilder, Sense, Term, identity
from models.service import Served, by_cover, total_travel


@checked
@brief
@dataclass(frozen=True, eq=False)
class MaxCover(OverPlaces):
    """Cover the most weight.

    `partial` (n_demand, n_sites), on pairs within reach: the share in [0, 1] of a place that a site covers; None: all
    of it. A place counts with the best of its open sites. `backup`: so many open sites must reach a place before it
    counts.
    """

    partial: Sparse | None = None
    backup: int = 1

    name: ClassVar[str] = "max-cover"
    sense: ClassVar[Sense] = "max"

    def __post_init__(self) -> None:
        if self.backup < 1:
            raise ProblemError(say("backup must be a whole number of at least 1; got {backup}", backup=self.backup))
        if self.partial is None:
            return
        if self.backup > 1:
            raise ProblemError(
                say("gradual and backup coverage together are not defined; choose one of decay and backup")
            )
        if self.partial.shape != self.problem.travel.shape:
            raise ProblemError(
                say(
                    "partial has shape {shape}; {needed} is needed",
                    shape=self.partial.shape,
                    needed=self.problem.travel.shape,
                )
            )
        if self.partial.nnz and not (self.partial.data.min() >= 0 and self.partial.data.max() <= 1):
            raise ProblemError(say("partial must hold shares between 0 and 1"))

    @cached_property
    def share(self) -> Sparse:
        """Share (n_demand, n_sites) of a place that each site within reach covers."""
        if self.partial is not None:
            return self.partial
        travel = self.problem.travel
        return sp.csr_array((np.ones(travel.nnz), travel.indices, travel.indptr), shape=travel.shape)

    @cached_property
    def classes(self) -> CoverClasses:
        """The distinct sets of sites that may open."""
        return cover_classes(self.share, ~self.sites.fixed_closed)

    @cached_property
    def _is_own(self) -> BoolArray:
        """Classes (n_classes,) that one site alone decides."""
        return (np.diff(self.classes.sets.indptr) == 1) & (self.backup == 1)

    @cached_property
    def shared_sets(self) -> Sparse:
        """The sets (n_covered, n_sites) of the columns `covered`: classes that more than one site decides."""
        return rows_of(self.classes.sets, ~self._is_own)

    def draft(self, builder: ProgramBuilder) -> Draft:
        """Columns `open` (n_sites) and `covered` (classes of several sites), rows for these classes."""
        demand, sites, classes = self.problem.demand, self.sites, self.classes
        weight = classes.weight(demand.weight)
        own = self._is_own
        opened = open_block(builder, sites)
        own_site = classes.sets.indices[classes.sets.indptr[:-1][own]]
        builder.add_objective(opened, np.bincount(own_site, weights=weight[own], minlength=len(sites)))
        sets = self.shared_sets
        always = self._count(sets, sites.fixed_open) >= self.backup
        covered = builder.columns(
            "covered",
            sets.shape[0],
            lower=always.astype(np.float64),
            upper=1.0,
            integer=self.backup > 1,
            objective=weight[~own],
        )
        undecided = rows_of(sets, ~always)
        builder.rows(
            "covered_only_by_an_open_site" if self.backup == 1 else f"covered_only_by_{self.backup}_open_sites",
            [(_columns_of(np.flatnonzero(~always), len(always), float(self.backup)), covered), (-undecided, opened)],
            upper=0.0,
        )
        to_site = sp.csr_array((np.ones(len(own_site)), (np.flatnonzero(own), own_site)), shape=(len(own), len(sites)))
        terms: list[Term] = [(sp.csr_array(classes.of_demand[:, np.flatnonzero(~own)]), covered)]
        if len(own_site):
            terms.append((sp.csr_array(classes.of_demand @ to_site), opened))
        return Draft(
            builder=builder,
            sites=sites,
            open=opened,
            cost=opening_cost(sites, opened),
            base_cost=sites.base_cost(),
            demand=demand,
            covered_terms=terms,
            blocks={"open": opened, "covered": covered},
        )

    def read_plan(self, draft: Draft, values: FloatArray) -> Plan:
        """Open sites, and every covered place served by the nearest of those that cover it best."""
        return self.plan_of(draft.open.of(values) > 0.5)

    def plan_of(self, is_open: BoolArray) -> Plan:
        """The plan that opens the given sites (n_sites,)."""
        return Plan(open=is_open, served=self._served(is_open))

    def values_of(self, draft: Draft, plan: Plan, values: FloatArray) -> None:
        """Write the columns of a plan."""
        covered: Block = draft.blocks["covered"]
        values[draft.open.index] = plan.open
        values[covered.index] = self._count(self.shared_sets, plan.open) >= self.backup

    def objective_of(self, plan: Plan) -> float:
        """Weight covered by the open sites, place by place."""
        rows, columns, share = pairs_of(self.share)
        at = plan.open[columns] & ~self.sites.fixed_closed[columns] & (share > 0)
        weight = self.problem.demand.weight
        if self.backup > 1:
            count = np.bincount(rows[at], minlength=len(weight))
            return float(weight[count >= self.backup].sum())
        best = np.zeros(len(weight))
        np.maximum.at(best, rows[at], share[at])
        return float(weight @ best)

    @cached_property
    def known_bound(self) -> float:
        """Weight covered with every site open that may be."""
        return self.objective_of(Plan(open=~self.sites.fixed_closed))

    @cached_property
    def most_by_site(self) -> FloatArray:
        """Weight (n_sites,) that each site covers; of a place that several must reach, each has its part."""
        covered = np.asarray(self.problem.demand.weight @ self.share) / self.backup
        return np.where(self.sites.fixed_closed, 0.0, covered)

    def losses(self, is_open: BoolArray) -> FloatArray:
        """Weight (n_sites,) that only each of the open sites covers."""
        return np.where(is_open, self._weight_of_sets_with(self.backup, is_open), 0.0)

    def gains(self, is_open: BoolArray) -> FloatArray:
        """Weight (n_sites,) that opening one more site would newly cover."""
        if self.sites.fixed_closed.any():  # the classes do not know what sites cover that may not open
            return Margins(self.problem, self.share, is_open, self.backup).gains()
        return np.where(is_open, 0.0, self._weight_of_sets_with(self.backup - 1, is_open))

    def _weight_of_sets_with(self, number: int, is_open: BoolArray) -> FloatArray:
        """Weight (n_sites,) of each site's classes that so many open sites are in."""
        classes = self.classes
        weight = classes.weight(self.problem.demand.weight)
        return np.asarray((weight * (self._count(classes.sets, is_open) == number)) @ classes.sets)

    def with_service(self, draft: Draft, among: BoolArray) -> Served:
        """Every covered place by those of its open sites that cover it."""
        return by_cover(draft, self.problem, among, share=self.partial, backup=self.backup)

    def travel_of(self, plan: Plan) -> float:
        """Total travel of a plan, weight times impedance."""
        return total_travel(self.problem, plan)

    def _count(self, sets: Sparse, is_open: BoolArray) -> IntArray:
        """Open sites (n_sets,) of every set."""
        return np.asarray(sets @ is_open.astype(np.float64)).round().astype(np.int64)

    def _served(self, is_open: BoolArray) -> Sparse:
        rows, columns, share = pairs_of(self.share)
        travel = self.problem.travel.data if self.partial is None else _values_at(self.problem.travel, rows, columns)
        at = np.flatnonzero(is_open[columns] & (share > 0))
        at = at[np.lexsort((columns[at], travel[at], -share[at], rows[at]))]
        first = np.searchsorted(rows[at], rows[at], side="left")
        rank = np.arange(len(at)) - first
        count = np.bincount(rows[at], minlength=self.share.shape[0])[rows[at]]
        at = at[(rank < self.backup) & (count >= self.backup)]
        return sparse_from_pairs(rows[at], columns[at], share[at] / self.backup, self.share.shape)


def _columns_of(columns: IntArray, size: int, factor: float) -> Sparse:
    """One row per named column."""
    if len(columns) == size:
        return identity(size, factor)
    n = len(columns)
    return sp.csr_array((np.full(n, factor), (np.arange(n), columns)), shape=(n, size))


def _values_at(matrix: Sparse, rows: IntArray, columns: IntArray) -> FloatArray:
    """Stored values at pairs that are stored."""
    stored_rows, stored_columns, stored = pairs_of(matrix)
    keys = stored_rows * matrix.shape[1] + stored_columns
    order = np.argsort(keys)
    place = np.searchsorted(keys, rows * matrix.shape[1] + columns, sorter=order)
    return np.asarray(stored[order[np.minimum(place, len(keys) - 1)]])
