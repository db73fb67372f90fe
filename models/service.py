"""Who serves whom, place by place: as columns over any draft, and what it comes to in travel.

    columns  serves_ij in [0, 1]        share of place i that site j serves, pairs within reach
    rows     sum_j serves_ij <= 1                               a_place_is_served_at_most_once
             sum_i l_i serves_ij = load_j                       a_site_serves_the_load_it_carries
             sum_ij w_i serves_ij = sum_i w_i covered_i         a_district_is_served_the_weight_it_is_told, its places i
             serves_ij <= open_j   where l_i = 0                served_for_nothing_only_by_open_sites_of_service
    in models whose sites have no load, instead of the last:
             sum_j s_ij serves_ij >= covered_i                  a_covered_place_is_served
             serves_ij <= open_j / b                            served_only_by_open_sites, b of them for backup b
    travel   sum_ij w_i t_ij serves_ij

Where an objective counts what is served and not how far, service is free among many; the least travel is the choice
that people would make. With sites and sizes given it is a transport problem (Hitchcock 1941, The distribution of a
product from several sources to numerous localities, J. Mathematics and Physics 20).
"""

from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

import numpy as np
import scipy.sparse as sp

from models.arrays import BoolArray, FloatArray, Sparse, pairs_of, sparse_from_pairs
from models.formulation import Draft, Formulation
from models.plan import Plan
from models.problem import Demand, SitingProblem
from models.program import Term, identity, row_of

PAIRS = "serves"
"""Name of the block of pairs."""
DUST = 1e-9
"""Shares below this are rounding of an engine."""


@dataclass(frozen=True, eq=False)
class Served:
    """A draft whose `covered_terms` and `load_terms` are those of its service, and the one-row terms of total travel.

    Travel is in the demand's weight times the impedance's unit.
    """

    draft: Draft
    travel: list[Term]


@runtime_checkable
class Serving(Protocol):
    """A formulation that can say what the service of its plans comes to in travel."""

    def with_service(self, draft: Draft, among: BoolArray) -> Served:
        """Columns and rows of service from the sites of a mask (n_sites,), where the draft has none of its own."""
        ...

    def travel_of(self, plan: Plan) -> float:
        """Total travel of a plan, weight times impedance, of all years where there are several."""
        ...


@runtime_checkable
class Carrying(Protocol):
    """A formulation whose plans choose who is served, within what each site can carry."""

    @property
    def problem(self) -> SitingProblem:
        """Sites, demand, travel."""
        ...

    @property
    def single_source(self) -> bool:
        """Does one site serve a place as a whole?"""
        ...

    def carries(self, plan: Plan) -> FloatArray:
        """Most (n_sites,) that every open site can serve with the plan's units, in the demand's load; else 0."""
        ...


@runtime_checkable
class CarryingWithin(Protocol):
    """A model made of another, whose sites may carry."""

    @property
    def carrying(self) -> Carrying | None:
        """The model whose sites carry what its plans choose; None where there is none."""
        ...


def carrying_of(model: Formulation) -> Carrying | None:
    """The model whose sites carry what its plans choose; None where there is none."""
    if isinstance(model, CarryingWithin):
        return model.carrying
    return model if isinstance(model, Carrying) else None


def by_load(draft: Draft, problem: SitingProblem, among: BoolArray) -> Served:
    """Service place by place in a draft whose sites have a load: it makes up that load.

    The weight served in every district is what the draft's own columns say: it follows where load is weight.
    """
    rows, columns, travel, weight = _pairs(problem, among)
    builder, n, each = draft.builder, len(problem.sites), np.arange(len(rows))
    serves = builder.columns(PAIRS, len(rows), upper=1.0)
    once, carried = _incidence(rows, len(problem.demand)), problem.demand.load[rows]
    load = sp.csr_array((carried, (columns, each)), shape=(n, len(rows)))
    builder.rows("a_place_is_served_at_most_once", [(once, serves)], upper=1.0)
    own = [(sp.csr_array(-matrix), block) for matrix, block in draft.load_terms or []]
    builder.rows("a_site_serves_the_load_it_carries", [(load, serves), *own], lower=0.0, upper=0.0)
    if problem.demand.own_load is not None:
        district = _districts(problem.demand)
        told = [(sp.csr_array(-(district @ matrix)), block) for matrix, block in draft.covered_terms or []]
        here = (sp.csr_array(district @ once), serves)
        builder.rows("a_district_is_served_the_weight_it_is_told", [here, *told], lower=0.0, upper=0.0)
        light = np.flatnonzero(carried == 0)
        at = sp.csr_array((-np.ones(len(light)), columns[light], np.arange(len(light) + 1)), (len(light), n))
        alone = (sp.csr_array(identity(len(rows))[light]), serves)
        builder.rows("served_for_nothing_only_by_open_sites_of_service", [alone, (at, draft.open)], upper=0.0)
    served = replace(
        draft, covered_terms=[(once, serves)], load_terms=[(load, serves)], blocks={**draft.blocks, PAIRS: serves}
    )
    return Served(served, [(row_of(weight * travel), serves)])


def by_cover(
    draft: Draft,
    problem: SitingProblem,
    among: BoolArray,
    *,
    share: Sparse | None = None,
    backup: int = 1,
    every: BoolArray | None = None,
) -> Served:
    """Service place by place in a draft whose sites have no load; `share` (n_demand, n_sites) as in gradual cover.

    `every` (n_demand,): the places that any plan serves, for drafts without the handle `covered_terms`.
    """
    rows, columns, travel, weight = _pairs(problem, among)
    part = np.ones(len(rows)) if share is None else np.asarray(share[rows, columns]).ravel()
    some = part > 0
    rows, columns, travel, weight, part = rows[some], columns[some], travel[some], weight[some], part[some]
    builder, n, each = draft.builder, len(problem.sites), np.arange(len(rows))
    serves = builder.columns(PAIRS, len(rows), upper=1.0)
    once, shares = _incidence(rows, len(problem.demand)), _incidence(rows, len(problem.demand), part)
    builder.rows("a_place_is_served_at_most_once", [(once, serves)], upper=1.0)
    counted = np.flatnonzero(np.bincount(rows, minlength=len(problem.demand)) > 0)
    if every is not None:
        wanted = np.flatnonzero(every & (problem.demand.weight > 0))
        builder.rows("a_covered_place_is_served", [(sp.csr_array(once[wanted]), serves)], lower=1.0)
    else:
        own = [(sp.csr_array(-matrix[counted]), block) for matrix, block in draft.covered_terms or []]
        builder.rows("a_covered_place_is_served", [(sp.csr_array(shares[counted]), serves), *own], lower=0.0)
    at = sp.csr_array((np.full(len(rows), -1.0 / backup), (each, columns)), shape=(len(rows), n))
    builder.rows("served_only_by_open_sites_of_service", [(identity(len(rows)), serves), (at, draft.open)], upper=0.0)
    return Served(draft, [(row_of(weight * travel), serves)])


def served_of(draft: Draft, problem: SitingProblem, among: BoolArray, plan: Plan, values: FloatArray) -> Plan:
    """The plan with the service that the columns of `by_load` say; the plan itself where there are none."""
    block = draft.blocks.get(PAIRS)
    if block is None:
        return plan
    rows, columns, _, _ = _pairs(problem, among)
    share = np.clip(block.of(values), 0.0, 1.0)
    keep = (share > DUST) & plan.open[columns]
    return replace(plan, served=_at_most_once(rows[keep], columns[keep], share[keep], problem))


def total_travel(problem: SitingProblem, plan: Plan) -> float:
    """Weight times share times travel of all that a plan serves."""
    if plan.served is None or not plan.served.nnz:
        return 0.0
    rows, columns, share = pairs_of(plan.served)
    return float((share * problem.demand.weight[rows]) @ np.asarray(problem.travel[rows, columns]).ravel())


def _at_most_once(rows: np.ndarray, columns: np.ndarray, share: FloatArray, problem: SitingProblem) -> Sparse:
    total = np.bincount(rows, weights=share, minlength=len(problem.demand))
    return sparse_from_pairs(rows, columns, share / np.maximum(total, 1.0)[rows], problem.travel.shape)


def _pairs(problem: SitingProblem, among: BoolArray) -> tuple[np.ndarray, np.ndarray, FloatArray, FloatArray]:
    """Place, site, travel and weight of every pair within reach that may serve."""
    rows, columns, travel = pairs_of(problem.travel)
    keep = among[columns] & ~problem.sites.fixed_closed[columns] & (problem.demand.weight[rows] > 0)
    rows, columns, travel = rows[keep], columns[keep], travel[keep]
    return rows, columns, travel, problem.demand.weight[rows]


def _districts(demand: Demand) -> Sparse:
    """Weight (n_districts, n_demand) of every place in the row of its district."""
    _, row = np.unique(np.array(demand.group, dtype=object), return_inverse=True)
    n = len(demand)
    return sp.csr_array((demand.weight, (row, np.arange(n))), shape=(int(row.max(initial=-1)) + 1, n))


def _incidence(row: np.ndarray, n_rows: int, values: FloatArray | None = None) -> Sparse:
    data = np.ones(len(row)) if values is None else values
    return sp.csr_array((data, (row, np.arange(len(row)))), shape=(n_rows, len(row)))
