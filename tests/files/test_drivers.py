"""A layer leads nowhere but to itself: no other file is read, no other computer is asked, unless that is allowed."""

import json
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer

import geopandas as gpd
import pytest
import shapely

from solver.cli.group import siting
from solver.errors import LayerError
from solver.files.drivers import ENDINGS, VARIABLE, remote_name
from solver.inputs.layers import read_frame
from solver.network.store import read_edges
from tests.cli.test_commands import call

SECRET = "root-x-0-0"


@pytest.fixture
def asked():
    """Everything that is asked of a server of this computer; its address first."""
    found = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            found.append(self.path)
            self.send_response(404)
            self.end_headers()

        do_HEAD = do_POST = do_GET  # noqa: N815

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", found
    server.shutdown()
    server.server_close()


def layers(folder, server):
    """Name -> text of layers that lead elsewhere."""
    secret = folder / "passwd"
    secret.write_text(f"{SECRET},x\n1,2\n", encoding="utf-8")
    vrt = (
        f'<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>CSV:{secret}</SrcDataSource>'
        "<SrcLayer>passwd</SrcLayer></OGRVRTLayer></OGRVRTDataSource>"
    )
    remote = vrt.replace(f"CSV:{secret}", f"/vsicurl/{server}/x.geojson")
    wfs = f"<OGRWFSDataSource><URL>{server}/wfs</URL></OGRWFSDataSource>"
    gdalg = json.dumps({"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! read {server}/x.json"})
    linked = {
        "type": "FeatureCollection",
        "crs": {"type": "link", "properties": {"href": f"{server}/crs", "type": "ogcwkt"}},
        "features": [{"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [1, 2]}}],
    }
    gml = (
        '<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs" xmlns:xsi='
        f'"http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://a {server}/wfs?SERVICE=WFS&amp;'
        'VERSION=1.0.0&amp;REQUEST=DescribeFeatureType&amp;TYPENAME=a"></wfs:FeatureCollection>'
    )
    return {
        "a.vrt": vrt, "b.vrt": remote, "c.geojson": vrt, "d.gpkg": remote, "e.kml": vrt, "f.xml": wfs, "g.json": wfs,
        "h.gdalg.json": gdalg, "i.json": gdalg, "j.geojson": json.dumps(linked), "k.gml": gml, "l.shp": wfs,
        "m.fgb": gdalg, "n": vrt, "o.tab": wfs, "p.csv": vrt,
    }  # fmt: skip


def test_no_layer_reads_another_file_or_asks_another_computer(tmp_path, asked):
    server, found = asked
    for name, text in layers(tmp_path, server).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        for read in (read_frame, read_edges):
            with pytest.raises(LayerError) as caught:
                read(tmp_path / name)
            assert SECRET not in str(caught.value), name
    assert found == []


@pytest.mark.parametrize("key", ["programmes.clinics.demand.file", "network.file", "travel.matrix"])
def test_a_study_is_told_so_wherever_it_names_one(tmp_path, asked, key):
    server, found = asked
    call("new", tmp_path / "town")
    for name, text in layers(tmp_path / "town", server).items():
        (tmp_path / "town" / name).write_text(text, encoding="utf-8")
    for name in ("a.vrt", "i.json", "d.gpkg", f"{server}/x.geojson", f"/vsicurl/{server}/x.gpkg", "WFS:" + server):
        ended = call("check", tmp_path / "town", "--set", f"{key}={name}")
        assert (ended.exit_code, SECRET in ended.output) == (3, False), (name, ended.output)
    assert found == []


def test_a_virtual_layer_is_opened_where_that_is_allowed_and_for_that_command_only(tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    call("new", tmp_path / "town")
    (tmp_path / "town/places.vrt").write_text(
        '<OGRVRTDataSource><OGRVRTLayer name="places"><SrcDataSource relativeToVRT="1">layers.gpkg</SrcDataSource>'
        "</OGRVRTLayer></OGRVRTDataSource>",
        encoding="utf-8",
    )
    words = ("check", tmp_path / "town", "--set", "programmes.clinics.demand.file=places.vrt")
    ended = call(*words)
    assert (ended.exit_code, "places.vrt   ends in none of" in ended.stderr or "virtual" in ended.stderr) == (3, True)
    assert "--allow-remote" in ended.stderr
    assert call(*words, "--allow-remote").exit_code == 0
    assert call(*words).exit_code == 3


def test_what_is_remote_is_told_apart():
    from pathlib import Path

    assert remote_name(Path("town") / "https://x.org/a.geojson") == "https://x.org/a.geojson"
    assert remote_name(Path("town") / "/vsicurl/a.gpkg") == "/vsicurl/a.gpkg"
    assert remote_name(Path("town/http/a.gpkg")) is None


def test_layers_that_planners_have_are_opened(tmp_path):
    frame = gpd.GeoDataFrame({"id": ["a"]}, geometry=[shapely.Point(112, 27)], crs="EPSG:4326")
    drivers = {
        ".gpkg": "GPKG",
        ".geojson": "GeoJSON",
        ".fgb": "FlatGeobuf",
        ".kml": "KML",
        ".shp": "ESRI Shapefile",
        ".tab": "MapInfo File",
        ".gml": "GML",
        ".gdb": "OpenFileGDB",
        ".geojsonl": "GeoJSONSeq",
    }
    for ending, driver in drivers.items():
        assert ending in ENDINGS
        frame.to_file(tmp_path / f"a{ending}", driver=driver)
        assert len(read_frame(tmp_path / f"a{ending}")) == 1, ending
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as package:
        for path in tmp_path.glob("a.*"):
            if path.suffix in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
                package.write(path, path.name)
    assert len(read_frame(tmp_path / "a.zip")) == 1
    assert siting is not None
