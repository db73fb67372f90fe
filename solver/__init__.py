"""Sites for public infrastructure: everything that feeds the mathematics and acts on its answer. Import from here.

    import solver

    problem = solver.SitingProblem.dense(sites, demand, travel, unit="m").within(500)
    solution = solver.solve_model(solver.MaxCover(problem), [solver.Count(3, "exactly")])

Names are loaded when they are first used, so that `import solver` takes no time.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models._version import __version__
    from models.charging.kinds import PileKind
    from models.charging.piles import Charging
    from models.coverage.capacitated_cover import CapacitatedCover
    from models.coverage.max_cover import MaxCover
    from models.coverage.nearest_cover import NearestCover
    from models.coverage.set_cover import SetCover
    from models.coverage.worst_district import WorstDistrict
    from models.dispersion import PDispersion, straight_distances
    from models.errors import ProblemError, SitingError
    from models.flow.problem import FlowProblem, Vehicle
    from models.flow.refuelling import FlowRefuelling
    from models.hierarchy.hierarchical import HierarchicalCost, HierarchicalCoverage
    from models.hierarchy.tiers import TierProblem
    from models.market.attraction import Attraction, huff
    from models.market.market_share import MarketShare, MarketTarget
    from models.median.fixed_charge import AssignmentMedian, FixedCharge
    from models.median.nearest import without_lost
    from models.median.p_center import PCenter
    from models.median.p_median import PMedian
    from models.modular import Modular, Module, modular
    from models.phasing import Phase, Phasing
    from models.plan import Plan
    from models.portfolio import Link, Member, Portfolio
    from models.problem import Demand, Sites, SiteStatus, SitingProblem
    from models.rules.count import Count, GroupCount
    from models.rules.coverage import CoverageFloor
    from models.rules.money import Budget
    from models.rules.pairs import AtMostOneOf, Needs, Spacing
    from models.rules.sites import Decided
    from models.rules.units import UnitsTotal
    from models.rules.use import MinimumUse
    from models.rules.years import OfYear, OrderOfYears, YearBudgets, YearCount
    from solver.api.frames import (
        DemandFrame,
        FramedProblem,
        SiteFrame,
        demand_from_frame,
        problem_from_matrix,
        problem_on_roads,
        roads_from_lines,
        sites_from_frame,
        travel_on_roads,
    )
    from solver.api.solution import Solution, StudySolutions, run_study, solve_model
    from solver.api.together import Together, solve_together
    from solver.errors import CheckError, EngineError, LayerError, NetworkError, StudyError
    from solver.events import Event, SolveOptions
    from solver.network.line_columns import LineColumns
    from solver.pose.covering import decayed
    from solver.results.result import Marginal, OtherPlan
    from solver.study.schema import Alternatives, Decay, Marginals, Reach

HOMES = {
    "Alternatives": "solver.study.schema",
    "AssignmentMedian": "models.median.fixed_charge",
    "AtMostOneOf": "models.rules.pairs",
    "Attraction": "models.market.attraction",
    "Budget": "models.rules.money",
    "CapacitatedCover": "models.coverage.capacitated_cover",
    "Charging": "models.charging.piles",
    "CheckError": "solver.errors",
    "Count": "models.rules.count",
    "CoverageFloor": "models.rules.coverage",
    "Decay": "solver.study.schema",
    "Decided": "models.rules.sites",
    "Demand": "models.problem",
    "DemandFrame": "solver.api.frames",
    "EngineError": "solver.errors",
    "Event": "solver.events",
    "FixedCharge": "models.median.fixed_charge",
    "FlowProblem": "models.flow.problem",
    "FlowRefuelling": "models.flow.refuelling",
    "FramedProblem": "solver.api.frames",
    "GroupCount": "models.rules.count",
    "HierarchicalCost": "models.hierarchy.hierarchical",
    "HierarchicalCoverage": "models.hierarchy.hierarchical",
    "LayerError": "solver.errors",
    "LineColumns": "solver.network.line_columns",
    "Link": "models.portfolio",
    "Marginals": "solver.study.schema",
    "MarketShare": "models.market.market_share",
    "MarketTarget": "models.market.market_share",
    "MaxCover": "models.coverage.max_cover",
    "Member": "models.portfolio",
    "MinimumUse": "models.rules.use",
    "Modular": "models.modular",
    "Module": "models.modular",
    "Needs": "models.rules.pairs",
    "NetworkError": "solver.errors",
    "OfYear": "models.rules.years",
    "OrderOfYears": "models.rules.years",
    "OtherPlan": "solver.results.result",
    "PCenter": "models.median.p_center",
    "PDispersion": "models.dispersion",
    "PMedian": "models.median.p_median",
    "Phase": "models.phasing",
    "Phasing": "models.phasing",
    "PileKind": "models.charging.kinds",
    "Plan": "models.plan",
    "Portfolio": "models.portfolio",
    "ProblemError": "models.errors",
    "Reach": "solver.study.schema",
    "NearestCover": "models.coverage.nearest_cover",
    "SetCover": "models.coverage.set_cover",
    "SiteFrame": "solver.api.frames",
    "SiteStatus": "models.problem",
    "Marginal": "solver.results.result",
    "Sites": "models.problem",
    "SitingError": "models.errors",
    "SitingProblem": "models.problem",
    "Solution": "solver.api.solution",
    "SolveOptions": "solver.events",
    "Spacing": "models.rules.pairs",
    "StudyError": "solver.errors",
    "StudySolutions": "solver.api.solution",
    "TierProblem": "models.hierarchy.tiers",
    "Together": "solver.api.together",
    "UnitsTotal": "models.rules.units",
    "Vehicle": "models.flow.problem",
    "WorstDistrict": "models.coverage.worst_district",
    "YearBudgets": "models.rules.years",
    "YearCount": "models.rules.years",
    "__version__": "models._version",
    "decayed": "solver.pose.covering",
    "demand_from_frame": "solver.api.frames",
    "huff": "models.market.attraction",
    "modular": "models.modular",
    "problem_from_matrix": "solver.api.frames",
    "problem_on_roads": "solver.api.frames",
    "roads_from_lines": "solver.api.frames",
    "run_study": "solver.api.solution",
    "sites_from_frame": "solver.api.frames",
    "solve_model": "solver.api.solution",
    "solve_together": "solver.api.together",
    "straight_distances": "models.dispersion",
    "travel_on_roads": "solver.api.frames",
    "without_lost": "models.median.nearest",
}
"""Public name -> the module that holds it."""

__all__ = [
    "Alternatives",
    "AssignmentMedian",
    "AtMostOneOf",
    "Attraction",
    "Budget",
    "CapacitatedCover",
    "Charging",
    "CheckError",
    "Count",
    "CoverageFloor",
    "Decay",
    "Decided",
    "Demand",
    "DemandFrame",
    "EngineError",
    "Event",
    "FixedCharge",
    "FlowProblem",
    "FlowRefuelling",
    "FramedProblem",
    "GroupCount",
    "HierarchicalCost",
    "HierarchicalCoverage",
    "LayerError",
    "LineColumns",
    "Link",
    "Marginal",
    "Marginals",
    "MarketShare",
    "MarketTarget",
    "MaxCover",
    "Member",
    "MinimumUse",
    "Modular",
    "Module",
    "NearestCover",
    "Needs",
    "NetworkError",
    "OfYear",
    "OrderOfYears",
    "OtherPlan",
    "PCenter",
    "PDispersion",
    "PMedian",
    "Phase",
    "Phasing",
    "PileKind",
    "Plan",
    "Portfolio",
    "ProblemError",
    "Reach",
    "SetCover",
    "SiteFrame",
    "SiteStatus",
    "Sites",
    "SitingError",
    "SitingProblem",
    "Solution",
    "SolveOptions",
    "Spacing",
    "StudyError",
    "StudySolutions",
    "TierProblem",
    "Together",
    "UnitsTotal",
    "Vehicle",
    "WorstDistrict",
    "YearBudgets",
    "YearCount",
    "__version__",
    "decayed",
    "demand_from_frame",
    "huff",
    "modular",
    "problem_from_matrix",
    "problem_on_roads",
    "roads_from_lines",
    "run_study",
    "sites_from_frame",
    "solve_model",
    "solve_together",
    "straight_distances",
    "travel_on_roads",
    "without_lost",
]


def __getattr__(name: str) -> Any:
    """A public name, loaded now."""
    if name not in HOMES:
        raise AttributeError(f"module solver has no attribute {name}")
    return getattr(import_module(HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *HOMES})
