"""Which keys of a programme mean something to which model; the rest is refused with the reason, never ignored."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from models.problem import SiteStatus
from solver.errors import StudyError
from solver.inputs.instance import ProgrammeInputs
from solver.study.schema import Programme

SHARES = ("max-cover", "capacitated-cover", "charging", "hierarchical", "market-share")
"""Models that serve some places and not others."""
LOADS = ("capacitated-cover", "fixed-charge", "p-median", "charging", "hierarchical")
"""Models that say how much every site serves."""
SERVING = (*SHARES, "set-cover", "p-median", "p-center", "fixed-charge")
"""Models that serve places at all."""
MODULAR = ("capacitated-cover", "fixed-charge", "p-median")
"""Models whose sites have a capacity that may come in modules."""
NO_CAPACITY = ("max-cover", "set-cover", "p-center", "p-dispersion", "market-share")
"""Models in which a capacity of a site would say nothing."""


@dataclass(frozen=True)
class Fit:
    """The models that take a key, and what the others lack."""

    models: tuple[str, ...]
    because: str


FITS: dict[str, Fit] = {
    "floor_share": Fit(SHARES, "it needs a model that covers some places and not others"),
    "objective_order": Fit(SHARES, "it needs a model that covers some places and not others"),
    "minimum_use": Fit(LOADS, "it needs a model that assigns demand to sites"),
    "sizes": Fit(MODULAR, "it needs a model whose sites have a capacity"),
    "sizes_total": Fit(MODULAR, "it needs a model whose sites have a capacity"),
    "competitors": Fit(("market-share",), "it needs a model in which others compete"),
    "decay": Fit(("max-cover",), "it needs a model that covers places by degrees"),
    "impedance": Fit(("p-median", "fixed-charge"), "it needs a model that adds travel up"),
    "backup": Fit(("max-cover", "set-cover"), "it needs a model that counts the sites in reach of a place"),
    "piles": Fit(("charging",), "it needs a model that sets up piles"),
    "flows": Fit(("flow-refuelling",), "it needs a model of trips"),
    "vehicle": Fit(("flow-refuelling",), "it needs a model of trips"),
    "tiers": Fit(("hierarchical",), "it needs a model of sites that feed each other"),
    "nested": Fit(("hierarchical",), "it needs a model of sites that feed each other"),
    "demand": Fit(SERVING, "it needs a model that serves places"),
    "market": Fit(("market-share",), "it needs a model in which others compete"),
    "objective": Fit(("set-cover", "market-share", "hierarchical"), "it needs a model that knows more than one"),
    "unreachable": Fit(
        ("set-cover", "p-median", "p-center", "fixed-charge"), "it needs a model that must serve every place"
    ),
    "transport_per_km": Fit(("fixed-charge", "hierarchical"), "it needs a model that pays for transport"),
    "transport_per_min": Fit(("fixed-charge",), "it needs a model that weighs transport against sites"),
    "single_source": Fit(
        ("capacitated-cover", "fixed-charge", "p-median", "hierarchical"), "it needs a model that assigns places"
    ),
    "assignment": Fit(("capacitated-cover",), "it needs a model that covers within capacities"),
}
"""Key -> models that take it. Keys that are not here fit every model, or are their model's own affair."""


def refuse_unfit(inputs: ProgrammeInputs) -> None:
    """StudyError with every key that the programme's model has no use for, and the models that have one."""
    programme, place = inputs.programme, f"programmes.{inputs.name}"
    faults = [
        f"{place}.{key}   {programme.model} does not take it: {fit.because} ({', '.join(fit.models)})"
        for key, fit in FITS.items()
        if programme.model not in fit.models and _given(programme, key)
    ]
    if programme.model not in FITS["competitors"].models and not programme.competitors:
        others = [s for s, c in zip(inputs.sites.ids, inputs.sites.is_(SiteStatus.COMPETITOR), strict=True) if c]
        if others:
            faults.append(
                f"{place}   {programme.model} does not take competitors ({', '.join(others[:5])}): "
                f"{FITS['competitors'].because} (market-share)"
            )
    if programme.objective == "cost":
        faults += [
            f"{place}.{key}   says nothing with objective cost, which serves every place; choose objective coverage"
            for key in ("floor_share", "objective_order")
            if _given(programme, key) and programme.model in SHARES
        ]
    if programme.objective_order[:1] == ["coverage"]:
        faults += [
            f"{place}.{key}   would be told in the last objective, which is the worst district's share; ask for "
            'them with objective_order = ["floor", "coverage"] or without an order'
            for key in ("alternatives", "marginals")
            if getattr(programme, key) is not None
        ]
    if programme.assignment == "nearest":
        faults += [
            f'{place}.{key}   does not go with assignment = "nearest", in which a place is served to the share that '
            "its nearest site has room for; take one of them out"
            for key in ("single_source", "floor_share", "objective_order")
            if _given(programme, key)
        ]
    layer = programme.sites
    if programme.model in NO_CAPACITY and layer is not None and layer.capacity is not None:
        faults.append(
            f"{place}.sites.capacity   {programme.model} does not take it: its sites serve without limit "
            f"({', '.join(LOADS)})"
        )
    places = programme.demand
    if programme.model in NO_CAPACITY and places is not None and places.load is not None:
        faults.append(
            f"{place}.demand.load   {programme.model} does not take it: its sites serve without limit "
            f"({', '.join(LOADS)})"
        )
    if programme.model == "hierarchical" and inputs.demand is not None:
        light = np.flatnonzero((inputs.demand.weight > 0) & (inputs.demand.load <= 0))
        if len(light):
            named = ", ".join(inputs.demand.ids[i] for i in light[:5])
            faults.append(
                f"{place}.demand.load   is 0 at {len(light)} places with weight ({named}): tiers feed what places take "
                "up; give them a load above 0"
            )
    if faults:
        raise StudyError("\n".join(faults))


def _given(programme: Programme, key: str) -> bool:
    """Is a key set to something other than its default?"""
    if key not in programme.model_fields_set:
        return False
    field = type(programme).model_fields[key]
    default: Any = field.get_default(call_default_factory=True)
    return bool(getattr(programme, key) != default)
