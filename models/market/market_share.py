"""The share of demand that our sites capture from competitors (Huff's model), and the least that captures a target.

Sets: classes k of places with equal pulls, weight w_k; our sites j; a_kj > 0 the pull of site j at k, b_k what
competitors and staying away pull, f_k what our sites that are open in every plan pull.
A class goes to site j with probability a_kj / (b_k + sum of a_ki over our open sites i).
Columns: open_j in {0, 1}; go_kj in [0, 1]: the share of class k that goes to site j; away_k in [0, 1] where b_k > 0.

    max  sum_kj w_k go_kj
    go_kj - a_kj / (b_k + f_k + a_kj) open_j   <= 0    goes_only_to_open_sites  (f_k without a_kj where j is in it)
    b_k go_kj - a_kj away_k                    <= 0    goes_by_pull_against_the_others
    sum_j go_kj + away_k                       <= 1    everyone_goes_once

For whole open_j the greatest sum of go_kj is the captured share itself: go_kj <= (a_kj / b_k) away_k at open sites and
the sum give away_k >= b_k / (b_k + open pull), and equality is possible. `MarketTarget` asks that the captured weight
reaches a share of all demand and takes the fewest new sites, or the least cost.

References: Huff (1964), Journal of Marketing 28; the linear program for such shares: Haase (2009); Benati and Hansen
(2002), EJOR 143; compared by Haase and Mueller (2014), EJOR 232; Freire, Moreno and Yushimito (2016), EJOR 252.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal

import numpy as np
import scipy.sparse as sp

from models.arrays import BoolArray, FloatArray, Sparse, pairs_of, sparse_from_pairs
from models.brief import brief
from models.demand_classes import PlaceClasses, merge_places
from models.errors import ProblemError
from models.formulation import Draft, least_opening_cost, open_block, opening_cost
from models.given import checked
from models.labels import PairLabels
from models.market.attraction import Attraction
from models.messages import say
from models.percent import percent
from models.placed import OverPlaces
from models.plan import Plan
from models.problem import SitingProblem
from models.program import Block, ProgramBuilder, Sense, Term, identity

ROUNDING = 1e-6


@dataclass(frozen=True, eq=False)
class Captured:
    """What both models share: classes of places, columns, rows, and the plan that opens given sites."""

    problem: SitingProblem
    attraction: Attraction

    @cached_property
    def classes(self) -> PlaceClasses:
        """Places with weight and a site of ours in reach; equal pulls are one class."""
        own, against = self.attraction.own, self.attraction.rival + self.attraction.stay
        joined = sp.csr_array(sp.hstack([own, sp.csr_array(against[:, None])]))
        joined.sort_indices()
        weight = np.where(np.diff(own.indptr) > 0, self.problem.demand.weight, 0.0)
        return merge_places(joined, joined.data, weight)

    @cached_property
    def own(self) -> Sparse:
        """Pull (n_classes, n_sites) of our sites."""
        return sp.csr_array(self.attraction.own[self.classes.first])

    @cached_property
    def against(self) -> FloatArray:
        """Pull (n_classes,) of competitors and of staying away."""
        return np.asarray((self.attraction.rival + self.attraction.stay)[self.classes.first])

    def draft(self, builder: ProgramBuilder) -> Draft:
        """Columns and rows; the objective is left to the caller."""
        sites, demand, classes = self.problem.sites, self.problem.demand, self.classes
        of, site, pull = pairs_of(self.own)
        names = [demand.ids[i] for i in classes.first]
        labels = PairLabels(of, site, names, sites.ids)
        opened = open_block(builder, sites)
        go = builder.columns("go", len(of), upper=1.0, labels=labels)
        rivalled = np.flatnonzero(self.against > 0)
        away = builder.columns("away", len(rivalled), upper=1.0, labels=[names[k] for k in rivalled])
        n, m = len(of), len(classes.first)
        sure = np.asarray(self.own @ sites.fixed_open.astype(np.float64))
        most = pull / (self.against[of] + sure[of] + np.where(sites.fixed_open[site], 0.0, pull))
        at_site = sp.csr_array((-most, site, np.arange(n + 1)), shape=(n, len(sites)))
        builder.rows("goes_only_to_open_sites", [(identity(n), go), (at_site, opened)], upper=0.0, labels=labels)
        self._against(builder, go, away, rivalled, labels)
        by_class = sp.csr_array(sp.coo_array((np.ones(n), (of, np.arange(n))), shape=(m, n)))
        stays = sp.csr_array(
            sp.coo_array((np.ones(len(rivalled)), (rivalled, np.arange(len(rivalled)))), shape=(m, len(rivalled)))
        )
        builder.rows("everyone_goes_once", [(by_class, go), (stays, away)], upper=1.0, labels=names)
        has = np.flatnonzero(classes.of >= 0)
        of_place = sp.csr_array(sp.coo_array((np.ones(len(has)), (has, classes.of[has])), shape=(len(demand), m)))
        return Draft(
            builder=builder,
            sites=sites,
            open=opened,
            cost=opening_cost(sites, opened),
            base_cost=sites.base_cost(),
            demand=demand,
            covered_terms=[(sp.csr_array(of_place @ by_class), go)],
            blocks={"open": opened, "go": go, "away": away},
        )

    def _against(
        self, builder: ProgramBuilder, go: Block, away: Block, rivalled: np.ndarray, labels: Sequence[str]
    ) -> None:
        of, _, pull = pairs_of(self.own)
        rows = np.flatnonzero(self.against[of] > 0)
        column = np.searchsorted(rivalled, of[rows])
        size = np.maximum(self.against[of[rows]], pull[rows])
        each = np.arange(len(rows))
        go_part = sp.coo_array((self.against[of[rows]] / size, (each, rows)), shape=(len(rows), go.size))
        away_part = sp.coo_array((-pull[rows] / size, (each, column)), shape=(len(rows), away.size))
        terms: list[Term] = [(sp.csr_array(go_part), go), (sp.csr_array(away_part), away)]
        builder.rows("goes_by_pull_against_the_others", terms, upper=0.0, labels=[labels[int(r)] for r in rows])

    def weights(self) -> FloatArray:
        """Weight (n_go,) of the class of every column `go`."""
        return np.asarray(self.classes.weight[pairs_of(self.own)[0]])

    def plan_of(self, is_open: BoolArray) -> Plan:
        """The plan that opens the given sites (n_sites,): every place goes by the pulls."""
        place, site, pull = pairs_of(self.attraction.own)
        total = self.attraction.own_pull(is_open) + self.attraction.rival + self.attraction.stay
        at = is_open[site]
        place, site, pull = place[at], site[at], pull[at]
        return Plan(open=is_open, served=sparse_from_pairs(place, site, pull / total[place], self.attraction.own.shape))

    def values_of(self, draft: Draft, plan: Plan, values: FloatArray) -> None:
        """Write the column values for a plan."""
        of, site, pull = pairs_of(self.own)
        total = np.asarray(self.own @ plan.open.astype(np.float64)) + self.against
        some = np.where(total > 0, total, 1.0)
        values[draft.open.index] = plan.open
        values[draft.blocks["go"].index] = pull * plan.open[site] / some[of]
        values[draft.blocks["away"].index] = (self.against / some)[self.against > 0]

    def captured(self, plan: Plan) -> float:
        """Weight that the open sites capture, place by place."""
        return float(self.problem.demand.weight @ self.attraction.shares(plan.open)[0])

    def market_shares(self, plan: Plan) -> tuple[float | None, float | None]:
        """Shares of all demand that our sites and that competitors hold; None without demand."""
        weight = self.problem.demand.weight
        if not weight.any():
            return None, None
        own, rival = self.attraction.shares(plan.open)
        return float(weight @ own / weight.sum()), float(weight @ rival / weight.sum())


class _Capturing(OverPlaces):
    """What both models share: places go by the pulls of the open sites."""

    attraction: Attraction

    @cached_property
    def capture(self) -> Captured:
        """Who goes where."""
        return Captured(self.problem, self.attraction)

    def read_plan(self, draft: Draft, values: FloatArray) -> Plan:
        """Open sites; every place goes by the pulls."""
        return self.capture.plan_of(draft.open.of(values) > 0.5)

    def values_of(self, draft: Draft, plan: Plan, values: FloatArray) -> None:
        """Write the column values for a plan."""
        self.capture.values_of(draft, plan, values)

    def market_shares(self, plan: Plan) -> tuple[float | None, float | None]:
        """Shares of all demand that our sites and that competitors hold."""
        return self.capture.market_shares(plan)


@checked
@brief
@dataclass(frozen=True, eq=False)
class MarketShare(_Capturing):
    """The most demand captured (Huff 1964; Haase 2009)."""

    problem: SitingProblem
    attraction: Attraction
    name: ClassVar[str] = "market-share"
    sense: ClassVar[Sense] = "max"

    def draft(self, builder: ProgramBuilder) -> Draft:
        """Put columns, rows and objective into the builder."""
        draft = self.capture.draft(builder)
        builder.add_objective(draft.blocks["go"], self.capture.weights())
        return draft

    def objective_of(self, plan: Plan) -> float:
        """Weight captured."""
        return self.capture.captured(plan)

    @cached_property
    def known_bound(self) -> float:
        """What no plan passes: the weight captured with every site open that may be."""
        return self.capture.captured(self.capture.plan_of(~self.sites.fixed_closed))


@checked
@brief
@dataclass(frozen=True, eq=False)
class MarketTarget(_Capturing):
    """The fewest new sites (`minimise="sites"`), or the least cost, that capture the share `target` of all demand."""

    problem: SitingProblem
    attraction: Attraction
    target: float
    minimise: Literal["sites", "cost"] = "sites"
    name: ClassVar[str] = "market-share"
    sense: ClassVar[Sense] = "min"

    def __post_init__(self) -> None:
        if not 0 <= self.target <= 1:
            raise ProblemError(say("target_share must be a share; got {target}", target=self.target))
        everything = self.market_shares(self.capture.plan_of(~self.sites.fixed_closed))[0] or 0.0
        if everything < self.target - ROUNDING:
            raise ProblemError(
                say(
                    "all sites together capture {everything} of the demand; the target is {target}: lower "
                    "it, widen the reach, or add sites",
                    everything=percent(everything, 2),
                    target=percent(self.target, 2),
                )
            )

    def draft(self, builder: ProgramBuilder) -> Draft:
        """Put columns, rows and objective into the builder."""
        draft = self.capture.draft(builder)
        builder.add_objective(draft.open, self._price())
        builder.offset += self._base()
        total = max(float(self.problem.demand.weight.sum()), 1e-300)
        share = sp.csr_array(self.capture.weights()[None, :] / total)
        builder.rows("captured_share_reaches_the_target", [(share, draft.blocks["go"])], lower=self.target)
        return draft

    @cached_property
    def known_bound(self) -> float:
        """What is fixed, and every free site as it is cheaper."""
        if self.minimise == "cost":
            return least_opening_cost(self.sites)
        return float((self.sites.fixed_open & self.sites.is_new).sum())

    def objective_of(self, plan: Plan) -> float:
        """Number of new sites or cost; inf where the target is missed."""
        if (self.market_shares(plan)[0] or 0.0) < self.target - ROUNDING:
            return np.inf
        return float(self._price()[plan.open].sum()) + self._base()

    def _price(self) -> FloatArray:
        if self.minimise == "cost":
            return self.sites.opening_cost()
        return self.sites.is_new.astype(np.float64)

    def _base(self) -> float:
        return self.sites.base_cost() if self.minimise == "cost" else 0.0
