"""The models under test, one line each: how a small random problem is made and posed, and what its truth is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import scipy.sparse as sp

from models.arrays import BoolArray
from models.charging.kinds import PileKind
from models.charging.piles import Charging
from models.coverage.capacitated_cover import CapacitatedCover
from models.coverage.expected_cover import ExpectedCover
from models.coverage.max_cover import MaxCover
from models.coverage.nearest_cover import NearestCover
from models.coverage.set_cover import SetCover
from models.coverage.worst_district import WorstDistrict
from models.dispersion import PDispersion, straight_distances
from models.errors import ProblemError
from models.figures import unit_costs_of
from models.flow.problem import Vehicle
from models.flow.refuelling import FlowRefuelling
from models.formulation import Formulation, Rule
from models.hierarchy.hierarchical import HierarchicalCost, HierarchicalCoverage
from models.hierarchy.tiers import TierProblem
from models.market.attraction import Attraction, huff
from models.market.market_share import MarketShare, MarketTarget
from models.median.fixed_charge import AssignmentMedian, FixedCharge
from models.median.p_center import PCenter
from models.median.p_median import PMedian
from models.modular import Modular, Module, modular
from models.problem import Demand, Sites, SitingProblem
from models.rules import UnitsTotal
from tests.models import test_flow_refuelling, test_market_share, truths
from tests.models.brute_force import every_choice
from tests.models.median_truth import reachable_problem
from tests.models.plain_rules import asks_of, kept, sites_cost
from tests.models.random_problems import mixed_rules, random_problem
from tests.models.test_hierarchical import random_problem as random_tiers

MODULES = ((3.0, 2.0, 2.0), (5.0, 3.0, 1.0))
LARGE = ((4.0, 2.0, 2.0), (9.0, 3.0, 1.0))
PILES = ((2.0, 1.0, 2.0), (5.0, 3.0, 1.0))


@dataclass(frozen=True, eq=False)
class Case:
    """A model of the matrix.

    `problem` makes a problem of a generator, `build` poses it (ProblemError: there is nothing to decide), `truth` is
    the best of one choice of open sites. `covers`: it takes floors of coverage; `loads`: a least use of sites;
    `units`: a number of units in all;
    `richest`: budgets are below that; `scale`: by how much the objective grows where weights and capacities treble.
    """

    name: str
    problem: Callable[[np.random.Generator], Any]
    build: Callable[[Any], Formulation]
    truth: truths.Truth
    covers: bool = False
    loads: bool = False
    richest: int = 14
    scale: float | None = None
    units: bool = False

    def instance(self, seed: int) -> tuple[Any, Formulation, tuple[Rule, ...]] | None:
        """Problem, model and rules of a seed; rule number `seed` of those the model claims is among them."""
        rng = np.random.default_rng([seed, *self.name.encode()])
        problem = self.problem(rng)
        try:
            model = self.build(problem)
        except ProblemError:
            return None
        demand = getattr(problem, "demand", None)
        covered, loaded = (demand if takes else None for takes in (self.covers, self.loads))
        asks = {"richest": self.richest, "money": not unit_costs_of(model)}
        rules = mixed_rules(rng, model.sites, covered, loaded, forced=seed, **asks)
        if self.units and rng.random() < 0.3:
            rules = (*rules, UnitsTotal(int(rng.integers(1, 7))))
        return problem, model, rules

    def best(self, problem: Any, model: Formulation, rules: tuple[Rule, ...]) -> tuple[float | None, BoolArray | None]:
        """The best objective over every choice of sites that keeps the rules, and a choice that has it."""
        sign = 1.0 if model.sense == "max" else -1.0
        asks = asks_of(rules, model.sites, getattr(problem, "demand", None))
        best, of = None, None
        for chosen in every_choice(model.sites):
            if not all(kept(rule, model.sites, chosen) for rule in rules):
                continue
            worth = self.truth(problem, chosen, asks)
            if worth is not None and (best is None or sign * worth > sign * best):
                best, of = worth, chosen
        return best, of


def with_capacity(make: Callable[..., SitingProblem], least: int, rng: np.random.Generator) -> SitingProblem:
    """A problem of five sites whose capacities, at least so large, bind; some of them are infinite."""
    problem = make(rng, n_sites=5, n_demand=6)
    n = len(problem.sites)
    capacity = np.where(rng.random(n) < 0.2, np.inf, rng.integers(least, least + 8, n).astype(float))
    return replace(problem, sites=replace(problem.sites, capacity=capacity))


def with_limits(make: Callable[..., SitingProblem], least: int, rng: np.random.Generator) -> SitingProblem:
    """As `with_capacity` with finite capacities only."""
    problem = with_capacity(make, least, rng)
    return replace(problem, sites=replace(problem.sites, capacity=np.minimum(problem.sites.capacity, least + 10.0)))


def gradual(problem: SitingProblem) -> MaxCover:
    """Covering by degrees."""
    travel = problem.travel
    share = truths.share_by_distance(travel.data)
    return MaxCover(problem, partial=sp.csr_array((share, travel.indices, travel.indptr), shape=travel.shape))


def worst(build: Callable[[SitingProblem], Formulation], problem: SitingProblem) -> WorstDistrict:
    """The worst district's share."""
    return WorstDistrict(build(problem), problem.demand)


def in_modules(
    build: Callable[[SitingProblem], Formulation],
    sizes: Sequence[truths.Kind],
    in_objective: bool,
    problem: SitingProblem,
) -> Modular:
    """Two kinds of modules."""
    n = len(problem.sites)
    kinds = [Module(f"m{k}", q, np.full(n, c), np.full(n, most)) for k, (q, c, most) in enumerate(sizes)]
    return modular(build, problem, kinds, in_objective=in_objective)


def piles(problem: SitingProblem) -> Charging:
    """Two kinds of piles."""
    n = len(problem.sites)
    kinds = tuple(PileKind(f"k{k}", 7.0, q, np.full(n, c), np.full(n, most)) for k, (q, c, most) in enumerate(PILES))
    return Charging(problem, kinds)


def vehicles(problem: SitingProblem) -> ExpectedCover:
    """Two vehicles at most, busy two fifths of the time; sites that are there have one."""
    n = len(problem.sites)
    return ExpectedCover(problem, 0.4, np.full(n, 2.0), cost=np.full(n, 2.0), there=np.ones(n))


def in_tiers(rng: np.random.Generator) -> TierProblem:
    """Sites in three tiers, in two districts, with places in two more."""
    problem = random_tiers(int(rng.integers(0, 2**31)), costs=True)
    n, places = len(problem.sites), len(problem.demand)
    group = tuple(("north", "south")[k] for k in rng.integers(0, 2, n))
    sites = replace(problem.sites, group=group, xy=rng.integers(0, 8, (n, 2)).astype(float))
    district = [("east", "west")[k] for k in rng.integers(0, 2, places)]
    return replace(
        problem, sites=sites, demand=Demand.of(problem.demand.ids, weight=problem.demand.weight, group=district)
    )


def served_tiers(rng: np.random.Generator) -> TierProblem:
    """As `in_tiers`, where some chain of sites reaches every place."""
    while True:
        problem = in_tiers(rng)
        if (problem.reachable() | (problem.demand.weight == 0)).all():
            return problem


def loaded(make: Callable[[np.random.Generator], Any], least: int, rng: np.random.Generator) -> Any:
    """A problem whose places take up something else than their weight, `least` or more."""
    problem = make(rng)
    load = rng.integers(least, 6, len(problem.demand)).astype(float)
    return replace(problem, demand=replace(problem.demand, own_load=load))


@dataclass(frozen=True, eq=False)
class Trips:
    """Trips over a small graph, driven step by step for their truth."""

    edges: list[tuple[int, int, int]]
    trips: list[tuple[int, int]]
    weight: list[float]
    sites: Sites
    vehicle: Vehicle


def trips(rng: np.random.Generator) -> Trips:
    """Six nodes on a ring with chords, three trips."""
    edges = [(i, (i + 1) % 6, int(rng.integers(1, 4))) for i in range(6)]
    edges += [(int(a), int(b), int(rng.integers(2, 6))) for a, b in (rng.choice(6, 2, replace=False) for _ in range(2))]
    ends = [rng.choice(6, 2, replace=False).tolist() for _ in range(3)]
    vehicle = Vehicle(
        float(rng.integers(4, 9)), round_trip=bool(rng.random() < 0.5), max_detour_m=float(rng.integers(0, 3))
    )
    sites = random_problem(rng, n_sites=6, n_demand=1).sites
    return Trips(edges, [(a, b) for a, b in ends], rng.integers(1, 9, 3).astype(float).tolist(), sites, vehicle)


def stations(problem: Trips) -> FlowRefuelling:
    """Stations at the nodes."""
    found = test_flow_refuelling.model_of(problem.edges, problem.trips, problem.vehicle, weight=problem.weight)
    return FlowRefuelling(replace(found.problem, sites=problem.sites), problem.vehicle)


def driven(problem: Trips, opened: BoolArray, asks: Any) -> float | None:
    """Vehicles whose trips can be driven, arc by arc."""
    if sites_cost(problem.sites, opened) > asks.budget + 1e-9:
        return None
    arcs, at = test_flow_refuelling.directed(problem.edges), set(np.flatnonzero(opened).tolist())
    works = [test_flow_refuelling.step_by_step(arcs, trip, problem.vehicle, at) for trip in problem.trips]
    return float(np.array(problem.weight) @ works)


def dispersed(problem: SitingProblem) -> PDispersion:
    """The sites alone, by straight distances."""
    return PDispersion(problem.sites, straight_distances(problem.sites))


def rivalled(rng: np.random.Generator) -> SitingProblem:
    """Six sites, some of them a competitor's."""
    return test_market_share.with_competitors(rng, random_problem(rng, n_sites=6, n_demand=9))


def sizes(problem: SitingProblem) -> np.ndarray:
    """Attractiveness (n_sites,) that goes with the id of a site."""
    return np.array([1.0 + int(site[1:]) % 4 for site in problem.sites.ids])


def pulls(problem: SitingProblem) -> Attraction:
    """Huff's, with some who stay away."""
    return huff(problem, sizes(problem), distance_power=2.0, least_travel=1.0, stay_away_travel=2.0)


def by_pull(problem: SitingProblem, opened: BoolArray) -> np.ndarray:
    """Shares (n_demand, n_sites) term by term."""
    return test_market_share.served_by_loops(problem, sizes(problem), 2.0, 2.0, opened)


def share(problem: SitingProblem) -> MarketShare:
    """The most people captured."""
    return MarketShare(problem, pulls(problem))


def target(problem: SitingProblem) -> MarketTarget:
    """The least cost of a third of all people."""
    return MarketTarget(problem, pulls(problem), 0.33, "cost")


def within_target(rng: np.random.Generator) -> SitingProblem:
    """As `rivalled`, where all sites together reach the target."""
    while True:
        problem = rivalled(rng)
        everything = by_pull(problem, ~problem.sites.fixed_closed).sum(axis=1)
        if problem.demand.weight @ everything >= 0.34 * problem.demand.weight.sum():
            return problem


six = partial(random_problem, n_sites=6, n_demand=9)
reachable = partial(reachable_problem, n_sites=6)
limited = partial(with_capacity, random_problem, 2)
plentiful = partial(with_capacity, reachable_problem, 8)
sized = partial(with_limits, random_problem, 2)
roomy = partial(with_limits, reachable_problem, 9)
single = partial(CapacitatedCover, single_source=True)
charge = partial(FixedCharge, price=0.5)
single_charge = partial(FixedCharge, price=0.5, single_source=True)

cover_in_modules = partial(in_modules, CapacitatedCover, MODULES, False)
charge_in_modules = partial(in_modules, charge, LARGE, True)
worst_limited = partial(worst, CapacitatedCover)
everybody = partial(truths.assigning, everybody=True)

CASES = [
    Case("max-cover", six, MaxCover, truths.covering(), covers=True, scale=3),
    Case("max-cover backup", six, partial(MaxCover, backup=2), truths.covering(backup=2), covers=True, scale=3),
    Case("max-cover gradual", six, gradual, truths.covering(gradual=True), covers=True, scale=3),
    Case("max-cover worst", six, partial(worst, MaxCover), truths.covering(worst=True), covers=True, scale=1),
    Case(
        "expected-cover",
        six,
        vehicles,
        truths.expecting(busy=0.4, most=2, price=2.0, there=1),
        covers=True,
        richest=30,
        scale=3,
        units=True,
    ),
    Case(
        "expected-cover worst",
        six,
        partial(worst, vehicles),
        truths.expecting(busy=0.4, most=2, price=2.0, there=1, worst=True),
        covers=True,
        scale=1,
        units=True,
    ),
    Case("set-cover", six, partial(SetCover, leave_out=True), truths.set_covering(by_cost=False), scale=1),
    Case(
        "set-cover cost",
        six,
        partial(SetCover, minimise="cost", leave_out=True),
        truths.set_covering(by_cost=True),
        scale=1,
    ),
    Case(
        "set-cover backup",
        six,
        partial(SetCover, backup=2, leave_out=True),
        truths.set_covering(by_cost=False, backup=2),
        scale=1,
    ),
    Case("capacitated-cover", limited, CapacitatedCover, truths.assigning(), True, True, scale=3),
    Case("capacitated-cover single", limited, single, truths.assigning(single=True), True, True, scale=3),
    Case("capacitated-cover worst", limited, worst_limited, truths.assigning(worst=True), True, True, scale=1),
    Case("capacitated-cover sizes", sized, cover_in_modules, truths.assigning(kinds=MODULES), True, True, units=True),
    Case("capacitated-cover nearest", limited, NearestCover, truths.going_nearest, scale=3),
    Case(
        "capacitated-cover nearest sizes",
        sized,
        partial(in_modules, NearestCover, MODULES, False),
        partial(truths.going_nearest, kinds=MODULES),
        units=True,
    ),
    Case("p-median", reachable, PMedian, truths.nearest, scale=3),
    Case("p-center", reachable, PCenter, truths.farthest, scale=1),
    Case("p-dispersion", six, dispersed, truths.apart),
    Case("p-median capacities", plentiful, AssignmentMedian, everybody(travel_counts=True), False, True, scale=3),
    Case(
        "p-median single",
        plentiful,
        partial(AssignmentMedian, single_source=True),
        everybody(travel_counts=True, single=True),
        loads=True,
        scale=3,
    ),
    Case(
        "p-median sizes",
        roomy,
        partial(in_modules, AssignmentMedian, LARGE, False),
        everybody(travel_counts=True, kinds=LARGE),
        loads=True,
        richest=40,
        units=True,
    ),
    Case("fixed-charge", plentiful, charge, everybody(price=0.5), False, True, 40),
    Case("fixed-charge single", plentiful, single_charge, everybody(price=0.5, single=True), False, True, 40),
    Case(
        "fixed-charge sizes", roomy, charge_in_modules, everybody(price=0.5, kinds=LARGE), False, True, 60, units=True
    ),
    Case("market-share", rivalled, share, truths.capturing(by_pull), covers=True, scale=3),
    Case("market-share worst", rivalled, partial(worst, share), truths.capturing(by_pull, worst=True), True, scale=1),
    Case("market-share target", within_target, target, truths.capturing(by_pull, target=0.33), True, scale=1),
    Case("charging", limited, piles, truths.assigning(kinds=PILES, at_existing=True), True, True),
    Case("hierarchical", in_tiers, HierarchicalCoverage, truths.tiers(by_cost=False), True, True, 60),
    Case("hierarchical cost", served_tiers, HierarchicalCost, truths.tiers(by_cost=True), False, True, 90),
    Case(
        "hierarchical single",
        in_tiers,
        partial(HierarchicalCoverage, single_source=True),
        truths.tiers(by_cost=False, single=True),
        True,
        True,
        60,
    ),
    Case("flow-refuelling", trips, stations, driven),
]
"""A new model is one more line."""

LOADED = [
    replace(case, name=f"{case.name} with loads", problem=partial(loaded, case.problem, "hierarchical" in case.name))
    for case in CASES
    if case.name.partition(" ")[0] in ("capacitated-cover", "charging", "hierarchical", "fixed-charge")
    or case.name.startswith("p-median ")
]
"""The models whose sites carry loads, where loads are not the weights; some are 0 but in tiers."""
