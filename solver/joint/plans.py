"""Plans of the single programmes that together are a joint plan: the money split as the relaxation splits it.

Programmes take their turn from the smallest to the largest, those that others wait for first. Each gets its part of the
budget and what the earlier ones left over (or overdrew), so that the largest, which can spend any sum, evens it out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from models.clock import Clock
from models.errors import ProblemError
from models.figures import cost_of
from models.messages import Money, say
from models.plan import Plan
from solver.engines.engine import Ask, Engine
from solver.errors import StudyError
from solver.events import SILENT, Tell
from solver.joint.pose import PosedPortfolio
from solver.optimise.anytime import SolvedProgramme, optimise

MORE = (0.0, 0.03, 0.1, 0.3)
"""What a programme may overdraw, as shares of its part, where it has no plan within it."""


@dataclass(frozen=True)
class Turn:
    """How the programmes are solved one after the other."""

    engine: Engine
    ask: Ask
    search_s: float
    tell: Tell


@dataclass(frozen=True)
class Split:
    """A plan of every programme, None where one of them has none; `interrupted`: Ctrl-C ended the turns."""

    plans: dict[str, Plan] | None
    interrupted: bool = False


def plans_under_split(joint: PosedPortfolio, parts_cost: Mapping[str, float], turn: Turn) -> Split:
    """A plan of every programme within its part of the money, links kept.

    Ctrl-C ends the turns; where it comes to the last programme and that has a plan in hand, nothing is lost.
    """
    clock = Clock.of(turn.ask.time_limit_s)
    plans: dict[str, Plan] = {}
    left = 0.0
    names = in_turn(joint)
    for number, name in enumerate(names):
        turns = clock.part(1.0 / (len(names) - number))
        solved = None
        for more in MORE:
            seconds = turns.some()
            money = parts_cost[name] * (1 + more) + left
            solved = _solved(joint, name, money, plans, replace(turn, ask=replace(turn.ask, time_limit_s=seconds)))
            if solved is not None or clock.over:
                break
        if solved is None or solved.plan is None:
            return Split(None, solved is not None)
        plans[name] = solved.plan
        if solved.outcome.ended == "interrupted":
            return Split(plans if len(plans) == len(names) else None, True)
        left += parts_cost[name] - cost_of(joint.posed[name].formulation, solved.plan)
    return Split({name: plans[name] for name in joint.posed})


def in_turn(joint: PosedPortfolio) -> list[str]:
    """The programmes from small to large, none before those whose sites it waits for, where that is possible."""
    size = {n: len(i.sites) + len(i.demand or ()) for n, i in joint.inputs.items()}
    waits = {n: {k.needs_member for k in joint.portfolio.links if k.member == n} for n in size}
    order: list[str] = []
    while len(order) < len(size):
        rest = [n for n in size if n not in order]
        ready = [n for n in rest if waits[n] <= set(order)] or rest
        order.append(min(ready, key=lambda n: (size[n], n)))
    return order


def closed_sites(joint: PosedPortfolio, name: str, plans: Mapping[str, Plan]) -> frozenset[str]:
    """Sites of a programme that wait for sites which the plans in hand leave closed."""
    opened = {
        n: {i for i, is_open in zip(joint.inputs[n].sites.ids, plan.open, strict=True) if is_open}
        for n, plan in plans.items()
    }
    return frozenset(
        k.site
        for k in joint.portfolio.links
        if k.member == name and k.needs_member in opened and not opened[k.needs_member].intersection(k.needs_sites)
    )


def _solved(
    joint: PosedPortfolio, name: str, money: float, plans: Mapping[str, Plan], turn: Turn
) -> SolvedProgramme | None:
    """A programme within its money; None where it has no plan, unless Ctrl-C is why."""
    if money < 0:
        return None
    turn.tell("search", say("{part} within {money}", part=name, money=Money(round(money))))
    try:
        posed = joint.alone(name, money, closed_sites(joint, name, plans))
        solved = optimise(posed, turn.engine, turn.ask, search_s=turn.search_s, tell=SILENT)
    except (ProblemError, StudyError):  # what the programme must open is closed, or costs more
        return None
    return solved if solved.plan is not None or solved.outcome.ended == "interrupted" else None
