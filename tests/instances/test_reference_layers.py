"""The committed layers of the reference study agree with the facts they are calibrated to."""

import tomllib
from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import scipy.sparse as sp
import shapely
from scipy.sparse.csgraph import connected_components

from solver.network.store import read_edges

STUDY = Path(__file__).parent.parent.parent / "instances" / "zhuzhou"
TRUNK = ["motorway", "motorway_link", "trunk", "primary", "secondary"]
FAST = ["motorway", "motorway_link"]
SITES = [
    "places",
    "parking_candidates",
    "parking_existing",
    "charging_candidates",
    "logistics_centres",
    "logistics_stations",
    "logistics_points",
    "clinics_existing",
    "clinic_candidates",
    "stations_5g_candidates",
    "shelter_candidates",
    "service_sites",
    "cold_store_candidates",
]
PLACES = ["places", "mobile_demand", "growing_areas"]


@cache
def layer(name: str) -> gpd.GeoDataFrame:
    return gpd.read_parquet(STUDY / "layers" / f"{name}.parquet")


@cache
def roads() -> gpd.GeoDataFrame:
    return read_edges(STUDY / "layers" / "roads.parquet")


@cache
def settings() -> dict[str, dict[str, float]]:
    return tomllib.loads((STUDY / "generator.toml").read_text(encoding="utf-8"))


@cache
def middles() -> npt.NDArray[np.object_]:
    return shapely.line_interpolate_point(roads().geometry.to_numpy(), 0.5, normalized=True)


def within(areas: shapely.Geometry) -> npt.NDArray[np.bool_]:
    shapely.prepare(areas)
    return shapely.intersects(areas, middles())


def strong_share(edges: pd.DataFrame) -> float:
    """Share of the nodes of these edges in their greatest strongly connected component."""
    u, v, way = (edges[c].to_numpy() for c in ("from_node", "to_node", "oneway"))
    used, ends = np.unique(np.concatenate([u, v]), return_inverse=True)
    u, v = ends[: len(u)], ends[len(u) :]
    tail = np.concatenate([u[way != "backward"], v[way != "forward"]])
    head = np.concatenate([v[way != "backward"], u[way != "forward"]])
    graph = sp.coo_array((np.ones(len(tail)), (tail, head)), shape=(len(used), len(used))).tocsr()
    part = connected_components(graph, directed=True, connection="strong")[1]
    return float(np.bincount(part).max() / len(used))


def test_people_sum_to_the_census_of_every_county() -> None:
    census = pd.read_csv(STUDY / "facts" / "counties.csv").set_index("county")["population_2020"]
    counted = layer("places").groupby("county")["population"].sum()
    assert counted.to_dict() == census.to_dict()
    assert counted.sum() == 3_902_729


def test_people_in_built_up_areas_sum_to_the_urban_population_of_the_plan() -> None:
    places = layer("places")
    assert places.loc[places["kind"] == "urban_block", "population"].sum() == 2_781_100


def test_every_town_of_the_facts_lies_in_its_own_county() -> None:
    towns, counties = layer("towns"), layer("counties")
    found = gpd.sjoin(towns[["town", "county", "geometry"]], counties[["county", "geometry"]], predicate="within")
    assert len(found) == len(pd.read_csv(STUDY / "facts" / "towns.csv")) == 105
    assert (found["county_left"] == found["county_right"]).all()


def test_counties_do_not_overlap_and_measure_the_city_in_all() -> None:
    counties = layer("counties")
    assert counties.area.sum() == pytest.approx(counties.union_all().area, rel=1e-3)
    assert counties.area.sum() / 1e6 == pytest.approx(counties["area_km2"].sum(), rel=0.02)
    assert (counties.area / 1e6).to_numpy() == pytest.approx(counties["area_km2"].to_numpy(), rel=0.2)


def test_only_bridges_cross_the_rivers() -> None:
    for river in layer("rivers").itertuples():
        over = roads()[shapely.intersects(river.geometry, roads().geometry.to_numpy())]
        assert len(over) >= 5, river.name
        assert over["bridge"].all(), river.name


def test_the_named_bridges_of_the_city_join_both_banks() -> None:
    xiang = tomllib.loads((STUDY / "facts" / "rivers.toml").read_text(encoding="utf-8"))["river"][0]
    river = layer("rivers").set_index("name").loc["湘江", "geometry"]
    for bridge in xiang["bridges"]:
        line = roads()[roads()["name"] == bridge["name"]]
        assert len(line) == 1
        assert line["bridge"].all()
        assert line.geometry.intersects(river).all()


def test_without_bridges_the_banks_of_the_xiang_are_apart() -> None:
    dry = roads()[~roads()["bridge"]]
    whole = strong_share(roads().assign(oneway="both"))
    assert whole == 1.0
    assert strong_share(dry.assign(oneway="both")) < 0.95


def test_the_network_has_the_size_of_a_city() -> None:
    nodes = np.unique(roads()[["from_node", "to_node"]].to_numpy())
    assert 50_000 <= len(nodes) <= 70_000
    assert nodes[0] == 0
    assert nodes[-1] == len(nodes) - 1
    assert (roads()["oneway"] != "both").sum() > 1000


@pytest.mark.parametrize(
    "use",
    [
        lambda e: e[e["drive"]],
        lambda e: e[e["truck"]],
        lambda e: e[e["walk"]].assign(oneway="both"),
        lambda e: e[e["road_class"].isin(TRUNK)],
    ],
    ids=["drive", "truck", "walk", "trunk"],
)
def test_from_nearly_everywhere_one_gets_nearly_everywhere(use) -> None:
    assert strong_share(use(roads())) > 0.99


def test_streets_of_the_city_and_the_seats_are_as_dense_as_the_plan_says() -> None:
    streets = ~roads()["road_class"].isin([*FAST, "service"]).to_numpy()
    builtup = layer("builtup")
    for area in builtup[builtup["kind"] != "town"].itertuples():
        km = roads()["length_m"].to_numpy()[within(area.geometry) & streets].sum() / 1000
        assert km / (area.geometry.area / 1e6) == pytest.approx(8.0, abs=1.0), area.name


def test_the_main_city_is_built_up_over_the_area_of_the_plan() -> None:
    city = layer("builtup").set_index("kind").loc["city", "geometry"]
    assert 145 <= city.area / 1e6 <= 180


def test_rural_roads_sum_to_the_plan() -> None:
    outside = ~within(layer("builtup").union_all())
    rural = roads()["road_class"].isin(["secondary", "tertiary", "unclassified", "residential"]) & (
        roads()["ref"] == ""
    )
    assert roads()["length_m"][outside & rural].sum() / 1000 == pytest.approx(11_000, rel=0.10)


def test_motorways_sum_to_the_plan_and_run_one_way() -> None:
    motorway = roads()[roads()["road_class"] == "motorway"]
    inside = within(layer("counties").union_all())[motorway.index]
    assert motorway["length_m"][inside].sum() / 2 / 1000 == pytest.approx(600, rel=0.10)
    assert (motorway["oneway"] == "forward").all()
    assert not motorway["walk"].any()


def test_lengths_are_those_of_the_lines() -> None:
    assert roads()["length_m"].to_numpy() == pytest.approx(roads().geometry.length.to_numpy(), abs=0.06)


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("places", 15_000, 30_000),
        ("parking_candidates", 1_400, 1_600),
        ("parking_existing", 300, 340),
        ("charging_candidates", 1_900, 2_100),
        ("hydrogen_candidates", 100, 140),
        ("hydrogen_terminals", 36, 50),
        ("logistics_centres", 25, 25),
        ("logistics_stations", 170, 190),
        ("logistics_points", 1_150, 1_250),
        ("clinic_candidates", 750, 850),
    ],
)
def test_there_are_as_many_places_and_sites_as_a_real_study_has(name: str, least: int, most: int) -> None:
    assert least <= len(layer(name)) <= most


def test_every_place_and_site_can_be_reached_on_foot_and_by_car() -> None:
    usable = roads()[roads()["drive"] & roads()["walk"] & ~roads()["road_class"].isin(FAST)]
    tree = shapely.STRtree(usable.geometry.to_numpy())
    for name in {*SITES, "growing_areas"} - {"stations_5g_candidates"}:  # masts in parks stand away from roads
        distance = tree.query_nearest(layer(name).geometry.to_numpy(), return_distance=True, all_matches=False)[1]
        assert distance.max() <= 300, name


def test_hydrogen_sites_and_terminals_stand_at_the_trunk_network() -> None:
    tree = shapely.STRtree(roads().geometry[roads()["road_class"].isin(TRUNK)].to_numpy())
    for name in ("hydrogen_candidates", "hydrogen_terminals"):
        distance = tree.query_nearest(layer(name).geometry.to_numpy(), return_distance=True, all_matches=False)[1]
        assert distance.max() <= 100, name


def test_flows_join_known_terminals_once() -> None:
    flows = pd.read_csv(STUDY / "layers" / "hydrogen_flows.csv")
    known = set(layer("hydrogen_terminals")["terminal_id"])
    assert set(flows["origin"]) | set(flows["destination"]) <= known
    assert not flows.duplicated(["origin", "destination"]).any()
    assert (flows["origin"] < flows["destination"]).all()
    assert (flows["vehicles_per_day"] > 0).all()


def test_ids_are_unique_over_all_layers() -> None:
    names = [*SITES, *PLACES[1:]]
    ids = [i for name in names for i in layer(name)["place_id" if name in PLACES else "site_id"]]
    assert len(ids) == len(set(ids))


def test_twenty_thousand_piles_fit_and_are_needed() -> None:
    sites, places = layer("charging_candidates"), layer("places")
    assert sites["max_slow"].sum() > 2 * 16_000
    assert sites["max_fast"].sum() > 2 * 4_000
    wanted_kw = 7 * sites["max_slow"] + 120 * sites["max_fast"]
    assert 0.2 < (wanted_kw > sites["grid_limit_kw"]).mean() < 0.8
    capacity = 16_000 * 42 + 4_000 * 480
    assert 1.0 < places["charging_need_kwh_per_day"].sum() / capacity < 1.5


def test_all_layers_together_are_small_enough_to_commit() -> None:
    assert sum(p.stat().st_size for p in (STUDY / "layers").iterdir()) < 13e6


def test_coordinates_are_in_the_system_of_the_study() -> None:
    for path in sorted((STUDY / "layers").glob("*.parquet")):
        assert layer(path.stem).crs.to_epsg() == 4547, path.name
