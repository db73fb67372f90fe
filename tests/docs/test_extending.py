"""docs/extending.md: the examples run in their order, and the files it names are there."""

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import solver
from solver.engines import catalogue
from solver.export import formats

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/extending.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The names that the examples leave behind, and the folder they ran in; what they register is taken back."""
    names: dict[str, Any] = {"STUDY": ROOT / "instances/teaching/budget", "__name__": "extending"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "ENGINES", catalogue.ENGINES)
        patch.delitem(catalogue.ENGINES, "every", raising=False)
        patch.setattr(formats, "SUFFIXES", formats.SUFFIXES)
        patch.setitem(formats.WRITERS, ".tsv", formats.WRITERS[".csv"])
        patch.chdir(tmp_path_factory.mktemp("extending"))
        for block in re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL):
            exec(block, names)  # noqa: S102  the page is the project's own
        yield names, Path.cwd()
        catalogue.ENGINES.pop("every", None)


def test_the_rule_moves_a_site_to_the_other_group_and_is_checked(made: Any) -> None:
    names, _ = made
    assert (names["free"].objective, set(names["free"].sites)) == (70, {"A", "B"})
    assert (names["fair"].objective, set(names["fair"].sites)) == (60, {"A", "C"})
    rule = names["Balance"](("west", "east"), most=1)
    faults = rule.violations(names["sites"], names["demand"], names["free"].plan, 0.0)
    assert faults == ["west and east are 2 sites apart"]


def test_the_rule_stands_among_the_reasons_where_no_plan_exists(made: Any) -> None:
    names, _ = made
    rules = [solver.Count(1), names["Balance"](("west", "east"), most=0)]
    solution = solver.solve_model(solver.MaxCover(names["problem"]), rules)
    assert solution.ended == "infeasible"
    assert "'west and east at most 0 new sites apart (balance)'" in solution.reasons[0]


def test_the_model_counts_who_passes(made: Any) -> None:
    # B and C may not open together: B (60) and A (30) are best; D would add 20
    kiosks = made[0]["kiosks"]
    assert (kiosks.ended, kiosks.objective, set(kiosks.sites)) == ("proven", 90, {"A", "B"})


def test_the_engine_proves_the_same_and_infeasibility_too(made: Any) -> None:
    names, _ = made
    tried = names["tried"]
    assert (tried.ended, tried.objective, tried.bound, tried.result.engine) == ("proven", 90, 90, "every 1")
    none = solver.solve_model(names["Passing"](names["street"]), [solver.Count(2), solver.Budget(1e6)], engine="every")
    assert none.ended == "infeasible"


def test_the_formats_are_read_and_written(made: Any) -> None:
    names, folder = made
    assert names["offers"].cost.tolist() == [1e6, 2e6]
    assert names["notes"] == []
    table = pd.read_csv(folder / "sites.tsv", sep="\t")
    assert set(table["site_id"]) == {"a", "b", "c"}  # of both programmes of the study


def test_the_files_that_the_page_names_are_there() -> None:
    for name in re.findall(r"`((?:models|solver|tests|docs|instances)/[^`]+)`", PAGE):
        known = name.split("NAME")[0].split("FAMILY")[0]
        assert (ROOT / known).exists() or (ROOT / known).parent.is_dir(), name
    for link in re.findall(r"\]\(([^)#]+)", PAGE):
        assert (ROOT / "docs" / link).resolve().is_file(), link
