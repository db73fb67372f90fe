"""Small OpenStreetMap files are written here; real extracts lie beside the project and are used where present."""

import gzip

import geopandas as gpd
import numpy as np
import osmium
import pytest
import shapely
from pyproj import Geod, Transformer

from solver.errors import LayerError, NetworkError
from solver.network.graph import build_network
from solver.network.osm import read_osm
from solver.network.osm_tags import CLASS_SPEED_KPH, WALK_ONLY
from solver.network.snapping import nearest
from solver.network.store import write_edges
from solver.network.travel import travel_times
from solver.solve import solve_study
from solver.study.read import read_study
from tests.network.conftest import FAST_AND_SLOW, real

DEGREE_M = 111_319.49  # one degree along the equator


def write_osm(path, nodes, ways):
    """Nodes id -> (metres east, metres north[, tags]) near 0, 0; ways as (node ids, tags)."""
    lines = ['<?xml version="1.0"?>', '<osm version="0.6">']
    for node, (east, north, *tags) in nodes.items():
        inner = "".join(f'<tag k="{k}" v="{v}"/>' for k, v in (tags[0] if tags else {}).items())
        place = f'lat="{north / DEGREE_M:.9f}" lon="{east / DEGREE_M:.9f}"'
        lines.append(f'<node id="{node}" version="1" {place}>{inner}</node>')
    for number, (refs, tags) in enumerate(ways, start=1):
        inner = "".join(f'<nd ref="{ref}"/>' for ref in refs) + "".join(
            f'<tag k="{k}" v="{v}"/>' for k, v in tags.items()
        )
        lines.append(f'<way id="{number}" version="1">{inner}</way>')
    path.write_text("\n".join([*lines, "</osm>"]), encoding="utf-8")
    return path


def on_ground(crs, *metres):
    """Places given as in `write_osm`, in the coordinate system of the edges."""
    lon, lat = np.array(metres, dtype=float).T / DEGREE_M
    return np.column_stack(Transformer.from_crs(4326, crs, always_xy=True).transform(lon, lat))


ROAD = {"highway": "residential"}


def test_chains_become_one_edge_and_keep_their_line(tmp_path):
    # Two ways of one street meet at 3 and bend at 2 and 4; nothing else happens there: one edge of 4 x 100 m.
    nodes = {i: (100 * i, 0) for i in range(1, 6)}
    path = write_osm(tmp_path / "a.osm", nodes, [((1, 2, 3), ROAD), ((5, 4, 3), ROAD)])
    edges = read_osm(path).edges
    assert len(edges) == 1
    assert {edges.from_node[0], edges.to_node[0]} == {1, 5}
    assert edges.length_m[0] == pytest.approx(400, rel=1e-4)
    assert len(edges.geometry[0].coords) == 5
    assert edges.crs.to_string() == "EPSG:32631"


def test_roads_of_openstreetmap_say_so_in_every_result(tmp_path):
    path = write_osm(tmp_path / "a.osm", {i: (1000 * i, 0) for i in range(3)}, [((0, 1, 2), ROAD)])
    edges = read_osm(path).edges
    write_edges(edges, tmp_path / "roads.parquet")
    (west, _), (east, _) = edges.geometry[0].coords[0], edges.geometry[0].coords[-1]
    (tmp_path / "points.csv").write_text(f"id,x,y\nW,{west},0\nE,{east},0\n")
    layer = '{ file = "points.csv", id = "id", x = "x", y = "y", crs = "EPSG:32631" }'
    (tmp_path / "study.toml").write_text(
        f"""[study]
name = "a"
crs = "EPSG:32631"
[network]
file = "roads.parquet"
[programmes.p]
model = "max-cover"
open = 1
sites = {layer}
demand = {layer}
reach = {{ limit_m = 100 }}
"""
    )
    said = {"": "© OpenStreetMap contributors (ODbL)", "study.attribution=ours": "ours"}
    for override, attribution in said.items():
        result = solve_study(read_study(tmp_path, [override] if override else []))
        assert result.attribution == attribution


def test_a_change_of_speed_name_or_direction_keeps_the_node(tmp_path):
    nodes = {i: (100 * i, 0) for i in range(1, 6)}
    ways = [
        ((1, 2), ROAD),
        ((2, 3), {**ROAD, "maxspeed": "30 mph"}),
        ((3, 4), {**ROAD, "maxspeed": "30 mph", "name": "北街"}),
        ((5, 4), {**ROAD, "maxspeed": "30 mph", "name": "北街", "oneway": "-1"}),
    ]
    edges = read_osm(write_osm(tmp_path / "a.osm", nodes, ways)).edges
    assert sorted(zip(edges.from_node, edges.to_node, edges.oneway, strict=True)) == [
        (1, 2, "both"),
        (2, 3, "both"),
        (3, 4, "both"),
        (4, 5, "forward"),  # drawn from 5 to 4 and tagged -1: one may go from 4 to 5
    ]
    assert edges.set_index("from_node").speed_kph.round(2).to_dict() == {1: 30, 2: 48.28, 3: 48.28, 4: 48.28}


def test_a_one_way_chain_is_joined_in_its_direction_only(tmp_path):
    nodes = {i: (100 * i, 0) for i in range(1, 5)}
    one = {**ROAD, "oneway": "yes"}
    through = read_osm(write_osm(tmp_path / "a.osm", nodes, [((1, 2), one), ((2, 3), one)])).edges
    assert list(zip(through.from_node, through.to_node, strict=True)) == [(1, 3)]
    apart = read_osm(write_osm(tmp_path / "b.osm", nodes, [((1, 2), one), ((3, 2), one)])).edges
    assert len(apart) == 2


def test_a_roundabout_is_driven_one_way_round(tmp_path):
    # A ring 10-11-12-13 of 100 m sides with streets at 10 and 12. Anticlockwise 10 -> 12 is 200 m by 11, and so is
    # 12 -> 10 by 13. Against the ring nothing goes.
    nodes = {10: (0, 0), 11: (100, 0), 12: (100, 100), 13: (0, 100), 20: (-100, 0), 21: (200, 100)}
    ways = [((10, 11, 12, 13, 10), {**ROAD, "junction": "roundabout"}), ((20, 10), ROAD), ((12, 21), ROAD)]
    edges = read_osm(write_osm(tmp_path / "a.osm", nodes, ways)).edges
    ring = edges[edges.oneway == "forward"]
    assert sorted(zip(ring.from_node, ring.to_node, strict=True)) == [(10, 12), (12, 10)]
    assert ring.length_m.tolist() == pytest.approx([200, 200], rel=1e-2)


def test_a_bollard_stops_cars_but_not_walkers(tmp_path):
    # A straight street of 200 m with a bollard in the middle, and a way round of 400 m.
    nodes = {1: (0, 0), 2: (100, 0, {"barrier": "bollard"}), 3: (200, 0), 4: (0, 100), 5: (200, 100)}
    path = write_osm(tmp_path / "a.osm", nodes, [((1, 2, 3), ROAD), ((1, 4, 5, 3), ROAD)])
    edges = read_osm(path).edges
    for mode, metres in (("drive", 400), ("walk", 200)):
        network = build_network(edges, mode=mode)
        ends = nearest(network, ["a", "b"], on_ground(edges.crs, (0, 0), (200, 0)))
        lengths = travel_times(network, ends, ends, cutoff=5000, impedance="length_m").toarray()
        assert lengths[0, 1] == pytest.approx(metres, rel=1e-2)
    assert edges[~edges.drive].length_m.tolist() == pytest.approx([1.0], rel=1e-3)  # half a metre on each side


def test_ferries_stay_away_unless_wanted(tmp_path):
    nodes = {1: (0, 0), 2: (100, 0), 3: (5000, 0)}
    path = write_osm(tmp_path / "a.osm", nodes, [((1, 2), ROAD), ((2, 3), {"route": "ferry"})])
    assert read_osm(path).edges.road_class.tolist() == ["residential"]
    with_ferry = read_osm(path, ferries=True, speeds_kph={"ferry": 9}).edges.set_index("road_class")
    assert with_ferry.speed_kph.to_dict() == {"residential": 30, "ferry": 9}


def test_vertices_in_the_same_place_do_not_tear_the_road(tmp_path):
    # nodes 2 and 3 lie in one place; the piece between them has no length, the road still goes through
    nodes = {1: (0, 0), 2: (100, 0), 3: (100, 0), 4: (200, 0), 5: (100, 100)}
    path = write_osm(tmp_path / "a.osm", nodes, [((1, 2), ROAD), ((2, 3), ROAD), ((3, 4), ROAD), ((2, 5), ROAD)])
    network = build_network(read_osm(path).edges)
    assert network.n_nodes == 4
    assert network.left_out.island_km == 0


def test_clip_keeps_whole_edges_that_touch_the_polygons(tmp_path):
    nodes = {1: (0, 0), 2: (100, 0), 3: (200, 0), 4: (100, 80), 5: (9000, 0), 6: (9100, 0)}
    ways = [((1, 2), ROAD), ((2, 3), ROAD), ((2, 4), ROAD), ((5, 6), ROAD)]
    path = write_osm(tmp_path / "a.osm", nodes, ways)
    west = gpd.GeoDataFrame(geometry=[shapely.box(-1 / DEGREE_M, -1e-3, 50 / DEGREE_M, 1e-3)], crs=4326)
    clipped = read_osm(path, clip=west).edges
    assert clipped.length_m.tolist() == pytest.approx([100], rel=1e-4)
    nowhere = gpd.GeoDataFrame(geometry=[shapely.box(5, 5, 6, 6)], crs=4326)
    with pytest.raises(LayerError, match="holds no road .* inside the clip layer"):
        read_osm(path, clip=nowhere)


def test_unreadable_speeds_and_closed_ways_are_said(tmp_path):
    nodes = {1: (0, 0), 2: (100, 0), 3: (200, 0)}
    ways = [((1, 2), {**ROAD, "maxspeed": "slow"}), ((2, 3), {**ROAD, "access": "private"}), ((2, 99), ROAD)]
    imported = read_osm(write_osm(tmp_path / "a.osm", nodes, ways))
    assert imported.edges.speed_kph.tolist() == [30]
    assert imported.source_km == pytest.approx({"residential": 0.2}, rel=1e-4)
    assert imported.notes == (
        "1 ways are closed to every wanted mode by their tags",
        "1 vertices of ways are not in the file (the extract cuts roads)",
        "maxspeed not understood, class default taken: 'slow' x 1",
    )


def test_compressed_xml_and_pbf_give_the_same_edges(tmp_path):
    nodes = {1: (0, 0), 2: (100, 0), 3: (200, 50)}
    path = write_osm(tmp_path / "a.osm", nodes, [((1, 2), ROAD), ((2, 3), {**ROAD, "bridge": "yes"})])
    packed = tmp_path / "b.osm.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    pbf = tmp_path / "c.osm.pbf"
    with osmium.SimpleWriter(str(pbf)) as writer:
        for item in osmium.FileProcessor(str(path)):
            writer.add(item)
    expected = read_osm(path).edges
    assert expected.level.tolist() == [0, 1]
    for other in (packed, pbf):
        assert read_osm(other).edges.to_wkt().equals(expected.to_wkt())


def test_files_without_roads_or_damaged_ones_each_give_one_clear_report(tmp_path):
    nodes = {1: (0, 0), 2: (100, 0)}
    without = write_osm(tmp_path / "rivers.osm", nodes, [((1, 2), {"waterway": "river"})])
    with pytest.raises(LayerError, match=r"rivers.osm: holds no road .*extract it with roads"):
        read_osm(without)
    private = write_osm(tmp_path / "private.osm", nodes, [((1, 2), {**ROAD, "access": "no"})])
    with pytest.raises(LayerError, match="none of its 1 roads is open to drive"):
        read_osm(private, modes=["drive"])
    with pytest.raises(LayerError, match="there is no such file"):
        read_osm(tmp_path / "none.osm.pbf")
    (tmp_path / "text.osm.pbf").write_text("this is no map")
    with pytest.raises(LayerError, match=r"is damaged or not an OpenStreetMap file .*download it again"):
        read_osm(tmp_path / "text.osm.pbf")


def test_options_that_make_no_sense_are_refused(tmp_path):
    path = write_osm(tmp_path / "a.osm", {1: (0, 0), 2: (100, 0)}, [((1, 2), ROAD)])
    with pytest.raises(NetworkError, match="modes are fly; must be among drive, walk, truck"):
        read_osm(path, modes=["fly"])
    with pytest.raises(NetworkError, match="boulevard is no road class"):
        read_osm(path, speeds_kph={"boulevard": 50})
    with pytest.raises(NetworkError, match="speed of service is 0; must be above 0 km/h"):
        read_osm(path, speeds_kph={"service": 0})
    with pytest.raises(NetworkError, match=r"crs is EPSG:4326 \(degrees\); lengths need a metric system"):
        read_osm(path, crs="EPSG:4326")


def test_a_truncated_extract_is_one_clear_report(tmp_path):
    whole = real("andorra").read_bytes()
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(LayerError, match=r"cut.osm.pbf: is damaged or not an OpenStreetMap file"):
        read_osm(cut)


@pytest.mark.parametrize("name", FAST_AND_SLOW)
def test_the_kilometres_by_class_of_a_real_extract_come_out_again(name):
    path = real(name)
    counted: dict[str, float] = {}
    for way in osmium.FileProcessor(str(path)).with_locations().with_filter(osmium.filter.KeyFilter("highway")):
        if way.is_way() and way.tags.get("area") != "yes" and way.tags["highway"] in CLASS_SPEED_KPH:
            lon, lat = [n.lon for n in way.nodes], [n.lat for n in way.nodes]
            metres = Geod(ellps="WGS84").line_length(lon, lat)
            counted[way.tags["highway"]] = counted.get(way.tags["highway"], 0.0) + metres / 1000
    imported = read_osm(path)
    assert dict(imported.source_km) == pytest.approx(counted, rel=1e-9)
    # data/README: highway ways open to cars, 3,865 km in Columbus, 1,772 in Porto Alegre, 415 in Andorra
    known_km = {"andorra": 415, "columbus": 3865, "porto_alegre_poa": 1772}[name]
    assert sum(km for c, km in counted.items() if c not in WALK_ONLY) == pytest.approx(known_km, rel=2e-3)
    kept = imported.edges.groupby("road_class").length_m.sum() / 1000
    assert all(kept[c] <= counted[c] + 1e-6 for c in kept.index)
    assert kept.sum() > 0.85 * sum(counted.values())
