"""Two objectives in their order: the worst district's share first and then the model's own, or the other way round."""

from dataclasses import dataclass, replace
from typing import Literal

from models.clock import Clock
from models.coverage.worst_district import WorstDistrict, worst_district
from models.errors import ProblemError
from models.figures import cost_of
from models.formulation import Rule, known_bound_of
from models.messages import say
from models.plan import Plan
from models.problem import Demand
from models.rules import CoverageFloor
from solver.economy.settle import SHARE, Economy, settle
from solver.engines.engine import Ask, Engine
from solver.engines.outcome import Outcome
from solver.events import Tell
from solver.optimise.anytime import SolvedProgramme, optimise
from solver.optimise.check import check
from solver.optimise.posed import PosedProgramme, Search
from solver.optimise.warm import warm
from solver.study.schema import Programme

SLACK = 1e-9
"""What rounding may cost of the first objective, as a share of it."""

First = Literal["floor", "coverage"]


NAMES = {"floor": say("floor"), "coverage": say("coverage")}
"""Objectives in a word."""


@dataclass(frozen=True, eq=False)
class Ordered:
    """The last plan with the outcome of the model's own objective; `floor_bound`: no plan's worst share is higher."""

    solved: SolvedProgramme
    floor_bound: float | None = None
    economy: Economy | None = None

    def facts(self, posed: PosedProgramme, plan: Plan | None) -> dict[str, float | int | str]:
        """Figures of the worst district in a plan; none where the study asks for no order."""
        order = posed.inputs.programme.objective_order
        if not order or plan is None or posed.problem is None:
            return {}
        name, share = worst_district(posed.problem.demand, plan)
        found: dict[str, float | int | str] = {
            "objective_order": ", ".join(order),
            "worst_district": name,
            "worst_district_share": share,
        }
        return found if self.floor_bound is None else found | {"worst_district_share_bound": self.floor_bound}


def refuse_further(programme: Programme) -> None:
    """ProblemError where other plans and the worth of sites are asked for and would be told in the worst share."""
    if programme.objective_order[:1] == ["coverage"]:
        raise ProblemError(
            say(
                "alternatives and marginals are told in the last objective, which is the worst district's share; "
                'ask for them with objective_order = ["floor", "coverage"] or without an order'
            )
        )


def optimise_in_order(posed: PosedProgramme, engine: Engine, ask: Ask, *, search_s: float, tell: Tell) -> Ordered:
    """The plan of a programme, by its objective alone or by both in the order that the study asks for.

    Of the plans with that objective it is the thriftiest (`solver.economy`). The time limit is for all of it. `ended`
    is proven where both were: then no plan has a better first objective, and none that keeps it within the tolerance a
    better second one. The bound of each is that of its own solve.
    """
    warm(posed.formulation)  # what is compiled once on a machine is no part of the limit
    order, clock = posed.inputs.programme.objective_order, Clock.of(ask.time_limit_s)
    if not order:
        left_s = clock.without(SHARE).some()
        solved = optimise(posed, engine, replace(ask, time_limit_s=left_s), search_s=search_s, tell=tell)
        solved, economy = settle(posed, solved, ask, clock, tell)
        return Ordered(solved, economy=economy)
    demand = None if posed.problem is None else posed.problem.demand
    if demand is None:
        raise ProblemError(
            say("objective_order needs a model that covers places; {name} does not", name=posed.formulation.name)
        )
    floor = replace(posed, formulation=WorstDistrict(posed.formulation, demand), reduce=None)
    first_posed = floor if order[0] == "floor" else posed
    tell("solve", say("first objective: {objective}", objective=NAMES[order[0]]))
    first = optimise(first_posed, engine, replace(ask, time_limit_s=ask.time_limit_s / 2), search_s=search_s, tell=tell)
    if first.plan is None:
        return Ordered(_without_plan(first, order[0]))
    check(first_posed, first, cost_of(posed.formulation, first.plan))
    if first.outcome.ended == "interrupted":
        return _joined(posed, order[0], first, None)
    tell("solve", say("second objective: {objective}", objective=NAMES[order[1]]))
    second_posed = _second(posed, demand, first.plan, order[0])
    left_s = clock.without(SHARE).some()
    second = optimise(second_posed, engine, replace(ask, time_limit_s=left_s), search_s=search_s, tell=tell)
    second, economy = settle(second_posed, second, ask, clock, tell)
    return replace(_joined(posed, order[0], first, second), economy=economy)


def _second(posed: PosedProgramme, demand: Demand, plan: Plan, order: str) -> PosedProgramme:
    """The programme of the second objective, in which the first is kept."""
    tolerance = posed.inputs.programme.order_tolerance
    if order == "floor":
        share = max(0.0, worst_district(demand, plan)[1] * (1.0 - tolerance) - SLACK)
        kept = (*posed.rules, CoverageFloor(share, key="objective_order"))
        return replace(posed, rules=kept, search=_start(posed, demand, plan, kept), reduce=None)
    value = posed.formulation.objective_of(plan)
    keep = value - tolerance * abs(value) - SLACK * max(1.0, abs(value))
    floor = WorstDistrict(posed.formulation, demand, keep)
    return replace(posed, formulation=floor, search=lambda _seconds, _seed: plan, reduce=None)


def _start(posed: PosedProgramme, demand: Demand, plan: Plan, kept: tuple[Rule, ...]) -> Search:
    """The model's own first plan under the rules where it is worth more, else the plan of the first objective."""

    def search(seconds: float, seed: int) -> Plan | None:
        own = None if posed.search_under is None else posed.search_under(kept)(seconds, seed)
        if own is None or any(rule.violations(posed.formulation.sites, demand, own, 0.0) for rule in kept[-1:]):
            return plan
        return own if posed.formulation.objective_of(own) > posed.formulation.objective_of(plan) else plan

    return search


def _without_plan(first: SolvedProgramme, order: str) -> SolvedProgramme:
    """No plan for the first objective: a bound of the worst share says nothing of the model's own."""
    return first if order == "coverage" else replace(first, outcome=replace(first.outcome, bound=None))


def _joined(posed: PosedProgramme, order: str, first: SolvedProgramme, second: SolvedProgramme | None) -> Ordered:
    """The last plan, how both solves ended, and the bound of each objective."""
    last = first if second is None or second.plan is None else second
    if last.plan is None:
        return Ordered(last)
    coverage, floor = (second, first) if order == "floor" else (first, second)
    worth = posed.formulation.objective_of(last.plan)
    outcome = replace(
        _end(first.outcome, None if second is None else second.outcome),
        holds_plan=True,
        objective=worth,
        bound=known_bound_of(posed.formulation) if coverage is None else coverage.outcome.bound,
    )
    later = {} if second is None else second.seconds
    seconds = {key: spent + later.get(key, 0.0) for key, spent in first.seconds.items()}
    bound = None if floor is None else floor.outcome.bound
    return Ordered(replace(last, outcome=outcome, seconds=seconds), bound)


def _end(first: Outcome, second: Outcome | None) -> Outcome:
    """Proven where both solves were; else the end of the first that was not."""
    if second is None or first.ended != "proven":
        return first
    if second.ended in {"infeasible", "unbounded"}:  # the first objective's own plan is a plan of the second
        return replace(second, ended="failed", raw=f"{second.raw}: called {second.ended}, but there is a plan")
    return second
