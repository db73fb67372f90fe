"""Is there a plan better than the bound? Tried out where sites are few, else by programs written anew."""

from itertools import chain, combinations
from typing import Any

import numpy as np

from solver.verify.case import Case
from solver.verify.flows import weight_refuelled
from solver.verify.money import CENT, cost_cny
from solver.verify.others import other_case
from solver.verify.rules import RULES
from solver.verify.service import assigns
from solver.verify.textbook import MOST_PAIRS, is_whole, textbook
from solver.verify.thresholds import no_plan_farther_apart, no_plan_within
from solver.verify.verdict import TOLERANCE, Check, Unchecked, shown
from solver.verify.worth import the_target_share_is_reached, worth_of

FEW = 7
"""Free sites of which every choice is tried."""
RELAXED_S, WHOLE_S = 60.0, 20.0
"""Most seconds for a linear program, and for one in whole numbers."""
SMALL = 20_000
"""Columns of a program that is solved in whole numbers."""


def no_plan_beats_the_bound(case: Case) -> list[str] | None:
    """Holds where every plan was tried, or where a proof of our own is as good as the bound that is told."""
    bound, p = case.entry["bound"], case.programme
    if bound is None:
        return None
    if p.phasing is not None:
        raise Unchecked("programmes over years are not solved again")
    if p.objective_order[:1] == ["floor"]:
        raise Unchecked("the bound is that of the second objective under the first")
    free = case.sites["status"].isin(["candidate", "closable"])
    if (
        not assigns(case)
        and p.piles is None
        and int(free.sum()) <= FEW
        and not np.isfinite(case.sites["capacity"]).any()
    ):
        return _tried(case, [str(site) for site in case.sites["id"][free]], bound)
    if p.model == "flow-refuelling":
        return _flows(case, bound)
    if p.model == "p-center":
        return no_plan_within(case, bound)
    return no_plan_farther_apart(case, bound) if p.model == "p-dispersion" else _proven(case, bound)


def _tried(case: Case, free: list[str], bound: float) -> list[str]:
    """Every choice of free sites that keeps the rules and the budget."""
    table = case.sites
    best: float | None = None
    which: tuple[str, ...] = ()
    new = dict(zip(table["id"], table["new"], strict=True))
    fixed = list(table["id"][table["status"].isin(["existing", "required"])])
    for chosen in chain.from_iterable(combinations(free, n) for n in range(len(free) + 1)):
        opened = [*fixed, *chosen]
        other: dict[str, Any] = {
            "sites": [site for site in opened if new[site]],
            "kept_sites": [site for site in opened if not new[site]],
            "units": {},
            "objective": 0.0,
            "cost_cny": 0.0,
        }
        worth = _worth(other_case(case, other))
        if worth is not None and (best is None or _better(case, worth, best)):
            best, which = worth, tuple(other["sites"])
    if best is None or not _beats(case, best, bound):
        return []
    return [f"the plan {', '.join(which)} keeps every rule and is worth {shown(best)}; the bound is {shown(bound)}"]


def _worth(case: Case) -> float | None:
    """What a choice of sites is worth; None where it breaks a rule or serves too few."""
    if any(rule(case) for rule in RULES):
        return None
    budget = case.programme.budget_cny
    if budget is not None and cost_cny(case) > budget + CENT:
        return None
    if case.programme.model == "set-cover" and _uncovered(case):
        return None
    if the_target_share_is_reached(case):
        return None
    try:
        return worth_of(case)
    except KeyError:  # a place without a site
        return None


def _uncovered(case: Case) -> bool:
    from solver.verify.service import every_place_that_can_be_is_reached_often_enough as reached

    return bool(reached(case))


def _better(case: Case, one: float, other: float) -> bool:
    return one > other if case.maximises else one < other


def _beats(case: Case, worth: float, bound: float) -> bool:
    slack = TOLERANCE * max(1.0, abs(bound))
    return worth > bound + slack if case.maximises else worth < bound - slack


def _flows(case: Case, bound: float) -> list[str]:
    """All stations at once are a bound."""
    most = weight_refuelled(case, case.sites["may_open"].to_numpy(dtype=bool))
    if bound >= most - TOLERANCE * max(1.0, most):
        return []
    raise Unchecked(
        f"with every site open {shown(most)} are refuelled; that fewer refuel at most {shown(bound)} is not proven"
    )


def _proven(case: Case, bound: float) -> list[str]:
    """By the prices of a linear program, and in whole numbers where it is small."""
    if len(case.pairs.place) > MOST_PAIRS and case.programme.model not in ("max-cover", "set-cover"):
        raise Unchecked(f"{len(case.pairs.place):,} pairs of places and sites are too many to solve it again")
    program, offset = textbook(case)
    sign = -1.0 if case.maximises else 1.0
    relaxed = program.relaxed_bound(RELAXED_S)
    proof = None if relaxed is None else sign * relaxed + offset
    if proof is not None and not _beats(case, proof, bound):
        return []
    if len(program.cost) <= SMALL:
        whole, values = program.whole_bound(WHOLE_S, case.gap * 0.1)
        if values is not None and is_whole(case):
            worth = sign * float(program.cost @ values) + offset
            if _beats(case, worth, bound):
                open_ids = ", ".join(case.named(np.flatnonzero(values[: len(case.sites)] > 0.5).tolist()))
                return [f"the plan {open_ids} is worth {shown(worth)}; the bound is {shown(bound)}"]
        if whole is not None and not _beats(case, sign * whole + offset, bound):
            return []
        proof = sign * whole + offset if whole is not None else proof
    if proof is None:
        raise Unchecked("the linear program of it was not solved in time")
    objective = case.entry["objective"]
    gap = abs(objective - proof) / max(abs(objective), 1e-9)
    raise Unchecked(f"proven again is {shown(proof)} only, {gap:.3%} from the plan; the bound told is {shown(bound)}")


def is_possible(case: Case) -> tuple[str, ...] | None:
    """The open sites of a plan of the textbook program; None where it is proven that there is none.

    Unchecked where neither is known, or where the program lacks a rule that the plan may break.
    """
    if len(case.pairs.place) > MOST_PAIRS:
        raise Unchecked(f"{len(case.pairs.place):,} pairs of places and sites are too many to solve it again")
    program, _ = textbook(case)
    impossible, values = program.is_impossible(WHOLE_S)
    if impossible:
        return None
    if values is None:
        raise Unchecked("the program written anew was not solved in time")
    if not is_whole(case):
        raise Unchecked("the program written anew has a plan, and lacks a rule that the plan may break")
    return tuple(case.named(np.flatnonzero(values[: len(case.sites)] > 0.5).tolist()))


BOUND: tuple[Check[Case], ...] = (no_plan_beats_the_bound,)
