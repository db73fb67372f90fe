"""What a row of the table measures, and the clock of all of them."""

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

KIB = 1024.0


@dataclass(frozen=True)
class Figure:
    """One way through one piece of work. What is not known, or was not reached, is None.

    `seconds` are of the clock, `cpu_s` of the processor in this process and those it waited for; `gap` is relative, of
    the recomputed plan against the best bound that any way of the row has proven; `memory_mb` is the most held at once.
    """

    way: str
    version: str
    seconds: float | None
    cpu_s: float | None = None
    worth: float | None = None
    bound: float | None = None
    gap: float | None = None
    memory_mb: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Asked:
    """What all rows are told: seconds for every run that is not asked for less."""

    limit_s: float


@dataclass(frozen=True)
class Row:
    """A piece of work, what is aimed at, and the ways through it that are installed."""

    name: str
    work: str
    goal: str
    measure: Callable[[Asked], list[Figure]]


@dataclass
class Watch:
    """Seconds of a block, filled in at its end."""

    seconds: float = 0.0
    cpu_s: float = 0.0


@contextmanager
def watched() -> Iterator[Watch]:
    """The clock and the processor while a block runs, children that it waited for included."""
    watch, wall, cpu = Watch(), time.perf_counter(), _cpu_s()
    yield watch
    watch.seconds, watch.cpu_s = time.perf_counter() - wall, _cpu_s() - cpu


def _cpu_s() -> float:
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def most_memory_mb() -> float:
    """The most that this process has held at once."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB


def with_gaps(figures: list[Figure], sense: str = "max") -> list[Figure]:
    """The figures with every plan's gap to the best bound of all."""
    bounds = [f.bound for f in figures if f.bound is not None]
    if not bounds:
        return figures
    best = min(bounds) if sense == "max" else max(bounds)
    return [f if f.worth is None else replace(f, gap=abs(best - f.worth) / max(abs(f.worth), 1e-9)) for f in figures]
