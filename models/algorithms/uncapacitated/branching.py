"""Branch and bound where every place is served by its nearest open site: what is left after the dual bound.

Every node holds some sites open and some closed, betters the prices of its parent by a few steps of the ascent, settles
what its bound proves, and is dropped when the bound reaches the known plan. It works on the sites and pairs alone that
are left to it, which are soon few. It branches on the site that the relaxation comes nearest to opening. Chosen sites
give plans on the way. References: Narula, Ogbu and Samuelsson (1977), An algorithm for the p-median problem, Operations
Research 25; Beasley (1985), A note on solving large p-median problems, EJOR 21.
"""

import heapq
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from models.algorithms.uncapacitated import volume_kernel
from models.algorithms.uncapacitated.costs import AssignmentCosts
from models.algorithms.uncapacitated.lagrangian import Dual, cut_below, part_of, safe_bound
from models.algorithms.uncapacitated.volume_kernel import Aim, Ascent
from models.arrays import BoolArray, IntArray

STEPS, PATIENCE, MIX = 60, 4, 0.3
"""Of the ascent in a node, see `models.algorithms.uncapacitated.lagrangian`."""
AS_GOOD_AS_OPEN = 0.999
MEMORY_BYTES = 400e6
"""Nodes that wait by their bounds; when they fill this, the newest is worked on first."""

Judge = Callable[[BoolArray], float | None]
"""Open sites (n_sites,) -> the worth of that plan, None where it keeps not every rule."""


@dataclass(frozen=True, eq=False)
class Branched:
    """`bound` on every plan; `is_open` (n_sites,) and `worth` of the best plan found, None where none was."""

    bound: float
    is_open: BoolArray | None
    worth: float | None
    nodes: int
    stopped: bool = False
    """Ended by Ctrl-C."""


@dataclass(frozen=True, eq=False)
class _Node:
    """A part of all plans: masks (n_sites,) of sites held open and still free, prices to begin with, and its bound."""

    sure: BoolArray
    free: BoolArray
    prices: "np.ndarray[tuple[int], np.dtype[np.float32]]"
    bound: float

    @property
    def n_bytes(self) -> int:
        return self.sure.nbytes + self.free.nbytes + self.prices.nbytes


class _Tree:
    """Nodes by their bounds, and the best plan so far."""

    def __init__(self, service: AssignmentCosts, limits: tuple[int, int], judge: Judge, idle: BoolArray) -> None:
        self.whole, self.service = service.whole, _thinned(service, idle)
        self.limits, self.judge = limits, judge
        self.loose = False
        self.is_open: BoolArray | None = None
        self.worth: float | None = None
        self.heap: list[tuple[float, int, _Node]] = []
        self.newest: list[_Node] = []
        self.unresolved = np.inf
        self.nodes = 0

    @property
    def cut(self) -> float:
        """A bound beyond this leaves nothing better."""
        return np.inf if self.worth is None else cut_below(self.worth, whole=self.whole)

    def note(self, is_open: BoolArray) -> float | None:
        """Keep a plan if it is the best so far; its worth, None where it breaks a rule."""
        worth = self.judge(is_open)
        if worth is not None and (self.worth is None or worth < self.worth):
            self.worth, self.is_open = worth, is_open.copy()
        return worth

    def push(self, node: _Node) -> None:
        """Keep a node that may hold something better."""
        if node.bound > self.cut:
            return
        self.nodes += 1
        if self.newest or len(self.heap) * node.n_bytes > MEMORY_BYTES:
            self.newest.append(node)
        else:
            heapq.heappush(self.heap, (node.bound, -self.nodes, node))

    def pop(self) -> _Node | None:
        """The node to work on next, None where none is left."""
        while self.newest or self.heap:
            node = self.newest.pop() if self.newest else heapq.heappop(self.heap)[2]
            if node.bound <= self.cut:
                return node
        return None

    def bound(self) -> float:
        """What holds for every plan: the least bound of what is left, or the plan in hand; inf if there is neither."""
        least = min([self.unresolved, *(node.bound for node in self.newest), *(head[0] for head in self.heap[:1])])
        if least > self.cut or not np.isfinite(least):
            return np.inf if self.worth is None else self.worth
        return safe_bound(least, whole=self.whole)

    def within(self, gap: float, node: _Node) -> bool:
        """Is the best plan within a relative gap of all that is left, of which the node has the least bound?"""
        return self.worth is not None and not self.newest and self.worth - node.bound <= gap * abs(self.worth)

    def work(self, node: _Node) -> None:
        """Bound a node, settle what that proves, and split what is left."""
        counted = self.service.counted
        taken = int((node.sure & counted).sum())
        n_free = int((node.free & counted).sum())
        least, most = max(0, self.limits[0] - taken), min(self.limits[1] - taken, n_free)
        if most < least:
            return
        sure, free = node.sure, node.free
        if most == 0:
            free = free & ~counted
        elif least == n_free:
            sure, free = sure | (free & counted), free & ~counted
            least = most = 0
        if not free.any():
            self._leaf(sure, node.bound)
            return
        among = np.flatnonzero(free)
        state = self._ascended(sure, among, node, (least, most))
        bound = max(node.bound, float(state.pace[volume_kernel.BEST]))
        chosen = sure.copy()
        chosen[among[state.chosen]] = True
        self.note(chosen)
        if bound > self.cut or bool((state.closed & state.opened).any()):
            return
        sure, free = sure.copy(), free.copy()
        sure[among[state.opened]] = True
        free[among[state.closed | state.opened]] = False
        self._split(sure, free, among, state, bound)

    def _ascended(self, sure: BoolArray, among: IntArray, node: _Node, numbers: tuple[int, int]) -> Ascent:
        part = part_of(self.service, sure, among)
        state = volume_kernel.begin(part, node.prices.astype(np.float64), MIX)
        aim = Aim(*numbers, self.cut, np.inf if self.worth is None else self.worth)
        volume_kernel.ascend(part, aim, state, STEPS, PATIENCE)
        return state

    def _split(self, sure: BoolArray, free: BoolArray, among: IntArray, state: Ascent, bound: float) -> None:
        prices = state.price.astype(np.float32)
        left = np.flatnonzero(free[among])
        if not len(left):
            self.push(_Node(sure, free, prices, bound))
            return
        share = np.where(state.share < AS_GOOD_AS_OPEN, state.share, state.share - 1.0)
        split = among[left[np.argmax(share[left])]]
        without, inside = free.copy(), sure.copy()
        without[split], inside[split] = False, True
        self.push(_Node(sure, without, prices, bound))
        self.push(_Node(inside, without, prices, bound))

    def _leaf(self, sure: BoolArray, bound: float) -> None:
        if self.note(sure) is None and self.loose:
            self.unresolved = min(self.unresolved, bound)


def branch(
    service: AssignmentCosts,
    limits: tuple[int, int],
    start: tuple[BoolArray | None, Dual],
    judge: Judge,
    *,
    seconds: float,
    gap: float = 0.0,
    loose: bool = False,
) -> Branched:
    """Search all plans with `limits` (least, most) free new sites, from a known plan and what is settled against it.

    Ends within the relative `gap`. `loose`: a plan that breaks a rule might keep it with some of the sites closed that
    `service` holds open; such plans stay undecided, and the bound says so.
    """
    sure, free = service.sure | start[1].opened, service.counted & ~start[1].closed & ~start[1].opened
    tree = _Tree(service, limits, judge, start[1].idle)
    tree.loose = loose
    if start[0] is not None:
        tree.note(start[0])
    deadline = time.monotonic() + seconds
    tree.push(_Node(sure, free | service.closable, start[1].prices.astype(np.float32), start[1].bound))
    stopped = False
    while (node := tree.pop()) is not None:
        if time.monotonic() > deadline or tree.within(gap, node):
            tree.push(node)
            break
        try:
            tree.work(node)
        except KeyboardInterrupt:
            tree.unresolved, stopped = min(tree.unresolved, node.bound), True
            break
    return Branched(tree.bound(), tree.is_open, tree.worth, tree.nodes, stopped)


def _thinned(service: AssignmentCosts, idle: BoolArray) -> AssignmentCosts:
    """The same without the pairs of a mask (n_pairs,)."""
    lists, keep = service.lists, ~idle
    start = np.concatenate([[0], np.cumsum(keep)])[lists.start].astype(np.int64)
    thin = lists._replace(start=start, site=lists.site[keep], cost=lists.cost[keep])
    return replace(service, lists=thin, entry=service.entry[keep])
