"""docs/python.md: every row of its tables gives the worth it says, and no model and no rule is missing."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import models
import solver
from solver.pose.catalogue import MODELS
from solver.study.schema import SolveSection

PAGE = (Path(__file__).parents[2] / "docs/python.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (.+?) \| .+? \| `(.+)` \| ([\d.]+) \|$", PAGE, flags=re.MULTILINE)


def code(after: str) -> str:
    """The first block of code below a line that begins so."""
    return PAGE.split(after)[1].split("```python\n")[1].split("```")[0]


@pytest.fixture(scope="module")
def street() -> dict[str, Any]:
    """The names that the page's street leaves behind."""
    names: dict[str, Any] = {}
    exec(code("## Every model"), names)  # noqa: S102  the page is the project's own
    return names


@pytest.fixture(autouse=True)
def _short_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four sites need no long search for a first plan."""
    monkeypatch.setattr("solver.api.solution.DEFAULTS", SolveSection(search_s=0.0))


@pytest.mark.parametrize(("what", "call", "worth"), ROWS, ids=[f"{row[0]}: {row[1][:40]}" for row in ROWS])
def test_a_row_is_worth_what_it_says(street: dict[str, Any], what: str, call: str, worth: str) -> None:
    solution = solver.solve_model(*eval(f"({call},)", street), gap=0.0)  # noqa: S307  the page is the project's own
    assert solution.ended == "proven"
    assert solution.objective == pytest.approx(float(worth), abs=1e-4)


def test_the_portfolio_of_the_page_spends_both_millions(street: dict[str, Any]) -> None:
    names = dict(street)
    exec(code("Several models under one budget"), names)  # noqa: S102  the page is the project's own
    joint = names["joint"]
    # one site of each: lots 70 of 90 within two minutes, wards 70 of 90 within one minute, counted twice
    assert joint.whole.ended == "proven"
    assert joint.whole.objective == pytest.approx((70 + 2 * 70) / 90)
    assert joint.whole.cost == 2e6
    assert joint["wards"].sites == ("at1",)
    assert joint["lots"].bound is None
    assert joint["lots"].figures["covered_weight"] == 70


def test_a_portfolio_without_a_budget_or_with_too_small_a_one_says_so(street: dict[str, Any]) -> None:
    member = solver.Member("a", solver.MaxCover(street["near"]), (solver.Count(2, "exactly"),), full=90.0)
    with pytest.raises(solver.ProblemError, match="a portfolio without a budget falls apart"):
        solver.solve_together(solver.Portfolio((member,)))
    joint = solver.solve_together(solver.Portfolio((member,), budget=1e6))
    assert (joint.whole.ended, joint["a"].plan) == ("infeasible", None)
    assert "cannot be kept together" in joint.whole.reasons[0]


def test_years_tell_what_each_of_them_opens(street: dict[str, Any]) -> None:
    years = street["years"]
    solution = solver.solve_model(years, [solver.YearBudgets(years, (1e6, 1e6))])
    assert [told["covered_share"] for told in solution.phases.values()] == pytest.approx([70 / 90, 1.0])


def test_the_money_of_units_made_in_python_adds_up(street: dict[str, Any]) -> None:
    model = solver.modular(solver.CapacitatedCover, street["near"], [street["ward"]], in_objective=False)
    solution = solver.solve_model(model, [solver.UnitsTotal(3)])
    table = solution.sites_frame()
    # three wards of half a million; 70 in town fill two and a half, so all three stand there, at two sites
    assert table["units_cost"].sum() == 1.5e6
    assert solution.cost == 1.5e6 + 1e6 * len(solution.sites)


def _classes(*methods: str) -> Iterator[type]:
    """Public classes of `models` with all of these methods, but protocols and what portfolios and models make."""
    for module in pkgutil.walk_packages(models.__path__, "models."):
        for name, found in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            own = (
                found.__module__ == module.name != "models.rules.joint"
                and not name.startswith("_")
                and name not in {"Formulation", "Rule", "CentreWithin", "DispersionWithin"}
            )
            if own and all(callable(getattr(found, method, None)) for method in methods):
                yield found


@pytest.mark.parametrize(
    "classes",
    [lambda: _classes("draft", "read_plan", "objective_of"), lambda: _classes("apply", "violations", "describe")],
    ids=["models", "rules"],
)
def test_every_model_and_every_rule_is_public_and_in_a_row(classes: Callable[[], Iterator[type]]) -> None:
    names = {found.__name__ for found in classes()}
    assert len(names) >= 14
    assert names - set(solver.HOMES) == set()
    made = " ".join(call for _, call, _ in ROWS)
    made += code("## Every model")
    shown = {name for name in names if f"{name}(" in made} | {"Modular"}  # `modular` makes it
    assert names - shown == set()


def test_every_model_of_the_catalogue_has_a_row() -> None:
    named = {match for row in ROWS for match in re.findall(r"^`([a-z-]+)`$", row[0])}
    assert set(MODELS) <= named
