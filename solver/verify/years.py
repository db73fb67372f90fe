"""Programmes over years: what every year opens, spends and covers, and that nothing that is open vanishes."""

from dataclasses import replace
from typing import Any

import numpy as np

from models.messages import Message, Money, say
from models.problem import SiteStatus
from solver.inputs.instance import ProgrammeInputs
from solver.verify.case import Case
from solver.verify.money import CENT, plan_cost, site_cost
from solver.verify.rules import RULES
from solver.verify.service import best_cover
from solver.verify.tables import year_weights
from solver.verify.verdict import TOLERANCE, Check, Unchecked, apart, shown


def year_case(case: Case, year: int) -> Case:
    """The case with the sites that are open in one year; who serves whom is known of the last year only."""
    entry: dict[str, Any] = dict(case.entry)
    told = list(case.entry["phases"].values())[: year + 1]
    opened = [site for phase in told for site in phase["sites"]]
    closed = {site for phase in told for site in phase["closed_sites"]}
    there = [i for i, s in zip(case.sites["id"], case.sites["status"], strict=True) if s in ("existing", "closable")]
    entry |= {"sites": opened, "kept_sites": [site for site in there if site not in closed]}
    return replace(case, entry=entry, inputs=_at(case.inputs, year), memory={})


def _at(inputs: ProgrammeInputs, year: int) -> ProgrammeInputs:
    """The rules of a year: what is asked for the end of all years, required sites too, is not asked before."""
    programme = inputs.programme
    years = programme.phasing.years if programme.phasing is not None else []
    if year == len(years) - 1:
        return inputs
    changed: dict[str, Any] = {}
    for rule in RULES:
        changed |= {} if rule.before_the_end is None else rule.before_the_end(programme)
    sites = inputs.sites
    required = sites.status == int(SiteStatus.REQUIRED)
    status = np.where(required, int(SiteStatus.CANDIDATE), sites.status)
    return replace(inputs, programme=programme.model_copy(update=changed), sites=replace(sites, status=status))


def phases_of(case: Case) -> dict[str, Any] | None:
    """Year -> what is told of it; None for a programme without years."""
    if case.programme.phasing is None:
        return None
    phases: dict[str, Any] = case.entry["phases"]
    return phases


def years_are_those_of_the_study(case: Case) -> list[Message] | None:
    """Names, what they count, and their budgets."""
    phases = phases_of(case)
    if phases is None or case.programme.phasing is None:
        return None
    years = case.programme.phasing.years
    found = apart("years", ", ".join(phases), ", ".join(year.name for year in years))
    for year in years if not found else []:
        found += apart(say("counts of {year}", year=year.name), phases[year.name]["counts"], year.counts)
        found += apart(say("budget of {year}", year=year.name), phases[year.name]["budget"], year.budget)
    return found


def years_add_up_to_the_plan(case: Case) -> list[Message] | None:
    """Every new site opens in one year, and the numbers of open ones follow."""
    phases = phases_of(case)
    if phases is None:
        return None
    opened = [site for phase in phases.values() for site in phase["sites"]]
    found = [say("{site} opens in no year", site=site) for site in case.entry["sites"] if site not in opened]
    found += [
        say("{site} opens in a year and is not in the plan", site=site)
        for site in opened
        if site not in case.entry["sites"]
    ]
    found += [
        say("{site} opens in two years", site=site) for site in sorted({s for s in opened if opened.count(s) > 1})
    ]
    closed = {site for phase in phases.values() for site in phase["closed_sites"]}
    found += [
        say("{site} closes and is kept", site=site) for site in sorted(closed.intersection(case.entry["kept_sites"]))
    ]
    total = 0
    for name, phase in phases.items():
        total += len(phase["sites"])
        found += apart(say("open_new_sites of {name}", name=name), phase["open_new_sites"], total)
    return found


def every_year_opens_as_many_as_asked(case: Case) -> list[Message] | None:
    """open, open_at_least and open_at_most of the years."""
    phases = phases_of(case)
    if phases is None or case.programme.phasing is None:
        return None
    found = []
    for year in case.programme.phasing.years:
        n = len(phases[year.name]["sites"])
        least = year.open if year.open is not None else year.open_at_least
        most = year.open if year.open is not None else year.open_at_most
        if (least is not None and n < least) or (most is not None and n > most):
            found.append(
                say(
                    "{year} opens {n}; {least} to {most} are asked for",
                    year=year.name,
                    n=n,
                    least=least if least is not None else 0,
                    most=shown(most),
                )
            )
    return found


def every_year_keeps_the_rules_on_sites(case: Case) -> list[Message] | None:
    """Statuses, groups, distances and pairs, year by year."""
    phases = phases_of(case)
    if phases is None:
        return None
    found = []
    for year, name in enumerate(phases):
        one = year_case(case, year)
        for rule in RULES:
            if rule.every_year and rule.check is not None:
                found += [say("{name}: {fault}", name=name, fault=fault) for fault in rule.check(one) or []]
    return found


def every_year_spends_what_it_says_and_has(case: Case) -> list[Message] | None:
    """cost, cost_so_far, left; within each year's money, with what was left where it carries over."""
    phases, phasing = phases_of(case), case.programme.phasing
    if phases is None or phasing is None:
        return None
    found, before, money = [], 0.0, 0.0
    known = not case.units
    for t, year in enumerate(phasing.years):
        told = phases[year.name]
        cost = plan_cost(case) if t == len(phasing.years) - 1 else site_cost(year_case(case, t))
        if not known and t < len(phasing.years) - 1:
            cost = told["cost_so_far"]  # units of earlier years are told in all, not by site
        found += _money_faults(say("cost_so_far of {year}", year=year.name), told["cost_so_far"], cost)
        found += _money_faults(say("cost of {year}", year=year.name), told["cost"], cost - before)
        money = money + (year.budget or 0.0) if phasing.carry_over else (year.budget or 0.0)
        spent = cost if phasing.carry_over else cost - before
        if year.budget is not None:
            if spent > money + CENT + 1e-9 * money:
                found.append(
                    say(
                        "{year} has spent {spent}; {money} were there",
                        year=year.name,
                        spent=Money(spent),
                        money=Money(money),
                    )
                )
            found += _money_faults(say("left of {year}", year=year.name), told["left"], money - spent)
        before = cost
    return found


def _money_faults(what: Message, told: float | None, right: float) -> list[Message]:
    close = told is not None and abs(told - right) <= CENT + 1e-9 * abs(right)
    return [] if close else apart(what, told, right, within=0)


def every_year_is_worth_what_it_says(case: Case) -> list[Message] | None:
    """Value of each year under its demand, and their sum with what the years count."""
    phases, phasing = phases_of(case), case.programme.phasing
    if phases is None or phasing is None:
        return None
    total = sum(year.counts * phases[year.name]["objective"] for year in phasing.years)
    found = apart(say("objective (sum over the years)"), case.entry["objective"], total)
    value_of_year, key = case.model.year, case.model.share_of_year
    if value_of_year is None:
        last = phases[phasing.years[-1].name]["objective"]
        weight = case.places["weight"].to_numpy()
        found += apart(say("objective of {year}", year=phasing.years[-1].name), last, float(weight @ case.share))
        if found:
            return found
        raise Unchecked(say("the last year and the sum hold; who is served in earlier years is not in the result"))
    for t, year in enumerate(phasing.years):
        value, share = value_of_year(case, t)
        found += apart(say("objective of {year}", year=year.name), phases[year.name]["objective"], value)
        found += apart(say("{key} of {year}", key=key, year=year.name), phases[year.name][key], share)
    return found


def reopened(case: Case, one: Case) -> Case:
    """A year's case on the pairs within reach that are known already."""
    one.__dict__["pairs"] = case.pairs
    return one


def every_year_reaches_the_floor(case: Case) -> list[Message] | None:
    """floor_share of the programme or of the year, in years whose service is known."""
    phasing = case.programme.phasing
    if phasing is None or (case.programme.floor_share is None and all(y.floor_share is None for y in phasing.years)):
        return None
    if case.model.year is None:
        raise Unchecked(say("who is served in earlier years is not in the result; the last year is checked"))
    found = []
    for t, year in enumerate(phasing.years):
        floor = case.programme.floor_share if year.floor_share is None else year.floor_share
        table = case.places.assign(weight=year_weights(case, t))
        table["done"] = table["weight"] * best_cover(reopened(case, year_case(case, t)))[0]
        sums = table.groupby("group")[["weight", "done"]].sum()
        sums = sums[sums["weight"] > 0]
        floors = floor if isinstance(floor, dict) else dict.fromkeys(sums.index, floor or 0.0)
        for name, least in floors.items():
            share = float(sums["done"][name] / sums["weight"][name])
            if share < least - TOLERANCE:
                found.append(
                    say(
                        "{year}: {name} is covered to {share:.4%}; at least {least:.4%} is asked for",
                        year=year.name,
                        name=name,
                        share=share,
                        least=least,
                    )
                )
    return found


YEARS: tuple[Check[Case], ...] = (
    years_are_those_of_the_study,
    years_add_up_to_the_plan,
    every_year_opens_as_many_as_asked,
    every_year_keeps_the_rules_on_sites,
    every_year_spends_what_it_says_and_has,
    every_year_is_worth_what_it_says,
    every_year_reaches_the_floor,
)
