"""One distance decides: `p-center` (Hakimi 1965) and `p-dispersion` (Kuby 1987). Is any plan better than the bound?"""

from itertools import combinations

import numpy as np

from models.arrays import FloatArray
from models.messages import Listed, Message, say
from solver.verify.bounds import Draft
from solver.verify.case import Case, Model, always, never, of_all_places, of_none, travel_name
from solver.verify.textbook import add_rules, site_columns, terms_of_sites
from solver.verify.verdict import Unchecked, shown

LIMIT_S = 30.0
NEARER = 1e-7
"""A plan is better where it is better by this share."""


def worst_travel(case: Case) -> float:
    """Farthest travel of a place with weight to its nearest open site."""
    least, _ = case.nearest()
    return float(max((least[i] for i in np.flatnonzero(case.wanted > 0).tolist()), default=0.0))


def least_distance(case: Case) -> float:
    """Least distance of a new open site from another open one."""
    apart_by, table = distances(case), case.sites
    new, may = table["new"].to_numpy(), table["may_open"].to_numpy()
    opened = np.flatnonzero(case.open).tolist()
    some = [min(apart_by[a, b], apart_by[b, a]) for a, b in combinations(opened, 2) if new[a] or new[b]]
    if some:
        return float(min(some))
    able = np.flatnonzero(may).tolist()
    return float(max(min(apart_by[a, b], apart_by[b, a]) for a, b in combinations(able, 2) if new[a] or new[b]))


def distances(case: Case) -> FloatArray:
    """Distance (n_sites, n_sites) in a straight line, or along the roads as far as the reach."""
    reach, table = case.programme.reach, case.sites
    if reach is None:
        x, y = table["x"].to_numpy(), table["y"].to_numpy()
        return np.asarray(np.sqrt((x[:, None] - x) ** 2 + (y[:, None] - y) ** 2))
    points = case.points_of(np.arange(len(table)))
    pairs = case.travel.between(points, points, reach)
    found = np.full((len(table), len(table)), reach.limit)
    found[pairs.place, pairs.site] = np.minimum(pairs.travel, reach.limit)
    return found


def _least_spacing(case: Case, unit: str) -> float | None:
    """Least distance of the sites, unknown in the other unit."""
    opened = np.flatnonzero(case.open)
    if travel_name(case) != unit:
        return None
    new = case.sites["new"].to_numpy()[opened]
    if len(opened) < 2 or not new.any():
        return None
    return least_distance(case) / (60.0 if unit == "s" else 1.0)


def no_plan_within(case: Case, bound: float) -> list[Message]:
    """p-center: that sites nearer than the bound to every place are more than the rules allow."""
    draft = Draft()
    opened = site_columns(draft, case)
    may, near = case.sites["may_open"].to_numpy(), case.pairs.travel < bound * (1 - NEARER)
    pairs = case.pairs.where(near & may[case.pairs.site])
    wanted = np.flatnonzero(case.wanted > 0)
    row = np.searchsorted(wanted, pairs.place)
    keep = np.isin(pairs.place, wanted)
    draft.rows(len(wanted), -1.0, (row[keep], opened[pairs.site[keep]], -np.ones(int(keep.sum()))))
    return _none(draft, case, say("serves every place within less than the bound {bound}", bound=shown(bound)))


def no_plan_farther_apart(case: Case, bound: float) -> list[Message]:
    """p-dispersion: that sites farther apart than the bound are fewer than the rules ask for."""
    draft = Draft()
    opened = site_columns(draft, case)
    apart, new = distances(case), case.sites["new"].to_numpy()
    able = np.flatnonzero(case.sites["may_open"].to_numpy()).tolist()
    for a, b in combinations(able, 2):
        if (new[a] or new[b]) and min(apart[a, b], apart[b, a]) <= bound * (1 + NEARER):
            draft.total(opened[[a, b]], 1.0, most=1.0, least=None)
    return _none(draft, case, say("keeps all sites farther apart than the bound {bound}", bound=shown(bound)))


def _none(draft: Draft, case: Case, what: Message) -> list[Message]:
    """No fault where no plan does it; a fault that names the plan where one does and all rules are in the program."""
    lacks = add_rules(draft, case, terms_of_sites(case, np.arange(len(case.sites))))
    impossible, values = draft.build().is_impossible(LIMIT_S)
    if impossible:
        return []
    if values is None or lacks:
        raise Unchecked(say("that no plan {what} was not proven again", what=what))
    return [
        say(
            "the plan {sites} {what}",
            sites=Listed(tuple(case.named(np.flatnonzero(values[: len(case.sites)] > 0.5)))),
            what=what,
        )
    ]


P_CENTER = Model(
    keys=frozenset({"demand", "reach", "unreachable"}),
    maximises=never,
    unit=travel_name,
    worth=worst_travel,
    bound=no_plan_within,
    program=None,
    assigns=never,
    loaded=False,
    serves_all=always,
    leaves_out=False,
    goes_to_best=True,
    chooses=False,
    idle_is_waste=True,
    asks=of_none,
    full_value=of_all_places,
)
P_DISPERSION = Model(
    keys=frozenset({"reach"}),
    maximises=always,
    unit=travel_name,
    worth=least_distance,
    bound=no_plan_farther_apart,
    program=None,
    assigns=never,
    loaded=False,
    serves_all=never,
    leaves_out=False,
    goes_to_best=True,
    chooses=False,
    idle_is_waste=False,
    asks=of_none,
    full_value=of_all_places,
    figures={
        "least_spacing_m": lambda case: _least_spacing(case, "m"),
        "least_spacing_min": lambda case: _least_spacing(case, "s"),
    },
)
