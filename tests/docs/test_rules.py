"""docs/rules.md: every snippet gives the plan it says, and the table names every rule and the models that take it."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from solver.inputs.site_lists import LISTS
from solver.pose.fits import FITS
from solver.pose.rules import RULES
from solver.solve import solve_study
from solver.study.read import StudyFile, validated
from solver.study.schema import Programme
from tests.rules_study import solved, write_study

PAGE = (Path(__file__).parents[2] / "docs/rules.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```toml\n(.*?)```", PAGE, flags=re.DOTALL)
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| `")]
BESIDE = {
    *LISTS,
    "exclusion",
    "objective_order",
    "order_tolerance",
    "sizes",
    "single_source",
    "spacing_from_existing",
    "assignment",
}
"""Rules that `solver.pose.rules` does not make: statuses of sites, objectives, and what a model itself takes."""


def merged(base: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """Nested tables, the second over the first."""
    both = {
        k: merged(base[k], v) if isinstance(v, dict) and isinstance(base.get(k), dict) else v for k, v in more.items()
    }
    return {**base, **both}


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_a_snippet_opens_what_it_says(tmp_path: Path, snippet: str) -> None:
    said = re.match(r"# opens ([A-E, ]+): (\d+)\n", snippet)
    assert said is not None
    raw = dict(write_study(tmp_path, "").raw)
    section = merged(raw["programmes"]["p"], tomllib.loads(snippet)["programmes"]["clinics"])
    raw["programmes"] = {"clinics": section}
    study = StudyFile(validated(raw, "study.toml"), tmp_path / "study.toml", raw)
    result = solve_study(study).programmes["clinics"]
    assert result.ended == "proven"
    assert result.objective == pytest.approx(float(said[2]))
    assert ", ".join(sorted(result.sites)) == said[1]


def test_the_table_has_every_rule() -> None:
    documented = [row[0].strip("`") for row in ROWS]
    assert set(documented) <= set(Programme.model_fields)
    assert set(documented) == set(RULES) | BESIDE
    assert len(set(documented)) == len(documented)


def test_the_table_names_the_models_that_take_a_rule() -> None:
    order = FITS["objective_order"].models
    for key, _, _, models in ROWS:
        fit = FITS.get(key.strip("`"))
        known = order if key == "`order_tolerance`" else None if fit is None else fit.models
        assert models == ("every model" if known is None else ", ".join(known)), key


def test_the_explanation_is_the_one_a_run_gives(tmp_path: Path) -> None:
    text = "\n".join(solved(tmp_path, "open = 3\nbudget = 12").reasons)
    assert f"```\n{text}\n```" in PAGE
