"""Sites that are chosen whatever comes: in how many runs each is chosen, in all and for every varied value."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from solver.export.gpkg import write_gpkg
from solver.files.atomic import whole
from solver.files.drivers import layer_names, read_layer
from solver.files.protect import Guard
from solver.sweep.cases import Case
from solver.sweep.design import SweepPlan, Vary
from solver.sweep.table import write_table

NEW = ("candidate", "required", "forbidden")
"""Words of the status of sites that a plan may open anew."""
OWN = ("site_id", "group", "name", "name_zh", "名称")


@dataclass(frozen=True)
class Slice:
    """The runs that have something in common: a value, a part of a range, a scenario."""

    label: str
    holds: Callable[[Case], bool]


def robust_sites(name: str, cases: Sequence[Case], plan: SweepPlan) -> pd.DataFrame | None:
    """One row per candidate: `runs` with a plan, in how many it is `chosen`, the `share`, and the share per value.

    Runs weigh alike. None where no run has a plan. The most robust site comes first; a GeoDataFrame where places are
    known.
    """
    plans = [case for case in cases if case.has_plan]
    if not plans:
        return None
    sites = _candidates(name, plans)
    chosen = [[site in case.new_sites for site in sites["site_id"]] for case in plans]
    picks = pd.DataFrame(chosen, columns=list(sites["site_id"]))
    share = picks.mean()
    table = sites.assign(programme=name, runs=len(plans), chosen=picks.sum().to_numpy(), share=share.to_numpy())
    for part in slices(plan, plans):
        rows = [part.holds(case) for case in plans]
        if any(rows):
            table[part.label] = picks[rows].mean().to_numpy()
    front = ["programme", *(c for c in OWN if c in table.columns), "runs", "chosen", "share"]
    ordered = table[front + [c for c in table.columns if c not in front]]
    return ordered.sort_values(["share", "site_id"], ascending=[False, True], ignore_index=True)


def slices(plan: SweepPlan, cases: Sequence[Case]) -> list[Slice]:
    """The parts of the runs that are told apart: every value of a list, thirds of a range, every scenario."""
    found = [
        Slice(f"scenario={scenario.name}", lambda case, name=scenario.name: case.scenario == name)  # type: ignore[misc]
        for scenario in plan.scenarios
    ]
    for vary in plan.vary:
        found += _thirds(vary) if vary.low is not None else _values(vary)
    return [part for part in found if any(part.holds(case) for case in cases)]


def _values(vary: Vary) -> list[Slice]:
    return [
        Slice(f"{vary.key}={value}", lambda case, value=value: case.point.get(vary.key) == value)  # type: ignore[misc]
        for value in vary.values
    ]


def _thirds(vary: Vary) -> list[Slice]:
    low, high = vary.low or 0.0, vary.high or 0.0
    ends = [low + (high - low) * i / 3 for i in range(4)]
    return [_between(vary.key, a, b, last=i == 2) for i, (a, b) in enumerate(pairwise(ends))]


def _between(key: str, low: float, high: float, *, last: bool) -> Slice:
    def holds(case: Case) -> bool:
        value = case.point.get(key)
        return value is not None and low <= value and (value < high or last)

    return Slice(f"{key}={low:.4g}..{high:.4g}", holds)


def _candidates(name: str, cases: Sequence[Case]) -> pd.DataFrame:
    """Every site that may open anew in any run, with its place where that is known."""
    parts: list[pd.DataFrame] = []
    known: set[str] = set()
    scenarios: set[str] = set()
    for case in cases:
        if parts and case.scenario in scenarios and case.new_sites <= known:
            continue
        scenarios.add(case.scenario)
        table = _site_layer(case.folder / "plan.gpkg", f"{name}_sites")
        if table is None:
            table = pd.DataFrame({"site_id": sorted(case.new_sites)})
        elif "status" in table.columns:
            table = table[table["status"].isin(NEW)]
        table = table[~table["site_id"].isin(known)]
        known |= set(table["site_id"])
        geometry = [table.geometry.name] if isinstance(table, gpd.GeoDataFrame) else []
        parts.append(table[[c for c in (*OWN, *geometry) if c in table.columns]])
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def _site_layer(path: Path, layer: str) -> Any:
    if not path.is_file() or layer not in layer_names(path):
        return None
    return read_layer(path, layer)


def write_robust(tables: dict[str, pd.DataFrame], out: Path, guard: Guard) -> list[str]:
    """robust_sites.csv of all programmes, and robust_sites.gpkg of those with places; the names of what was written."""
    plain = [pd.DataFrame(t.drop(columns=_geometry(t))) for t in tables.values()]
    write_table(pd.concat(plain, ignore_index=True), out / "robust_sites.csv", guard)
    layers = {f"{name}_robust": t for name, t in tables.items() if isinstance(t, gpd.GeoDataFrame)}
    if not layers:
        return ["robust_sites.csv"]
    with whole(out / "robust_sites.gpkg", guard) as draft:
        write_gpkg(layers, draft)
    return ["robust_sites.csv", "robust_sites.gpkg"]


def _geometry(table: pd.DataFrame) -> list[str]:
    return [table.geometry.name] if isinstance(table, gpd.GeoDataFrame) else []
