"""Tiers from the highest down: choose its sites, bound the whole, dive below them, then better the plan by places."""

from dataclasses import dataclass, replace

import numpy as np

from models.algorithms.hierarchy.dive import dive
from models.algorithms.hierarchy.places import Neighbourhood, near
from models.arrays import FloatArray
from models.clock import Clock
from models.formulation import Draft, Formulated, Rule
from models.incumbent import Incumbent
from models.plan import Plan
from models.program import Program
from solver.engines.engine import Ask
from solver.engines.highs import Highs, lp_bound, tightened
from solver.engines.interrupt import run_or_stop
from solver.optimise.benders import Chosen, Model, Thrifty, choose
from solver.optimise.posed import Reduced, StoppedWith
from solver.optimise.reduced import better, values_of
from solver.optimise.tier_flow import OpenFlow

FLOWING, TIGHTENING, EXCHANGING, CHOOSING, DIVING, PLANNING = 0.4, 0.4, 0.6, 0.5, 0.6, 0.4
"""Shares of the time left: first flows, the first linear program, an exchange of sites, the choice of the highest tier,
a dive below it, a plan by branching where that fails."""

FLOWING_S = 3.0
"""First flows are given so many seconds at most: later steps come farther."""

SEARCH_GAP = 5e-3
"""A search that is asked for a first plan alone stops so near the bound."""

NEIGHBOURHOOD_S = 2.0
FINER = 0.02
"""A neighbourhood is given so many seconds at most, and this share of the asked gap."""

AT_ONCE = 150
"""So many sites are decided anew at a time: their program takes half a second."""


@dataclass(frozen=True, eq=False)
class _Posed:
    """What the steps share; `hand` holds values (n_columns,) of plans that keep every row."""

    model: Model
    draft: Draft
    program: Program
    ask: Ask
    hand: Incumbent[FloatArray]

    @property
    def plan(self) -> Plan | None:
        """The plan in hand."""
        return None if self.hand.plan is None else self.model.read_plan(self.draft, self.hand.plan)


def upper_first(model: Model, rules: tuple[Rule, ...], plan: Plan | None, ask: Ask) -> Reduced:
    """A bound that holds for every plan, and the best plan found below the choice of the highest tier."""
    clock = Clock.of(ask.time_limit_s)
    draft, program = Formulated.of(model, rules).built

    def judge(values: FloatArray) -> float | None:
        return None if program.violations(values) else program.objective_at(values)

    posed = _Posed(model, draft, program, ask, Incumbent(model.sense, judge, clock, ask.gap))
    posed.hand.found(values_of(model, draft, program, plan))
    try:
        _from_above(posed)
    except KeyboardInterrupt:
        if posed.plan is None:
            raise
        raise StoppedWith(posed.plan, posed.hand.bound) from None
    return Reduced(model, posed.plan, posed.hand.bound)


def search_tiers(model: Model, rules: tuple[Rule, ...], seconds: float, seed: int) -> Plan | None:
    """A first plan."""
    return upper_first(model, rules, None, Ask(time_limit_s=seconds, gap=SEARCH_GAP, seed=seed)).plan


def _from_above(posed: _Posed) -> None:
    """The steps, each within its share of the time that is left."""
    model, draft, program, ask, hand = posed.model, posed.draft, posed.program, posed.ask, posed.hand
    top = draft.open.index[model.problem.is_source]
    flow = OpenFlow(model, draft, program)
    if flow.able:
        flow.first(hand.part(FLOWING, FLOWING_S))
    implied = model.flows.implied_rows(draft, program.n_columns)
    tight, root = tightened(program, implied, time_limit_s=hand.some(TIGHTENING), threads=ask.threads)
    if root is None:
        rough = lp_bound(program, time_limit_s=hand.some(TIGHTENING), threads=ask.threads)
        hand.bounded(None if rough is None else rough.bound)
        _better_by_places(posed, Thrifty.of(program, abs(hand.objective or 0.0)))
        return
    hand.bounded(root.bound)
    thrifty = Thrifty.of(tight, abs(root.bound))
    exchanged = flow.able and model.sense == "min"
    if exchanged:
        flow.better(hand.part(EXCHANGING), root, ask.seed)
    if hand.over:
        return
    first = None if hand.plan is None else np.round(hand.plan[top])
    chosen = choose(model, thrifty, root, top, first, replace(ask, time_limit_s=hand.some(CHOOSING)))
    hand.bounded(chosen.bound)
    if not exchanged:
        _first_plan(posed, thrifty, chosen, root.values)
    _better_by_places(posed, thrifty)


def _first_plan(posed: _Posed, thrifty: Thrifty, chosen: Chosen, root: FloatArray) -> None:
    """A plan below the choice by a dive, or by branching where that finds none."""
    ask, hand = posed.ask, posed.hand
    if hand.over:
        return
    hand.found(_dived(posed, thrifty, chosen, root))
    if hand.plan is None:
        top = posed.draft.open.index[posed.model.problem.is_source]
        held = thrifty.whole if chosen.at is None else thrifty.whole.with_held(top, chosen.at)
        wished = replace(ask, gap=FINER * ask.gap, time_limit_s=hand.some(PLANNING), start=None)
        hand.found(run_or_stop(Highs(), held, wished).values)


def _dived(posed: _Posed, thrifty: Thrifty, chosen: Chosen, first: FloatArray) -> FloatArray | None:
    """The plan of a dive below the choice, from the linear solution `first` where nothing was chosen.

    None where the dive comes to nothing better than what is in hand.
    """
    opened, tier = posed.draft.open.index, posed.model.problem.tier
    program, values, hand = thrifty.program.relaxed(), first, posed.hand.part(DIVING)
    if chosen.at is not None and chosen.values is not None:
        program, values = program.with_held(opened[tier == 0], chosen.at), chosen.values

    lost = False

    def solve(part: Program) -> FloatArray | None:
        nonlocal lost
        if lost:
            return None
        found = lp_bound(part, time_limit_s=hand.some(), threads=posed.ask.threads, method="simplex")
        if found is None or not found.optimal:
            return None
        lost = not hand.beats(posed.program.objective_at(found.values))
        return None if lost else found.values

    tiers = [opened[tier == level] for level in range(posed.model.problem.n_tiers)]
    whole = dive(program, tiers, values, solve)
    if whole is None:
        return None
    held = posed.program.with_held(opened, np.round(whole[opened]))
    return run_or_stop(Highs(), held, replace(posed.ask, time_limit_s=hand.some(), start=None)).values


def _better_by_places(posed: _Posed, thrifty: Thrifty) -> None:
    """Decide the sites near one after another anew, until the gap or the time is reached.

    All decisions but theirs are held and the rest solved again (large-neighbourhood search, Shaw 1998).
    """
    problem, program, ask, hand = posed.model.problem, posed.program, posed.ask, posed.hand
    some = np.flatnonzero(posed.draft.open.of(program.lower) < posed.draft.open.of(program.upper))
    rng = np.random.default_rng(ask.seed)
    counted, now = thrifty.with_counted(program), hand.plan
    while now is not None and len(some) and not hand.over:
        sites = near(problem.sites.xy, some, int(rng.choice(some)), AT_ONCE, rng)
        part = Neighbourhood.of(posed.model.flows, posed.draft, counted, now, sites)
        limit_s = min(NEIGHBOURHOOD_S, hand.some())
        wished = replace(ask, gap=FINER * ask.gap, time_limit_s=limit_s, start=part.start, on_progress=None)
        answer = run_or_stop(Highs(), part.program, wished)
        found = None if answer.values is None else part.back(answer.values)
        if found is not None and better(counted, now, found) is found and not program.violations(found):
            now = found
            hand.found(found)
        elif len(some) <= AT_ONCE:
            return
