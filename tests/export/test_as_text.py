"""Whatever a planner's texts look like: no formula runs, no export is broken, and siting reads the same texts back."""

import zipfile
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pyogrio
import pytest

from solver.compare.page import write_comparison
from solver.errors import StoreError
from solver.export.formats import SUFFIXES, export_result
from solver.files.csvtext import guarded, read_texts, unguarded, write_csv
from solver.files.parsed import require_parsed
from solver.inputs.layers import read_frame
from tests.cli.test_commands import call
from tests.made_results import programme_result, study_result

LIVE = ["=1+1", "+86 731", "-A1", "@here", "\t=1", "＝1+1", "'=1", "''@x", "plain", "'quoted'", "", "#N/A", "−1"]
NAMES = ["R&D", "<50 m", 'a"b', "=head", "-x", "株洲", "x]]>y", "e\x01f"]


@pytest.mark.parametrize("text", LIVE)
def test_a_text_is_read_back_as_it_was_and_runs_nowhere(text):
    cell = guarded(text)
    assert unguarded(cell) == text
    assert not cell or cell[0] not in "=+-@\t\r\n＝＋－＠"


def test_a_csv_keeps_texts_heads_and_numbers(tmp_path):
    frame = pd.DataFrame({"=id": LIVE, "n": [-1.5] * len(LIVE), "mixed": [-1, "-1", "=x", *LIVE[3:]]})
    write_csv(frame, tmp_path / "a.csv")
    raw = (tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()
    assert raw[0] == "'=id,n,mixed"
    assert raw[1] == "'=1+1,-1.5,-1"
    back = read_texts(pd.read_csv(tmp_path / "a.csv", encoding="utf-8-sig", keep_default_na=False))
    assert list(back.columns) == list(frame.columns)
    assert back["=id"].tolist() == LIVE
    assert back["n"].tolist() == [-1.5] * len(LIVE)
    assert read_frame(tmp_path / "a.csv")["=id"].fillna("").tolist()[:10] == LIVE[:10]


def odd(**more):
    """A result whose sites have columns and texts of every kind."""
    table = programme_result().site_table
    texts = ['=HYPERLINK("http://x")', "+1", "-1", "@x"]
    table = table.assign(**dict.fromkeys(NAMES, texts), name=texts, **more)
    return study_result(programme_result(site_table=table))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_takes_any_name_and_text(suffix, tmp_path):
    path = tmp_path / f"R&D {suffix[1:]}{suffix}"
    export_result(odd(control=["a\x0bb", "\x00", "ok", None]), path)
    rows = len(programme_result().site_table)
    if suffix in (".geojson", ".fgb", ".kml", ".gpkg"):
        layer = "parking_sites" if suffix == ".gpkg" else None
        found = pyogrio.read_dataframe(path, layer=layer)
        assert len(found) == rows
        assert set(NAMES[:-1]) <= set(found.columns)
        assert {"+1", "-1", "@x"} <= set(found["R&D"])  # some formats sort by place
        assert "ok" in set(found["control"])
    if suffix == ".kml":
        assert sum(node.tag.endswith("Placemark") for node in ElementTree.parse(path).iter()) == rows


def test_no_cell_of_a_workbook_is_a_formula(tmp_path):
    export_result(odd(control=["#N/A", "\x0bx", "x" * 40_000, "="]), tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    sheet = next(sheet for sheet in book if sheet.title.startswith("parking_sites"))
    heads = [cell.value for cell in sheet[1]]
    assert {"=head", "-x"} <= set(heads)
    assert {cell.data_type for sheet in book for row in sheet for cell in row} <= {"s", "n", "b"}
    column = heads.index("R&D") + 1
    assert [sheet.cell(row, column).value for row in range(2, 6)] == ['=HYPERLINK("http://x")', "+1", "-1", "@x"]
    with zipfile.ZipFile(tmp_path / "a.xlsx") as package:
        assert not [n for n in package.namelist() if n.endswith(".xml") and b"<f>" in package.read(n)]


def test_no_csv_that_siting_writes_runs_a_formula(tmp_path):
    """A run, a comparison, a sweep, an export and a table of times of a study whose ids and district look live."""
    assert call("new", tmp_path / "a", "--from", "matrix").exit_code == 0
    for file in (tmp_path / "a").iterdir():
        text = file.read_text(encoding="utf-8")
        if file.suffix == ".csv":
            file.write_text(text.replace("X", "=X").replace("A,", "@A,").replace("Y", "-Y"), encoding="utf-8")
    for name, words in (("r", ()), ("s", ("--set", "programmes.stations.open=2"))):
        ended = call("run", tmp_path / "a", "--out", tmp_path / name, *words)
        assert ended.exit_code == 0, ended.output
    assert call("compare", tmp_path / "r", tmp_path / "s", "--out", tmp_path / "c.csv").exit_code == 0
    assert call("export", tmp_path / "s", "--to", tmp_path / "e.csv").exit_code == 0
    words = ("--vary", "programmes.stations.open=1,2", "--jobs", 1, "--out", tmp_path / "sweep")
    assert call("sweep", tmp_path / "a", *words).exit_code == 0
    written = [p for p in tmp_path.rglob("*.csv") if (tmp_path / "a") not in p.parents]
    assert len(written) >= 8
    live = 0
    for path in written:
        table = pd.read_csv(path, encoding="utf-8-sig", dtype=str, keep_default_na=False)
        texts = {cell for column in table for cell in [column, *table[column]]}
        numbers = {t for t in texts if t[:1] == "-" and t[1:].replace(".", "").replace("e-", "").isdigit()}
        assert not [t for t in texts - numbers if t[:1] in "=+-@" and t], path
        live += sum(t in {"'=X", "'-Y", "'@A"} for t in texts)
    assert live >= 4
    assert read_frame(tmp_path / "e.csv")["site_id"].tolist() == ["=X", "-Y", "Z"]
    assert call("verify", tmp_path / "s").exit_code == 0


def test_a_file_that_cannot_be_read_back_takes_no_place(tmp_path, monkeypatch):
    (tmp_path / "a.kml").write_text("<kml><Name>R&D</Name></kml>", encoding="utf-8")
    with pytest.raises(StoreError, match="b.kml   cannot be read back .not well-formed"):
        require_parsed(tmp_path / "a.kml", tmp_path / "b.kml")
    (tmp_path / "a.csv").write_text("x\n1\n", encoding="utf-8")
    with pytest.raises(StoreError, match="has 1 of 2 rows"):
        require_parsed(tmp_path / "a.csv", tmp_path / "b.csv", rows=2)
    monkeypatch.setattr("solver.export.formats.escape", lambda text: text)
    with pytest.raises(StoreError, match="cannot be read back"):
        export_result(odd(), tmp_path / "c.kml")
    assert not (tmp_path / "c.kml").exists()
    assert write_comparison is not None
