"""Exports opened again by other programs: Chinese as it was, numbers as numbers, names that a format can hold."""

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest

from solver.export.formats import export_result
from solver.export.workbook import write_workbook
from tests.made_results import programme_result, study_result

NAMES = ["天元区", "天元区", "荷塘区", "荷塘区"]


@pytest.fixture
def made():
    table = programme_result().site_table.assign(served_places=[2, 0, 1, 0], turnover_vehicles_per_day=[1.5, 2, 3, 4])
    other = programme_result("piles")
    other = programme_result("piles", site_table=other.site_table.assign(slow_units=[3, 0, 1, 0]))
    return study_result(programme_result(site_table=table), other)


@pytest.mark.parametrize("suffix", [".geojson", ".shp", ".fgb", ".kml", ".gpkg"])
def test_chinese_opens_as_it_is_and_places_have_no_height(suffix, made, tmp_path):
    export_result(made, tmp_path / f"a{suffix}")
    table = gpd.read_file(tmp_path / f"a{suffix}", **({"layer": "parking_sites"} if suffix == ".gpkg" else {}))
    assert sorted(table["group"]) == sorted(NAMES * (1 if suffix == ".gpkg" else 2))  # FlatGeobuf sorts by place
    assert not table.has_z.any()
    degrees = suffix in (".geojson", ".kml")
    assert table.crs.to_epsg() == (4326 if degrees else 4547)


def test_a_shapefile_says_its_encoding_and_a_legend_which_field_is_which_column(made, tmp_path):
    notes = export_result(made, tmp_path / "a.shp")
    assert (tmp_path / "a.cpg").read_text() == "UTF-8"
    assert (tmp_path / "a_fields.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    legend = pd.read_csv(tmp_path / "a_fields.csv", encoding="utf-8-sig").set_index("field")
    fields = list(pyogrio.read_info(tmp_path / "a.shp", encoding="UTF-8")["fields"])
    assert legend.index.tolist() == fields
    assert all(len(field) <= 10 for field in fields)
    assert legend.loc["turnover_v", "column"] == "turnover_vehicles_per_day"
    assert legend.loc["served_pla", ["column", "含义"]].tolist() == ["served_places", "服务点数"]
    assert notes[1] == "a_fields.csv says which field is which column, and what it is"


def test_whole_numbers_stay_whole_where_only_one_programme_has_them(made, tmp_path):
    export_result(made, tmp_path / "a.parquet")
    table = gpd.read_parquet(tmp_path / "a.parquet")
    assert table["slow_units"].dtype == "Int64"
    assert table["slow_units"].tolist()[4:] == [3, 0, 1, 0]
    assert table["slow_units"].isna().tolist()[:4] == [True] * 4


def test_a_csv_opens_in_a_spreadsheet_with_its_chinese_and_its_coordinates(made, tmp_path):
    export_result(made, tmp_path / "a.csv", programmes=("parking",))
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    table = pd.read_csv(tmp_path / "a.csv", encoding="utf-8-sig")
    assert table["group"].tolist() == NAMES
    assert table[["x", "y"]].iloc[1].tolist() == [501000, 3080000]


def test_a_workbook_has_numbers_as_numbers_fixed_heads_and_says_what_its_columns_are(made, tmp_path):
    notes = export_result(made, tmp_path / "a.xlsx")
    assert notes == ["the lines of allocation are left out; write them with --layer allocation as .csv"]
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == [
        *("summary", "decided", "parking_demand", "parking_sites", "piles_demand", "piles_sites", "fields"),
    ]
    sheet = book["parking_sites"]
    head = [cell.value for cell in sheet[1]]
    first = dict(zip(head, sheet[2], strict=True))
    assert (first["site_id"].value, first["group"].value, first["chosen"].value) == ("P-1", "天元区", True)
    assert (first["cost"].value, first["cost"].number_format) == (1_000_000, "#,##0")
    assert first["capacity"].value is None
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, len(head)).column_letter}5"
    widths = {cell.value: sheet.column_dimensions[cell.column_letter].width for cell in sheet[1]}
    assert widths["turnover_vehicles_per_day"] > widths["site_id"] >= 8
    fields = {row[0].value: row[2].value for row in book["fields"]}
    assert fields["served_places"] == "服务点数"
    assert "turnover_vehicles_per_day" not in fields


def test_a_column_is_as_broad_as_its_chinese(tmp_path):
    write_workbook({"a": pd.DataFrame({"n": ["十个汉字十个汉字十个"], "m": ["ten letters"[:10]]})}, tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["a"]
    assert sheet.column_dimensions["A"].width == 21
    assert sheet.column_dimensions["B"].width == 11
