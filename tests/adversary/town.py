"""A random study in small whole numbers, and the files that say the same in the magnitudes of its money and amounts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from solver.network.store import write_edges
from tests.network.conftest import make_edges

CRS = "EPSG:4547"
EAST, NORTH = 500_000.0, 3_080_000.0
MONEY = frozenset({"budget"})
AMOUNTS = frozenset({"minimum_use"})


@dataclass(frozen=True)
class Site:
    """A site in whole numbers; `capacity` and what it draws are in the demand's units, money in units of money."""

    id: str
    cost: int
    status: str
    xy: tuple[int, int]
    group: str
    owner: str
    closing: int = 0
    capacity: int | None = None

    @property
    def is_new(self) -> bool:
        """Does it cost when it opens, and count as new?"""
        return self.status in ("candidate", "required", "forbidden")


@dataclass(frozen=True)
class Place:
    """A place; `later` is its weight in a second year, `limit` its own limit in metres."""

    id: str
    weight: int
    group: str
    xy: tuple[int, int]
    later: int = 0
    limit: int | None = None


@dataclass(frozen=True)
class Town:
    """One programme: its model, its keys in whole numbers, and travel (place, site) -> m of pairs that have a way."""

    name: str
    model: str
    sites: tuple[Site, ...]
    places: tuple[Place, ...]
    travel: Mapping[tuple[int, int], float]
    limit: int
    keys: Mapping[str, Any] = field(default_factory=dict)
    by: str = "matrix"
    amount: float = 1.0
    money: float = 1.0

    @property
    def weights(self) -> list[int]:
        """Whole weights."""
        return [place.weight for place in self.places]

    def reach(self, i: int, j: int) -> float | None:
        """Travel of a pair within the limit and the place's own, None beyond."""
        far = self.travel.get((i, j))
        own = self.places[i].limit
        limit = self.limit if own is None or not self.has_limits else min(self.limit, own)
        return far if far is not None and far <= limit else None

    @property
    def has_limits(self) -> bool:
        """Have places limits of their own?"""
        return any(place.limit is not None for place in self.places)


def toml(value: Any) -> str:
    """A value as TOML writes it in one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{json.dumps(k)} = {toml(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml(v) for v in value) + "]"
    return repr(value)


def scaled(town: Town, keys: Mapping[str, Any]) -> dict[str, Any]:
    """Keys in the magnitudes of the town's money and amounts."""
    found: dict[str, Any] = {}
    for key, value in keys.items():
        if key in MONEY:
            found[key] = value * town.money
        elif key in AMOUNTS or key == "energy_kwh_per_day" or (key == "capacity" and not isinstance(value, str)):
            found[key] = value * town.amount
        elif key == "cost" and not isinstance(value, str):
            found[key] = value * town.money
        elif key == "transport_per_km":
            found[key] = value * town.money / town.amount
        elif isinstance(value, Mapping):
            found[key] = scaled(town, value)
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            found[key] = [scaled(town, each) for each in value]
        else:
            found[key] = value
    return found


def write_layers(town: Town, folder: Path, *, gpkg: bool) -> str:
    """Layers of a programme, named after it; its section of the study."""
    sites = pd.DataFrame(
        {
            "id": [s.id for s in town.sites],
            "cost": [s.cost * town.money for s in town.sites],
            "closing": [s.closing * town.money for s in town.sites],
            "status": [s.status for s in town.sites],
            "district": [s.group for s in town.sites],
            "owner": [s.owner for s in town.sites],
            "x": [EAST + s.xy[0] for s in town.sites],
            "y": [NORTH + s.xy[1] for s in town.sites],
        }
    )
    places = pd.DataFrame(
        {
            "id": [p.id for p in town.places],
            "people": [p.weight * town.amount for p in town.places],
            "later": [p.later * town.amount for p in town.places],
            "district": [p.group for p in town.places],
            "x": [EAST + p.xy[0] for p in town.places],
            "y": [NORTH + p.xy[1] for p in town.places],
        }
    )
    site = {"id": "id", "cost": "cost", "closing_cost": "closing", "status": "status", "group": "district"}
    place = {"id": "id", "weight": "people", "group": "district"}
    if any(s.capacity is not None for s in town.sites):
        sites["room"] = [s.capacity * town.amount if s.capacity is not None else None for s in town.sites]
        site["capacity"] = "room"
    if town.has_limits:
        places["own"] = [p.limit for p in town.places]
        place["limit_m"] = "own"
    lines = [f"[programmes.{town.name}]", f'model = "{town.model}"']
    lines += [f"{key} = {toml(value)}" for key, value in scaled(town, town.keys).items()]
    mode = {"matrix": {}, "straight": {"mode": "straight"}, "roads": {"mode": "walk"}}[town.by]
    layers = [("sites", sites, site), ("demand", places, place)]
    if town.model == "p-dispersion":
        layers.pop()
    else:
        lines.append(f"reach = {toml({'limit_m': town.limit, **mode})}")
    for kind, table, columns in layers:
        if gpkg:
            xy = gpd.points_from_xy(table.pop("x"), table.pop("y"))
            file = f"{town.name}.gpkg"
            gpd.GeoDataFrame(table, geometry=xy, crs=CRS).to_file(folder / file, layer=kind)
            lines.append(f"{kind} = {toml({'file': file, 'layer': kind, **columns})}")
        else:
            file = f"{town.name}_{kind}.csv"
            table.to_csv(folder / file, index=False)
            lines.append(f"{kind} = {toml({'file': file, 'x': 'x', 'y': 'y', 'crs': CRS, **columns})}")
    return "\n".join(lines)


def write_travel(towns: tuple[Town, ...], folder: Path) -> str:
    """The matrix of all towns, or their roads; the section of the study."""
    town = towns[0]
    if town.by != "matrix":
        write_edges(make_edges(ROADS), folder / "roads.gpkg")
        return '[network]\nfile = "roads.gpkg"\nsnap_limit_m = 10\ndatum_guard = false'
    rows = [(t.places[i].id, t.sites[j].id, far) for t in towns for (i, j), far in t.travel.items()]
    pd.DataFrame(rows, columns=["demand", "site", "value"]).to_csv(folder / "travel.csv", index=False)
    return '[travel]\nmatrix = "travel.csv"\nmissing_pairs = "unreachable"'


GRID = 100
"""Metres between crossings of the roads, which are a square of 4 x 4 without some of its sides."""


def _roads() -> list[dict[str, Any]]:
    rows = []
    for x in range(4):
        for y in range(4):
            for dx, dy in ((1, 0), (0, 1)):
                if max(x + dx, y + dy) < 4 and (x, y, dx) not in ((1, 1, 1), (2, 2, 0), (0, 3, 1)):
                    line = [(EAST + GRID * a, NORTH + GRID * b) for a, b in ((x, y), (x + dx, y + dy))]
                    rows.append({"from_node": 4 * x + y, "to_node": 4 * (x + dx) + y + dy, "line": line})
    return rows


ROADS = _roads()


def road_lengths() -> dict[tuple[int, int], float]:
    """Metres along the roads between crossings (4 x + y), by Floyd's method."""
    far = {(a, b): 0.0 if a == b else float("inf") for a in range(16) for b in range(16)}
    for row in ROADS:
        length = float(shapely.LineString(row["line"]).length)
        far[row["from_node"], row["to_node"]] = far[row["to_node"], row["from_node"]] = length
    for k in range(16):
        for a in range(16):
            for b in range(16):
                far[a, b] = min(far[a, b], far[a, k] + far[k, b])
    return far


def write_study(folder: Path, towns: tuple[Town, ...], *, more: str = "", gpkg: bool = False) -> None:
    """A study of these programmes in a folder."""
    head = '[study]\nname = "town"\ncrs = "EPSG:4547"\n[solve]\ngap = 0.0\nsearch_s = 1'
    sections = [write_layers(town, folder, gpkg=gpkg) for town in towns]
    text = "\n\n".join([head, write_travel(towns, folder), *sections, more])
    (folder / "study.toml").write_text(text + "\n", encoding="utf-8")
