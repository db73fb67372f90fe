"""The tables of facts and the settings of a generated study, read into one place; all points in the metric system."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd
from pyproj import Transformer

from models.arrays import FloatArray


@dataclass(frozen=True, eq=False)
class Facts:
    """Towns with x, y in metres, census, rivers, roads, unit costs, and the generator's settings."""

    towns: pd.DataFrame
    counties: pd.DataFrame
    rivers: tuple[dict[str, Any], ...]
    roads: tuple[dict[str, Any], ...]
    motorways: tuple[dict[str, Any], ...]
    gates: tuple[dict[str, Any], ...]
    norms: dict[str, float]
    settings: dict[str, Any]

    def random(self, part: str) -> np.random.Generator:
        """The own random numbers of a part, so that a change in one part leaves the others as they are."""
        return np.random.default_rng([int(self.settings["seed"]), crc32(part.encode())])

    def metric(self, lonlat: Any) -> FloatArray:
        """Longitude and latitude (n, 2) -> metres (n, 2)."""
        lonlat = np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)
        transformer = Transformer.from_crs("EPSG:4326", self.settings["crs"], always_xy=True)
        return np.column_stack(transformer.transform(lonlat[:, 0], lonlat[:, 1]))

    def via(self, road: dict[str, Any]) -> FloatArray:
        """The points (n, 2) a road passes, by town name or by longitude and latitude."""
        where = self.towns.set_index("town")[["x", "y"]]
        points = [where.loc[v].to_numpy() if isinstance(v, str) else self.metric(v)[0] for v in road["via"]]
        return np.array(points, dtype=np.float64)


def read_facts(folder: Path) -> Facts:
    """Read FOLDER/facts and FOLDER/generator.toml."""
    settings = tomllib.loads((folder / "generator.toml").read_text(encoding="utf-8"))
    rivers = tomllib.loads((folder / "facts/rivers.toml").read_text(encoding="utf-8"))
    roads = tomllib.loads((folder / "facts/roads.toml").read_text(encoding="utf-8"))
    norms = pd.read_csv(folder / "facts/norms.csv").set_index("item")["value"]
    towns = pd.read_csv(folder / "facts/towns.csv")
    facts = Facts(
        towns=towns,
        counties=pd.read_csv(folder / "facts/counties.csv"),
        rivers=tuple(rivers["river"]),
        roads=tuple(roads["road"]),
        motorways=tuple(roads["motorway"]),
        gates=tuple(roads["gate"]),
        norms={str(k): float(v) for k, v in norms.items()},
        settings=settings,
    )
    xy = facts.metric(towns[["lon_wgs84", "lat_wgs84"]].to_numpy())
    towns["x"], towns["y"] = np.round(xy[:, 0], 1), np.round(xy[:, 1], 1)
    return facts
