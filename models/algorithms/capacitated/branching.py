"""Branch and bound on the dual bound of a median model: what is left after it is settled, for an engine or for nobody.

Any dual bound will do; where the nearest open site serves every place, `models.algorithms.uncapacitated.branching` is
quicker. Every node holds some sites open and some closed, betters the prices of its parent by a few subgradient steps,
settles what its bound proves, and is dropped when the bound reaches the known plan. It branches on the free site about
which the prices disagree most. Chosen sites give plans on the way. References: Narula, Ogbu and Samuelsson (1977), An
algorithm for the p-median problem, Operations Research 25; Beasley (1985), A note on solving large p-median problems,
EJOR 21.
"""

import heapq
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

import numpy as np

from models.algorithms.uncapacitated.costs import AssignmentCosts
from models.algorithms.uncapacitated.lagrangian import Dual, cut_of
from models.arrays import BoolArray, FloatArray

STEPS_ROOT, STEPS_NODE = 1500, 120

Judge = Callable[[BoolArray], tuple[float, BoolArray] | None]
"""Open sites (n_sites,) -> worth and open sites of that plan or of a better one near it; None where there is none."""

S = TypeVar("S", bound=AssignmentCosts)
S_contra = TypeVar("S_contra", bound=AssignmentCosts, contravariant=True)


class Settle(Protocol[S_contra]):
    """The dual bound of a model, such as `models.algorithms.capacitated.lagrangian.settle_filled`."""

    def __call__(
        self,
        service: S_contra,
        least: int,
        most: int,
        worth: float | None,
        prices: FloatArray,
        /,
        *,
        seconds: float,
        steps: int,
    ) -> Dual:
        """Improve the prices (n_places,), and settle what they prove against the worth of a known plan."""
        ...


@dataclass(frozen=True, eq=False)
class Branched:
    """`bound` on every plan; `is_open` (n_sites,) and `worth` of the best plan found, None where none was."""

    bound: float
    is_open: BoolArray | None
    worth: float | None
    nodes: int


@dataclass(frozen=True, eq=False)
class _Node:
    """A part of all plans: sites held open, sites still free, prices to begin with, and its bound."""

    sure: BoolArray
    counted: BoolArray
    prices: FloatArray
    bound: float


class _Tree(Generic[S]):
    """Nodes by their bounds, and the best plan so far."""

    def __init__(self, service: S, settle: Settle[S], least: int, most: int, judge: Judge) -> None:
        self.service, self.settle, self.least, self.most, self.judge = service, settle, least, most, judge
        self.is_open: BoolArray | None = None
        self.worth: float | None = None
        self.heap: list[tuple[float, int, _Node]] = []
        self.nodes = 0

    @property
    def cut(self) -> float:
        """A bound beyond this leaves nothing better."""
        found = cut_of(self.service, self.worth)
        return np.inf if found is None else found

    def note(self, is_open: BoolArray) -> None:
        """Keep a plan if it is the best so far."""
        found = self.judge(is_open)
        if found is not None and (self.worth is None or found[0] < self.worth):
            self.worth, self.is_open = found[0], found[1].copy()

    def push(self, node: _Node) -> None:
        """Keep a node that may hold something better."""
        if node.bound <= self.cut:
            self.nodes += 1
            heapq.heappush(self.heap, (node.bound, self.nodes, node))

    def bound(self) -> float:
        """What holds for every plan: the least bound of the nodes left, or the plan in hand."""
        open_bound = self.heap[0][0] if self.heap else np.inf
        return open_bound if self.worth is None else min(open_bound, self.worth)

    def work(self, node: _Node, seconds: float, steps: int) -> None:
        """Bound a node, settle what that proves, and split what is left."""
        taken = int(node.sure.sum() - self.service.sure.sum())
        least, most = max(0, self.least - taken), min(self.most - taken, int(node.counted.sum()))
        if most < least:
            return
        if most == 0 or not node.counted.any():
            self.note(node.sure)
            return
        part = replace(self.service, sure=node.sure, counted=node.counted)
        dual = self.settle(part, least, most, self.worth, node.prices, seconds=seconds, steps=steps)
        self.note(dual.chosen)
        if max(dual.bound, node.bound) > self.cut:
            return
        bound = max(dual.bound, node.bound)
        sure, counted = node.sure | dual.opened, node.counted & ~dual.opened & ~dual.closed
        free = np.flatnonzero(counted)
        if not len(free) or int(sure.sum() - self.service.sure.sum()) >= self.most:
            self.push(_Node(sure, counted & False, dual.prices, bound))
            return
        split = free[np.argmin(np.abs(dual.share[free] - 0.5))]
        without = counted.copy()
        without[split] = False
        inside = sure.copy()
        inside[split] = True
        self.push(_Node(inside, without, dual.prices, bound))
        self.push(_Node(sure, without, dual.prices, bound))


def branch(
    service: S,
    settle: Settle[S],
    limits: tuple[int, int],
    start: tuple[BoolArray | None, FloatArray],
    judge: Judge,
    *,
    seconds: float,
) -> Branched:
    """Search all plans with `limits` (least, most) free new sites, from a known plan and prices (n_places,).

    What opens decides what a plan is worth: `judge` says it.
    """
    tree = _Tree(service, settle, *limits, judge)
    if start[0] is not None:
        tree.note(start[0])
    deadline = time.monotonic() + seconds
    tree.push(_Node(service.sure, service.counted, start[1], -np.inf))
    steps = STEPS_ROOT
    while tree.heap:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        _, _, node = heapq.heappop(tree.heap)
        if node.bound > tree.cut:
            continue
        tree.work(node, left, steps)
        steps = STEPS_NODE
    return Branched(tree.bound(), tree.is_open, tree.worth, tree.nodes)
