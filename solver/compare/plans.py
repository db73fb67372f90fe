"""Plans side by side: figures, sites gained and lost, and every district."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd

from models.brief import brief
from models.messages import Listed, say
from solver.errors import StoreError
from solver.export.summary import unit_totals
from solver.words.currency import CNY, Currency, currency_of

ENTRY_FIGURES = ("objective", "bound", "gap", "budget", "cost")
DISTRICT_FIGURES = ("covered_share", "covered_weight", "new_sites")


@brief
@dataclass(frozen=True, eq=False)
class Comparison:
    """Tables over several plans; the first plan is what the others are compared with.

    `figures`: programme, figure, one column per plan. `sites`: programme, plan, change (gained, lost, units), site_id,
    detail. `districts`: programme, district, figure, one column per plan.
    """

    plans: tuple[str, ...]
    figures: pd.DataFrame
    sites: pd.DataFrame
    districts: pd.DataFrame
    changed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Plan -> what was changed from its study file."""
    not_told: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """Programme -> pairs of plans of other worth whose difference is no more than their gaps."""
    currency: Currency = CNY
    """The money that the costs of all plans are in."""
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Programme -> what was asked of it in the first plan that has it."""
    units: Mapping[str, Mapping[str, Mapping[str, Mapping[str, int]]]] = field(default_factory=dict)
    """Programme -> plan -> site -> how many units of every kind it holds."""


def plan_names(folders: list[Path]) -> list[str]:
    """A short name for each folder: its own, or as much of its path as tells it from the others."""
    for depth in range(1, max(len(f.resolve().parts) for f in folders) + 1):
        names = ["/".join(f.resolve().parts[-depth:]) for f in folders]
        if len(set(names)) == len(names):
            return names
    return [f"{i + 1} {folder}" for i, folder in enumerate(folders)]  # the same folder twice


def compare(documents: Mapping[str, Mapping[str, Any]]) -> Comparison:
    """Compare result documents (plan -> result.json); a programme or figure that a plan lacks is unknown in it.

    StoreError where their costs are in different money.
    """
    plans, currency = tuple(documents), one_currency(documents)
    entries = {plan: document["programmes"] for plan, document in documents.items()}
    programmes = list(dict.fromkeys(name for found in entries.values() for name in found))
    figures = [row for name in programmes for row in _figures(name, entries)]
    districts = [row for name in programmes for row in _districts(name, entries)]
    sites = [row for name in programmes for row in _changes(name, plans, entries)]
    return Comparison(
        plans,
        pd.DataFrame(figures, columns=["programme", "figure", *plans]),
        pd.DataFrame(sites, columns=["programme", "plan", "change", "site_id", "detail"]),
        pd.DataFrame(districts, columns=["programme", "district", "figure", *plans]),
        {plan: tuple(document.get("overrides", ())) for plan, document in documents.items()},
        {name: tuple(_not_told(name, entries)) for name in programmes},
        currency,
        {
            name: next(found[name].get("settings", {}) for found in entries.values() if name in found)
            for name in programmes
        },
        {name: {plan: found[name]["units"] for plan, found in entries.items() if name in found} for name in programmes},
    )


def one_currency(documents: Mapping[str, Mapping[str, Any]]) -> Currency:
    """The currency of all results; StoreError where there are several."""
    found = {plan: currency_of(document) for plan, document in documents.items()}
    codes = dict.fromkeys(currency.code for currency in found.values())
    if len(codes) > 1:
        told = Listed([say("{plan} in {code}", plan=plan, code=own.code) for plan, own in found.items()])
        fact = say("costs of different money cannot be compared: {told}", told=told)
        raise StoreError(say("{fact}; name results of one currency", fact=fact))
    return next(iter(found.values()), CNY)


def _not_told(name: str, entries: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Pairs of plans between whose objectives and bounds the other's lies: the order of their optima is not known."""
    spans = {}
    for plan, found in entries.items():
        entry = found.get(name)
        if entry is not None and entry["objective"] is not None and entry["bound"] is not None:
            spans[plan] = entry["objective"], *sorted((entry["objective"], entry["bound"]))
    for (first, (a, low, high)), (second, (b, other_low, other_high)) in combinations(spans.items(), 2):
        slack = 1e-9 * max(1.0, abs(a), abs(b))
        if abs(a - b) > slack and low <= other_high + slack and other_low <= high + slack:
            yield first, second


def figures_of_entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Every figure of a programme's entry that is one value, in one flat dictionary."""
    found: dict[str, Any] = {"ended": entry["ended"], **{key: entry[key] for key in ENTRY_FIGURES}}
    in_hand = entry["objective"] is not None
    found["new_sites"] = len(entry["sites"]) if in_hand else None
    found["kept_sites"] = len(entry["kept_sites"]) if in_hand else None
    found |= {f"{kind}_units": total for kind, total in unit_totals(dict(entry)).items()}
    return found | {k: v for k, v in entry["figures"].items() if not isinstance(v, Mapping | list)}


def _figures(name: str, entries: Mapping[str, Any]) -> list[list[Any]]:
    flat = {plan: figures_of_entry(found[name]) if name in found else {} for plan, found in entries.items()}
    keys = list(dict.fromkeys(key for figures in flat.values() for key in figures))
    rows = [[name, key, *(figures.get(key) for figures in flat.values())] for key in keys]
    return [row for row in rows if any(value is not None for value in row[2:])]


def _districts(name: str, entries: Mapping[str, Any]) -> list[list[Any]]:
    by_plan = {
        plan: (found[name]["figures"].get("by_district") or {}) if name in found else {}
        for plan, found in entries.items()
    }
    districts = list(dict.fromkeys(d for found in by_plan.values() for d in found))
    rows = [
        [name, district, key, *((found.get(district) or {}).get(key) for found in by_plan.values())]
        for district in districts
        for key in DISTRICT_FIGURES
    ]
    return [row for row in rows if any(value is not None for value in row[3:])]


def _changes(name: str, plans: tuple[str, ...], entries: Mapping[str, Any]) -> list[list[Any]]:
    first = entries[plans[0]].get(name)
    if first is None:
        return []
    rows = []
    for plan in plans[1:]:
        other = entries[plan].get(name)
        if other is None:
            continue
        before, after = set(first["sites"]), set(other["sites"])
        rows += [[name, plan, "gained", site, _units(other, site)] for site in other["sites"] if site not in before]
        rows += [[name, plan, "lost", site, _units(first, site)] for site in first["sites"] if site not in after]
        rows += [
            [name, plan, "units", site, f"{_units(first, site)} -> {_units(other, site)}"]
            for site in first["sites"]
            if site in after and first["units"].get(site) != other["units"].get(site)
        ]
    return rows


def _units(entry: Mapping[str, Any], site: str) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in entry["units"].get(site, {}).items())
