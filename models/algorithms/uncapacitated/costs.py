"""A median problem as lists of costs: what its search and its Lagrangian bound work on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from models.algorithms.uncapacitated.swap_kernel import CostLists, Limits
from models.arrays import BoolArray, FloatArray, IntArray, order_within_rows, pairs_of
from models.formulation import Rule
from models.problem import SiteStatus, SitingProblem
from models.rules import asked

WHOLE = 1e-7
"""So far from a whole number may the worth of a plan be that is meant to be one."""


@dataclass(frozen=True, eq=False)
class AssignmentCosts:
    """Places with weight, sites that may open, and weight times travel (times a price) of every pair.

    `entry` (n_pairs,) is each pair's position in the problem's travel. Of (n_sites,): `sure` are open in every plan,
    `counted` are free and count as new, `closable` are free and do not. `base` is the cost of a plan beside service
    and what `lists.opening` says.
    """

    lists: CostLists
    entry: IntArray
    sure: BoolArray
    counted: BoolArray
    closable: BoolArray
    base: float

    @property
    def place_of_pair(self) -> IntArray:
        """Place (n_pairs,) of every pair."""
        return np.repeat(np.arange(len(self.lists.start) - 1), np.diff(self.lists.start))

    @property
    def whole(self) -> bool:
        """Is the worth of every plan a whole number, but for what rounding has made of a product?"""
        parts = (self.lists.cost, self.lists.opening, np.array([self.base]))
        if any(float(np.abs(part).sum()) >= 2**50 for part in parts):
            return False
        if any(((part != 0) & (np.round(part) == 0)).any() for part in parts):
            return False  # small numbers are no rounding of nothing
        cost, opening, base = (np.abs(part - np.round(part)) for part in parts)
        # a plan serves every place by one pair
        served = np.maximum.reduceat(cost, self.lists.start[:-1]) if len(cost) else cost
        return float(served.sum() + opening.sum() + base.sum()) <= WHOLE


def service_of(problem: SitingProblem, *, price: float = 1.0, with_opening: bool = False) -> AssignmentCosts:
    """The lists of a problem; opening and closing cost count where `with_opening` is set."""
    sites, weight = problem.sites, problem.demand.weight
    place, site, travel = pairs_of(problem.travel)
    keep = np.flatnonzero(~sites.fixed_closed[site] & (weight[place] > 0))
    cost = price * weight[place[keep]] * travel[keep]
    each = np.bincount(place[keep], minlength=len(weight))
    order = order_within_rows(np.concatenate([[0], np.cumsum(each)]).astype(np.int64), cost)
    keep, cost = keep[order], cost[order]
    each = each[each > 0]
    row = np.repeat(np.arange(len(each)), each)
    ends = np.concatenate([[0], np.cumsum(each)]).astype(np.int64)
    by_site = sp.csc_array(sp.csr_array((np.arange(len(keep)), site[keep], ends), (len(each), len(sites)))).data
    closable = sites.is_(SiteStatus.CLOSABLE)
    opening = sites.opening_cost() if with_opening else np.zeros(len(sites))
    lists = CostLists(
        start=ends,
        site=site[keep],
        cost=cost,
        start_of_site=np.concatenate([[0], np.cumsum(np.bincount(site[keep], minlength=len(sites)))]).astype(np.int64),
        place_of_site=row[by_site].astype(np.int64),
        cost_of_site=cost[by_site],
        opening=opening,
        money=sites.opening_cost(),
        far=float(cost[ends[1:] - 1].sum() + np.abs(opening).sum()) + 1.0,
    )
    return AssignmentCosts(
        lists=lists,
        entry=keep.astype(np.int64),
        sure=sites.fixed_open | (closable & (not with_opening)),
        counted=sites.is_(SiteStatus.CANDIDATE),
        closable=closable & with_opening,
        base=sites.base_cost() if with_opening else 0.0,
    )


def numbers_asked(service: AssignmentCosts, rules: Sequence[Rule], required: int) -> tuple[int, int]:
    """Least and most free new sites that the rules on numbers allow; `required` new ones are open anyway."""
    least, most = 0, int(service.counted.sum())
    few, many = asked.fewest(rules), asked.most(rules)
    least = least if few is None else max(least, few - required)
    return least, most if many is None else min(most, many - required)


def limits_of(service: AssignmentCosts, problem: SitingProblem, rules: Sequence[Rule]) -> Limits | None:
    """What a search must keep to; None where a rule says more than a number of new sites and a budget for sites."""
    if not asked.only_numbers_and_money(rules):
        return None
    sites = problem.sites
    least, most = numbers_asked(service, rules, int(sites.is_(SiteStatus.REQUIRED).sum()))
    spent = sites.base_cost() + float(service.lists.money[service.sure].sum())
    budget = asked.money(rules) - spent
    return None if least > most or budget < 0 else Limits(least, most, budget)


def prices_to_begin(service: AssignmentCosts, first: FloatArray, second: FloatArray) -> FloatArray:
    """Prices (n_places,) between the cost of the nearest and the second nearest site."""
    far = service.lists.far
    return np.where(second < far, 0.5 * (first + second), np.where(first < far, first, 0.0))
