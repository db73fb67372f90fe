"""Figures of a plan, from the plan and the problem alone."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np

from models.arrays import FloatArray, pairs_of
from models.formulation import Formulation
from models.plan import Plan
from models.problem import Demand, SitingProblem


@runtime_checkable
class Priced(Protocol):
    """A formulation whose plans cost more than the opening of sites: units, transport."""

    def cost_of(self, plan: Plan) -> float:
        """Cost of a plan."""
        ...


@runtime_checkable
class InUnits(Protocol):
    """A formulation whose sites hold units: piles, modules."""

    def unit_cost(self) -> Mapping[str, FloatArray]:
        """Kind -> cost (n_sites,) of one unit."""
        ...


@runtime_checkable
class Refuelling(Protocol):
    """A formulation that refuels flows."""

    def refuelled_share(self, plan: Plan) -> float | None:
        """Share of all flow that the plan refuels."""
        ...


@runtime_checkable
class Spread(Protocol):
    """A formulation that keeps sites apart."""

    @property
    def unit(self) -> str:
        """Unit of the distances, `m` or `s`."""
        ...

    def least_spacing(self, plan: Plan) -> float | None:
        """Least distance of an open new site from another open site; None where there is no such pair."""
        ...


@runtime_checkable
class Competing(Protocol):
    """A formulation that shares demand with competitors."""

    def market_shares(self, plan: Plan) -> tuple[float | None, float | None]:
        """Shares of all demand that our sites and that competitors hold."""
        ...


def cost_of(formulation: Formulation, plan: Plan) -> float:
    """Cost of a plan: what is opened and closed, and what units and flows cost."""
    if isinstance(formulation, Priced):
        return formulation.cost_of(plan)
    return formulation.sites.plan_cost(plan.open)


def unit_costs_of(formulation: Formulation) -> Mapping[str, FloatArray]:
    """Kind -> cost (n_sites,) of one unit; empty where sites hold none."""
    return formulation.unit_cost() if isinstance(formulation, InUnits) else {}


@dataclass(frozen=True)
class District:
    """One district's part. A share is None where the district has no weight."""

    weight: float
    covered_weight: float
    covered_share: float | None
    new_sites: int


@dataclass(frozen=True)
class Figures:
    """What a plan does; None where it is unknown or the model has no such thing.

    `mean_travel` is over what is served, weighted; `worst_travel` the farthest place served; `far_share` the weight
    that is not served at all.
    """

    new_sites: int
    open_sites: int
    covered_weight: float | None = None
    total_weight: float | None = None
    covered_share: float | None = None
    mean_travel_min: float | None = None
    mean_travel_m: float | None = None
    worst_travel_min: float | None = None
    worst_travel_m: float | None = None
    market_share: float | None = None
    competitors_share: float | None = None
    least_spacing_m: float | None = None
    least_spacing_min: float | None = None
    refuelled_share: float | None = None
    units: Mapping[str, int] | None = None
    by_district: Mapping[str, District] | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain values for result.json."""
        return asdict(self)


def figures_of(formulation: Formulation, problem: SitingProblem | None, plan: Plan) -> Figures:
    """Figures of a plan; `problem` is None for models that serve no places."""
    sites = formulation.sites
    new = plan.open & sites.is_new
    found: dict[str, Any] = {"new_sites": int(new.sum()), "open_sites": int(plan.open.sum())}
    if plan.units:
        found["units"] = {kind: int(count.sum()) for kind, count in plan.units.items()}
    if isinstance(formulation, Refuelling):
        found["refuelled_share"] = formulation.refuelled_share(plan)
    if isinstance(formulation, Competing):
        found["market_share"], found["competitors_share"] = formulation.market_shares(plan)
    if isinstance(formulation, Spread):
        apart, unit = formulation.least_spacing(plan), formulation.unit
        found["least_spacing_m" if unit == "m" else "least_spacing_min"] = (
            apart if unit == "m" or apart is None else apart / 60
        )
    if problem is not None and plan.served is not None:
        served = np.minimum(1.0, np.asarray(plan.served.sum(axis=1)).ravel())
        found |= _coverage(problem.demand, served) | _travel(problem, plan)
        found["by_district"] = _districts(problem.demand, served, sites.group, new)
    return Figures(**found)


def _coverage(demand: Demand, served: FloatArray) -> dict[str, float | None]:
    total, covered = float(demand.weight.sum()), float(demand.weight @ served)
    return {
        "covered_weight": covered,
        "total_weight": total,
        "covered_share": covered / total if total > 0 else None,
    }


def _travel(problem: SitingProblem, plan: Plan) -> dict[str, float]:
    """Mean and worst travel of what is served, in minutes or metres."""
    if plan.served is None:
        return {}
    rows, columns, share = pairs_of(plan.served)
    travel = np.asarray(problem.travel[rows, columns]).ravel()
    weight = share * problem.demand.weight[rows]
    if not weight.sum() > 0:
        return {}
    factor, unit = (1 / 60, "min") if problem.unit == "s" else (1.0, problem.unit)
    if unit not in {"min", "m"}:
        return {}
    return {
        f"mean_travel_{unit}": float(weight @ travel / weight.sum() * factor),
        f"worst_travel_{unit}": float(travel[weight > 0].max() * factor),
    }


def _districts(
    demand: Demand, served: FloatArray, site_group: tuple[str, ...], new: "np.ndarray[Any, np.dtype[np.bool_]]"
) -> dict[str, District]:
    names, row = np.unique(np.array([g or "all" for g in demand.group], dtype=object), return_inverse=True)
    weight = np.bincount(row, weights=demand.weight, minlength=len(names))
    covered = np.bincount(row, weights=demand.weight * served, minlength=len(names))
    opened = dict.fromkeys(names, 0)
    for name, is_new in zip(site_group, new, strict=True):
        if is_new:
            opened[name or "all"] = opened.get(name or "all", 0) + 1
    known = {name: (float(w), float(c)) for name, w, c in zip(names, weight, covered, strict=True)}
    return {
        str(name): District(
            weight=known.get(name, (0.0, 0.0))[0],
            covered_weight=known.get(name, (0.0, 0.0))[1],
            covered_share=known[name][1] / known[name][0] if known.get(name, (0.0, 0.0))[0] > 0 else None,
            new_sites=n,
        )
        for name, n in opened.items()
    }
