"""Which sites of the highest tier open: what lies below them decides little of what they decide.

With only the highest tier whole, the program is a relaxation with few whole columns: cuts of linear programs below one
choice after another settle it (Benders 1962), and its bound holds for every plan. Two kinds of cut need no linear
program below a choice: what the open sites carry themselves, and what can flow down from them whatever it costs, both
least cuts of one network (`models.algorithms.hierarchy.reach`). They rule out what geography rules out, so that linear
programs are left for what money rules out.
"""

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from models.algorithms.hierarchy.reach import Reach
from models.arrays import BoolArray, FloatArray, IntArray, Sparse
from models.clock import Clock
from models.hierarchy.hierarchical import HierarchicalCost, HierarchicalCoverage
from models.program import Program, ProgramBuilder
from solver.engines.engine import Ask
from solver.engines.highs import Highs, lp_bound
from solver.engines.interrupt import run_or_stop
from solver.engines.safebound import LpBound, safe_bound

Model = HierarchicalCoverage | HierarchicalCost

NEAR, LEAST_NEAR = 0.05, 1e-4
"""The choice is settled within this share of the asked gap, and no finer than the second part of its worth."""

THRIFT = 1e-3
"""All the money counts as this part of the worth while plans are sought: of many solutions that serve the same, one
that spends little; rounding it leaves money for the rest. It makes the simplex method faster, too (4 s to 2 s)."""

EXACT, DUST = 1e-9, 1e-8
"""Relative rounding of sums, and of flows in whole units."""

MASTER_GAP = 1e-5

PATIENCE = 3
"""So many linear programs that move neither bound nor best choice are the last: sites alike are never told apart."""


@dataclass(frozen=True, eq=False)
class Chosen:
    """The best choice (n_top,) of the highest tier found, None where none is; a linear solution below it, if any.

    `bound` holds for every plan. `linear_programs` were solved.
    """

    at: FloatArray | None
    bound: float | None
    values: FloatArray | None = None
    linear_programs: int = 0


@dataclass(frozen=True, eq=False)
class _Cut:
    """Counted * worth <= constant + slope @ choice, for every plan; a cut that counts no worth rules choices out."""

    constant: float
    slope: FloatArray
    counted: float = 1.0

    def at(self, choice: FloatArray) -> float:
        """What it allows a choice (n_top,)."""
        return self.constant + float(self.slope @ choice)

    def excess(self, choice: FloatArray, worth: float) -> float:
        """By how much a worth of a choice passes what the cut allows."""
        return self.counted * worth - self.at(choice)


@dataclass(frozen=True, eq=False)
class Thrifty:
    """A program whose objective counts money a little, and what its row duals lack (n_rows,) to be those of `whole`."""

    whole: Program
    program: Program
    lacking: FloatArray

    def with_counted(self, program: Program) -> Program:
        """Another program of the same columns under this objective."""
        return program.with_objective(self.program.objective, sense=self.program.sense, offset=self.program.offset)

    @staticmethod
    def of(whole: Program, worth: float) -> "Thrifty":
        """The program that counts all the money of its budget as a small part of a worth; as it is without one."""
        lacking = np.zeros(whole.n_rows)
        row = budget_row(whole)
        if row is None or whole.sense == "min" or not (whole.row_upper[row] > 0 and worth > 0):
            return Thrifty(whole, whole, lacking)
        price = THRIFT * worth / float(whole.row_upper[row])
        lacking[row] = price
        cost = np.asarray(whole.matrix[[row]].todense()).ravel()
        priced = whole.with_objective(whole.objective - price * cost, sense="max", offset=whole.offset)
        return Thrifty(whole, priced, lacking)

    def bound_of(self, linear: LpBound) -> LpBound | None:
        """What the duals of the program prove of the whole."""
        return safe_bound(self.whole, linear.values, linear.duals + self.lacking)


def budget_row(program: Program) -> int | None:
    """The row of the one budget that there is, None where there is none."""
    return next((f.start for f in program.families if f.rule == "budget" and f.size == 1), None)


def choose(model: Model, thrifty: Thrifty, root: LpBound, top: IntArray, first: FloatArray | None, ask: Ask) -> Chosen:
    """The best choice of the highest tier within the time and a part of the gap, and a bound on every plan.

    `root` is the relaxation's bound, `top` (n_top,) the columns of the highest tier, `first` a choice to begin with. A
    linear program below a choice says what the choice is worth, and its row duals bound every choice by a linear
    function of it, made safe from rounding; the next choice is the best under all cuts, whose worth there bounds every
    plan.
    """
    clock = Clock.of(ask.time_limit_s)
    tight, sign = thrifty.whole, _sign(thrifty.whole)
    reach = _Reaching(Reach(model.flows), model)
    cuts = [_cut(tight, root, top), *reach.cuts(np.zeros(len(top), dtype=bool))]
    best, worth, known, solved = Chosen(None, root.bound), -np.inf, sign * root.bound, 0
    tried: set[bytes] = set()
    proof, idle, waiting = True, 0, first
    while not clock.over and idle < PATIENCE:
        at, waiting = waiting, None
        if at is None:
            choice = _master(tight, top, cuts, replace(ask, time_limit_s=clock.some()))
            if choice is None:
                break
            at, above = choice
            idle = 0 if known - above > LEAST_NEAR * abs(known) else idle
            known = min(known, above) if proof else known
            near = max(NEAR * ask.gap, LEAST_NEAR) * max(abs(worth), abs(above)) if np.isfinite(worth) else 0.0
            if above - worth <= near or at.tobytes() in tried:
                break
            broken = [cut for cut in reach.cuts(at > 0.5) if cut.excess(at, above) > cut.counted * near + reach.dust]
            if broken:
                cuts += broken
                continue
        tried.add(at.tobytes())
        solved, idle = solved + 1, idle + 1
        linear, cut = _below(thrifty, top, at, replace(ask, time_limit_s=clock.some()))
        proof = proof and cut.counted > 0
        cuts.append(cut)
        if linear is not None and linear.optimal and cut.at(at) > worth:
            worth, best, idle = cut.at(at), replace(best, at=at, values=linear.values), 0
    return replace(best, bound=sign * known, linear_programs=solved)


def _below(thrifty: Thrifty, top: IntArray, at: FloatArray, ask: Ask) -> tuple[LpBound | None, _Cut]:
    """The linear program below a choice, and the cut that it gives.

    Where it has no solution, or none in time, the cut rules out this choice alone and proves nothing.
    """
    held = thrifty.program.relaxed().with_held(top, at)
    linear = lp_bound(held, time_limit_s=ask.time_limit_s, threads=ask.threads, method="simplex")
    safe = None if linear is None else thrifty.bound_of(linear)
    if linear is None or safe is None:
        return None, _Cut(float(at.sum()) - 1.0, 1.0 - 2.0 * at, counted=0.0)
    return linear, _cut(thrifty.whole, safe, top)


@dataclass(frozen=True, eq=False)
class _Reaching:
    """Least cuts of the network as cuts of the choice."""

    reach: Reach
    model: Model

    @property
    def all(self) -> float:
        """All that may be carried."""
        return float(self.model.flows.classes.load.sum())

    @property
    def dust(self) -> float:
        """What is rounding of the flows."""
        return DUST * self.all

    def cuts(self, opened: BoolArray) -> list[_Cut]:
        """What any choice serves at most, or the load that it must be able to carry."""
        classes = self.model.flows.classes
        if self.model.sense == "max":
            return [_Cut(*self.reach.cut(opened, classes.weight / classes.load))]
        constant, slope = self.reach.cut(opened, np.ones(len(classes.load)))
        return [_Cut(constant - self.all * (1 - EXACT), slope, counted=0.0)]


def _cut(tight: Program, safe: LpBound, top: IntArray) -> _Cut:
    """A linear function of the choice that is nowhere worse than any plan's worth, by reduced costs."""
    slope = _sign(tight) * safe.reduced_costs[top]
    most = np.maximum(slope * safe.lower[top], slope * safe.upper[top])
    return _Cut(_sign(tight) * safe.bound - float(most.sum()), slope)


def _sign(program: Program) -> float:
    return 1.0 if program.sense == "max" else -1.0


def _master(tight: Program, top: IntArray, cuts: list[_Cut], ask: Ask) -> tuple[FloatArray, float] | None:
    """The best choice under the cuts and the rules, and a bound on every choice, the greater the better."""
    builder = ProgramBuilder("the highest tier under cuts", "max")
    opened = builder.columns("opened", len(top), lower=tight.lower[top], upper=tight.upper[top], integer=True)
    most = max(cut.constant + float(np.abs(cut.slope).sum()) for cut in cuts if cut.counted)
    worth = builder.columns("worth", 1, lower=-np.inf, upper=most, objective=1.0)
    slopes = np.array([cut.slope for cut in cuts]).reshape(len(cuts), len(top))
    counted = np.array([[cut.counted] for cut in cuts])
    builder.rows(
        "no_plan_is_worth_more",
        [(sp.csr_array(counted), worth), (sp.csr_array(-slopes), opened)],
        upper=np.array([cut.constant for cut in cuts]),
    )
    own, low, high = _rules_above(tight, top)
    if own.shape[0]:
        builder.rows("as_far_as_rules_speak_of_the_highest_tier", [(own, opened)], lower=low, upper=high)
    answer = run_or_stop(Highs(), builder.build(), replace(ask, gap=MASTER_GAP, start=None, on_progress=None))
    if answer.values is None or answer.outcome.bound is None:
        return None
    return np.round(opened.of(answer.values)), float(answer.outcome.bound)


def _rules_above(program: Program, top: IntArray) -> tuple[Sparse, FloatArray, FloatArray]:
    """Rows of rules over the highest tier alone, with the rest of each as it leaves most room; lower and upper."""
    rows = [family.index for family in program.families if family.rule is not None]
    index = np.concatenate([np.empty(0, dtype=np.int64), *rows])
    part, low, high = sp.csr_array(program.matrix[index]), program.row_lower[index], program.row_upper[index]
    own = sp.csr_array(part[:, top])
    row, column = np.repeat(np.arange(part.shape[0]), np.diff(part.indptr)), part.indices
    others = ~np.isin(column, top)
    a, row, column = part.data[others], row[others], column[others]
    lower, upper = program.lower[column], program.upper[column]
    least = np.bincount(row, weights=np.where(a > 0, a * lower, a * upper), minlength=part.shape[0])
    most = np.bincount(row, weights=np.where(a > 0, a * upper, a * lower), minlength=part.shape[0])
    size = EXACT * np.asarray(abs(own).sum(axis=1)).ravel()
    with np.errstate(invalid="ignore"):
        low, high = low - most - size, high - least + size
    low, high = np.nan_to_num(low, nan=-np.inf, neginf=-np.inf), np.nan_to_num(high, nan=np.inf, posinf=np.inf)
    keep = (np.diff(own.indptr) > 0) & (np.isfinite(low) | np.isfinite(high))
    return sp.csr_array(own[np.flatnonzero(keep)]), low[keep], high[keep]
