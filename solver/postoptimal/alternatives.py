"""Plans that are nearly as good and as different as can be: modelling to generate alternatives.

`farthest`: each plan is the one within the allowed loss whose sites differ most from every plan before it,

    max d   s.t.  the program's rows,  objective at least (1 - within) of the best plan's,
                  sum_i |open_i - open_i^q| >= d        for every plan q so far.

Farthest-first choice of k plans has at least half the least distance of the best k plans (Gonzalez 1985, Clustering
to minimize the maximum intercluster distance, Theor. Comput. Sci. 38). `hsj` is cheaper: it minimises how often the
open sites were open before (Brill, Chang & Hopkins 1982, Modeling to generate alternatives, Manage. Sci. 28).
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import scipy.sparse as sp

from models.arrays import BoolArray, FloatArray, IntArray
from models.errors import ProblemError
from models.messages import Listed, say
from models.program import Block, Family, Program
from solver.engines.conclude import improvement
from solver.engines.engine import Ask, Engine
from solver.engines.interrupt import run_or_stop
from solver.errors import CheckError

Method = Literal["farthest", "hsj"]
POLISH = 0.2
"""Share of a plan's time that goes into making the best of its sites."""
HSJ = 0.25
"""Share of a plan's time for a first plan by hop-skip-jump, where the farthest is sought."""
ROUNDING = 1e-6


@dataclass(frozen=True)
class AlternativesOptions:
    """How many plans besides the best, and what share of its objective each may lose (0.02 for 2 %).

    ProblemError for numbers that make no sense.
    """

    count: int
    within: float
    method: Method = "farthest"

    def __post_init__(self) -> None:
        if self.count < 1 or not 0 <= self.within < np.inf:
            raise ProblemError(
                say(
                    "alternatives: count must be at least 1 and within a share of at least 0, such as 0.02; "
                    "got {count} and {within:g}",
                    count=self.count,
                    within=self.within,
                )
            )


@dataclass(frozen=True, eq=False)
class Alternative:
    """One plan. `values` (n_columns,); `open` (n_opened,); `objective` in the program's unit, recomputed.

    `loss` is the share of the best plan's objective that is given up (negative where the plan is better than the one
    it started from). `distance` is the least number of sites that are open in this plan or in an earlier one but not
    in both; `distance_bound` the greatest that any plan within the allowed loss can have, None where not proven.
    """

    values: FloatArray
    open: BoolArray
    objective: float
    loss: float
    distance: int
    distance_bound: int | None


@dataclass(frozen=True, eq=False)
class Alternatives:
    """The plans, the best one first. `exhausted`: proven that no other choice of sites is within the allowed loss.

    `interrupted`: Ctrl-C ended the search; the plans are those found until then.
    """

    plans: tuple[Alternative, ...]
    exhausted: bool
    interrupted: bool = False

    @property
    def share_open(self) -> FloatArray:
        """Share (n_opened,) of the plans in which each site is open: 1 is a site that no alternative does without."""
        return np.mean([plan.open for plan in self.plans], axis=0)


def alternatives(
    program: Program,
    opened: IntArray,
    best: FloatArray,
    engine: Engine,
    ask: Ask,
    wanted: AlternativesOptions,
    on_found: Callable[[Alternative], None] | None = None,
) -> Alternatives:
    """Up to `wanted.count` plans besides `best` (n_columns,) that lose at most the share `wanted.within` of its worth.

    `opened` are positions of the 0/1 columns by which plans differ, such as `draft.open.index`. `ask.time_limit_s` is
    for all of them. Ctrl-C keeps the plans found so far. ProblemError where `best` is no plan or `opened` are not 0/1
    columns.
    """
    _refuse(program, opened, best)
    deadline = time.monotonic() + ask.time_limit_s
    plans = [_alternative(program, opened, best, best, [], None)]
    for number in range(wanted.count):
        left = deadline - time.monotonic()
        if left <= 0:
            break
        seconds = left / (wanted.count - number)
        try:
            values, bound = _next(program, opened, plans, engine, replace(ask, time_limit_s=seconds), wanted)
            if bound == 0:
                return Alternatives(tuple(plans), exhausted=True)
            values = _polished(program, opened, values, engine, ask, seconds * POLISH)
        except KeyboardInterrupt:
            return Alternatives(tuple(plans), exhausted=False, interrupted=True)
        found = _alternative(program, opened, values, best, plans, bound)
        if found.distance == 0:
            break
        _check(program, found, wanted.within)
        plans.append(found)
        if on_found is not None:
            on_found(found)
    return Alternatives(tuple(plans), exhausted=False)


def around(
    program: Program, opened: IntArray, best: FloatArray, plans: Sequence[Alternative], wanted: AlternativesOptions
) -> tuple[Alternative, ...]:
    """The plans besides `best`, where that may be a better one than they were sought around (the first of them).

    Losses and distances are counted anew then, and plans that lose too much against it are left out.
    """
    if best is plans[0].values:
        return tuple(plans[1:])
    kept = [_alternative(program, opened, best, best, [], None)]
    for plan in plans:
        again = _alternative(program, opened, plan.values, best, kept, None)
        if again.distance > 0 and again.loss <= wanted.within + ROUNDING:
            kept.append(again)
    return tuple(kept[1 : wanted.count + 1])


def _refuse(program: Program, opened: IntArray, best: FloatArray) -> None:
    wrong = []
    columns = program.integer[opened] & (program.lower[opened] >= 0) & (program.upper[opened] <= 1)
    if not columns.all():
        column = program.column_name(int(opened[np.argmin(columns)]))
        wrong.append(say("column {column} is not a 0/1 column", column=column))
    broken = program.violations(best)
    if broken:
        wrong.append(
            say("the plan to begin with breaks {where} by {amount:g}", where=broken[0].where, amount=broken[0].amount)
        )
    if wrong:
        raise ProblemError(say("alternatives: {wrong}", wrong=Listed(wrong, by="semicolon")))


def _alternative(
    program: Program,
    opened: IntArray,
    values: FloatArray,
    best: FloatArray,
    before: Sequence[Alternative],
    bound: int | None,
) -> Alternative:
    is_open = values[opened] > 0.5
    worth, first = program.objective_at(values), program.objective_at(best)
    loss = improvement(program, first, worth) / max(abs(first), 1e-9)
    return Alternative(values, is_open, worth, loss, _distance(is_open, before), bound)


def _next(
    program: Program,
    opened: IntArray,
    plans: Sequence[Alternative],
    engine: Engine,
    ask: Ask,
    wanted: AlternativesOptions,
) -> tuple[FloatArray, int | None]:
    """Column values of the next plan (of the last one, if none is found) and the greatest distance there is.

    The farthest plan is sought from the one that hop-skip-jump finds, as an engine alone often finds none in time.
    """
    kept = _with_loss(program, plans[0].objective, wanted.within)
    last = plans[-1].values
    quick = HSJ if wanted.method == "farthest" else 1 - POLISH
    hopped = run_or_stop(engine, _hop_skip_jump(kept, opened, plans), _quietly(ask, quick, last)).values
    hopped = last if hopped is None else hopped
    if wanted.method == "hsj":
        return hopped, None
    start = np.append(hopped, _distance(hopped[opened] > 0.5, plans))
    answer = run_or_stop(engine, _farthest(kept, opened, plans), _quietly(ask, 1 - POLISH - HSJ, start))
    bound = answer.outcome.bound
    values = start if answer.values is None else answer.values
    return values[:-1], None if bound is None else int(np.floor(bound + ROUNDING))


def _quietly(ask: Ask, share: float, start: FloatArray) -> Ask:
    return replace(ask, time_limit_s=max(share * ask.time_limit_s, 0.1), gap=0.0, start=start, on_progress=None)


def _distance(is_open: BoolArray, plans: Sequence[Alternative]) -> int:
    """Sites in which plans differ from the nearest of some plans; 0 where there are none."""
    return min((int(np.sum(is_open != plan.open)) for plan in plans), default=0)


def _hop_skip_jump(kept: Program, opened: IntArray, plans: Sequence[Alternative]) -> Program:
    """The program that avoids sites as often as they were open."""
    used = np.zeros(kept.n_columns)
    used[opened] = np.sum([plan.open for plan in plans], axis=0)
    return kept.with_objective(used, sense="min")


def _with_loss(program: Program, best: float, within: float) -> Program:
    allowed = within * abs(best) + 1e-9 * max(1.0, abs(best))
    if program.sense == "max":
        side = best - allowed - program.offset
        return program.with_row("loses_no_more_than_allowed", program.objective, lower=side)
    side = best + allowed - program.offset
    return program.with_row("loses_no_more_than_allowed", program.objective, upper=side)


def _farthest(program: Program, opened: IntArray, plans: Sequence[Alternative]) -> Program:
    """One more column, the distance d, and per plan  sum over closed of open_i - sum over open of open_i - d >= -n."""
    n, size = program.n_columns, len(plans)
    signs = np.where([plan.open for plan in plans], -1.0, 1.0)
    rows = np.repeat(np.arange(size), len(opened))
    coefficients = sp.csr_array((signs.ravel(), (rows, np.tile(opened, size))), shape=(size, n))
    distance = sp.csr_array(np.full((size, 1), -1.0))
    above = sp.hstack([program.matrix, sp.csr_array((program.n_rows, 1))])
    return replace(
        program,
        sense="max",
        offset=0.0,
        objective=np.append(np.zeros(n), 1.0),
        lower=np.append(program.lower, 0.0),
        upper=np.append(program.upper, float(len(opened))),
        integer=np.append(program.integer, True),
        matrix=sp.csr_array(sp.vstack([above, sp.hstack([coefficients, distance])])),
        row_lower=np.append(program.row_lower, [-float(plan.open.sum()) for plan in plans]),
        row_upper=np.append(program.row_upper, np.full(size, np.inf)),
        blocks=(*program.blocks, Block("distance", n, 1)),
        families=(*program.families, Family("differs_from_plan", program.n_rows, size)),
    )


def _polished(
    program: Program, opened: IntArray, values: FloatArray, engine: Engine, ask: Ask, seconds: float
) -> FloatArray:
    """The best plan with the sites of `values`, as far as time allows; never a worse one."""
    same_sites = program.with_held(opened, np.round(values[opened]))
    answer = run_or_stop(
        engine, same_sites, replace(ask, time_limit_s=max(seconds, 0.1), start=values, on_progress=None)
    )
    return values if answer.values is None else answer.values


def _check(program: Program, plan: Alternative, within: float) -> None:
    """CheckError where an alternative is no plan, or loses more than was allowed."""
    broken = program.violations(plan.values, tolerance=1e-5)
    if broken:
        raise CheckError(
            say(
                "an alternative breaks {where} by {amount:g}; try another engine",
                where=broken[0].where,
                amount=broken[0].amount,
            )
        )
    if plan.loss > within + ROUNDING * (1 + within):
        raise CheckError(
            say(
                "an alternative loses {loss:.4%}, more than {within:.4%}; try another engine",
                loss=plan.loss,
                within=within,
            )
        )
