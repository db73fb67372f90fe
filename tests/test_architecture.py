"""The structure the code promises: imports run downhill, an opinionated library lives in its own place."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

HOMES = {
    "highspy": ("solver/engines/highs.py",),
    "pulp": ("solver/engines/pulp_engine.py", "solver/engines/pulp_solve.py"),
    "ortools": ("solver/engines/ortools_engine.py", "solver/engines/ortools_flow.py"),
    "click": ("solver/cli/",),
    "osmium": ("solver/network/osm_read.py",),
    "distributed": ("solver/sweep/dask_workers.py",),
}


@cache
def imports_of(path: Path) -> tuple[str, ...]:
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
    return tuple(found)


@pytest.mark.parametrize("path", sorted((ROOT / "models").rglob("*.py")), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_models_know_only_numbers(path: Path) -> None:
    allowed = {"models", "numpy", "scipy", "numba"} | set(__import__("sys").stdlib_module_names)
    assert {name.split(".")[0] for name in imports_of(path)} <= allowed


@pytest.mark.parametrize("library", HOMES)
def test_an_opinionated_library_lives_in_one_place(library: str) -> None:
    users = {
        path.relative_to(ROOT).as_posix()
        for package in ("models", "solver")
        for path in (ROOT / package).rglob("*.py")
        if any(name.split(".")[0] == library for name in imports_of(path))
    }
    assert {u for u in users if not u.startswith(HOMES[library])} == set()
