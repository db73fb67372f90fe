"""docs/reference is what the schema, the commands and the results are, and says something of every key."""

import re
from pathlib import Path
from typing import get_args

import click
import pytest

from docs.generate import pages
from docs.generate.commands import commands
from docs.generate.results import ENDS, PROGRAMME, STUDY
from docs.generate.study import may_be, sections, unit_of
from solver.cli import exits
from solver.engines.outcome import Ended
from solver.pose.catalogue import MODELS
from solver.results.result import StudyResult
from solver.solve import solve_study
from solver.study.read import read_study
from solver.study.schema import Programme, Study
from solver.words.report import FIGURES

ROOT = Path(__file__).parents[2]
PAGES = pages()
SHOWN = ("beds", "line", "piles", "post", "purse", "shops", "years")
"""Teaching studies that have every kind of model's results between them."""
PURE = {
    "programmes.NAME.market.attractiveness_power",
    "programmes.NAME.market.distance_power",
    "programmes.NAME.decay.rate",
    "programmes.NAME.impedance.exponent",
    "programmes.NAME.phasing.years[].growth",
    "programmes.NAME.phasing.years[].counts",
    "portfolio.NAME.programmes.NAME.weight",
    "programmes.NAME.sizes.NAME.max_per_site",
    "programmes.NAME.piles.kinds.NAME.max_per_site",
    "programmes.NAME.vehicles.max_per_site",
    "programmes.NAME.vehicles.there",
}
"""Numbers without a unit: exponents, factors, numbers of things."""


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_up_to_date(name: str) -> None:
    there = (ROOT / "docs/reference" / name).read_text(encoding="utf-8")
    assert there == PAGES[name], (
        f"docs/reference/{name} is out of date; run `make reference`, which is python -m docs.generate"
    )


def test_every_key_says_what_it_is_and_every_number_has_its_unit() -> None:
    keys = [(f"{path}.{n}", n, f) for path, s in {"": Study, **sections()}.items() for n, f in s.model_fields.items()]
    assert len(keys) > 150
    assert [place for place, _, field in keys if not field.description] == []
    numbers = [(place, name) for place, name, field in keys if re.search(r"(?<!whole )number", may_be(field))]
    fields = {place: field for place, _, field in keys}
    without = {place for place, name in numbers if name != "where" and not unit_of(name, fields[place])}
    assert without == PURE


def test_every_section_of_a_study_has_its_heading_and_every_key_its_row() -> None:
    page = PAGES["study.md"]
    for path, section in sections().items():
        part = page.split(f"\n## {path}\n")[1].split("\n## ")[0]
        assert [row.split("`")[1] for row in part.splitlines() if row.startswith("| `")] == list(section.model_fields)
    anchors = set(re.findall(r"\]\(#([^)]*)\)", page))
    heads = {re.sub(r"[^a-z0-9_-]", "", head.lower()) for head in re.findall(r"^## (.*)$", page, flags=re.MULTILINE)}
    assert anchors <= heads


def test_models_that_take_a_key_are_models() -> None:
    rows = [line for line in PAGES["study.md"].splitlines() if line.startswith("| `") and line.count(" | ") == 5]
    assert len(rows) == len(Programme.model_fields)
    models = {name.strip() for row in rows for name in row.rsplit(" | ", 1)[1].strip(" |").split(",")}
    assert models <= {*MODELS, "every model"}


def test_every_option_of_every_command_says_what_it_does() -> None:
    page = PAGES["commands.md"]
    for name, command in commands():
        part = page.split(f"\n## siting {name}\n")[1].split("\n## ")[0]
        for option in command.params:
            if isinstance(option, click.Option):
                assert option.help, f"siting {name} {option.opts[0]}"
                assert f"`{option.opts[0]}`" in part
        assert "Example" in part


def test_the_exit_codes_are_those_of_the_commands() -> None:
    rows = re.findall(r"^\| (\d) \|", PAGES["commands.md"].split("## Exit codes")[1], flags=re.MULTILINE)
    codes = (exits.DONE, exits.WRONG_USE, exits.FAULTY_STUDY, exits.INFEASIBLE, exits.LIMIT_WITH_PLAN, exits.NOTHING)
    assert [int(row) for row in rows] == [*codes, exits.CHECK_FAILED]


@pytest.fixture(scope="module")
def results() -> list[StudyResult]:
    return [solve_study(read_study(ROOT / "instances/teaching" / name)) for name in SHOWN]


def test_every_field_of_a_result_is_in_the_reference_and_no_other(results: list[StudyResult]) -> None:
    documents = [result.as_json() for result in results]
    assert {key for document in documents for key in document} == set(STUDY)
    entries = [entry for document in documents for entry in document["programmes"].values()]
    assert {key for entry in entries for key in entry} == set(PROGRAMME)
    assert {key for entry in entries for key in entry["figures"]} <= set(FIGURES)
    assert set(ENDS) == set(get_args(Ended))
