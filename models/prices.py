"""A price of money that takes a portfolio apart: every programme alone, paying for what it spends.

With a price y >= 0 of the joint budget b (c x objective, k x costs),

    max { c x : x in X, k x <= b }  <=  sum_p  max { (c_p - y k_p) x_p : x_p in X_p }  +  y b

whatever the price, so that any bounds of the single programmes at the same price add up to a bound of the whole.
Programmes that links join stay together: a cluster is the smallest part whose rows touch no other. Lagrangian
relaxation: Everett 1963, Operations Research 11; Geoffrion 1974, Mathematical Programming Study 2.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import scipy.sparse as sp

from models.arrays import FloatArray, IntArray
from models.portfolio import JointProgram, Link
from models.program import Block, Family, Program

Run = TypeVar("Run", Block, Family)


@dataclass(frozen=True, eq=False)
class Cluster:
    """Programmes that links join. `columns` (n,) are positions in the joint program, `cost` (n,) their costs.

    `program` holds their own rows and links, without the joint budget and without the joint program's offset.
    """

    names: tuple[str, ...]
    columns: IntArray
    program: Program
    cost: FloatArray

    def at(self, price: float) -> Program:
        """The program when every unit of money costs `price` of the objective."""
        return replace(self.program, objective=self.program.objective - price * self.cost)

    def within(self, budget: float) -> Program:
        """The program when it may spend so much over and above its base cost."""
        return self.program.with_row("within_what_is_left", self.cost, upper=budget)


def clusters_of(joint: JointProgram, links: Sequence[Link]) -> tuple[Cluster, ...]:
    """The programmes, in order, those that links join together."""
    together = {name: name for name in joint.parts}
    for link in links:
        old, new = together[link.needs_member], together[link.member]
        together = {name: new if head == old else head for name, head in together.items()}
    heads = list(dict.fromkeys(together.values()))
    return tuple(_cluster(joint, tuple(n for n, h in together.items() if h == head)) for head in heads)


def budget_row(joint: JointProgram) -> int | None:
    """The row of the joint budget, None where there is none."""
    at = [f.start for f in joint.program.families if f.start >= joint.first_joint_row and f.rule == "budget"]
    return at[0] if at else None


def _cluster(joint: JointProgram, names: tuple[str, ...]) -> Cluster:
    program, budget = joint.program, budget_row(joint)
    parts = [joint.parts[name] for name in names]
    columns = np.concatenate([np.arange(p.columns.start, p.columns.stop) for p in parts])
    rows = [np.arange(p.rows.start, p.rows.stop) for p in parts]
    inside = np.zeros(program.n_columns)
    inside[columns] = 1.0
    joining = np.arange(joint.first_joint_row, program.n_rows)
    touched = np.asarray(abs(program.matrix[joining]) @ inside).ravel() > 0
    rows.append(np.array([r for r, t in zip(joining, touched, strict=True) if t and r != budget], dtype=np.int64))
    kept = np.concatenate(rows)
    cost = np.zeros(program.n_columns)
    if budget is not None:
        cost = program.matrix[[budget], :].toarray().ravel()
    alone = Program(
        name=" and ".join(names),
        sense=program.sense,
        objective=program.objective[columns],
        offset=0.0,
        lower=program.lower[columns],
        upper=program.upper[columns],
        integer=program.integer[columns],
        matrix=sp.csr_array(program.matrix[kept][:, columns]),
        row_lower=program.row_lower[kept],
        row_upper=program.row_upper[kept],
        blocks=_those_within(program.blocks, columns),
        families=_those_within(program.families, kept),
    )
    return Cluster(names, columns, alone, cost[columns])


def _those_within(runs: tuple[Run, ...], chosen: IntArray) -> tuple[Run, ...]:
    """The runs that lie among the chosen positions (ascending), moved to their places there."""
    first = np.searchsorted(chosen, [run.start for run in runs])
    return tuple(
        replace(run, start=int(at))
        for run, at in zip(runs, first, strict=True)
        if at < len(chosen) and chosen[at] == run.start and at + run.size <= len(chosen)
    )
