"""No command writes over what is read, nor over what siting did not write; files of other people stay."""

import os
import shutil
import sqlite3
import sys
from pathlib import Path

import click
import geopandas as gpd
import pytest
import shapely

import solver
from solver.cli.group import siting
from solver.cli.paths import Reading, Writing
from solver.files.owned import RECORD
from solver.inputs.reads import RESULT_FILES
from solver.results.store import read_result
from tests.cli.test_commands import call


def commands():
    """Words -> command, groups followed."""
    context = click.Context(siting)
    found = {}
    for name in siting.list_commands(context):
        command = siting.get_command(context, name)
        subs = getattr(command, "commands", None)
        found |= {(name, sub): one for sub, one in subs.items()} if subs else {(name,): command}
    return found


OUTPUTS = [(words, p.name) for words, one in commands().items() for p in one.params if isinstance(p.type, Writing)]
PRECIOUS = "years of somebody's work"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A study on roads with layers that some commands read, and two results of it."""
    above = tmp_path_factory.mktemp("made")
    town = above / "town"
    assert call("new", town).exit_code == 0
    for name, words in (("R", ()), ("S", ("--set", "programmes.clinics.open=2"))):
        ended = call("run", town, "--out", above / name, *words)
        assert ended.exit_code == 0, ended.output
    roads = gpd.read_file(town / "roads.gpkg", layer="edges")
    roads[["road_class", "geometry"]].to_file(town / "lines.geojson", driver="GeoJSON")
    gpd.read_file(town / "layers.gpkg", layer="candidates").to_file(town / "points.geojson", driver="GeoJSON")
    return above


@pytest.fixture
def place(made, tmp_path):
    """A copy of it that a test may spoil."""
    shutil.copytree(made, tmp_path / "w")
    return tmp_path / "w"


def content(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def used(place):
    """Command and option to write by -> the words of a right use, and files that it must never write."""
    town, result = place / "town", place / "R"
    inputs = [town / name for name in ("study.toml", "layers.gpkg", "roads.gpkg")]
    points = ("--demand", town / "points.geojson", "--sites", town / "points.geojson", "--demand-id", "site_id")
    lines = town / "lines.geojson"
    return {
        ("new", "folder"): (("new",), []),
        ("run", "out"): (("run", town, "--out"), []),
        ("compare", "out"): (("compare", result, place / "S", "--out"), [*inputs, result / "sites.csv"]),
        ("sweep", "out"): (("sweep", town, "--vary", "solve.seed=1,2", "--jobs", 1, "--out"), []),
        ("export", "to"): (("export", result, "--to"), [*inputs, result / "plan.gpkg", result / "sites.csv"]),
        ("report", "out"): (("report", result, "--out"), [*inputs, result / "result.json"]),
        ("network import", "out"): (("network", "import", lines, "--crs", "EPSG:4547", "--out"), [lines]),
        ("network info", "faults"): (("network", "info", town / "roads.gpkg", "--faults"), inputs),
        ("network junctions", "out"): (("network", "junctions", town / "roads.gpkg", "--out"), inputs),
        ("network times", "out"): (
            ("network", "times", town / "roads.gpkg", *points, "--site-id", "site_id", "--limit-min", 5, "--out"),
            [town / "points.geojson", *inputs],
        ),
    }


def param_of(words, option):
    return next(p for p in commands()[words].params if p.name == option)


def test_every_path_on_the_command_line_says_whether_it_is_read_or_written():
    plain = [
        f"{' '.join(words)}: {param.name}"
        for words, command in commands().items()
        for param in command.params
        if isinstance(param.type, click.Path) and not isinstance(param.type, Reading | Writing)
    ]
    assert plain == []
    assert {(" ".join(words), name) for words, name in OUTPUTS} == set(used(Path()))


@pytest.mark.parametrize(("words", "option"), OUTPUTS, ids=str)
def test_no_command_writes_over_what_siting_did_not_write(place, words, option):
    asked, reads = used(place)[" ".join(words), option]
    endings = param_of(words, option).type.endings
    before = content(place)
    for mine in (place / f"mine{ending}" for ending in endings):
        mine.write_text(PRECIOUS, encoding="utf-8")
        ended = call(*asked, mine)
        assert (ended.exit_code, "siting did not write it; name another file" in ended.stderr) == (2, True), ended
        assert mine.read_text(encoding="utf-8") == PRECIOUS
        mine.unlink()
    if not endings:
        (place / "mine").mkdir()
        (place / "mine/notes.txt").write_text(PRECIOUS, encoding="utf-8")
        assert call(*asked, place / "mine").exit_code == 2
        assert call(*asked, place / "plan.gpkg").exit_code == 2  # a folder is not called so
        assert content(place / "mine") == {"notes.txt": PRECIOUS.encode()}
        shutil.rmtree(place / "mine")
    overwrite = [p.name for p in commands()[words].params if p.name == "overwrite"]
    assert overwrite or words == ("new",)
    for read in reads:
        assert call(*asked, read, *(f"--{name}" for name in overwrite)).exit_code == 2
    assert content(place) == before


@pytest.mark.parametrize(("words", "option"), [one for one in OUTPUTS if param_of(*one).type.endings], ids=str)
def test_what_siting_wrote_is_replaced_without_a_word_until_somebody_changes_it(place, words, option):
    asked, _ = used(place)[" ".join(words), option]
    ending = next(e for e in (".html", ".geojson", ".csv", ".parquet") if e in param_of(words, option).type.endings)
    out = place / f"new{ending}"
    for _ in range(2):
        ended = call(*asked, out)
        assert ended.exit_code == 0, ended.output
    with out.open("ab") as file:
        file.write(b"\n")
    told = call(*asked, out)
    assert (told.exit_code, "was changed since siting wrote it" in told.stderr) == (2, True)
    assert call(*asked, out, "--overwrite").exit_code == 0


def test_a_layer_that_a_command_made_for_a_study_is_made_anew_by_it(place):
    words = ("network", "junctions", place / "town/roads.gpkg", "--out", place / "town/candidates.parquet")
    assert call(*words).exit_code == 0
    study = place / "town/study.toml"
    study.write_text(study.read_text(encoding="utf-8").replace('"layers.gpkg"', '"candidates.parquet"', 1), "utf-8")
    assert call(*words).exit_code == 0
    ended = call("network", "info", place / "town/roads.gpkg", "--faults", words[-1], "--overwrite")
    assert (ended.exit_code, "is read by the study of what this command reads" in ended.stderr) == (2, True)


def test_a_file_of_another_kind_is_replaced_only_when_told(place):
    out = place / "new.csv"
    assert call("export", place / "R", "--to", out).exit_code == 0
    ended = call("compare", place / "R", place / "S", "--out", out)
    assert (ended.exit_code, "is there already, written by `siting export`" in ended.stderr) == (2, True)


@pytest.mark.parametrize("spelling", ["symbolic", "hard", "capitals", "relative", "folder"])
def test_a_layer_is_known_by_whatever_name(place, spelling, monkeypatch):
    layers, other = place / "town/layers.gpkg", place / "other.gpkg"
    before = layers.read_bytes()
    if spelling == "symbolic":
        other.symlink_to(layers)
    elif spelling == "hard":
        os.link(layers, other)
    elif spelling == "capitals":
        other = place / "Town/LAYERS.gpkg"
        other.parent.mkdir(exist_ok=True)
    elif spelling == "relative":
        monkeypatch.chdir(place / "R")
        other = "../town/../town/layers.gpkg"
    else:
        (place / "link").symlink_to(place / "town")
        other = place / "link/layers.gpkg"
    ended = call("export", place / "R", "--to", other, "--overwrite")
    assert (ended.exit_code, "is read by this command, its study or its result" in ended.stderr) == (2, True)
    assert layers.read_bytes() == before


def test_what_a_scenario_or_an_override_names_is_read_too(place):
    (place / "town/sub").mkdir()
    for name in ("sites.csv", "report.html"):
        shutil.copy(place / "town/layers.gpkg", place / f"town/sub/{name}")
    words = ("--set", "programmes.clinics.demand.file=sub/sites.csv")
    ended = call("run", place / "town", *words, "--out", place / "town/sub", "--overwrite")
    assert (ended.exit_code, "holds sites.csv, which the study reads" in ended.stderr) == (2, True)
    with (place / "town/study.toml").open("a", encoding="utf-8") as study:
        study.write('[scenarios.new]\n"programmes.clinics.demand.file" = "sub/report.html"\n')
    ended = call("report", place / "R", "--out", place / "town/sub/report.html", "--overwrite")
    assert (ended.exit_code, "is read by" in ended.stderr) == (2, True)


def a_layer(path, name):
    frame = gpd.GeoDataFrame({"name": ["株洲"]}, geometry=[shapely.Point(1, 2)], crs="EPSG:4547")
    frame.to_file(path, layer=name, driver="GPKG")


def test_a_geopackage_keeps_the_layers_of_others(place):
    theirs = place / "theirs.gpkg"
    a_layer(theirs, "parks")
    assert call("export", place / "R", "--to", theirs).exit_code == 2
    assert list(gpd.list_layers(theirs)["name"]) == ["parks"]
    assert call("export", place / "R", "--to", theirs, "--overwrite").exit_code == 0
    assert call("export", place / "S", "--to", theirs).exit_code == 0  # only siting's own is replaced from now on
    assert call("network", "junctions", place / "town/roads.gpkg", "--out", theirs).exit_code == 0
    assert {"parks", "theirs", "clinics_sites", "clinics_demand"} <= set(gpd.list_layers(theirs)["name"])
    assert gpd.read_file(theirs, layer="parks")["name"].tolist() == ["株洲"]
    new = read_result(place / "S").programmes["clinics"]
    assert gpd.read_file(theirs, layer="clinics_sites")["chosen"].sum() == len(new.sites)
    with sqlite3.connect(theirs) as base:
        styled = base.execute("SELECT f_table_name FROM layer_styles").fetchall()
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert len(styled) == len(set(styled))


def test_a_layer_of_the_same_name_that_siting_did_not_write_stays(place):
    theirs = place / "theirs.gpkg"
    a_layer(theirs, "clinics_sites")
    before = theirs.read_bytes()
    ended = call("export", place / "R", "--to", theirs, "--overwrite")
    assert (ended.exit_code, "layer clinics_sites that is not siting's; name another" in ended.stderr) == (2, True)
    assert theirs.read_bytes() == before


def test_a_layer_of_sitings_that_somebody_edited_is_replaced_only_when_told(place):
    out = place / "new.gpkg"
    assert call("export", place / "R", "--to", out).exit_code == 0
    with sqlite3.connect(out) as base:
        base.execute("CREATE TABLE remarks AS SELECT 'ours' AS text")
        for (trigger,) in base.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'clinics_demand'"
        ).fetchall():
            base.execute(f"DROP TRIGGER IF EXISTS {trigger}")  # they need functions of GDAL
        base.execute('UPDATE clinics_demand SET "group" = ? WHERE fid = 1', ("asked the mayor",))
    before = out.read_bytes()
    ended = call("export", place / "S", "--to", out)
    assert (ended.exit_code, "clinics_demand that was changed since siting wrote it" in ended.stderr) == (2, True)
    assert out.read_bytes() == before
    assert call("export", place / "S", "--to", out, "--overwrite").exit_code == 0
    assert "asked the mayor" not in set(gpd.read_file(out, layer="clinics_demand")["group"])
    with sqlite3.connect(out) as base:
        assert base.execute("SELECT text FROM remarks").fetchall() == [("ours",)]


def test_a_result_folder_keeps_notes_and_photos(place):
    folder = place / "R"
    own = set(content(folder))
    (folder / "photos/2026").mkdir(parents=True)
    (folder / "photos/2026/a.jpg").write_bytes(b"a photo")
    (folder / "notes.txt").write_text(PRECIOUS, encoding="utf-8")
    (folder / "map-mine.png").write_bytes(b"a map of mine")
    assert call("export", folder, "--to", folder / "more.xlsx").exit_code == 0
    kept = {k: v for k, v in content(folder).items() if k not in own}
    node = (folder / "photos/2026/a.jpg").stat().st_ino
    ended = call("run", place / "town", "--out", folder)
    assert ended.exit_code == 0, ended.output
    now = content(folder)
    assert set(now) == own | set(kept)
    assert {k: v for k, v in now.items() if k in kept} == kept
    if sys.platform != "win32":
        assert (folder / "photos/2026/a.jpg").stat().st_ino == node
    assert [p.name for p in place.iterdir() if p.name.startswith(".")] == []
    assert call("export", folder, "--to", folder / "more.xlsx").exit_code == 0  # remembered over the runs


def test_what_was_edited_in_a_result_is_not_lost(place):
    folder = place / "R"
    (folder / "sites.csv").write_text(PRECIOUS, encoding="utf-8")
    before = content(folder)
    ended = call("run", place / "town", "--out", folder)
    assert ended.exit_code == 2
    assert ended.stderr == (
        f"{folder}   holds sites.csv, changed since siting wrote it; move it away, name another folder, or say "
        "--overwrite\n"
    )
    assert content(folder) == before
    assert call("run", place / "town", "--out", folder, "--overwrite").exit_code == 0
    assert (folder / "sites.csv").read_text(encoding="utf-8") != PRECIOUS


def test_a_look_with_qgis_is_no_change_and_another_study_is_one(place):
    base = sqlite3.connect(place / "R/plan.gpkg")
    base.execute("PRAGMA journal_mode=WAL")
    base.execute("SELECT count(*) FROM clinics_sites")
    base.close()
    shutil.copytree(place / "town", place / "village")  # a study of the same name
    (place / "R/notes.txt").write_text(PRECIOUS, encoding="utf-8")
    before = content(place / "R")
    ended = call("run", place / "village", "--out", place / "R")
    assert (ended.exit_code, "holds the result of another study" in ended.stderr) == (2, True)
    assert content(place / "R") == before
    assert call("run", place / "village", "--out", place / "R", "--overwrite").exit_code == 0
    assert (place / "R/notes.txt").read_text(encoding="utf-8") == PRECIOUS


def test_a_result_of_an_earlier_version_is_replaced_by_its_names(place):
    (place / "R" / RECORD).unlink()
    (place / "R/notes.txt").write_text(PRECIOUS, encoding="utf-8")
    assert call("report", place / "R").exit_code == 0
    assert call("run", place / "town", "--out", place / "R").exit_code == 0
    assert (place / "R/notes.txt").read_text(encoding="utf-8") == PRECIOUS
    assert set(RESULT_FILES) <= set(content(place / "R"))


def test_a_sweep_keeps_what_is_not_its_own(place):
    words = ("sweep", place / "town", "--vary", "solve.seed=1,2", "--jobs", 1, "--out", place / "sweep")
    assert call(*words).exit_code == 0
    own = set(content(place / "sweep"))
    run = next((place / "sweep/runs").iterdir())
    theirs = [place / "sweep/notes.txt", place / "sweep/runs/mine/a.txt", run / "photo.jpg"]
    for path in theirs:
        path.parent.mkdir(exist_ok=True)
        path.write_text(PRECIOUS, encoding="utf-8")
    (run / "result.json").write_text("{", encoding="utf-8")  # is done anew
    ended = call(*words)
    assert "1 done now, 1 were there already" in ended.stdout
    assert set(content(place / "sweep")) == own | {p.relative_to(place / "sweep").as_posix() for p in theirs}
    assert all(path.read_text(encoding="utf-8") == PRECIOUS for path in theirs)
    (place / "sweep/sweep.html").write_text(PRECIOUS, encoding="utf-8")
    ended = call(*words)
    assert (ended.exit_code, "sweep.html   was changed since siting wrote it" in ended.stderr) == (2, True)
    assert (place / "sweep/sweep.html").read_text(encoding="utf-8") == PRECIOUS
    ended = call("compare", f"{place / 'sweep'}:1", place / "R", "--out", place / "sweep/table.csv", "--overwrite")
    assert (ended.exit_code, "is read by" in ended.stderr) == (2, True)
    assert call(*words, "--overwrite").exit_code == 0


def test_from_python_the_inputs_of_a_result_are_safe_too(place):
    solutions = solver.run_study(place / "town")
    before = content(place / "town")
    with pytest.raises(solver.SitingError, match="files that are no result"):
        solutions.write(place / "town")
    assert content(place / "town") == before
    solutions.write(place / "R")
