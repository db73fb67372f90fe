"""Sites for public infrastructure: everything that feeds the mathematics and acts on its answer. Import from here.

    import solver

    problem = solver.SitingProblem.dense(sites, demand, travel, unit="m").within(500)
    solution = solver.solve_model(solver.MaxCover(problem), [solver.Count(3, "exactly")])

The names and where they live are listed in `__init__.pyi`. Each is loaded when it is first used, so that
`import solver` takes no time.
"""

import ast
from importlib import import_module
from pathlib import Path
from typing import Any


def _homes() -> dict[str, str]:
    """Public name -> the module that holds it."""
    listed = ast.parse(Path(__file__).with_suffix(".pyi").read_text(encoding="utf-8")).body
    return {a.name: node.module or "" for node in listed if isinstance(node, ast.ImportFrom) for a in node.names}


HOMES = _homes()
__all__ = sorted(HOMES)  # noqa: PLE0605  the list is that of the stub


def __getattr__(name: str) -> Any:
    """A public name, loaded now."""
    if name not in HOMES:
        raise AttributeError(f"module solver has no attribute {name}")
    return getattr(import_module(HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *HOMES})
