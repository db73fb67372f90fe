"""Hydrogen: candidate stations at trunk roads, terminals of trucks and buses, and the trips between them."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from instances.zhuzhou.generator.facts import Facts
from instances.zhuzhou.generator.land import Land
from instances.zhuzhou.generator.layer import layer, money, picked
from instances.zhuzhou.generator.roads import Roads
from models.arrays import BoolArray, FloatArray, IntArray

AT_TRUNK, AT_MOTORWAY, IN_PARK = 70, 26, 24
# kind, title, how far (from, to) in metres from the middle of a seat or a subdistrict of the city
SITES_OF_A_SEAT = (("park", "园区", (1500.0, 4500.0)), ("bus_terminal", "客运站", (0.0, 2500.0)))
FLOWS = 420
TRUNKS = ("trunk", "primary")


def make_hydrogen(
    facts: Facts, land: Land, roads: Roads, places: gpd.GeoDataFrame
) -> tuple[dict[str, gpd.GeoDataFrame], pd.DataFrame]:
    """The layers hydrogen_candidates and hydrogen_terminals, and the table hydrogen_flows."""
    random = facts.random("hydrogen")
    edges = roads.edges
    trunk = _nodes(edges, edges["road_class"].isin(TRUNKS))
    core = shapely.union_all(land.builtup["area"].to_list())
    shapely.prepare(core)
    inside = shapely.contains_xy(core, *roads.xy[trunk].T)
    edge_of_town = ~inside & shapely.dwithin(core, shapely.points(roads.xy[trunk]), 2500.0)
    terminals = _terminals(facts, land, roads, trunk[edge_of_town | inside], random)
    return {
        "hydrogen_candidates": _candidates(facts, land, roads, places, trunk, edge_of_town, random),
        "hydrogen_terminals": terminals,
    }, _flows(terminals, random)


def _candidates(
    facts: Facts,
    land: Land,
    roads: Roads,
    places: gpd.GeoDataFrame,
    trunk: IntArray,
    edge_of_town: BoolArray,
    random: np.random.Generator,
) -> gpd.GeoDataFrame:
    ramp = _nodes(roads.edges, roads.edges["road_class"] == "motorway_link")
    pools = (
        ("trunk_road", _inside(land, roads, trunk[~edge_of_town]), AT_TRUNK, 3500.0),
        ("service_area", _inside(land, roads, ramp), AT_MOTORWAY, 5000.0),
        ("park", _inside(land, roads, trunk[edge_of_town]), IN_PARK, 1800.0),
    )
    nodes = [pool[picked(roads.xy[pool], np.ones(len(pool)), n, apart, random)] for _, pool, n, apart in pools]
    kind = np.repeat([p[0] for p in pools], [len(n) for n in nodes])
    xy = roads.xy[np.concatenate(nodes)] + random.integers(-25, 26, (len(kind), 2))
    houses = cKDTree(np.column_stack([places.geometry.x, places.geometry.y]))
    core = shapely.union_all(land.builtup["area"].to_list())
    large = random.random(len(xy)) < 0.4
    cost = np.where(large, facts.norms["hydrogen_1000_cny"], facts.norms["hydrogen_500_cny"])
    return layer(facts, land, "H", xy, {
        "kind": kind,
        "capacity_kg_per_day": np.where(large, 1000, 500),
        "cost_cny": money(cost.astype(np.float64), random, 0.12),
        "distance_to_housing_m": np.round(houses.query(xy)[0]).astype(np.int64),
        "in_builtup": shapely.contains_xy(core, xy[:, 0], xy[:, 1]),
    })  # fmt: skip


def _inside(land: Land, roads: Roads, nodes: IntArray) -> IntArray:
    """Those of the nodes that lie in the city: its highways run on a little further."""
    shapely.prepare(land.outline)
    return nodes[shapely.contains_xy(land.outline, *roads.xy[nodes].T)]


def _nodes(edges: gpd.GeoDataFrame, which: pd.Series) -> IntArray:
    return np.unique(edges.loc[which, ["from_node", "to_node"]].to_numpy()).astype(np.int64)


def _terminals(
    facts: Facts, land: Land, roads: Roads, near_town: IntArray, random: np.random.Generator
) -> gpd.GeoDataFrame:
    """Gates where trunk roads and motorways leave the city, and parks, depots and bus stations by its towns."""
    gate, neighbour, ref = _gates(facts, land, roads)
    seats = [facts.settings["urban"]["core_towns"][k] for k in (2, 9, 15, 21)]
    seats += [s["towns"][0] for s in facts.settings["urban"]["seat"]]
    towns = facts.towns.set_index("town").loc[seats, ["x", "y"]].to_numpy()
    far, order = cKDTree(roads.xy[near_town]).query(towns, k=len(near_town))
    parks, names, kinds = [], [], []
    for i, seat in enumerate(seats):
        for kind, title, (low, high) in SITES_OF_A_SEAT:
            inside = order[i][(far[i] >= low) & (far[i] <= high)]
            parks.append(int(near_town[inside[int(random.integers(0, len(inside)))]]))
            names.append(f"{seat.removesuffix('街道').removesuffix('镇')}{title}")
            kinds.append(kind)
    xy = roads.xy[np.concatenate([gate, np.array(parks, dtype=np.int64)])]
    mass = np.concatenate([_gate_mass(roads, gate), random.lognormal(0.4, 0.4, len(parks))])
    return layer(facts, land, "T", xy, {
        "name": np.array([f"往{n}（{r}）" for n, r in zip(neighbour, ref, strict=True)] + names, dtype=object),
        "kind": np.array(["gate"] * len(gate) + kinds, dtype=object),
        "mass": np.round(mass, 3),
    }, id_name="terminal_id")  # fmt: skip


def _gates(facts: Facts, land: Land, roads: Roads) -> tuple[IntArray, list[str], list[str]]:
    """Nodes by the outline where a highway ends, the neighbour beyond and the road there."""
    edges = roads.edges
    found: list[int] = []
    for classes in (["motorway"], ["trunk"], ["primary"]):
        nodes = _nodes(edges, edges["road_class"].isin(classes))
        border = shapely.dwithin(land.frame.boundary, shapely.points(roads.xy[nodes]), 700.0)
        for node in nodes[border]:
            if all(np.hypot(*(roads.xy[node] - roads.xy[other])) > 2500 for other in found):
                found.append(int(node))
    points = [(gate["name"], xy) for gate in facts.gates for xy in facts.metric(gate["at"])]
    nearest = cKDTree(np.array([xy for _, xy in points])).query(roads.xy[found])[1]
    numbered = edges[edges["ref"] != ""]
    refs = pd.concat([numbered.set_index("from_node")["ref"], numbered.set_index("to_node")["ref"]])
    refs = refs[~refs.index.duplicated()]
    return np.array(found, dtype=np.int64), [points[k][0] for k in nearest], [refs.get(n, "") for n in found]


def _gate_mass(roads: Roads, gate: IntArray) -> FloatArray:
    """Motorway gates draw more than trunk roads, those more than primary roads."""
    weight = {"motorway": 3.0, "trunk": 1.2, "primary": 0.4}
    edges = roads.edges[roads.edges["road_class"].isin(list(weight))]
    ends = pd.concat([edges.set_index("from_node"), edges.set_index("to_node")])["road_class"].map(weight)
    return ends.groupby(level=0).max().loc[gate].to_numpy(dtype=np.float64)


def _flows(terminals: gpd.GeoDataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Gravity: vehicles a day fall with distance and rise with what both ends draw; the greatest are kept."""
    xy = np.column_stack([terminals.geometry.x, terminals.geometry.y])
    a, b = np.triu_indices(len(xy), 1)
    km = np.hypot(*(xy[a] - xy[b]).T) / 1000
    mass = terminals["mass"].to_numpy()
    bus = (terminals["kind"] == "bus_terminal").to_numpy()
    both_gates = (terminals["kind"] == "gate").to_numpy()[a] & (terminals["kind"] == "gate").to_numpy()[b]
    trips = 60 * mass[a] * mass[b] / (1 + km / 60) * random.lognormal(0, 0.5, len(a)) * np.where(both_gates, 0.6, 1.0)
    trips = np.where(km > 8, trips, 0.0)
    kept = np.sort(np.argsort(-trips, kind="stable")[:FLOWS])
    ids = terminals["terminal_id"].to_numpy(dtype=object)
    return pd.DataFrame(
        {
            "origin": ids[a[kept]],
            "destination": ids[b[kept]],
            "vehicle": np.where((bus[a] | bus[b])[kept], "bus", "truck"),
            "vehicles_per_day": np.maximum(1, np.round(trips[kept])).astype(np.int64),
        }
    )
