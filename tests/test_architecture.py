"""The structure the code promises: rooms in one order, imports downhill, no circles, libraries at home."""

import ast
from functools import cache
from pathlib import Path

import networkx as nx
import pytest

ROOT = Path(__file__).parent.parent

ROOMS = (
    "models",
    "models.rules",
    "models.median",
    "models.market",
    "models.hierarchy",
    "models.charging",
    "models.flow",
    "models.coverage",
    "models.algorithms.uncapacitated",
    "models.algorithms.capacitated",
    "models.algorithms.covering",
    "models.algorithms.hierarchy",
    "models.algorithms.opening",
    "solver",
    "solver.files",
    "solver.workers",
    "solver.words.chinese",
    "solver.words",
    "solver.study",
    "solver.engines",
    "solver.network",
    "solver.inputs",
    "solver.optimise",
    "solver.economy",
    "solver.pose",
    "solver.results",
    "solver.maps",
    "solver.charts",
    "solver.postoptimal",
    "solver.export",
    "solver.verify",
    "solver.joint",
    "solver.compare",
    "solver.solve",
    "solver.sweep",
    "solver.api",
    "solver.__init__",
    "solver.cli",
)
"""Every room may import those before it and none after it. `solver` here is what all of it stands on."""
LOOSE = {"__init__", "errors", "events", "findings", "versions", "solve"}
"""The files at the top of `solver/`: what all stand on, the run of a study, and the door for Python."""

HOMES = {
    "numba": ("models/compiled.py",),
    "highspy": ("solver/engines/highs.py",),
    "pulp": ("solver/engines/pulp_engine.py", "solver/engines/pulp_solve.py"),
    "ortools": ("solver/engines/ortools_engine.py", "solver/engines/ortools_flow.py"),
    "click": ("solver/cli/",),
    "osmium": ("solver/network/osm_read.py",),
    "distributed": ("solver/workers/dask.py",),
}


@cache
def modules() -> dict[str, Path]:
    """Dotted name -> file, packages by their own name."""
    files = (path for top in ("models", "solver") for path in (ROOT / top).rglob("*.py"))
    return {".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): p for p in files}


def room_of(module: str) -> str:
    """The room that a module stands in."""
    if module == "solver":
        return "solver.__init__"
    if module == "solver.solve":
        return module
    return module if modules()[module].name == "__init__.py" else module.rpartition(".")[0]


@cache
def arrows() -> frozenset[tuple[str, str]]:
    """Who imports whom, wherever in a file the import stands."""
    found = set()
    for name, path in modules().items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                wanted = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert not node.level, f"{path}: imports are written in full"
                wanted = [f"{node.module}.{alias.name}" for alias in node.names]
            else:
                continue
            for other in wanted:
                while other and other not in modules():
                    other = other.rpartition(".")[0]
                if other and other != name:
                    found.add((name, other))
    return frozenset(found)


def test_every_room_has_its_place():
    assert {room_of(module) for module in modules() if module != "models.algorithms"} == set(ROOMS)


def test_imports_run_downhill():
    place = {room: i for i, room in enumerate(ROOMS)}
    assert [f"{a} -> {b}" for a, b in sorted(arrows()) if place[room_of(a)] < place[room_of(b)]] == []


def test_no_files_import_each_other_in_a_circle():
    graph = nx.DiGraph(arrows())
    assert [sorted(circle) for circle in nx.strongly_connected_components(graph) if len(circle) > 1] == []


ACROSS = {"adversary", "docs", "faults", "instances", "known"}
"""Folders of tests that cross the rooms."""
WHOLE = {"test_architecture", "test_packaging", "test_records"}
"""Tests of the tree as a whole."""


def test_tests_stand_in_folders_named_as_the_rooms_that_they_test():
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders - ACROSS <= {
        room.split(".")[1 if room.startswith("solver") else 0] for room in ROOMS if room != "solver"
    }
    assert {path.stem for path in (ROOT / "tests").glob("test_*.py")} == WHOLE


def test_few_files_stand_outside_the_rooms():
    assert {path.stem for path in (ROOT / "solver").glob("*.py")} == LOOSE


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
