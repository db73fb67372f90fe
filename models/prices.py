"""Prices that take a portfolio apart: each programme alone, paying for what it takes from the others.

With a price y_r >= 0 for every row r that joins programmes (a_r x <= b_r: money, links),

    max { c x : x in X, a x <= b }  <=  sum_p  max { (c_p - y a_p) x_p : x_p in X_p }  +  y b

whatever the prices, so that any bounds of the single programmes at the same prices add up to a bound of the whole.
The best prices are the duals of the linear relaxation where the programmes are bounded by theirs. Lagrangian
relaxation: Everett 1963, Operations Research 11; Geoffrion 1974, Mathematical Programming Study 2.
"""

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import scipy.sparse as sp

from models.arrays import FloatArray
from models.portfolio import JointProgram
from models.program import Block, Family, Program

Run = TypeVar("Run", Block, Family)


@dataclass(frozen=True, eq=False)
class Prices:
    """A price (n_joint_rows,) of at least 0 for every row that joins programmes, in the joint objective's unit."""

    joint: JointProgram
    of_row: FloatArray

    def __post_init__(self) -> None:
        rows = self.joint.program.n_rows - self.joint.first_joint_row
        if len(self.of_row) != rows or (np.asarray(self.of_row) < 0).any():
            raise ValueError(f"{rows} prices of at least 0 are needed")

    @property
    def of_money(self) -> float | None:
        """Joint objective per CNY, None where no budget joins the programmes."""
        first = self.joint.first_joint_row
        families = self.joint.program.families
        at = [f.start - first for f in families if f.start >= first and f.rule == "budget_cny"]
        return float(self.of_row[at[0]]) if at else None

    def constant(self) -> float:
        """What is added to the programmes' bounds: the worth of all there is to take, and the program's offset."""
        program = self.joint.program
        right = program.row_upper[self.joint.first_joint_row :]
        return float(self.of_row @ np.where(self.of_row > 0, right, 0.0)) + program.offset

    def member(self, name: str) -> Program:
        """One programme's program under these prices, without the rows that join it to others."""
        program, part = self.joint.program, self.joint.parts[name]
        joining = sp.csr_array(program.matrix[self.joint.first_joint_row :, part.columns])
        return replace(
            program,
            name=f"{name} at prices",
            objective=program.objective[part.columns] - joining.T @ self.of_row,
            offset=0.0,
            lower=program.lower[part.columns],
            upper=program.upper[part.columns],
            integer=program.integer[part.columns],
            matrix=sp.csr_array(program.matrix[part.rows, part.columns]),
            row_lower=program.row_lower[part.rows],
            row_upper=program.row_upper[part.rows],
            blocks=tuple(_moved(b, part.columns) for b in program.blocks if _within(b, part.columns)),
            families=tuple(_moved(f, part.rows) for f in program.families if _within(f, part.rows)),
        )


def prices_of(joint: JointProgram, duals: FloatArray) -> Prices:
    """Prices from row duals (n_rows,) of a relaxation of the joint program; the wrong sign counts as 0."""
    return Prices(joint, np.maximum(duals[joint.first_joint_row :], 0.0))


def _within(run: Block | Family, part: slice) -> bool:
    return bool(part.start <= run.start and run.start + run.size <= part.stop)


def _moved(run: Run, part: slice) -> Run:
    return replace(run, start=run.start - part.start)
