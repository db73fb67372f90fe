"""Random joint plans and random trips over roads, with the truth of each by trying everything."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from models.flow.problem import Vehicle
from tests.adversary.generator import town_of
from tests.adversary.town import CRS, EAST, GRID, NORTH, ROADS, Town, toml, write_study, write_travel
from tests.adversary.truth import INF, Best, Opened, choices, judge, keeps, new_of, sites_cost, turned
from tests.models.test_flow_refuelling import step_by_step


@dataclass(frozen=True)
class Joint:
    """Two towns under one budget; `links`: sites of the second that wait for sites of the first."""

    towns: tuple[Town, Town]
    budget: int
    members: Mapping[str, dict[str, float]]
    links: tuple[tuple[str, str], ...]

    def write(self, folder: Path) -> None:
        """The study."""
        section: dict[str, Any] = {"budget": self.budget * self.towns[0].money, "programmes": self.members}
        if self.links:
            section["links"] = [{"programme": "b", "needs": "a", "pairs": self.links}]
        more = "[portfolio.joint]\n" + "\n".join(f"{key} = {toml(value)}" for key, value in section.items())
        write_study(folder, self.towns, more=more)


def joint_of(seed: int) -> Joint:
    """The joint plan of a seed: covering with and without capacities, weights, floors, links, one budget."""
    rng = np.random.default_rng([seed, 17])
    kinds = [str(rng.choice(["max-cover", "max-cover decay", "capacitated-cover"])) for _ in "ab"]
    found = [town_of(1000 * seed + k, kind=kind, name="ab"[k], by="matrix") for k, kind in enumerate(kinds)]
    keys = [{k: v for k, v in town.keys.items() if k != "budget"} for town in found]
    first, second = (replace(t, keys=k, money=found[0].money) for t, k in zip(found, keys, strict=True))
    members: dict[str, dict[str, float]] = {"a": {"weight": float(rng.integers(1, 4))}, "b": {}}
    if rng.random() < 0.3:
        members["b"]["floor_share"] = 0.25
    waits = [s.id for s in second.sites if s.status == "candidate"]
    links = ((waits[0], first.sites[-1].id),) if waits and rng.random() < 0.4 else ()
    return Joint((first, second), int(rng.choice([20, 40, 80, 150])), members, links)


def best_jointly(joint: Joint) -> Best | None:
    """The most of the weighted shares of full value, and the least that costs."""
    sides = []
    for town in joint.towns:
        full, member = float(sum(town.weights)), joint.members[town.name]
        judged = [(o, judge(town, o)) for o in choices(town) if keeps(town, o)]
        shares = [(o, j.worth[0] / full) for o, j in judged if j is not None]
        floor = member.get("floor_share", 0.0) - 1e-9
        sides.append([(o, s * member.get("weight", 1.0), sites_cost(town, o)) for o, s in shares if s >= floor])
    found = []
    for (first, u, c), (second, v, d) in itertools.product(*sides):
        if c + d <= joint.budget and _linked(joint, first, second):
            found.append((u + v, c + d, turned(joint.towns[0], first) + turned(joint.towns[1], second)))
    if not found:
        return None
    best = max(w for w, _, _ in found)
    cost = min(c for w, c, _ in found if w >= best - 1e-7)
    return Best(best, cost, min(n for w, c, n in found if w >= best - 1e-7 and c <= cost))


def _linked(joint: Joint, first: Opened, second: Opened) -> bool:
    here = {joint.towns[0].sites[j].id for j in first} | {joint.towns[1].sites[j].id for j in second}
    return all(b in here for a, b in joint.links if a in here)


@dataclass(frozen=True)
class Trips:
    """Stations of a town for trips between crossings (0-15), whole vehicles a day; ranges in sides of the grid."""

    town: Town
    trips: tuple[tuple[int, int], ...]
    vehicles: tuple[int, ...]
    vehicle: Vehicle

    def write(self, folder: Path) -> None:
        """The study."""
        town = self.town
        sites = pd.DataFrame([{"id": s.id, "cost": s.cost * town.money, "status": s.status} for s in town.sites])
        sites["x"], sites["y"] = [EAST + s.xy[0] for s in town.sites], [NORTH + s.xy[1] for s in town.sites]
        sites.to_csv(folder / "sites.csv", index=False)
        points = pd.DataFrame({"terminal_id": [f"t{n}" for n in range(16)]})
        points["x"] = [EAST + GRID * (n // 4) for n in range(16)]
        points["y"] = [NORTH + GRID * (n % 4) for n in range(16)]
        points.to_csv(folder / "terminals.csv", index=False)
        flows = pd.DataFrame([{"origin": f"t{a}", "destination": f"t{b}"} for a, b in self.trips])
        flows.assign(vehicles_per_day=[v * town.amount for v in self.vehicles]).to_csv(
            folder / "flows.csv", index=False
        )
        at, km = {"x": "x", "y": "y", "crs": CRS}, GRID / 1000
        vehicle = {"range_km": self.vehicle.range_m * km, "start_fraction": self.vehicle.start_fraction}
        vehicle |= {"round_trip": self.vehicle.round_trip, "max_detour_km": self.vehicle.max_detour_m * km}
        section: dict[str, Any] = {
            "model": "flow-refuelling",
            "sites": {"file": "sites.csv", "id": "id", "cost": "cost", "status": "status", **at},
            "flows": {"file": "flows.csv", "terminals": {"file": "terminals.csv", **at}},
            "vehicle": vehicle,
            **{k: v * (town.money if k == "budget" else 1) for k, v in town.keys.items()},
        }
        head = '[study]\nname = "trips"\ncrs = "EPSG:4547"\n[solve]\ngap = 0.0\nsearch_s = 1'
        lines = [head, write_travel((town,), folder), "[programmes.p]"]
        lines += [f"{key} = {toml(value)}" for key, value in section.items()]
        (folder / "study.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def trips_of(seed: int) -> Trips:
    """The trips of a seed: there and back or one way, with and without ways round."""
    rng = np.random.default_rng([seed, 23])
    town = town_of(seed, kind="max-cover", by="roads")
    kept = {k: v for k, v in town.keys.items() if k in ("open", "open_at_most", "open_at_least", "budget", "needs")}
    trips = {(int(a), int(b)) for a, b in rng.integers(0, 16, (5, 2)) if a != b}
    vehicle = Vehicle(
        range_m=float(rng.integers(2, 7)),
        start_fraction=float(rng.choice([0.5, 1.0])),
        round_trip=bool(rng.integers(2)),
        max_detour_m=float(rng.choice([0, 0, 2])),
    )
    weights = tuple(int(rng.choice([10, 10, 20])) for _ in trips)
    return Trips(replace(town, model="flow-refuelling", keys=kept), tuple(sorted(trips)), weights, vehicle)


def best_trips(trips: Trips) -> Best | None:
    """The most vehicles by driving every trip over every set of stations, and the least that costs."""
    town, ends = trips.town, [(r["from_node"], r["to_node"], 1) for r in ROADS]
    arcs = tuple(np.array(part) for part in zip(*[*ends, *((b, a, d) for a, b, d in ends)], strict=True))

    @cache
    def driven(trip: tuple[int, int], stations: frozenset[int]) -> bool:
        return step_by_step(arcs, trip, trips.vehicle, set(stations))

    found = []
    for opened in choices(town):
        cost = sites_cost(town, opened)
        if keeps(town, opened) and cost <= town.keys.get("budget", INF):
            at = frozenset((4 * town.sites[j].xy[0] + town.sites[j].xy[1]) // GRID for j in opened)
            worth = sum(v for trip, v in zip(trips.trips, trips.vehicles, strict=True) if driven(trip, at))
            found.append((float(worth), cost, turned(town, opened), len(new_of(town, opened))))
    if not found:
        return None
    best = max(f[0] for f in found)
    cost = min(f[1] for f in found if f[0] == best)
    return Best(best, cost, min(f[2] for f in found if f[0] == best and f[1] == cost))
