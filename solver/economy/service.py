"""Service of a plan whose sites and units are settled: as much as can be, then with the least total travel."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray, pairs_of, sparse_from_pairs
from models.errors import ProblemError
from models.formulation import Draft, Formulation, Rule, parts_of
from models.phasing import PhasedDraft, PhasedPlan, Phasing, joined, plans_of, years_of
from models.plan import Plan
from models.program import Program, ProgramBuilder
from models.service import Carrying, Served, Serving, carrying_of, served_of
from solver.economy.stages import Lowered, lowered, vector_of
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from solver.engines.ortools_flow import most_at_least_cost

DUST = 1e-9
MOST_RATIO = 1e3
"""Loads per weight that differ more are not shared out by a flow, whose costs are whole numbers."""


@runtime_checkable
class FromOpen(Protocol):
    """A formulation whose open sites say all of the plan."""

    def plan_of(self, is_open: BoolArray) -> Plan:
        """The plan that opens the given sites (n_sites,)."""
        ...


@dataclass(frozen=True, eq=False)
class ServedProgram:
    """A model under its rules with service place by place: the draft, total travel (n_columns,), and the program."""

    draft: Draft
    travel: FloatArray
    program: Program

    def held(self, plan: Plan) -> Program:
        """The program with the plan's sites and units."""
        program = self.program
        pairs = list(zip(_years(self.draft), _plans(plan), strict=True))
        for draft, own in pairs:
            program = program.with_held(draft.open.index, own.open.astype(np.float64))
            for kind, block in draft.units.items():
                program = program.with_held(block.index, own.units[kind].astype(np.float64))
        return program


def served_program(model: Formulation, rules: Sequence[Rule], among: BoolArray) -> ServedProgram | None:
    """The model with service from the sites of a mask (n_sites,); None where it serves no places of its choice."""
    if not isinstance(model, Serving):
        return None
    builder = ProgramBuilder(model.name, model.sense)
    draft = model.draft(builder)
    try:
        served: Served = model.with_service(draft, among)
    except ProblemError:
        return None
    for rule in rules:
        rule.apply(served.draft)
    program = builder.build()
    return ServedProgram(served.draft, vector_of(served.travel, program.n_columns), program)


def read_served(model: Formulation, served: ServedProgram, among: BoolArray, values: FloatArray) -> Plan:
    """The plan of values of a program with service."""
    return _with_service(model, served.draft, among, model.read_plan(served.draft, values), values)


def _with_service(model: Formulation, draft: Draft, among: BoolArray, plan: Plan, values: FloatArray) -> Plan:
    if isinstance(model, Phasing):
        years = zip(model.phases, years_of(draft), plans_of(plan), strict=True)
        return joined([_with_service(p.formulation, year, among, own, values) for p, year, own in years])
    carrying = carrying_of(model)
    return plan if carrying is None else served_of(draft, carrying.problem, among, plan, values)


def by_flow(model: Formulation, plan: Plan) -> Plan | None:
    """The plan with the most service at the least travel, other rules left aside; None where no flow says it."""
    if isinstance(model, Phasing):
        own = [by_flow(p.formulation, year) for p, year in zip(model.phases, plans_of(plan), strict=True)]
        return None if any(year is None for year in own) else joined([year for year in own if year is not None])
    carrying = carrying_of(model)
    if carrying is None or carrying.single_source or plan.served is None:
        return None
    return _most_and_nearest(carrying, plan)


def serves_by_itself(model: Formulation) -> bool:
    """Do open sites alone say who is served by whom, as where everybody goes to the nearest?"""
    parts = parts_of(model)
    return all(serves_by_itself(part) for part in parts) if parts else isinstance(model, FromOpen)


def _most_and_nearest(model: Carrying, plan: Plan) -> Plan | None:
    """A flow of loads at the travel of their weight; None where it serves the most load and not the most weight.

    That is so where loads are not weights and somebody is left out. Who takes up nothing goes to the nearest.
    """
    problem, limit, demand = model.problem, model.carries(plan), model.problem.demand
    load, ratio = demand.load, demand.load_per_weight
    rows, columns, travel = pairs_of(problem.travel)
    keep = plan.open[columns] & (demand.weight[rows] > 0)
    rows, columns, travel = rows[keep], columns[keep], travel[keep]
    heavy = load[rows] > 0
    if heavy.any() and ratio[rows[heavy]].max() > MOST_RATIO * ratio[rows[heavy]].min():
        return None
    at = np.flatnonzero(heavy & (limit[columns] > 0))
    amount = most_at_least_cost(rows[at], columns[at], travel[at] / ratio[rows[at]], load, limit)
    if amount is None:
        return None
    wanted = float(load[np.unique(rows[heavy])].sum())
    if demand.own_load is not None and amount.sum() < wanted * (1 - DUST):
        return None
    share = np.zeros(len(rows))
    share[at] = np.minimum(1.0, amount / load[rows[at]])
    share[_nearest(rows, travel, np.flatnonzero(~heavy))] = 1.0
    some = share > DUST
    return replace(plan, served=sparse_from_pairs(rows[some], columns[some], share[some], problem.travel.shape))


def _nearest(rows: IntArray, travel: FloatArray, among: IntArray) -> IntArray:
    """The pair of least travel of every place, of some pairs."""
    order = among[np.lexsort((travel[among], rows[among]))]
    return order[np.unique(rows[order], return_index=True)[1]]


def by_program(
    model: Formulation, rules: Sequence[Rule], plan: Plan, *, until: float, seed: int, settled: bool
) -> tuple[Plan, bool] | None:
    """The same under all rules by a linear program, or a whole one where places are served as wholes.

    `settled`: the objective is proven, so that it is only kept. The plan and whether its travel is proven; None where
    none was found in time.
    """
    served = served_program(model, rules, plan.open)
    if served is None:
        return None
    held = served.held(plan)
    left = until - time.monotonic()
    if left <= 0:
        return None
    start = Highs().run(held, Ask(time_limit_s=left, gap=0.0, seed=seed))
    if start.values is None or (settled and start.outcome.ended == "interrupted"):
        return None
    done: Lowered = lowered(held, [served.travel], start.values, until=until, seed=seed)
    return read_served(model, served, plan.open, done.values), done.proven


def travel_of(model: Formulation, plan: Plan) -> float | None:
    """Total travel of a plan, each year as often as it counts; None where the model serves no places by travel."""
    if not isinstance(model, Serving):
        return None
    try:
        return model.travel_of(plan)
    except ProblemError:
        return None


def _years(draft: Draft) -> list[Draft]:
    return draft.years if isinstance(draft, PhasedDraft) else [draft]


def _plans(plan: Plan) -> tuple[Plan, ...]:
    return plan.years if isinstance(plan, PhasedPlan) else (plan,)
