"""What a result tells beside its plan: other plans that are nearly as good, and what each site is worth."""

from dataclasses import replace
from typing import Any

from models.messages import Message, say
from solver.verify.case import Case
from solver.verify.money import plan_cost
from solver.verify.rules import RULE_CHECKS, checks_without_service
from solver.verify.service import best_cover
from solver.verify.verdict import Check, Unchecked, apart


def other_plans_are_plans_of_what_they_say(case: Case) -> list[Message] | None:
    """Each keeps the rules, costs and is worth what it says, differs where it says, and loses so much."""
    others = case.entry.get("alternatives") or []
    if not others:
        return None
    found, partly = [], case.model.assigns(case)
    first = case.entry["objective"]
    for number, other in enumerate(others, start=1):
        one = other_case(case, other)
        for rule in checks_without_service() if partly else RULE_CHECKS:
            found += [say("other plan {number}: {fault}", number=number, fault=fault) for fault in rule(one) or []]
        if not partly:
            found += apart(
                say("objective of other plan {number}", number=number), other["objective"], case.model.worth(one)
            )
        if case.model.transport is None:
            found += apart(say("cost of other plan {number}", number=number), other["cost"], plan_cost(one))
        loss = (first - other["objective"]) * (1 if case.maximises else -1) / max(abs(first), 1e-9)
        found += apart(say("lost_share of other plan {number}", number=number), other["lost_share"], max(0.0, loss))
        here, there = {*case.entry["sites"], *case.entry["kept_sites"]}, {*other["sites"], *other["kept_sites"]}
        found += apart(say("opens of other plan {number}", number=number), sorted(other["opens"]), sorted(there - here))
        found += apart(
            say("leaves_out of other plan {number}", number=number), sorted(other["leaves_out"]), sorted(here - there)
        )
    if partly and not found:
        raise Unchecked(say("their sites, costs and differences hold; who serves whom in them is not in the result"))
    return found


def other_case(case: Case, other: dict[str, Any]) -> Case:
    """The case with another plan's sites; served by the best open site where no capacity decides."""
    entry = {**case.entry, **{key: other[key] for key in ("sites", "kept_sites", "units", "objective", "cost")}}
    one = replace(case, entry=entry, layers={}, memory={})
    if case.programme.reach is not None and case.inputs.demand is not None:
        one.__dict__["pairs"] = case.pairs
        if not case.model.assigns(case):
            one.__dict__["share"] = best_cover(one)[0]
    return one


def the_worth_of_sites_fits_the_plan(case: Case) -> list[Message] | None:
    """Sites are told chosen or not as they are; what is lost at least is no more than at most."""
    told = case.entry.get("marginals") or {}
    if not told:
        return None
    opened, found = {*case.entry["sites"], *case.entry["kept_sites"]}, []
    for site, worth in told.items():
        found += [] if site in case.row_of else [say("{site} is no site of the study", site=site)]
        found += apart(say("chosen of {site}", site=site), worth["chosen"], site in opened)
        low, high = worth["lost_at_least"], worth["lost_at_most"]
        if low is not None and high is not None and low > high + 1e-6 * max(1.0, abs(high)):
            found.append(say("{site} loses at least {low:.10g} and at most {high:.10g}", site=site, low=low, high=high))
        if worth["impossible"] and (low is not None or high is not None):
            found.append(say("{site} cannot be turned round, and loses {low} to {high}", site=site, low=low, high=high))
    if not found:
        raise Unchecked(say("they fit the plan; what is lost, and which were solved, would need a run for every site"))
    return found


OTHERS: tuple[Check[Case], ...] = (other_plans_are_plans_of_what_they_say, the_worth_of_sites_fits_the_plan)
