"""Which keys of a programme mean something to which model; the rest is refused with the reason, never ignored."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from models.messages import Listed, Message, say
from models.problem import SiteStatus
from solver.findings import Finding
from solver.inputs.instance import ProgrammeInputs
from solver.pose.abilities import Can
from solver.pose.catalogue import MODELS, models_that
from solver.pose.rules import RULES
from solver.study.schema import Programme

SHOWN = 5
"""So many ids are named."""


@dataclass(frozen=True)
class Fit:
    """The models that take a key, and what the others lack."""

    models: tuple[str, ...]
    because: Message


def _fits() -> dict[str, Fit]:
    """What the records of rules and models say of keys."""
    needed = {key: rule.needs for key, rule in RULES.items() if rule.needs is not None}
    needed |= {key: can for can in Can for key in can.keys}
    own = {key: Fit((name,), because) for name, model in MODELS.items() for key, because in model.own.items()}
    return {key: Fit(models_that(can), can.because) for key, can in needed.items()} | own


FITS: dict[str, Fit] = _fits()
"""Key -> models that take it. Keys that are not here fit every model, or are their model's own affair."""


def unfit(inputs: ProgrammeInputs) -> list[Finding]:
    """Every key that the programme's model has no use for, and the models that have one."""
    programme, place = inputs.programme, f"programmes.{inputs.name}"
    can = MODELS[programme.model].can
    faults = [
        _refused(f"{place}.{key}", programme.model, fit)
        for key, fit in FITS.items()
        if programme.model not in fit.models and _given(programme, key)
    ]
    if Can.COMPETE not in can and not programme.competitors:
        others = [s for s, c in zip(inputs.sites.ids, inputs.sites.is_(SiteStatus.COMPETITOR), strict=True) if c]
        if others:
            fact = say(
                "{model} does not take competitors ({sites}): {because} ({models})",
                model=programme.model,
                sites=Listed(others[:SHOWN]),
                because=Can.COMPETE.because,
                models=Listed(models_that(Can.COMPETE)),
            )
            faults.append(Finding(place, fact))
    if programme.objective == "cost":
        faults += [
            Finding(
                f"{place}.{key}",
                say("says nothing with objective cost, which serves every place"),
                say("choose objective coverage"),
            )
            for key in ("floor_share", "objective_order")
            if _given(programme, key) and Can.SHARE in can
        ]
    if programme.objective_order[:1] == ["coverage"]:
        faults += [
            Finding(
                f"{place}.{key}",
                say("would be told in the last objective, which is the worst district's share"),
                say('ask for them with objective_order = ["floor", "coverage"] or without an order'),
            )
            for key in ("alternatives", "marginals")
            if getattr(programme, key) is not None
        ]
    if programme.assignment == "nearest":
        faults += [
            Finding(
                f"{place}.{key}",
                say(
                    'does not go with assignment = "nearest", in which a place is served to the share that its nearest '
                    "site has room for"
                ),
                say("take one of them out"),
            )
            for key in ("single_source", "floor_share", "objective_order")
            if _given(programme, key)
        ]
    if programme.decompose:
        faults += [
            Finding(
                f"{place}.{key}",
                say("does not go with decompose, which solves one objective for one year"),
                say("take one of them out"),
            )
            for key in ("phasing", "objective_order")
            if _given(programme, key)
        ]
    faults += _without_limit(programme, place) if Can.LIMIT_SITES not in can else []
    return faults + (_light(inputs, place) if Can.FEED in can else [])


def _refused(place: str, model: str, fit: Fit) -> Finding:
    """A key that a model does not take."""
    told = {"model": model, "because": fit.because, "models": Listed(fit.models)}
    return Finding(place, say("{model} does not take it: {because} ({models})", **told))


def _without_limit(programme: Programme, place: str) -> list[Finding]:
    """What a model whose sites serve without limit has no use for."""
    layer, places = programme.sites, programme.demand
    given = {
        "sites.capacity": layer is not None and layer.capacity is not None,
        "demand.load": places is not None and places.load is not None,
    }
    return [
        _refused(f"{place}.{key}", programme.model, Fit(models_that(Can.ASSIGN), Can.LIMIT_SITES.because))
        for key, is_given in given.items()
        if is_given
    ]


def _light(inputs: ProgrammeInputs, place: str) -> list[Finding]:
    """Places that take up nothing, where tiers feed what places take up."""
    if inputs.demand is None:
        return []
    light = np.flatnonzero((inputs.demand.weight > 0) & (inputs.demand.load <= 0))
    if not len(light):
        return []
    fact = say(
        "is 0 at {n} places with weight ({named}): tiers feed what places take up",
        n=len(light),
        named=Listed([inputs.demand.ids[i] for i in light[:SHOWN]]),
    )
    return [Finding(f"{place}.demand.load", fact, say("give them a load above 0"))]


def _given(programme: Programme, key: str) -> bool:
    """Is a key set to something other than its default?"""
    if key not in programme.model_fields_set:
        return False
    field = type(programme).model_fields[key]
    default: Any = field.get_default(call_default_factory=True)
    return bool(getattr(programme, key) != default)
