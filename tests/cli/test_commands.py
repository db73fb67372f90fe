"""The commands, as a planner types them."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import click
import geopandas as gpd
import pandas as pd
import pytest
from click.testing import CliRunner

from models.errors import ProblemError
from solver.cli.exits import code_of, reported
from solver.cli.group import siting
from solver.cli.teaching import TEACHING as TEACHING_EXAMPLES
from solver.errors import CheckError, EngineError, LayerError, NetworkError, StoreError, StudyError
from solver.export.folder import write_result
from solver.pose.catalogue import MODELS
from solver.study.read import read_study
from tests.made_results import matrix_programme, no_plan, programme_result, study_result

ROOT = Path(__file__).parents[2]
TEACHING = ROOT / "instances/teaching"


def call(*words):
    return CliRunner().invoke(siting, [str(word) for word in words])


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """A new study and its result."""
    folder = tmp_path_factory.mktemp("town")
    assert call("new", folder / "town").exit_code == 0
    ended = call("run", folder / "town", "--out", folder / "base")
    assert ended.exit_code == 0, ended.output
    return folder


def test_every_command_shows_help_with_an_example():
    context = click.Context(siting)
    for name in siting.list_commands(context):
        command = siting.get_command(context, name)
        commands = [[name, sub] for sub in command.commands] if hasattr(command, "commands") else [[name]]
        for words in commands:
            ended = call(*words, "--help")
            assert ended.exit_code == 0
            assert f"siting {' '.join(words)}" in ended.output.split("Example", 1)[1]


def test_a_mistyped_command_is_told_the_nearest():
    ended = call("swep")
    assert ended.exit_code == 2
    assert "No such command 'swep'; did you mean 'sweep'?" in ended.stderr


def test_help_loads_no_library_that_takes_its_time():
    script = "import sys; from solver.cli.group import siting; siting.main(['--help'], standalone_mode=False); "
    script += "sys.exit(bool({'pandas', 'scipy', 'geopandas', 'matplotlib', 'numba', 'jinja2'} & set(sys.modules)))"
    ended = subprocess.run([sys.executable, "-c", script], check=False, cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr


def test_the_help_of_all_names_exit_codes_and_completion():
    text = call("--help").output
    assert "4  proven infeasible" in text
    assert "_SITING_COMPLETE=bash_source siting" in text


@pytest.mark.parametrize("example", ["town", "matrix"])
def test_every_example_to_start_from_is_without_faults_and_solved(example, tmp_path):
    call("new", tmp_path / "a", "--from", example)
    assert call("check", tmp_path / "a").exit_code == 0
    assert call("run", tmp_path / "a", "--out", tmp_path / "out").exit_code == 0


@pytest.mark.parametrize("example", TEACHING_EXAMPLES)
def test_a_teaching_study_to_start_from_is_the_one_of_the_instances_and_without_faults(example, tmp_path):
    told = call("new", tmp_path / "a", "--from", example)
    assert told.stdout.endswith(f"next:  siting run {tmp_path / 'a'} --out results/a\n")
    copied = {path.name: path.read_text() for path in (tmp_path / "a").iterdir()}
    assert copied.pop("README.md").startswith(f"# {example}: ")
    ours = {path.name: path.read_text() for path in (TEACHING / example).iterdir() if path.is_file()}
    assert copied == ours | {"study.toml": ours["study.toml"].replace("../README.md", "README.md")}
    assert call("check", tmp_path / "a").exit_code == 0


def test_models_are_listed_with_an_example_that_has_them():
    assert {path.parent.name for path in TEACHING.glob("*/study.toml")} == set(TEACHING_EXAMPLES)
    shown = dict(line.split()[:2] for line in call("models").stdout.split("\n\n")[0].splitlines()[1:])
    assert set(shown) == set(MODELS)
    for model, example in shown.items():
        programmes = read_study(TEACHING / example).study.programmes.values()
        assert model in {programme.model for programme in programmes}


def test_without_the_teaching_studies_new_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr("solver.cli.teaching._places", lambda: (tmp_path / "nowhere",))
    ended = call("new", tmp_path / "a", "--from", "beds")
    assert ended.exit_code == 2
    assert "the teaching studies are not on this computer; install siting from its wheel" in ended.stderr
    assert list((tmp_path / "a").iterdir()) == []


def test_new_does_not_write_into_a_folder_that_is_there(tmp_path):
    (tmp_path / "a.txt").write_text("mine")
    ended = call("new", tmp_path)
    assert (ended.exit_code, ended.stderr) == (2, f"{tmp_path}   is there already; name a new folder\n")
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_run_ends_by_saying_what_was_decided_and_which_files_to_open(tmp_path):
    ended = call("run", TEACHING / "budget", "--out", tmp_path / "out")
    assert ended.exit_code == 0
    assert (
        ended.stdout
        == f"""\
Budget: what fairness costs

Programme  Ended   New sites               Cost  Covered   Objective  Gap
free       proven          2  10.00 million CNY    61.1%  110 people   0%
fair       proven          1   6.00 million CNY    50.0%   90 people   0%

{tmp_path / "out"}:
  report.html   summary, figures and maps; opens in any browser
  plan.gpkg     layers for QGIS and ArcGIS
  sites.csv     the sites decided on
  summary.csv   one row of figures per programme
  result.json   everything, for programs
"""
    )


def test_a_study_without_a_plan_ends_by_saying_why_and_what_would_do(tmp_path):
    # a floor of a fifth needs a in the north (6 million) and b or c in the south (5 million): 11, the budget is 10
    words = ["run", TEACHING / "budget", "-p", "fair", "--set", "programmes.fair.floor_share=0.2"]
    ended = call(*words, "--out", tmp_path / "out")
    assert ended.exit_code == 4
    why = ended.stdout.split("\n\n")[2].splitlines()
    assert why[0] == "fair: Why there is no plan"
    assert why[1].startswith("  cannot be kept together: 'a budget of 10,000,000 CNY (budget)'; 'at least 20.0% ")
    assert sorted(why[2:]) == [
        "  - 'at least 20.0% covered in every district (floor_share)' costs at least 11,000,000 CNY; "
        "the budget is 10,000,000",
        "  - there is a plan with south covered to 18.2%",
    ]
    assert ended.stderr.splitlines()[-1] == "fair: infeasible, no plan"
    page = (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert "<p>Why there is no plan: cannot be kept together" in page


def test_run_in_chinese(tmp_path):
    ended = call("run", TEACHING / "budget", "-p", "fair", "--lang", "zh", "--out", tmp_path / "out")
    assert "预算：公平的代价" in ended.stdout
    assert "已证明" in ended.stdout
    assert "600.0 万元" in ended.stdout
    page = (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert '<html lang="zh-CN">' in page
    assert "覆盖率" in page


def test_progress_goes_to_standard_error_in_one_line_per_step(tmp_path):
    ended = call("run", TEACHING / "overlap", "--out", tmp_path / "out")
    lines = ended.stderr.splitlines()
    assert lines[0] == "overlap: reading the layers"
    assert lines[-1] == "pair: proven, 2 sites"
    assert len(lines) == len(set(lines))


def test_set_changes_the_study_and_is_written_into_the_result(tmp_path):
    call("run", TEACHING / "budget", "-p", "free", "--set", "programmes.free.budget=6e6", "--out", tmp_path / "out")
    document = json.loads((tmp_path / "out/result.json").read_text(encoding="utf-8"))
    assert document["overrides"] == ["programmes.free.budget=6e6"]
    assert document["programmes"]["free"]["sites"] == ["a"]  # a: 70 for 6 million; b: 50


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-p", "fre"], "fre is no programme of study.toml; did you mean free?"),
        (["--engine", "abacus"], "'abacus' is not one of"),
        (["--time-limit", "0"], "0.0 is not in the range x>0"),
        (["--set", "gap"], "gap is not KEY=VALUE; write for example programmes.parking.budget=2e9"),
        (["--gap", "2"], "2.0 is not in the range 0<=x<=1"),
        (["--lang", "fr"], "'fr' is not one of 'en', 'zh'"),
        (["--sett", "a=b"], "No such option"),
    ],
)
def test_wrong_use_ends_with_2_and_says_what_is_wrong(words, said, tmp_path):
    ended = call("run", TEACHING / "budget", "--out", tmp_path / "out", *words)
    assert ended.exit_code == 2
    assert said in ended.stderr


def test_run_refuses_a_folder_of_other_things_before_it_solves(tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    ended = call("run", TEACHING / "budget", "--out", tmp_path)
    assert ended.exit_code == 2
    assert ended.stderr == f"{tmp_path}   holds files that are no result of siting; name an empty or a new folder\n"


def test_an_engine_that_is_not_installed_is_wrong_use_with_the_remedy(tmp_path):
    ended = call("run", TEACHING / "budget", "--engine", "pulp:gurobi", "--out", tmp_path / "out")
    assert ended.exit_code == 2
    assert "pulp:gurobi" in ended.stderr


def test_both_engines_agree(tmp_path):
    objectives = {}
    for engine in ("highs", "cbc"):
        call("run", TEACHING / "budget", "--engine", engine, "--out", tmp_path / engine)
        entries = json.loads((tmp_path / engine / "result.json").read_text(encoding="utf-8"))["programmes"]
        objectives[engine] = [entry["objective"] for entry in entries.values()]
    assert objectives["highs"] == pytest.approx(objectives["cbc"]) == [110, 90]


def test_every_end_has_its_exit_code():
    def made(**changes):
        return [programme_result(**changes)]

    nothing = {"objective": None, "sites": ()}
    assert code_of(made(ended="proven")) == 0
    assert code_of(made(ended="infeasible", **nothing)) == 4
    assert code_of(made(ended="limit", limit="time")) == 5
    assert code_of(made(ended="interrupted")) == 5
    assert code_of(made(ended="limit", limit="time", **nothing)) == 6
    assert code_of(made(ended="failed", **nothing)) == 6
    assert code_of([*made(ended="limit", limit="time"), *made(ended="infeasible", **nothing), *made()]) == 4


def test_every_error_a_user_can_meet_has_its_exit_code():
    codes = {StudyError: 3, LayerError: 3, NetworkError: 3, ProblemError: 3, EngineError: 2, CheckError: 7}
    for family, code in (codes | {StoreError: 2, MemoryError: 6, KeyboardInterrupt: 6}).items():
        assert reported(family("why")).exit_code == code
    assert reported(ZeroDivisionError()) is None


def test_a_time_limit_of_nothing_at_all_still_reports_what_is_in_hand(town):
    ended = call("run", town / "town", "--time-limit", "0.001", "--out", town / "short")
    assert ended.exit_code in (0, 5, 6)
    entry = json.loads((town / "short/result.json").read_text(encoding="utf-8"))["programmes"]["clinics"]
    assert (ended.exit_code == 6) == (entry["objective"] is None)


def test_compare_shows_figures_and_the_sites_gained_and_lost(tmp_path):
    for name, budget in (("poor", "6e6"), ("rich", "10e6")):
        sets = ["--set", f"programmes.free.budget={budget}", "-p", "free"]
        call("run", TEACHING / "budget", *sets, "--out", tmp_path / name)
    ended = call("compare", tmp_path / "poor", tmp_path / "rich", "--out", tmp_path / "c.xlsx")
    assert ended.exit_code == 0
    lines = [line.split() for line in ended.stdout.splitlines()]
    assert ["objective", "90", "110"] in lines
    assert "rich: sites gained: 2: b, c" in ended.stdout
    assert "rich: sites lost: 1: a" in ended.stdout
    assert ["north", "100.0%", "0.0%"] in lines
    assert ["south", "18.2%", "100.0%"] in lines
    sheets = pd.read_excel(tmp_path / "c.xlsx", sheet_name=None)
    assert sheets["sites"][["change", "site_id"]].to_numpy().tolist() == [
        ["gained", "b"],
        ["gained", "c"],
        ["lost", "a"],
    ]


@pytest.mark.parametrize("suffix", [".csv", ".json"])
def test_compare_writes_tables(suffix, tmp_path):
    write_result(study_result(programme_result()), tmp_path / "a", maps=False)
    write_result(study_result(programme_result(sites=("P-2",), objective=80.0)), tmp_path / "b", maps=False)
    assert call("compare", tmp_path / "a", tmp_path / "b", "--out", tmp_path / f"c{suffix}").exit_code == 0
    if suffix == ".csv":
        table = pd.read_csv(tmp_path / "c.csv", encoding="utf-8-sig")
        changes = table[table["part"] == "sites"]
    else:
        changes = pd.DataFrame(json.loads((tmp_path / "c.json").read_text(encoding="utf-8"))["sites"])
    assert changes[["change", "site_id"]].to_numpy().tolist() == [["gained", "P-2"], ["lost", "P-1"]]


def test_compare_shows_a_plan_that_does_not_exist_as_empty(tmp_path):
    write_result(study_result(programme_result()), tmp_path / "a", maps=False)
    write_result(study_result(no_plan("parking")), tmp_path / "b", maps=False)
    ended = call("compare", tmp_path / "a", tmp_path / "b")
    lines = [line.split() for line in ended.stdout.splitlines()]
    assert ["objective", "90"] in lines
    assert ["ended", "proven", "infeasible"] in lines


def test_compare_needs_two_results(tmp_path):
    write_result(study_result(), tmp_path / "a", maps=False)
    assert call("compare", tmp_path / "a").exit_code == 2
    ended = call("compare", tmp_path / "a", tmp_path / "nowhere")
    assert ended.exit_code == 2
    assert ended.stderr.startswith(f"{tmp_path / 'nowhere'}   holds no result.json")


def test_report_in_either_language(town, tmp_path):
    assert call("report", town / "base", "--out", tmp_path / "r.html", "--lang", "zh").exit_code == 0
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<h1>小镇诊所选址</h1>" in page
    assert page.count("data:image/png;base64,") == 1
    assert "http:" not in page.replace("https", "http")  # nothing is fetched: it opens without internet


def test_models_engines_and_versions_list_what_there_is():
    assert "max-cover" in call("models").stdout
    listed = call("engines").stdout
    assert "cp-sat" in listed
    assert "whole numbers between bounds" in listed
    assert "install gurobi, with a licence where it needs one (PuLP looks for GUROBI or GUROBI_CMD)" in listed
    assert "siting" in call("versions").stdout
    assert call("--version").stdout.startswith("siting, version ")


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".shp", ".fgb", ".kml", ".parquet", ".csv", ".xlsx"])
def test_export_keeps_every_site_in_every_format(suffix, town, tmp_path):
    ended = call("export", town / "base", "--to", tmp_path / f"sites{suffix}")
    assert ended.exit_code == 0, ended.output
    path = tmp_path / f"sites{suffix}"
    if suffix == ".csv":
        table = pd.read_csv(path, encoding="utf-8-sig")
    elif suffix == ".xlsx":
        table = pd.read_excel(path, sheet_name="clinics_sites")
    elif suffix == ".parquet":
        table = gpd.read_parquet(path)
    else:
        table = gpd.read_file(path, layer="clinics_sites") if suffix == ".gpkg" else gpd.read_file(path)
    original = gpd.read_file(town / "base/plan.gpkg", layer="clinics_sites")
    assert len(table) == len(original) == 26
    key = "site_id" if "site_id" in table.columns else "Name"
    assert set(table[key]) == set(original["site_id"])
    if isinstance(table, gpd.GeoDataFrame):
        places = table.to_crs("EPSG:4547").set_index(key).geometry
        assert places.distance(original.set_index("site_id").geometry, align=True).max() < 0.2


def test_kml_labels_places_by_id_and_name(tmp_path):
    write_result(study_result(programme_result(), programme_result("more")), tmp_path / "a", maps=False)
    ended = call("export", tmp_path / "a", "--to", tmp_path / "a.kml")
    assert ended.stdout.splitlines()[1] == "note: coordinates are degrees (WGS 84), as KML wants"
    assert gpd.read_file(tmp_path / "a.kml")["Name"].tolist() == ["P-1 株洲站", "P-2", "P-3 B", "P-4 C"] * 2


def test_a_shapefile_says_how_its_field_names_are_cut(town, tmp_path):
    ended = call("export", town / "base", "--to", tmp_path / "a.shp")
    assert "reachable_weight = reachable_" in ended.stdout
    assert "reachable_" in gpd.read_file(tmp_path / "a.shp").columns


def test_export_takes_only_what_is_asked(town, tmp_path):
    call("export", town / "base", "--to", tmp_path / "a.csv", "--chosen")
    assert pd.read_csv(tmp_path / "a.csv", encoding="utf-8-sig")["chosen"].tolist() == [True] * 3
    call("export", town / "base", "--to", tmp_path / "b.geojson", "--layer", "allocation")
    assert set(gpd.read_file(tmp_path / "b.geojson").geom_type) == {"LineString"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--to", "x.dwg"], "x.dwg ends in none of .gpkg, .geojson, .shp"),
        (["--to", "x.csv", "-p", "schools"], "the result has no programme schools; it has stores"),
        (["--to", "x.geojson"], "x.geojson needs geometry, which a study with a matrix lacks; use .csv or .xlsx"),
    ],
)
def test_export_says_what_it_cannot_do(words, said, tmp_path):
    write_result(study_result(matrix_programme()), tmp_path / "a", maps=False)
    ended = CliRunner().invoke(siting, ["export", str(tmp_path / "a"), words[0], str(tmp_path / words[1]), *words[2:]])
    assert ended.exit_code == 2
    assert said in ended.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a"]


def run_process(*words, **options):
    command = [sys.executable, "-m", "solver.cli.main", *(str(w) for w in words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, **options)


def test_the_program_itself_ends_with_the_code_and_without_a_traceback(tmp_path):
    ended = run_process("run", ROOT / "instances/broken/unknown-key", cwd=ROOT)
    assert ended.returncode == 3
    assert ended.stderr.startswith("study.toml: 2 faults")
    assert "Traceback" not in ended.stderr


def test_another_models_module_in_the_way_is_named(tmp_path):
    (tmp_path / "models.py").write_text("mine = 1\n")
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    ended = run_process("versions", cwd=tmp_path, env=environment)
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"siting: another module named models comes before ours: {tmp_path / 'models.py'};")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_ctrl_c_before_there_is_a_plan_ends_with_6_and_one_line(tmp_path):
    call("new", tmp_path / "town")
    command = [sys.executable, "-m", "solver.cli.main", "run", str(tmp_path / "town"), "--out", str(tmp_path / "out")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stderr.readline() == "town: reading the layers\n"
        process.send_signal(signal.SIGINT)
        _, rest = process.communicate(timeout=60)
    assert process.returncode == 6
    assert rest.splitlines()[-1] == "stopped before there was a plan; nothing was written"
    assert not (tmp_path / "out").exists()
