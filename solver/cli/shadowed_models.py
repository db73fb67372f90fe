"""Our mathematics lives in a package with a plain name; say so when another module of that name comes first."""

import importlib.util
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]


def shadowed_models() -> str | None:
    """What stands in the way of our package `models` and what to do, None where nothing does. Imports nothing of it."""
    spec = importlib.util.find_spec("models")
    if spec is None:
        return f"the package models of siting-solver is missing beside {HOME / 'solver'}; install siting-solver again"
    found = Path(spec.origin).resolve() if spec.origin else Path(next(iter(spec.submodule_search_locations or [""])))
    if found == HOME / "models" / "__init__.py" and (HOME / "models" / "program.py").is_file():
        return None
    return (
        f"another module named models comes before ours: {found}; siting needs {HOME / 'models'}. "
        "Start siting from another folder, take that place out of PYTHONPATH, or install siting-solver in an "
        "environment of its own (pipx install siting-solver)"
    )
