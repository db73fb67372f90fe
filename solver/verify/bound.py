"""Is there a plan better than the bound? Tried out where sites are few, else by programs written anew."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, combinations
from typing import Any

import numpy as np

from models.messages import Listed, Message, say
from solver.verify.alternatives import other_case
from solver.verify.case import Case
from solver.verify.known import refuse_unknown
from solver.verify.money import CENT, plan_cost
from solver.verify.proven import SMALL, WHOLE_S, beats
from solver.verify.rules import RULE_CHECKS
from solver.verify.textbook import textbook
from solver.verify.verdict import TOLERANCE, Check, Unchecked, same, shown

FEW = 7
"""Free sites of which every choice is tried."""


def no_plan_beats_the_bound(case: Case) -> list[Message] | None:
    """Holds where every plan was tried, or where a proof of our own is as good as the bound that is told."""
    bound, p = case.entry["bound"], case.programme
    if bound is None:
        return None
    refuse_unknown(case)
    if p.phasing is not None:
        raise Unchecked(say("programmes over years are not solved again"))
    if p.objective_order[:1] == ["floor"]:
        raise Unchecked(say("the bound is that of the second objective under the first"))
    if _few(case):
        return _tried(case, bound)
    return case.model.bound(case, bound)


def of_plans_as_good_none_costs_less(case: Case) -> list[Message] | None:
    """The claim of `ties`: every choice is tried, or under a lower budget the best plan is worth less."""
    p, told, objective = case.programme, case.entry["cost"], case.entry["objective"]
    ties = case.entry.get("ties") or {}
    if ties.get("sites") != "exact" or same(told, objective):
        return None
    refuse_unknown(case)
    if p.phasing is not None or p.objective_order or case.member:
        raise Unchecked(
            say("plans of the same worth over years, in joint plans or in an order are not looked for again")
        )
    less = told - CENT - TOLERANCE * told
    if less < 0:
        return []
    if not _few(case):
        return _none_for_less(case, objective, less)
    found = []
    for other, worth in _choices(case):
        cost = plan_cost(other)
        if not beats(case, objective, worth) and cost < less:
            sites = Listed(tuple(other.entry["sites"])) if other.entry["sites"] else say("no new site")
            found.append(
                say(
                    "the plan {sites} is as good and costs {cost}; told are {told}",
                    sites=sites,
                    cost=shown(cost),
                    told=shown(told),
                )
            )
    return found[:3]


def _none_for_less(case: Case, objective: float, less: float) -> list[Message]:
    """By the textbook program under a budget of less."""
    programme = case.programme.model_copy(update={"budget": less})
    book = textbook(replace(case, inputs=replace(case.inputs, programme=programme)))
    program, offset = book.program, book.offset
    if len(program.cost) > SMALL:
        raise Unchecked(say("the program is too large to look for plans of the same worth again"))
    impossible, _ = program.is_impossible(WHOLE_S)
    sign = -1.0 if case.maximises else 1.0
    bound, values = (None, None) if impossible else program.whole_bound(WHOLE_S, 0.0)
    if impossible or (bound is not None and beats(case, objective, sign * bound + offset)):
        return []
    if values is not None and book.is_whole:
        worth = sign * float(program.cost @ values) + offset
        if not beats(case, objective, worth):
            sites = Listed(tuple(case.named(np.flatnonzero(values[: len(case.sites)] > 0.5).tolist())))
            return [
                say(
                    "the plan {sites} is worth {worth} within {less}; told is {objective}",
                    sites=sites,
                    worth=shown(worth),
                    less=shown(less),
                    objective=shown(objective),
                )
            ]
    raise Unchecked(say("that no plan of the same worth costs less is not proven again"))


def _few(case: Case) -> bool:
    """Can every choice of sites be tried?"""
    free = case.sites["status"].isin(["candidate", "closable"])
    sized = (
        case.model.assigns(case) or bool(case.programme.unit_kinds) or bool(np.isfinite(case.sites["capacity"]).any())
    )
    return not sized and int(free.sum()) <= FEW


def _tried(case: Case, bound: float) -> list[Message]:
    """Every choice of free sites that keeps the rules and the budget against the bound."""
    best: float | None = None
    which: tuple[str, ...] = ()
    for other, worth in _choices(case):
        if best is None or _better(case, worth, best):
            best, which = worth, tuple(other.entry["sites"])
    if best is None or not beats(case, best, bound):
        return []
    return [
        say(
            "the plan {sites} keeps every rule and is worth {best}; the bound is {bound}",
            sites=Listed(tuple(which)),
            best=shown(best),
            bound=shown(bound),
        )
    ]


def _choices(case: Case) -> Iterator[tuple[Case, float]]:
    """Every choice of free sites that keeps the rules and the budget, with what it is worth."""
    table = case.sites
    free = table["id"][table["status"].isin(["candidate", "closable"])].astype(str)
    new = dict(zip(table["id"], table["new"], strict=True))
    fixed = list(table["id"][table["status"].isin(["existing", "required"])])
    for chosen in chain.from_iterable(combinations(free, n) for n in range(len(free) + 1)):
        opened = [*fixed, *chosen]
        other: dict[str, Any] = {
            "sites": [site for site in opened if new[site]],
            "kept_sites": [site for site in opened if not new[site]],
            "units": {},
            "objective": 0.0,
            "cost": 0.0,
        }
        chosen_case = other_case(case, other)
        worth = _worth(chosen_case)
        if worth is not None:
            yield chosen_case, worth


def _worth(case: Case) -> float | None:
    """What a choice of sites is worth; None where it breaks a rule or serves too few."""
    if any(rule(case) for rule in RULE_CHECKS):
        return None
    budget = case.programme.budget
    if budget is not None and plan_cost(case) > budget * (1 + TOLERANCE):
        return None
    if any(check(case) for check in case.model.plan):
        return None
    try:
        return case.model.worth(case)
    except KeyError:  # a place without a site
        return None


def _better(case: Case, one: float, other: float) -> bool:
    return one > other if case.maximises else one < other


BOUND: tuple[Check[Case], ...] = (no_plan_beats_the_bound, of_plans_as_good_none_costs_less)
