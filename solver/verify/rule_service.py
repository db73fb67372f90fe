"""Rules on who is served: `floor_share` of every district, `minimum_use` of every site, the order of two objectives."""

from collections.abc import Mapping

import numpy as np

from models.messages import Message, say
from solver.verify.bounds import Draft, Terms
from solver.verify.case import Case
from solver.verify.rule import Rule, in_the_columns
from solver.verify.verdict import TOLERANCE, shown

NEAR = 1e-9
"""What a site serves may be short by this: rounding."""


def every_district_reaches_its_floor(case: Case) -> list[Message] | None:
    """floor_share, from who is served."""
    floor = case.programme.floor_share
    if case.programme.phasing is not None and case.programme.phasing.years[-1].floor_share is not None:
        floor = case.programme.phasing.years[-1].floor_share
    if floor is None:
        return None
    shares = district_shares(case)
    floors = floor if isinstance(floor, Mapping) else dict.fromkeys(shares, floor)
    return [
        say(
            "{name} is covered to {share:.6%}; at least {least:.6%} is asked for (floor_share)",
            name=name,
            share=shares.get(name, 0.0),
            least=least,
        )
        for name, least in floors.items()
        if shares.get(name, 0.0) < least - TOLERANCE
    ]


def district_shares(case: Case) -> dict[str, float]:
    """District -> share of its weight that is served, those without weight left out."""
    table = case.places.assign(served=case.share * case.places["weight"])
    sums = table.groupby("group")[["weight", "served"]].sum()
    sums = sums[sums["weight"] > 0]
    return {str(name): float(row["served"] / row["weight"]) for name, row in sums.iterrows()}


def floor_rows(draft: Draft, case: Case, terms: Terms) -> bool:
    """floor_share, where the program tells what is covered of every place."""
    floor, covered = case.programme.floor_share, terms.covered
    if floor is None or covered is None:
        return floor is None
    places = case.places
    total = places.groupby("group")["weight"].sum()
    group = places["group"].to_numpy()[covered.of]
    for name, weight in total.items():
        least = floor.get(str(name), 0.0) if isinstance(floor, dict) else floor
        at = group == name
        if least > 0 and weight > 0:
            draft.total(covered.columns[at], covered.amount[at] / weight, most=None, least=least)
    return True


def open_sites_are_used_enough(case: Case) -> list[Message] | None:
    """minimum_use."""
    least = case.programme.minimum_use
    if least is None:
        return None
    amounts = case.numbers(least)
    short = np.flatnonzero(case.open & (case.load < amounts * (1 - TOLERANCE) - NEAR))
    return [
        say(
            "{site} serves {load}; at least {least} is asked for (minimum_use)",
            site=site,
            load=shown(float(case.load[i])),
            least=shown(float(amounts[i])),
        )
        for i, site in zip(short, case.named(short), strict=True)
    ]


FLOOR = Rule(
    keys=("floor_share",),
    check=every_district_reaches_its_floor,
    rows=floor_rows,
    every_year=False,
    needs_service=True,
    asks=(),
    binds=("floor_share",),
)
USE = Rule(
    keys=("minimum_use",),
    check=open_sites_are_used_enough,
    rows=None,
    every_year=False,
    needs_service=True,
    asks=("minimum_use",),
    binds=("minimum_use",),
)
ORDER = Rule(
    keys=("objective_order", "order_tolerance"),
    words={"RuleKeys.objective_order": ("floor", "coverage")},
    check=None,
    rows=in_the_columns,
    every_year=False,
    needs_service=True,
    asks=(),
    binds=("objective_order",),
)
RECORDS = (FLOOR, USE, ORDER)
