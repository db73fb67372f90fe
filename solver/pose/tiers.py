"""Posing `hierarchical`: sites in tiers, travel from each tier to the next, places below the lowest."""

import numpy as np

from models.arrays import FloatArray, IntArray, Sparse, pairs_of, sparse_from_pairs
from models.formulation import Rule
from models.hierarchy.hierarchical import HierarchicalCost, HierarchicalCoverage
from models.hierarchy.tiers import TierProblem
from models.messages import Message, say
from models.problem import SitingProblem
from solver.errors import StudyError
from solver.findings import Finding
from solver.inputs.instance import ProgrammeInputs
from solver.inputs.roads import Points
from solver.inputs.travel import TravelSource
from solver.optimise.methods import posed
from solver.optimise.posed import PosedProgramme
from solver.pose.covering import weight_unit
from solver.pose.faults import RIGHT_UNIT, is_missing
from solver.pose.impedance import within_own_limits
from solver.pose.rules import rules_of
from solver.study.schema import Reach, Tier

FASTEST_M_PER_S = 120 / 3.6
"""No road is faster: lengths of pairs within a time are looked for this far."""


def pose_hierarchical(inputs: ProgrammeInputs, source: TravelSource) -> PosedProgramme:
    """`hierarchical`: most served through open chains, or the least cost of serving everyone."""
    programme = inputs.programme
    problem = tier_problem(inputs, source)
    by_cost = programme.objective == "cost"
    model = (HierarchicalCost if by_cost else HierarchicalCoverage)(problem, single_source=programme.single_source)
    rules: tuple[Rule, ...] = rules_of(inputs)
    return posed(
        inputs,
        model,
        rules,
        unit=inputs.currency.code if by_cost else weight_unit(inputs),
        problem=SitingProblem(problem.sites, problem.demand, problem.access, unit=problem.unit),
        facts={"reachable_weight": float(problem.demand.weight[problem.reachable()].sum())},
    )


def tier_problem(inputs: ProgrammeInputs, source: TravelSource) -> TierProblem:
    """Sites, demand and travel between the tiers; StudyError with everything that is missing."""
    programme, place = inputs.programme, f"programmes.{inputs.name}"
    faults = [
        is_missing(inputs, key)
        for key, value in (("demand", inputs.demand), ("reach", programme.reach))
        if value is None
    ]
    if len(programme.tiers) < 2:
        remedy = say("{model} needs at least 2, highest first", model=programme.model)
        faults.append(Finding(f"{place}.tiers", say("has {n}", n=len(programme.tiers)), remedy))
    faults += [
        Finding(
            f"{place}.tiers.{i}.reach",
            say("is missing"),
            say("say how far {lower} may be from {upper}", lower=tier.name, upper=programme.tiers[i - 1].name),
        )
        for i, tier in enumerate(programme.tiers)
        if i > 0 and tier.reach is None
    ]
    if faults or inputs.demand is None or programme.reach is None or inputs.tier is None:
        raise StudyError(*faults)
    demand, sites, tier = inputs.demand, inputs.sites, np.asarray(inputs.tier, dtype=np.int64)
    parts = [np.flatnonzero(tier == i) for i in range(len(programme.tiers))]
    points = [_points(inputs, part) for part in parts]
    n = len(sites)
    serving = np.arange(n) if programme.nested else parts[-1]
    places, servers = Points(demand.ids, demand.xy), _points(inputs, serving)
    reached = within_own_limits(source.between(places, servers, programme.reach), inputs.demand_limit)
    _refuse_empty(reached, f"{place}.reach", say("a place to any site of {tier}", tier=programme.tiers[-1].name))
    access_cost = _transport(programme.transport_per_km, programme.reach, reached, (places, servers), source)
    access = _spread(reached, np.arange(len(demand)), serving, n)
    feeds: list[tuple[IntArray, IntArray, FloatArray, FloatArray]] = []
    for level in range(1, len(parts)):
        section, reach = programme.tiers[level], _reach(programme.tiers[level])
        above = np.concatenate(parts[:level]) if programme.nested else parts[level - 1]
        ends = points[level], _points(inputs, above)
        travel = source.between(*ends, reach)
        what = say("{lower} to {upper}", lower=section.name, upper=programme.tiers[level - 1].name)
        _refuse_empty(travel, f"{place}.tiers.{level}.reach", what)
        lower, upper, amount = pairs_of(travel)
        price = _transport(section.transport_per_km, reach, travel, ends, source)
        feeds.append((above[upper], parts[level][lower], amount, price))
    uppers, lowers, amounts, prices = (np.concatenate(part) for part in zip(*feeds, strict=True))
    return TierProblem(
        sites=sites,
        tier=tier,
        demand=demand,
        access=access,
        feed=sparse_from_pairs(uppers, lowers, amounts, (n, n)),
        access_cost=access_cost,
        feed_cost=sparse_from_pairs(uppers, lowers, prices, (n, n)).data,
        nested=programme.nested,
        unit=programme.reach.unit,
    )


def _points(inputs: ProgrammeInputs, part: IntArray) -> Points:
    xy = inputs.sites.xy
    return Points(tuple(inputs.sites.ids[i] for i in part), None if xy is None else xy[part])


def _reach(tier: Tier) -> Reach:
    if tier.reach is None:
        raise StudyError(say("tiers: {tier} has no reach", tier=tier.name))
    return tier.reach


def _spread(travel: Sparse, rows: IntArray, columns: IntArray, n: int) -> Sparse:
    """A matrix of one tier as columns among all sites."""
    row, column, value = pairs_of(travel)
    return sparse_from_pairs(rows[row], columns[column], value, (travel.shape[0], n))


def _refuse_empty(travel: Sparse, key: str, what: Message) -> None:
    if travel.nnz == 0:
        raise StudyError(Finding(key, say("nothing is within reach from {what}", what=what), RIGHT_UNIT))


def _transport(
    per_km: float | None, reach: Reach, travel: Sparse, ends: tuple[Points, Points], source: TravelSource
) -> FloatArray:
    """Money per unit (nnz of travel,) of carrying it between the ends, by the length of the shortest way."""
    if not per_km or not travel.nnz:
        return np.zeros(travel.nnz)
    length = travel
    if reach.unit == "s":
        far = reach.model_copy(update={"limit_min": None, "limit_m": reach.limit * FASTEST_M_PER_S})
        length = source.between(*ends, far)
    rows, columns, _ = pairs_of(travel)
    known = sparse_from_pairs(*pairs_of(length)[:2], np.ones(length.nnz), length.shape)
    if length.nnz < travel.nnz or not np.asarray(known[rows, columns]).all():
        fact = say(
            "some ways within {minutes:g} min are longer than {km:.6g} km, faster than {kph:g} km/h",
            minutes=reach.limit / 60,
            km=reach.limit * FASTEST_M_PER_S / 1000,
            kph=3.6 * FASTEST_M_PER_S,
        )
        remedy = say("look at network.speeds_kph, or give the reach in m")
        raise StudyError(Finding("transport_per_km", fact, remedy))
    return np.asarray(length[rows, columns]).ravel() * per_km / 1000.0
