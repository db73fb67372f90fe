import geopandas as gpd
import numpy as np
import pytest
import shapely

from solver.errors import LayerError, NetworkError
from solver.network.china import to_gcj02
from solver.network.graph import build_network
from solver.network.inspect import look_at
from solver.network.line_columns import LineColumns, LineLayer
from solver.network.lines import read_lines

CRS = "EPSG:4547"
AT = np.array([500_000.0, 3_080_000.0])  # on the central meridian 114 E, near Zhuzhou's latitude


def layer(path, lines, crs=CRS, **columns):
    geometry = [None if line is None else shapely.LineString(np.array(line) + AT) for line in lines]
    gpd.GeoDataFrame(columns, geometry=geometry, crs=CRS).to_crs(crs).to_file(path)
    return path


def test_columns_are_mapped_and_words_understood(tmp_path):
    path = layer(
        tmp_path / "roads.gpkg",
        [[(0, 0), (100, 0)], [(100, 0), (200, 0)], [(200, 0), (200, 100)], [(200, 100), (300, 100)]],
        grade=["国道", "村道", "环路", "人行道"],
        v=["60", "30 mph", None, None],
        dir=["双向", "单向", "-1", None],
        label=["G320", None, "北环", ""],
    )
    columns = LineColumns("grade", "v", "dir", "label", classes={"环路": "secondary"})
    edges = read_lines(path, LineLayer(columns=columns)).edges.sort_values("from_node", ignore_index=True)
    by_class = edges.set_index("road_class")
    assert by_class.speed_kph.round(2).to_dict() == {
        "trunk": 60,
        "unclassified": 48.28,
        "secondary": 50,  # no speed given: the class's usual one
        "footway": 5,
    }
    assert by_class.oneway.to_dict() == {
        "trunk": "both",
        "unclassified": "forward",
        "secondary": "forward",  # drawn against its direction, so it was turned round
        "footway": "both",
    }
    assert shapely.get_coordinates(by_class.geometry["secondary"])[0] == pytest.approx(AT + np.array([200, 100]))
    assert by_class.drive.to_dict() == {"trunk": True, "unclassified": True, "secondary": True, "footway": False}
    assert by_class["name"].to_dict() == {"trunk": "G320", "unclassified": "", "secondary": "北环", "footway": ""}
    # geodesic length on the central meridian of a Gauss-Krueger zone: scale 1
    assert edges.length_m.tolist() == pytest.approx([100] * 4, rel=1e-5)


def test_words_nobody_knows_are_all_named_with_the_remedy(tmp_path):
    path = layer(
        tmp_path / "roads.gpkg",
        [[(0, 0), (100, 0)], [(100, 0), (200, 0)]],
        grade=["老路", "国道"],
        v=["fast", "60"],
        dir=["hin", "双向"],
        z=["oben", "1"],
    )
    with pytest.raises(LayerError) as refused:
        read_lines(path, LineLayer(columns=LineColumns("grade", "v", "dir", level="z", bridge="brücke")))
    assert str(refused.value).splitlines() == [
        "roads.gpkg: 5 faults",
        "  brücke   is no column (wanted for bridge); it has grade, v, dir, z, geometry",
        "  dir      holds 'hin' in 1 row (0); say what is meant: --forward, --backward",
        "  grade    holds '老路'; say which class it is: --class 'WORD=primary'",
        "  v        is no speed in 1 row (0): 'fast'; give km/h, empty = by class",
        "  z        is no level in 1 row (0); give whole numbers, 0 = ground",
    ]


def test_ends_within_five_centimetres_are_one_node(tmp_path):
    path = layer(tmp_path / "a.gpkg", [[(0, 0), (100, 0)], [(100.03, 0), (200, 0)], [(200.5, 0), (300, 0)]])
    edges = read_lines(path).edges
    # the first two join and become one edge of 200 m; half a metre is a gap
    assert sorted(edges.length_m.round(1)) == pytest.approx([99.5, 200.0])
    assert look_at(edges).fault_counts() == {"gap": 2, "island": 1}


CROSSING = [[(0, 0), (200, 0)], [(100, -100), (100, 100)]]


def test_lines_that_cross_meet_only_where_asked(tmp_path):
    path = layer(tmp_path / "a.gpkg", CROSSING)
    plain, cut = read_lines(path).edges, read_lines(path, LineLayer(split=True))
    assert len(plain) == 2
    assert look_at(plain).fault_counts() == {"crossing": 1, "island": 1}
    assert len(cut.edges) == 4
    assert build_network(cut.edges).n_nodes == 5
    assert cut.notes == ("cut at crossings of one level: 2 more pieces than lines",)


def test_a_bridge_is_not_cut_by_the_road_under_it(tmp_path):
    path = layer(tmp_path / "a.gpkg", CROSSING, bridge=["yes", "no"])
    edges = read_lines(path, LineLayer(columns=LineColumns(bridge="bridge"), split=True)).edges
    assert len(edges) == 2
    assert sorted(edges.level) == [0, 1]
    assert look_at(edges).fault_counts() == {"island": 1}


def test_a_road_that_ends_on_another_joins_it_where_asked(tmp_path):
    path = layer(tmp_path / "a.gpkg", [[(0, 0), (200, 0)], [(50, 0), (50, 80)], [(150, 0.02), (150, 80)]])
    edges = read_lines(path, LineLayer(split=True)).edges
    assert sorted(edges.length_m.round()) == [50, 50, 80, 80, 100]
    assert build_network(edges).n_nodes == 6


def test_lines_that_run_together_meet_at_both_ends_of_the_stretch(tmp_path):
    path = layer(tmp_path / "a.gpkg", [[(0, 0), (200, 0)], [(50, 50), (50, 0), (150, 0), (150, 50)]])
    edges = read_lines(path, LineLayer(split=True)).edges
    assert sorted(edges.length_m.round()) == [50, 50, 50, 50, 100, 100]
    assert look_at(edges).fault_counts() == {"double": 1}


def test_random_lines_after_cutting_cross_nowhere_and_lose_nothing(tmp_path):
    rng = np.random.default_rng(4)
    lines = [rng.uniform(0, 1000, (3, 2)) for _ in range(60)]
    path = layer(tmp_path / "a.gpkg", lines)
    edges = read_lines(path, LineLayer(split=True)).edges
    assert "crossing" not in look_at(edges).fault_counts()
    assert edges.geometry.length.sum() == pytest.approx(sum(shapely.LineString(line).length for line in lines), abs=1)


def test_degrees_are_refused_with_the_right_zone_and_taken_with_a_system(tmp_path):
    path = layer(tmp_path / "a.geojson", [[(0, 0), (100, 0)]], crs="EPSG:4490")
    with pytest.raises(LayerError, match=r"EPSG:4490 is in degrees; lengths need a metric one: add --crs EPSG:4547"):
        read_lines(path)
    with pytest.raises(NetworkError, match=r"crs is EPSG:4326 \(degrees\); lengths need a metric system"):
        read_lines(path, crs="EPSG:4326")
    with pytest.raises(LayerError, match="EPSG:2263 is not in metres"):  # US feet
        read_lines(path, crs="EPSG:2263")
    edges = read_lines(path, crs=CRS).edges
    assert shapely.get_coordinates(edges.geometry[0]) == pytest.approx(np.array([[0, 0], [100, 0]]) + AT, abs=0.01)


def test_null_geometries_points_and_empty_layers_are_reported(tmp_path):
    with pytest.raises(LayerError, match=r"geometry +is missing in 1 row \(1\); remove or redraw these rows"):
        read_lines(layer(tmp_path / "a.gpkg", [[(0, 0), (1, 0)], None]))
    points = tmp_path / "p.gpkg"
    gpd.GeoDataFrame(geometry=[shapely.Point(0, 0)], crs=CRS).to_file(points)
    with pytest.raises(LayerError, match=r"geometry +is no line in 1 row \(0\)"):
        read_lines(points)
    with pytest.raises(LayerError, match="there is no such file"):
        read_lines(tmp_path / "none.shp")


def test_layers_without_or_with_an_old_coordinate_system_are_refused(tmp_path):
    bare = tmp_path / "bare.parquet"
    gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (1, 0)])]).to_parquet(bare)
    with pytest.raises(LayerError, match="has no coordinate system; set it in your GIS"):
        read_lines(bare)
    old = layer(tmp_path / "old.gpkg", [[(0, 0), (100, 0)]], crs="EPSG:4610")
    with pytest.raises(LayerError, match="is in Xian 1980, whose exact shift to CGCS2000 is not public"):
        read_lines(old)


def test_shifted_coordinates_are_put_back(tmp_path):
    true = gpd.GeoSeries([shapely.LineString(np.array([(0, 0), (100, 0)]) + AT)], crs=CRS)
    shifted = shapely.transform(true.to_crs(4326).to_numpy(), to_gcj02)
    path = tmp_path / "web.geojson"
    gpd.GeoDataFrame(geometry=shifted, crs=4326).to_file(path, COORDINATE_PRECISION=12)
    plain = read_lines(path, crs=CRS).edges
    back = read_lines(path, LineLayer(datum="gcj02"), crs=CRS).edges
    assert plain.distance(true[0])[0] > 300
    assert shapely.get_coordinates(back.geometry[0]) == pytest.approx(shapely.get_coordinates(true[0]), abs=0.01)


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
def test_texts_of_a_shapefile_are_read_in_either_encoding_also_without_a_note_of_it(tmp_path, encoding):
    path = tmp_path / "roads.shp"
    table = gpd.GeoDataFrame(
        {"等级": ["国道"], "名称": ["建设北路"]},
        geometry=[shapely.LineString(np.array([(0, 0), (100, 0)]) + AT)],
        crs=CRS,
    )
    table.to_file(path, encoding=encoding)
    path.with_suffix(".cpg").unlink()
    content = bytearray(path.with_suffix(".dbf").read_bytes())
    content[29] = 0  # nor does the table's header say it
    path.with_suffix(".dbf").write_bytes(content)
    edges = read_lines(path, LineLayer(columns=LineColumns(road_class="等级", name="名称"))).edges
    assert edges[["road_class", "name"]].to_numpy().tolist() == [["trunk", "建设北路"]]


def test_clip_keeps_roads_that_touch_the_polygons(tmp_path):
    path = layer(tmp_path / "a.gpkg", [[(0, 0), (100, 0)], [(5000, 0), (5100, 0)]])
    area = gpd.GeoDataFrame(geometry=[shapely.box(*(AT - 10), *(AT + 10))], crs=CRS).to_crs(4490)
    assert len(read_lines(path, clip=area).edges) == 1
    far = gpd.GeoDataFrame(geometry=[shapely.box(*(AT - 9010), *(AT - 9000))], crs=CRS)
    with pytest.raises(LayerError, match="no road touches the clip layer"):
        read_lines(path, clip=far)
