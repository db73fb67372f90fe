"""The protocol of an engine, what it is asked, and the features it declares."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from models.arrays import FloatArray
from models.program import Program
from solver.engines.outcome import Answer


@dataclass(frozen=True)
class Features:
    """What an engine can do; asking for more is refused early, naming the engines that can."""

    continuous: bool = True
    integer: bool = True
    unlimited: bool = True
    """Takes integer columns without finite bounds."""
    warm_start: bool = False
    reports_bound: bool = True
    progress: bool = False
    interrupt: bool = False


@dataclass(frozen=True)
class Progress:
    """What an engine reports while it works."""

    seconds: float
    objective: float | None
    bound: float | None


@dataclass(frozen=True, eq=False)
class Ask:
    """Limits and wishes for one run.

    `gap` is relative: a plan within it of the bound counts as proven. `start` (n_columns,) is a plan to begin with;
    engines without warm start ignore it. `seed` makes a run repeatable where the engine allows. `engine_is_free`:
    nobody named an engine, so that a stage may take the one that suits what it has in hand.
    """

    time_limit_s: float = 600.0
    gap: float = 1e-4
    threads: int = 1
    seed: int = 0
    engine_is_free: bool = False
    start: FloatArray | None = None
    on_progress: Callable[[Progress], None] | None = None


class Engine(Protocol):
    """Something that solves programs."""

    name: str
    features: Features

    def version(self) -> str:
        """Version of the library behind it; EngineError with the remedy where it is not installed."""
        ...

    def run(self, program: Program, ask: Ask) -> Answer:
        """Solve. Ctrl-C keeps the plan in hand where the engine can (`interrupted`); an ordinary end never raises."""
        ...
