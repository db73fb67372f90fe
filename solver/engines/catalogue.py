"""The engines by name; the only registry."""

from collections.abc import Callable

from solver.engines.cbc import Cbc
from solver.engines.engine import Engine
from solver.engines.highs import Highs
from solver.errors import EngineError

ENGINES: dict[str, Callable[[], Engine]] = {
    "highs": Highs,
    "cbc": Cbc,
}
"""Name -> what makes the engine."""


def engine(name: str) -> Engine:
    """The engine of that name; EngineError that lists those that exist."""
    if name not in ENGINES:
        raise EngineError(f"engine {name} is not known; choose one of {', '.join(ENGINES)}")
    return ENGINES[name]()
