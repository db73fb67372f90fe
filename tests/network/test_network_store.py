import geopandas as gpd
import numpy as np
import pytest
from geopandas.testing import assert_geodataframe_equal

from solver.errors import LayerError, StoreError
from solver.network.store import attribution_of, check_edges, read_edges, write_edges


@pytest.fixture
def street(edges_of):
    return edges_of(
        [
            {"from_node": 1, "to_node": 2, "line": [(0, 0), (100, 0)], "name": "人民路", "ref": "G320", "level": -1},
            {"from_node": 2, "to_node": 3, "line": [(100, 0), (100, 100)], "oneway": "backward", "bridge": True},
        ]
    )


@pytest.mark.parametrize("suffix", [".parquet", ".gpkg"])
def test_what_is_written_is_read_again(street, tmp_path, suffix):
    path = tmp_path / f"net{suffix}"
    write_edges(street, path)
    again = read_edges(path)
    assert again.crs == street.crs
    assert_geodataframe_equal(again[sorted(again)], street[sorted(street)], check_dtype=False, check_like=True)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", [".parquet", ".gpkg"])
def test_a_layer_says_whose_data_it_is(street, tmp_path, suffix):
    path = tmp_path / f"roads{suffix}"
    write_edges(street, path)
    assert attribution_of(path) == ""
    street.attrs["attribution"] = "© 某单位"
    write_edges(street, path)
    assert attribution_of(path) == "© 某单位"
    assert attribution_of(tmp_path / "nowhere.gpkg") == ""


def test_an_older_file_stays_whole_when_writing_fails(street, tmp_path, monkeypatch):
    path = tmp_path / "net.parquet"
    write_edges(street, path)
    before = path.read_bytes()

    def fails(self, draft, **_):
        draft.write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(gpd.GeoDataFrame, "to_parquet", fails)
    with pytest.raises(StoreError, match=r"net.parquet   could not be written \(disk full\)"):
        write_edges(street, path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["net.parquet"]


def test_all_faults_of_a_layer_come_at_once(street):
    faulty = street.assign(length_m=[-3.0, np.nan], oneway=["yes", "both"], edge_id=[7, 7])
    with pytest.raises(LayerError) as refused:
        check_edges(faulty.to_crs(4326), "roads.gpkg")
    remedy = "import it with `siting network import FILE --out NET --crs EPSG:4547` or your own metric system"
    assert str(refused.value).splitlines() == [
        "roads.gpkg: 4 faults",
        f"  coordinate system   EPSG:4326 is in degrees; lengths need a metric one; {remedy}",
        "  edge_id             is not unique in 2 rows (0, 1); give every edge its own number",
        "  length_m            is not above 0 in 2 rows (0, 1); mend them, or remove these rows",
        "  oneway              is not one of both, forward, backward in 1 row (0); mend them",
    ]


def test_missing_columns_and_wrong_kinds_are_named(street):
    with pytest.raises(LayerError, match=r"oneway +is missing; an edge layer has"):
        check_edges(street.drop(columns="oneway"), "roads")
    with pytest.raises(LayerError, match=r"drive +holds str; must hold yes/no values"):
        check_edges(street.assign(drive=np.array(["y", "n"], dtype=object)), "roads")


def test_null_geometries_are_named_by_row(street):
    with pytest.raises(LayerError, match=r"geometry +is missing in 1 row \(1\)"):
        check_edges(street.set_geometry([street.geometry[0], None], crs=street.crs), "roads")


def test_edges_that_share_a_node_must_meet_there(street):
    with pytest.raises(LayerError, match="lie in different places for node 1, 2, 1 row"):
        check_edges(street.assign(from_node=[1, 1], to_node=[2, 2]), "roads")


def test_a_file_that_is_no_edge_layer_is_refused(tmp_path):
    with pytest.raises(LayerError, match="there is no such file"):
        read_edges(tmp_path / "none.parquet")
    (tmp_path / "bad.gpkg").write_text("no")
    with pytest.raises(LayerError, match=r"cannot be read \(it is no .gpkg by its content\)"):
        read_edges(tmp_path / "bad.gpkg")
    with pytest.raises(LayerError, match=r"written as .parquet or .gpkg, not .docx"):
        write_edges(gpd.GeoDataFrame(), tmp_path / "x.docx")
