"""What a programme over years tells beside its last year: what every year opens, spends and covers."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from models.arrays import IntArray
from models.figures import figures_of
from models.phasing import Phase, PhasedPlan, Phasing, opening_year
from models.placed import problem_of
from models.plan import Plan
from models.problem import SitingProblem
from models.rules.years import YearBudgets, budgets_of
from solver.optimise.posed import PosedProgramme
from solver.results.result import ProgrammeResult

Texts = np.ndarray[Any, np.dtype[Any]]


def with_years(result: ProgrammeResult, posed: PosedProgramme) -> ProgrammeResult:
    """The result with its years and the year in which every site opens and every place is first served.

    A result without years is given back as it is.
    """
    model, plan = posed.formulation, result.plan
    if not isinstance(model, Phasing) or not isinstance(plan, PhasedPlan):
        return result
    names = np.array([phase.name for phase in model.phases], dtype=object)
    opened = opening_year(plan, model.sites)
    return replace(
        result,
        phases=_phases(posed, model, plan),
        site_table=_with_column(result.site_table, "opening_year", _named(names, opened)),
        demand_table=_with_column(result.demand_table, "served_from_year", _named(names, _first_served(plan))),
    )


def _phases(posed: PosedProgramme, model: Phasing, plan: PhasedPlan) -> dict[str, dict[str, Any]]:
    """Year -> what it opens, closes, spends and covers."""
    ids, new = np.array(model.sites.ids, dtype=object), model.sites.is_new
    budgets = budgets_of(posed.rules)
    before_open, before_cost = ~new & (plan.years[0].open | model.sites.fixed_open), 0.0
    found: dict[str, dict[str, Any]] = {}
    for t, (phase, own, cost) in enumerate(zip(model.phases, plan.years, model.costs_of(plan), strict=True)):
        figures = figures_of(phase.formulation, _problem(posed, phase), own)
        there = int((own.open & new).sum())
        found[phase.name] = {
            "sites": ids[own.open & new & ~before_open].tolist(),
            "closed_sites": ids[before_open & ~own.open].tolist() if t else _closed_at_once(model, own, ids),
            "open_new_sites": there,
            "objective": phase.formulation.objective_of(own),
            "counts": phase.counts,
            "budget": None if budgets is None else budgets.amounts[t],
            "cost": cost - before_cost,
            "cost_so_far": cost,
            "left": _left(budgets, t, cost, before_cost),
            "covered_share": figures.covered_share,
            "refuelled_share": figures.refuelled_share,
            "units": dict(figures.units or {}),
        }
        before_open, before_cost = own.open, cost
    return found


def _problem(posed: PosedProgramme, phase: Phase) -> SitingProblem | None:
    """The travel of the programme under the demand of one year; None where it serves no places."""
    places = problem_of(phase.formulation)
    return None if posed.problem is None or places is None else replace(posed.problem, demand=places.demand)


def _closed_at_once(model: Phasing, own: Plan, ids: Texts) -> list[str]:
    there = ~model.sites.is_new & ~model.sites.fixed_closed
    return list(ids[there & ~own.open].tolist())


def _left(budgets: YearBudgets | None, year: int, cost: float, before: float) -> float | None:
    """Money of a year that is not spent at its end: what carries over, or is lost."""
    if budgets is None:
        return None
    limit = budgets.so_far(year) if budgets.carry_over else budgets.amounts[year]
    return None if limit is None else limit - (cost if budgets.carry_over else cost - before)


def _first_served(plan: PhasedPlan) -> IntArray:
    """Number (n_demand,) of the first year in which a place is served at all, -1 for never."""
    served = [np.asarray(own.served.sum(axis=1)).ravel() > 0 for own in plan.years if own.served is not None]
    if not served:
        return np.empty(0, dtype=np.int64)
    years = np.array(served)
    return np.where(years.any(axis=0), years.argmax(axis=0), -1)


def _named(names: Texts, year: IntArray) -> list[str | None]:
    return [None if t < 0 else str(names[t]) for t in year]


def _with_column(table: pd.DataFrame | None, name: str, values: list[str | None]) -> pd.DataFrame | None:
    if table is None or len(table) != len(values):
        return table
    table = table.copy()
    table.insert(3, name, values)
    return table
