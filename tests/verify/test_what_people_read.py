"""What people read of a result is made anew: a change of any of it is found, wherever it stands."""

import json
import shutil
import sqlite3
import zipfile
from io import BytesIO

import pyogrio
import pytest
from PIL import Image, PngImagePlugin

from solver.cli.options import roads_under
from solver.cli.town import EXAMPLES
from solver.events import SolveOptions
from solver.export.folder import write_result
from solver.solve import solve_study
from solver.study.read import read_study
from solver.verify.run import verify_result
from tests.verify.test_tampering import changed, edited, found, layer, put


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """The town's clinics beside their result: roads, maps, other plans and the worth of sites."""
    folder = tmp_path_factory.mktemp("town")
    (folder / "study").mkdir()
    EXAMPLES["town"].write(folder / "study")
    file = read_study(folder / "study", ["solve.search_s=0"])
    options = SolveOptions(alternatives=1, within=0.1, marginals=True)
    write_result(solve_study(file, options=options), folder / "out", roads=roads_under(file))
    return folder


@pytest.fixture
def out(town, tmp_path):
    shutil.copytree(town, tmp_path / "town")
    return tmp_path / "town/out"


def unmade(out):
    return {v.check: tuple(str(d) for d in v.details) for v in verify_result(out).verdicts if v.status == "not checked"}


def document_of(out):
    return json.loads((out / "result.json").read_text(encoding="utf-8"))


def repacked(path, old, new):
    """The text of a QGIS project with something else in it."""
    with zipfile.ZipFile(path) as package:
        text = package.read("plan.qgs").decode("utf-8")
    assert old in text
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("plan.qgs", text.replace(old, new))


def painted(path, **info):
    """A picture with a spot of its own; what its file says of its origin is kept but for `info`."""
    picture = Image.open(path)
    told = PngImagePlugin.PngInfo()
    for key, value in (picture.info | info).items():
        if isinstance(value, str):
            told.add_text(key, value)
    picture = picture.convert("RGB")
    picture.paste((255, 0, 255), (400, 400, 404, 404))
    picture.save(path, pnginfo=told)


def test_a_town_holds_and_its_maps_and_pages_are_among_what_is_checked(out):
    report = verify_result(out)
    holds = {v.check for v in report.verdicts if v.status == "holds"}
    assert not report.failed
    assert {
        "the_report_is_what_the_result_makes_of_it",
        "sites_csv_is_what_the_plan_makes_of_it",
        "summary_csv_is_what_the_result_makes_of_it",
        "the_project_opens_the_layers_of_the_plan",
        "layers_are_drawn_in_their_styles",
        "the_maps_show_the_plan",
        "pictures_in_the_page_show_the_plan",
        "roads_under_the_plan_are_the_studys",
        "versions_are_those_at_hand",
        "places_on_roads_are_where_points_meet_them",
    } <= holds


def test_files_beside_the_data_are_compared_as_content(out):
    # 9,070 of 13,710 people are reached, proven; C-12 stands at x 500,525 and costs 1.1 million
    edited(out / "report.html", "Proven best", "Approved")
    edited(out / "report.html", "9,070", "9,990")
    edited(out / "sites.csv", "500525.0", "500625.0")
    edited(out / "summary.csv", "New clinics", "Old clinics")
    repacked(out / "plan.qgz", "<title>A small town", "<title>A large town")
    painted(out / "map-clinics.png")
    with sqlite3.connect(out / "plan.gpkg") as base:
        base.execute("UPDATE layer_styles SET styleQML = replace(styleQML, 'chosen', 'closed')")
    faults = found(out)
    report = "\n".join(faults["the_report_is_what_the_result_makes_of_it"])
    assert "report.html says Approved" in report
    assert "made anew it says Proven best" in report
    assert "9" in report
    assert faults["sites_csv_is_what_the_plan_makes_of_it"] == [
        "x of clinics C-12 in sites.csv: it says 500625.0, made anew it is 500525.0"
    ]
    assert faults["summary_csv_is_what_the_result_makes_of_it"] == [
        "title of clinics in summary.csv: it says Old clinics, made anew it is New clinics"
    ]
    assert "A large town" in faults["the_project_opens_the_layers_of_the_plan"][0]
    assert "closed" in faults["layers_are_drawn_in_their_styles"][0]
    assert "differs from the map of the plan in" in faults["the_maps_show_the_plan"][0]


def test_data_of_the_layers_that_no_rule_reads_are_compared_too(out):
    other = document_of(out)["programmes"]["clinics"]["sites"]
    free = next(site for site in pyogrio.read_dataframe(out / "plan.gpkg", layer="clinics_sites")["site_id"]
                if site not in other)  # fmt: skip

    def sites(table):
        row = table["site_id"] == free
        table.loc[row, "cost"] += 1.0
        table.loc[row, "group"] = "north"
        table.loc[row, "programme"] = "hospitals"
        table.loc[row, "road_x"] += 30.0
        return table

    layer(out, "clinics_sites", sites)
    layer(out, "clinics_demand", lambda t: t.set_geometry(t.translate(5)))
    layer(out, "clinics_demand", lambda t: t.assign(group=["x", *t["group"][1:]], travel_s=t["travel_s"] * 2))
    layer(out, "clinics_allocation", lambda t: t.assign(programme="x", said="nothing"))
    layer(out, "roads", lambda t: t.iloc[:0])
    faults = found(out)
    text = "\n".join(faults["the_site_layer_says_what_the_result_says"])
    assert f"cost of {free}" in text
    assert f"group of {free}" in text
    assert f"programme of {free}: the result says hospitals" in faults["sites_are_told_with_all_their_columns"][0]
    assert (
        f"{free} of the layer of sites meets the road 30.00 m"
        in faults["places_on_roads_are_where_points_meet_them"][0]
    )
    assert "of the layer of demand is not where" in faults["shapes_are_those_of_the_study"][0]
    places = "\n".join(faults["places_are_told_with_all_their_columns"])
    assert "group of" in places
    assert "travel_s of" in places
    assert "programme of the layer of allocation: x is not clinics" in faults["lines_are_told_with_all_their_columns"]
    assert "rows of the layer roads: the result says 0" in faults["roads_under_the_plan_are_the_studys"][0]


def test_words_of_the_result_are_those_of_the_study(out):
    for key, value in (("title", "A city"), ("note", "approved by the mayor"), ("attribution", "nobody")):
        changed(out, "", put(key, value))
    changed(out, "", put("settings", "solve", "gap", 0.5))
    changed(out, "", put("settings", "network", "walk_speed_kph", 9.0))
    changed(out, "clinics", put("title", "Hospitals"))
    changed(out, "clinics", put("engine", "highs 9.9.9"))
    changed(out, "clinics", put("objective_unit", "CNY"))
    changed(out, "clinics", put("reasons", ["because"]))
    changed(out, "clinics", put("alternatives_sought", "count", 3))
    changed(out, "clinics", put("seconds", "solve", -1.0))
    faults = found(out)
    said = "\n".join(faults["the_result_is_of_this_study"])
    for key in ("title: ", "note: ", "attribution: ", "gap: ", "walk_speed_kph: ", "title of clinics: "):
        assert key in said, key
    assert "says 9.9.9" in faults["every_engine_is_the_one_that_was_asked"][0]
    assert faults["the_objective_has_its_unit_and_sense"] == [
        "objective_unit: the result says CNY, recomputed it is population"
    ]
    assert faults["reasons_stand_where_there_is_no_plan"] == ["there is a proven plan, and a reason: because"]
    assert "count of other plans sought" in "".join(faults["other_plans_are_as_many_as_were_asked"])
    assert faults["seconds_are_possible"] == ["solve took -1.0 s"]


def test_an_engine_that_was_not_asked_for_is_found(out):
    changed(out, "clinics", put("engine", "cbc 2.10.3"))
    assert "says cbc, recomputed it is highs" in found(out)["every_engine_is_the_one_that_was_asked"][0]


def test_what_was_written_elsewhere_is_named_and_not_accused(out):
    # by another version of this software the pages are others; by another matplotlib the maps
    changed(out, "", put("versions", "siting", "0.0.1"))
    painted(out / "map-clinics.png", Source="matplotlib 1.0, freetype 2.0")
    named = unmade(out)
    assert found(out) == {}
    assert "siting: the result says 0.0.1" in named["versions_are_those_at_hand"][0]
    assert "it was written by siting 0.0.1" in named["the_report_is_what_the_result_makes_of_it"][0]
    assert "map-clinics.png was drawn by matplotlib 1.0, freetype 2.0" in named["the_maps_show_the_plan"][0]


def test_a_picture_of_something_else_is_no_map(out):
    buffer = BytesIO()
    Image.new("RGB", (10, 10)).save(buffer, "png")
    (out / "map-clinics.png").write_bytes(buffer.getvalue())
    assert found(out)["the_maps_show_the_plan"] == ["map-clinics.png is no map that siting drew"]


def test_a_study_may_change_in_what_is_not_of_the_result(out):
    study = out.parent / "study/study.toml"
    text = study.read_text(encoding="utf-8")
    section = text[text.index("[programmes.clinics]") :]
    study.write_text(
        f"# a remark\n{text}\n{section.replace('programmes.clinics', 'programmes.more')}", encoding="utf-8"
    )
    assert found(out) == {}
    edited(study, "walk", "drive")  # of both
    assert verify_result(out).stopped


@pytest.mark.parametrize(
    ("old", "new"), [("open = 3", "open = 4"), ("New clinics", "Old clinics"), ("gap = 0.0001", "gap = 0.5")]
)
def test_a_study_that_asks_for_something_else_has_changed(old, new, out):
    edited(out.parent / "study/study.toml", old, new)
    report = verify_result(out)
    assert report.stopped
    assert report.failed[0].details == ("study.toml has changed since the result was computed",)
