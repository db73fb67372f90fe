"""Sites beside each other: `spacing_m`, `at_most_one_of`, `forbidden_pairs`, `needs`."""

from itertools import combinations

import numpy as np

from models.messages import Message, say
from solver.findings import named
from solver.verify.bounds import Draft, Terms
from solver.verify.case import Case
from solver.verify.rule import Rule
from solver.verify.travel import ROUNDING
from solver.verify.verdict import Unchecked


def new_sites_keep_their_distance(case: Case) -> list[Message] | None:
    """spacing_m, spacing_from_existing."""
    p, table = case.programme, case.sites
    if p.spacing_m is None:
        return None
    if "x" not in table:
        raise Unchecked(say("the sites have no coordinates"))
    found = []
    for a, b in combinations(table[table["open"]].itertuples(), 2):
        counts = (a.new and b.new) or (p.spacing_from_existing and (a.new or b.new))
        metres = float(np.hypot(a.x - b.x, a.y - b.y))
        if counts and metres < p.spacing_m * (1 - ROUNDING):
            found.append(
                say(
                    "{site} and {other} are {metres:.1f} m apart; at least {least:g} is asked for",
                    site=a.id,
                    other=b.id,
                    metres=metres,
                    least=p.spacing_m,
                )
            )
    return found


def sites_open_only_as_others_allow(case: Case) -> list[Message] | None:
    """at_most_one_of, forbidden_pairs, needs."""
    p = case.programme
    if not (p.at_most_one_of or p.forbidden_pairs or p.needs):
        return None
    opened = set(case.sites["id"][case.sites["open"]])
    found = []
    for key, sets in (("at_most_one_of", p.at_most_one_of), ("forbidden_pairs", p.forbidden_pairs)):
        for group in sets:
            both = sorted(opened.intersection(group))
            if len(both) > 1:
                found.append(say("{sites} are open together ({key})", sites=named(both), key=key))
    return found + [
        say("{site} is open without {other} (needs)", site=a, other=b)
        for a, b in p.needs
        if a in opened and b not in opened
    ]


def _set_rows(draft: Draft, case: Case, terms: Terms) -> bool:
    p, row = case.programme, case.row_of
    for sets in (p.at_most_one_of, p.forbidden_pairs):
        for group in sets:
            draft.total(terms.opened[[row[site] for site in group]], 1.0, most=1.0, least=None)
    for a, b in p.needs:
        draft.total(terms.opened[[row[a], row[b]]], np.array([1.0, -1.0]), most=0.0, least=None)
    return True


SPACING = Rule(
    keys=("spacing_m", "spacing_from_existing"),
    check=new_sites_keep_their_distance,
    rows=None,
    every_year=True,
    needs_service=False,
    asks=(),
    binds=(),
)
SETS = Rule(
    keys=("at_most_one_of", "forbidden_pairs", "needs"),
    check=sites_open_only_as_others_allow,
    rows=_set_rows,
    every_year=True,
    needs_service=False,
    asks=("needs",),
    binds=(),
)
RECORDS = (SPACING, SETS)
