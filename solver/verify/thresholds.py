"""Models whose worth is one distance: is there any plan at all that is better than the bound?"""

from itertools import combinations

import numpy as np

from solver.verify.bounds import Draft
from solver.verify.case import Case
from solver.verify.objectives import distances
from solver.verify.textbook import site_columns
from solver.verify.verdict import Unchecked, shown

LIMIT_S = 30.0
NEARER = 1e-7
"""A plan is better where it is better by this share."""


def no_plan_within(case: Case, bound: float) -> list[str]:
    """p-center: that sites nearer than the bound to every place are more than the rules allow."""
    draft = Draft()
    opened = site_columns(draft, case)
    may, near = case.sites["may_open"].to_numpy(), case.pairs.travel < bound * (1 - NEARER)
    pairs = case.pairs.where(near & may[case.pairs.site])
    wanted = np.flatnonzero(case.wanted > 0)
    row = np.searchsorted(wanted, pairs.place)
    keep = np.isin(pairs.place, wanted)
    draft.rows(len(wanted), -1.0, (row[keep], opened[pairs.site[keep]], -np.ones(int(keep.sum()))))
    return _none(draft, case, f"serves every place within less than the bound {shown(bound)}")


def no_plan_farther_apart(case: Case, bound: float) -> list[str]:
    """p-dispersion: that sites farther apart than the bound are fewer than the rules ask for."""
    draft = Draft()
    opened = site_columns(draft, case)
    apart, new = distances(case), case.sites["new"].to_numpy()
    able = np.flatnonzero(case.sites["may_open"].to_numpy()).tolist()
    for a, b in combinations(able, 2):
        if (new[a] or new[b]) and min(apart[a, b], apart[b, a]) <= bound * (1 + NEARER):
            draft.total(opened[[a, b]], 1.0, most=1.0, least=None)
    return _none(draft, case, f"keeps all sites farther apart than the bound {shown(bound)}")


def _none(draft: Draft, case: Case, what: str) -> list[str]:
    """No fault where no plan does it; a fault that names the plan where one does and all rules are in the program."""
    program = draft.build()
    impossible, values = program.is_impossible(LIMIT_S)
    if impossible:
        return []
    p = case.programme
    if values is None or p.spacing_m is not None or p.budget is not None:
        raise Unchecked(f"that no plan {what} was not proven again")
    return [f"the plan {', '.join(case.named(np.flatnonzero(values[: len(case.sites)] > 0.5)))} {what}"]
