"""Closing the gap of a joint plan, programme by programme.

At a price of money the gap falls into parts: for every cluster its bound less what its plan is worth at the price, and
the price of the money left over. The cluster with the largest part is solved as a whole-number program: at the price,
for a better bound; within the money that the others leave, for a better plan.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from models.arrays import FloatArray
from models.clock import Clock
from models.portfolio import JointProgram
from models.prices import Cluster, budget_row
from solver.engines.engine import Ask, Engine
from solver.engines.outcome import Answer

ENOUGH = 0.25
"""A cluster is solved to this share of the gap that it may have."""
NOTHING = 1e-9
"""A part of the gap, as a share of the plan's worth, that no round can close."""
TIRED = 0.1
"""A cluster of whose part a round closes a smaller share is left alone."""


@dataclass(frozen=True, eq=False)
class InHand:
    """A joint plan's values (n_columns,), the price of money, and each cluster's part of the bound."""

    values: FloatArray
    price: float
    bound_of: tuple[float, ...]

    def bound(self, joint: JointProgram) -> float:
        """The bound of the whole."""
        row = budget_row(joint)
        money = 0.0 if row is None else float(joint.program.row_upper[row])
        return sum(self.bound_of) + self.price * money + joint.program.offset


Keep = Callable[[InHand], None]


def improve(
    joint: JointProgram, clusters: tuple[Cluster, ...], hand: InHand, engine: Engine, ask: Ask, keep: Keep
) -> None:
    """Rounds over the clusters until the gap is closed or the time is over; `keep` is told every better hand.

    Ctrl-C goes up as KeyboardInterrupt once what the engine found is kept.
    """
    clock = Clock.of(ask.time_limit_s)
    tired: set[int] = set()
    while len(tired) < len(clusters):
        worth = joint.program.objective_at(hand.values)
        allowed = ask.gap * abs(worth)
        if hand.bound(joint) - worth <= allowed or clock.over:
            break
        parts = {n: _part(clusters[n], hand, n) for n in range(len(clusters)) if n not in tired}
        number = max(parts, key=lambda n: parts[n])
        if parts[number] <= NOTHING * abs(worth):
            break
        hand = _bounded(
            joint, clusters[number], number, hand, engine, replace(ask, time_limit_s=clock.some(1 / 3)), keep
        )
        hand = _spent(joint, clusters[number], hand, engine, replace(ask, time_limit_s=clock.some(1 / 3)), keep)
        if parts[number] - _part(clusters[number], hand, number) <= TIRED * parts[number]:
            tired.add(number)


def _part(cluster: Cluster, hand: InHand, number: int) -> float:
    """What a cluster adds to the gap."""
    values = hand.values[cluster.columns]
    return hand.bound_of[number] - float(cluster.program.objective @ values - hand.price * (cluster.cost @ values))


def _bounded(
    joint: JointProgram, cluster: Cluster, number: int, hand: InHand, engine: Engine, ask: Ask, keep: Keep
) -> InHand:
    """One cluster at the price, for a better bound."""
    answer = engine.run(cluster.at(hand.price), replace(ask, start=hand.values[cluster.columns], gap=ENOUGH * ask.gap))
    bounds = list(hand.bound_of)
    if answer.outcome.bound is not None:
        bounds[number] = min(bounds[number], answer.outcome.bound)
    return _kept(joint, cluster, replace(hand, bound_of=tuple(bounds)), answer, keep)


def _spent(joint: JointProgram, cluster: Cluster, hand: InHand, engine: Engine, ask: Ask, keep: Keep) -> InHand:
    """One cluster within what the others leave of the money, for a better plan."""
    row = budget_row(joint)
    if row is None:
        return hand
    mine = hand.values[cluster.columns]
    others = float((joint.program.matrix[[row], :] @ hand.values)[0]) - float(cluster.cost @ mine)
    money = float(joint.program.row_upper[row]) - others
    answer = engine.run(cluster.within(money), replace(ask, start=mine, gap=ENOUGH * ask.gap))
    return _kept(joint, cluster, hand, answer, keep)


def _kept(joint: JointProgram, cluster: Cluster, hand: InHand, answer: Answer, keep: Keep) -> InHand:
    """The hand with what an answer betters of it, kept; KeyboardInterrupt where Ctrl-C ended the answer."""
    if answer.values is not None:
        hand = _better(joint, cluster, hand, answer.values)
    keep(hand)
    if answer.outcome.ended == "interrupted":
        raise KeyboardInterrupt
    return hand


def _better(joint: JointProgram, cluster: Cluster, hand: InHand, values: FloatArray) -> InHand:
    """The hand with a cluster's new values, if they keep every row and are worth more."""
    program = joint.program
    tried = hand.values.copy()
    tried[cluster.columns] = np.where(cluster.program.integer, np.round(values), values)
    if program.violations(tried) or program.objective_at(tried) <= program.objective_at(hand.values):
        return hand
    return replace(hand, values=tried)
