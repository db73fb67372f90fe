"""docs/results.md names every file and column of a result, and nothing that there is not."""

import re
from pathlib import Path

import pytest

from solver.events import SolveOptions
from solver.export.folder import write_result
from solver.export.gpkg import tables_of
from solver.export.summary import decided_sites, summary_table
from solver.inputs.instance import load_instance
from solver.results.store import KINDS
from solver.solve import solve_study
from solver.study.read import read_study
from solver.words.columns import FIELDS, UNITS
from solver.words.report import FIGURES
from tests.export.test_project import roads
from tests.made_results import study_result

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/results.md").read_text(encoding="utf-8")
OWN = ("name", "name_zh", "名称", "address", "地址")


def section(title):
    """What the tables below a head name in their first column."""
    text = re.split(r"\n#+ ", PAGE.partition(title)[2])[0]
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


@pytest.fixture(scope="module", params=["teaching/line", "teaching/post", "teaching/piles", "teaching/years"])
def solved(request):
    file = read_study(ROOT / "instances" / request.param)
    return file, solve_study(file)


def known(names):
    """Columns by their names in the page: numbers of units of a kind are one."""
    return {"KIND_units" if name.endswith(UNITS) else name for name in map(str, names)}


def test_every_column_of_the_layers_is_in_the_page(solved):
    file, result = solved
    instance = load_instance(file)
    for name, programme in result.programmes.items():
        inputs = instance.inputs_of(name)
        for kind, table in tables_of(programme).items():
            own = set() if inputs is None or kind != "sites" else set(inputs.site_frame.columns)
            left = known(set(table.columns) - own - {"geometry"}) - section(f"### `_{kind}`")
            assert left == set(), (name, kind)


def test_every_column_of_the_tables_is_in_the_page(solved):
    _, result = solved
    assert known(decided_sites(result).columns) <= section("### `_sites`") | section("## sites.csv")
    assert known(summary_table(result.as_json()).columns) <= section("## summary.csv") | set(FIGURES)


def test_columns_of_the_worth_of_sites_are_in_the_page():
    file = read_study(ROOT / "instances/teaching/budget")
    asked = SolveOptions(alternatives=1, within=0.3, marginals=True)
    result = solve_study(file, programmes=["free"], options=asked)
    columns = set(result.programmes["free"].site_table.columns)
    assert {"in_alternatives", "lost_at_least", "lost_at_most"} <= columns & section("### `_sites`")


def test_every_column_with_a_chinese_name_is_in_the_page_and_every_column_of_the_page_has_one():
    heads = (*(f"### `_{kind}`" for kind in KINDS), "### `roads`", "## sites.csv")
    named = set().union(*(section(head) for head in heads)) - {"KIND_units", *OWN}
    assert named == set(FIELDS)


def test_every_file_of_a_result_is_in_the_page(tmp_path):
    write_result(study_result(), tmp_path / "out", roads=roads())
    there = {re.sub(r"map-.*\.png", "map-PROGRAMME.png", file.name) for file in (tmp_path / "out").iterdir()}
    assert there == section("# What a run writes")
