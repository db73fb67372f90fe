"""Every figure that a result tells of a programme, recomputed; those that cannot be are named."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from models.messages import Listed, Message, say
from solver.verify.case import Case, Figure
from solver.verify.rule_service import district_shares
from solver.verify.verdict import Check, Text, Unchecked, apart


def _new_sites(case: Case) -> int:
    return int((case.sites["open"] & case.sites["new"]).sum())


def _open_sites(case: Case) -> int:
    return int(case.open.sum())


def _serving(case: Case) -> bool:
    return case.inputs.demand is not None and case.programme.reach is not None


def _total(case: Case) -> float | None:
    return float(case.places["weight"].sum()) if _serving(case) else None


def _covered(case: Case) -> float | None:
    return float(case.places["weight"].to_numpy() @ case.share) if _serving(case) else None


def _covered_share(case: Case) -> float | None:
    total, covered = _total(case), _covered(case)
    return covered / total if covered is not None and total else None


def _travel(case: Case, unit: str, *, worst: bool) -> float | None:
    """Mean or worst travel of what is served, in minutes or metres; unknown in the other unit."""
    if not _serving(case) or case.pairs.unit != unit:
        return None
    rows = case.served
    travel = np.array([case.travel_of[i, j] for i, j in zip(rows["place"], rows["site"], strict=True)])
    weight = case.places["weight"].to_numpy()[rows["place"]] * rows["share"].to_numpy()
    if not weight.sum() > 0:
        return None
    amount = travel[weight > 0].max() if worst else (weight * travel).sum() / weight.sum()
    return float(amount / (60.0 if unit == "s" else 1.0))


def _units(case: Case) -> dict[str, int] | None:
    return {kind: int(count.sum()) for kind, count in case.units.items()} if case.units else None


def _districts(case: Case) -> dict[str, Any] | None:
    """District -> weight, covered weight and share, new sites."""
    if not _serving(case):
        return None
    table = case.places.assign(covered=case.share * case.places["weight"])
    weights = table.groupby("group")[["weight", "covered"]].sum()
    opened = case.sites[case.sites["open"] & case.sites["new"]]["group"].map(lambda g: g or "all").value_counts()
    found = {}
    for name in sorted({*weights.index, *opened.index}):
        weight = float(weights["weight"].get(name, 0.0))
        covered = float(weights["covered"].get(name, 0.0))
        found[str(name)] = {
            "weight": weight,
            "covered_weight": covered,
            "covered_share": covered / weight if weight > 0 else None,
            "new_sites": int(opened.get(name, 0)),
        }
    return found


def _lost(case: Case) -> int:
    return int(case.lost.sum())


def _needs_by_reach(case: Case) -> int:
    """Different districts, sites that reach a place of it, and loads per weight."""
    may, weight = case.sites["may_open"].to_numpy(), case.places["weight"].to_numpy()
    load = case.places["load"].to_numpy()
    reached: dict[int, list[int]] = {}
    for place, site in zip(case.pairs.place.tolist(), case.pairs.site.tolist(), strict=True):
        if may[site] and weight[place] > 0:
            reached.setdefault(place, []).append(site)
    groups = case.places["group"]
    return len({(groups[i], frozenset(sites), load[i] / weight[i]) for i, sites in reached.items()})


def _worst_share(case: Case) -> float:
    return min(district_shares(case).values())


FIGURES: Mapping[str, Figure] = {
    "new_sites": _new_sites,
    "open_sites": _open_sites,
    "covered_weight": _covered,
    "total_weight": _total,
    "covered_share": _covered_share,
    "mean_travel_min": lambda case: _travel(case, "s", worst=False),
    "mean_travel_m": lambda case: _travel(case, "m", worst=False),
    "worst_travel_min": lambda case: _travel(case, "s", worst=True),
    "worst_travel_m": lambda case: _travel(case, "m", worst=True),
    "units": _units,
    "by_district": _districts,
    "places_no_site_reaches": _lost,
    "needs_by_reach": _needs_by_reach,
    "worst_district_share": _worst_share,
    "objective_order": lambda case: ", ".join(case.programme.objective_order),
}
"""Name -> the figure recomputed, for any model; the models' own are in their records."""

OF_A_MODEL = ("market_share", "competitors_share", "least_spacing_m", "least_spacing_min", "refuelled_share")
"""Figures that every result tells, and that are unknown but for their own model."""


PROSE = tuple(
    f"{name}{ending}"
    for name in ("coverage_convention", "tank_convention", "one_more_million_how")
    for ending in ("", "_zh")
)
"""Figures that are words about how the others were made."""


def the_figures_are_those_of_the_plan(case: Case) -> list[Message]:
    """Every figure that has a definition of its own, with both numbers where they differ."""
    found = []
    for name, figure in figures_of(case).items():
        if name in case.entry["figures"]:
            try:
                found += unlike(name, case.entry["figures"][name], figure(case))
            except Unchecked:
                continue
    if "worst_district" in case.entry["figures"]:
        found += _worst_district_faults(case)
    if "excluded" in case.entry["figures"]:
        found += _exclusion_faults(case)
    return found


def figures_of(case: Case) -> dict[str, Figure]:
    """Name -> the figure, of the case's model."""
    return {**dict.fromkeys(OF_A_MODEL, lambda _case: None), **FIGURES, **case.model.figures}


def unlike(name: Text, told: Any, right: Any) -> list[Message]:
    """Faults of a figure, of each of its parts where it has some."""
    if isinstance(told, Mapping) and isinstance(right, Mapping):
        keys = [*told, *(key for key in right if key not in told)]
        return [
            fault
            for key in keys
            for fault in unlike(say("{name}.{key}", name=name, key=key), told.get(key), right.get(key))
        ]
    return apart(name, told, right)


def _worst_district_faults(case: Case) -> list[Message]:
    told, shares = case.entry["figures"]["worst_district"], district_shares(case)
    return apart(say("share of the worst district, {told}", told=told), shares.get(told), min(shares.values()))


def _exclusion_faults(case: Case) -> list[Message]:
    figures, status = case.entry["figures"], dict(zip(case.sites["id"], case.sites["status"], strict=True))
    found = apart("excluded_sites", figures["excluded_sites"], len(figures["excluded"]))
    found += apart("excluded_sites", figures["excluded_sites"], len(case.inputs.excluded))
    return found + [
        say("{site} is excluded and {status}", site=s, status=status.get(s))
        for s in figures["excluded"]
        if status.get(s) != "forbidden"
    ]


def figures_without_a_definition_here(case: Case) -> list[Message] | None:
    """Names the figures that no check recomputes."""
    known = {*figures_of(case), *PROSE, "worst_district", "excluded", "excluded_sites", *case.memory.get("figures", ())}
    left = [name for name, value in case.entry["figures"].items() if name not in known and value is not None]
    if not left:
        return None
    raise Unchecked(say("not recomputed: {left}", left=Listed(tuple(left))))


TOLD: tuple[Check[Case], ...] = (the_figures_are_those_of_the_plan, figures_without_a_definition_here)
