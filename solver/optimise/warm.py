"""Compiled code made ready before a time limit begins: the first use on a machine compiles it, which takes seconds.

A problem of a few places is searched and reduced down as the model itself will be, so that what is compiled, or read
from the cache of an earlier use, is what the model uses and no more.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from models.algorithms.opening.refuelled import stations_opened
from models.coverage.max_cover import MaxCover
from models.flow.problem import FlowProblem, Vehicle
from models.flow.refuelling import FlowRefuelling
from models.formulation import Formulation, Rule, parts_of
from models.median.fixed_charge import AssignmentMedian
from models.median.p_median import PMedian
from models.problem import Demand, Sites, SitingProblem
from models.rules import Count
from solver.engines.engine import Ask
from solver.optimise.methods import method_of, reduction_of, search_of

SIZE, SECONDS = 12, 0.1


def warm(model: Formulation) -> None:
    """Make ready what a model uses; nothing where that was done before in this process, or where it uses nothing."""
    for part in parts_of(model):
        warm(part)
    compiled = method_of(model).compiled
    if compiled is not None:
        _searched(compiled(model))


@cache
def _searched(kind: tuple[str | bool, ...]) -> None:
    """Search and narrow down a small problem of a kind."""
    if kind[0] == "refuelling":
        stations_opened(_trip(), (Count(2),), seconds=SECONDS)
        return
    problem = _small(capacity=3.0 if kind[0] == "capacitated" else np.inf)
    if kind[0] == "covering":
        _run(MaxCover(problem, backup=2 if kind[1] else 1), (Count(3),))
    elif kind[0] == "nearest":
        _run(PMedian(problem), (Count(3),))
    else:
        _run(AssignmentMedian(problem, single_source=bool(kind[1])), (Count(6),))


def _run(model: Formulation, rules: Sequence[Rule]) -> None:
    search, reduction = search_of(model, tuple(rules)), reduction_of(model, tuple(rules))
    plan, ask = None if search is None else search(SECONDS, 0), Ask(time_limit_s=SECONDS, gap=0.0)
    reduce = method_of(model).reduce
    if reduction is not None:
        reduction.reduce(plan, ask)
    elif reduce is not None:
        reduce(model, tuple(rules), plan, ask)


def _small(capacity: float) -> SitingProblem:
    """Places and sites at random, every place within reach of every site."""
    rng = np.random.default_rng(0)
    ids = [str(k) for k in range(SIZE)]
    problem = SitingProblem.dense(Sites.of(ids), Demand.of(ids, weight=np.ones(SIZE)), rng.uniform(1, 9, (SIZE, SIZE)))
    return replace(problem, sites=replace(problem.sites, capacity=np.full(SIZE, capacity)))


def _trip() -> FlowRefuelling:
    """A trip with a way round, between two stations."""
    rng = np.random.default_rng(0)
    xy = rng.uniform(0.0, 9.0, (SIZE, 2))
    apart = np.linalg.norm(xy[:, None] - xy[None], axis=2)
    sites = Sites.of([str(k) for k in range(SIZE - 2)])
    problem = FlowProblem(sites, np.arange(SIZE - 2), np.array([SIZE - 2]), np.array([SIZE - 1]), np.ones(1), apart)
    return FlowRefuelling(problem, Vehicle(4.0, max_detour_m=4.0))
