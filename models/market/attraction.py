"""How strongly every site pulls at every place (Huff 1964), and what others and staying at home pull."""

from dataclasses import dataclass

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray, Sparse, pairs_of, sparse_from_pairs
from models.brief import brief
from models.errors import ProblemError
from models.given import checked
from models.messages import Listed, say
from models.problem import SiteStatus, SitingProblem

NAMED = 5


@checked
@brief
@dataclass(frozen=True, eq=False)
class Attraction:
    """`own` (n_demand, n_sites): pull of our sites that may open; `rival` and `stay` (n_demand,).

    Pulls at a place only matter in proportion: the greatest of each place is 1. Pairs without pull are left out.
    """

    own: Sparse
    rival: FloatArray
    stay: FloatArray

    def own_pull(self, is_open: BoolArray) -> FloatArray:
        """Pull (n_demand,) of the open sites together."""
        return np.asarray(self.own @ is_open.astype(np.float64))

    def shares(self, is_open: BoolArray) -> tuple[FloatArray, FloatArray]:
        """Shares (n_demand,) of every place that our open sites and that competitors capture."""
        own = self.own_pull(is_open)
        total = own + self.rival + self.stay
        some = np.where(total > 0, total, 1.0)
        return own / some, self.rival / some


@checked
def huff(
    problem: SitingProblem,
    attractiveness: FloatArray,
    *,
    attractiveness_power: float = 1.0,
    distance_power: float = 2.0,
    least_travel: float = 0.0,
    stay_away_travel: float | None = None,
) -> Attraction:
    """Pull = attractiveness^attractiveness_power / travel^distance_power, of every pair within reach.

    `attractiveness` (n_sites,). Travel below `least_travel` counts as that. `stay_away_travel`: so far from a single
    site of mean attractiveness, half of the people stay away. ProblemError where travel of 0 would pull without limit.
    """
    if np.shape(attractiveness) != (len(problem.sites),) or not (np.isfinite(attractiveness).all()):
        raise ProblemError(say("attractiveness needs a finite number for each of {n} sites", n=len(problem.sites)))
    if np.min(attractiveness, initial=0.0) < 0:
        raise ProblemError(say("attractiveness must be at least 0 at every site"))
    place, site, travel = pairs_of(problem.travel)
    keep = (problem.demand.weight[place] > 0) & (attractiveness[site] > 0)
    keep &= ~problem.sites.fixed_closed[site] | problem.sites.is_(SiteStatus.COMPETITOR)[site]
    place, site, travel = place[keep], site[keep], np.maximum(travel[keep], least_travel)
    _refuse_zero(problem, place[travel == 0], site[travel == 0])
    log = attractiveness_power * np.log(attractiveness[site]) - distance_power * np.log(travel)
    n = len(problem.demand)
    stay = np.full(n, -np.inf)
    if stay_away_travel is not None:
        mean = float(np.mean(attractiveness))
        stay[:] = attractiveness_power * np.log(mean) - distance_power * np.log(stay_away_travel)
    top = stay.copy()
    np.maximum.at(top, place, log)
    pull = np.exp(log - top[place])
    others = problem.sites.is_(SiteStatus.COMPETITOR)[site]
    some = ~others & (pull > 0)
    return Attraction(
        own=sparse_from_pairs(place[some], site[some], pull[some], problem.travel.shape),
        rival=np.bincount(place[others], weights=pull[others], minlength=n).astype(np.float64),
        stay=np.where(np.isfinite(stay), np.exp(stay - np.where(np.isfinite(top), top, 0.0)), 0.0),
    )


def _refuse_zero(problem: SitingProblem, place: IntArray, site: IntArray) -> None:
    if len(place):
        named = [f"{problem.demand.ids[i]} - {problem.sites.ids[j]}" for i, j in zip(place, site, strict=True)]
        raise ProblemError(
            say(
                "{n} pairs are 0 {unit} apart ({named}), where a site pulls without limit: set a least travel",
                n=len(named),
                unit=problem.unit,
                named=Listed(named[:NAMED]),
            )
        )
