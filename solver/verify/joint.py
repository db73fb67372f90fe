"""Programmes together: the joint budget, shares of full value, floors and links, from the members' own plans."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from models.messages import Listed, Message, Money, say
from solver.inputs.columns import id_text
from solver.study.joint import PortfolioLink, PortfolioSection
from solver.verify.case import Case
from solver.verify.figures import unlike
from solver.verify.money import CENT, paid_by_site, plan_cost
from solver.verify.travel import SAME_PLACE_M, farthest
from solver.verify.verdict import TOLERANCE, Check, Unchecked, apart, same


@dataclass(frozen=True, eq=False)
class Joint:
    """A portfolio's entry, its section, and the cases of its programmes. `gap` is what was asked."""

    name: str
    entry: Mapping[str, Any]
    section: PortfolioSection
    cases: Mapping[str, Case]
    gap: float

    @property
    def has_plan(self) -> bool:
        """Whether a plan is claimed at all."""
        return self.entry["objective"] is not None


def full_value(case: Case) -> float:
    """What a programme is worth if everything is covered."""
    return case.model.full_value(case)


def the_joint_objective_is_the_weighted_sum_of_shares(joint: Joint) -> list[Message] | None:
    """Weight times value over full value, summed."""
    if not joint.has_plan:
        return None
    found: list[Message] = []
    total = 0.0
    for name, case in joint.cases.items():
        section, value = joint.section.programmes[name], case.entry["objective"]
        share = value / full_value(case)
        total += section.weight * share
        told = case.entry["figures"]
        right = {
            "weight": section.weight,
            "floor_share": section.floor_share,
            "full_value": full_value(case),
            "share_of_full_value": share,
        }
        for key, number in right.items():
            found += apart(say("{key} of {name}", key=key, name=name), told[key], number)
    return found + apart(say("objective of the portfolio"), joint.entry["objective"], total)


def every_programme_reaches_its_floor(joint: Joint) -> list[Message] | None:
    """floor_share of the portfolio's programmes."""
    if not joint.has_plan:
        return None
    found = []
    for name, case in joint.cases.items():
        share, floor = case.entry["objective"] / full_value(case), joint.section.programmes[name].floor_share
        if share < floor - TOLERANCE:
            found.append(
                say(
                    "{name} reaches {share:.4%} of its full value; its floor is {floor:.4%}",
                    name=name,
                    share=share,
                    floor=floor,
                )
            )
    return found


def the_joint_budget_is_kept(joint: Joint) -> list[Message] | None:
    """All costs together, what is left over, and the districts they fall to."""
    found = apart(say("budget of the portfolio"), joint.entry["budget"], joint.section.budget)
    if not joint.has_plan:
        return found
    costs = {name: plan_cost(case) for name, case in joint.cases.items()}
    total, budget = sum(costs.values()), joint.section.budget
    if total > budget + CENT + 1e-9 * budget:
        found.append(
            say(
                "the programmes cost {total} together; the joint budget is {budget}",
                total=Money(total),
                budget=Money(budget),
            )
        )
    figures = joint.entry["figures"]
    found += apart(say("cost of the portfolio"), joint.entry["cost"], total)
    if not abs(figures["left_over"] - (budget - total)) <= 2 * CENT + 1e-9 * budget:
        found += apart("left_over", figures["left_over"], budget - total, within=0)
    for name, cost in costs.items():
        found += apart(say("cost of {name} in the portfolio", name=name), figures["members"][name]["cost"], cost)
    return found


def the_portfolio_lists_the_sites_of_its_programmes(joint: Joint) -> list[Message] | None:
    """Ids carry the programme's name before them."""
    found = []
    for key in ("sites", "kept_sites"):
        right = {f"{name}/{site}" for name, case in joint.cases.items() for site in case.entry[key]}
        told = set(joint.entry[key])
        found += [say("{site} is in the portfolio only ({key})", site=site, key=key) for site in sorted(told - right)]
        found += [
            say("{site} is missing in the portfolio ({key})", site=site, key=key) for site in sorted(right - told)
        ]
    for name, case in joint.cases.items() if joint.has_plan else ():
        told_n = joint.entry["figures"]["members"][name]["new_sites"]
        found += apart(say("new_sites of {name} in the portfolio", name=name), told_n, len(case.entry["sites"]))
        for key, value in joint.entry["figures"]["members"][name].items():
            if key in case.entry["figures"]:
                found += unlike(
                    say("{key} of {name} in the portfolio", key=key, name=name), value, case.entry["figures"][key]
                )
    return found


def money_by_district_adds_up(joint: Joint) -> list[Message] | None:
    """What sites and units cost by their district; transport belongs to none."""
    if not joint.has_plan:
        return None
    found: list[Message] = []
    all_of: dict[str, float] = {}
    for name, case in joint.cases.items():
        by_site = paid_by_site(case)
        right: dict[str, float] = {}
        for group, cost in zip(case.sites["group"], by_site, strict=True):
            right[group or "all"] = right.get(group or "all", 0.0) + float(cost)
        rest = plan_cost(case) - float(by_site.sum())
        if abs(rest) > 1.0:
            right["transport"] = rest
        told = case.entry["figures"]["money_by_district"]
        for district in sorted({*told, *right}):
            number = told.get(district, {}).get("cost", 0.0)
            found += apart(
                say("cost of {name} in {district}", name=name, district=district), number, right.get(district, 0.0)
            )
            all_of[district] = all_of.get(district, 0.0) + right.get(district, 0.0)
    for district, row in joint.entry["figures"]["by_district"].items():
        found += apart(say("cost in {district}", district=district), row["cost"], all_of.get(district, 0.0))
    return found


def linked_sites_open_only_with_what_they_need(joint: Joint) -> list[Message] | None:
    """links of the portfolio."""
    if not joint.section.links or not joint.has_plan:
        return None
    found = []
    for link in joint.section.links:
        waiting, others = joint.cases[link.programme], joint.cases[link.needs]
        opened = set(others.sites["id"][others.sites["open"]])
        needs = _needed(link, waiting, others)
        for site in waiting.sites[waiting.sites["open"] & waiting.sites["new"]]["id"]:
            wanted = needs.get(site, [])
            if (wanted and not opened.intersection(wanted)) or (not wanted and link.unlinked == "closed"):
                found.append(
                    say(
                        "{programme} opens {site} without {sites} of {other}",
                        programme=link.programme,
                        site=site,
                        sites=Listed(tuple(wanted)) if wanted else say("any site"),
                        other=link.needs,
                    )
                )
    return found


def _needed(link: PortfolioLink, waiting: Case, others: Case) -> dict[str, list[str]]:
    """Waiting site -> sites of which one must be open."""
    known = set(others.sites["id"])
    if link.same_id:
        return {site: [site] for site in waiting.sites["id"] if site in known}
    if link.column is not None:
        texts = waiting.inputs.site_frame[link.column]
        pairs = zip(waiting.sites["id"], texts, strict=True)
        return {site: [id_text(text)] for site, text in pairs if not pd.isna(text) and id_text(text)}
    found: dict[str, list[str]] = {}
    if link.pairs:
        for site, other in link.pairs:
            found.setdefault(site, []).append(other)
        return found
    able = others.sites
    for site in waiting.sites.itertuples():
        metres = np.hypot(able["x"] - site.x, able["y"] - site.y)
        if link.within_m is not None:
            near = able["id"][metres <= farthest(link.within_m)]
        else:
            least = float(metres.min())
            nearest = metres <= farthest(least) + SAME_PLACE_M
            near = able["id"][nearest] if least <= farthest(link.nearest_m or 0.0) else []
        if len(near):
            found[site.id] = list(near)
    return found


def the_joint_gap_and_end_are_in_order(joint: Joint) -> list[Message]:
    """Gap of plan and bound; proven within what was asked; members end as the whole does."""
    entry, found = joint.entry, []
    objective, bound = entry["objective"], entry["bound"]
    right = None if objective is None or bound is None else abs(objective - bound) / max(abs(objective), 1e-9)
    found += apart(say("gap of the portfolio"), entry["gap"], right)
    if right is not None and objective > bound and not same(objective, bound):
        found.append(
            say(
                "the plan is worth {objective:.10g}, better than its bound {bound:.10g}",
                objective=objective,
                bound=bound,
            )
        )
    if entry["ended"] == "proven" and (right is None or right > joint.gap + TOLERANCE):
        found.append(say("proven with a gap of {right}; {asked:.6%} was asked", right=right, asked=joint.gap))
    if (entry["ended"] == "limit") != (entry["limit"] is not None):
        found.append(say("ended is {ended} and limit is {limit}", ended=entry["ended"], limit=entry["limit"]))
    for name, case in joint.cases.items():
        found += apart(say("end of {name}", name=name), case.entry["ended"], entry["ended"])
        found += apart(say("bound of {name}", name=name), case.entry["bound"], None)
    return found


def what_more_money_would_bring(joint: Joint) -> list[Message] | None:
    """The price of money and what is gained over the sites that are there: told, not recomputed."""
    if not joint.has_plan:
        return None
    raise Unchecked(say("one_more_million_adds and what is gained would need the programmes to be solved again"))


MEMBER_FIGURES = (
    "weight",
    "floor_share",
    "full_value",
    "share_of_full_value",
    "money_by_district",
    "gained",
    "gained_per_million",
    "one_more_million_gains",
)
"""Figures of a programme that the checks of its portfolio look at."""

JOINT: tuple[Check[Joint], ...] = (
    the_joint_objective_is_the_weighted_sum_of_shares,
    every_programme_reaches_its_floor,
    the_joint_budget_is_kept,
    the_portfolio_lists_the_sites_of_its_programmes,
    money_by_district_adds_up,
    linked_sites_open_only_with_what_they_need,
    the_joint_gap_and_end_are_in_order,
    what_more_money_would_bring,
)
