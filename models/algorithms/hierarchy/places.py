"""A plan of tiers near one place: a program of the sites there alone, with everything else as it is in the plan."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from models.arrays import BoolArray, FloatArray, IntArray
from models.formulation import Draft
from models.hierarchy.flows import TierFlows
from models.program import Block, Family, Program

MANY = 30_000
"""With so many columns or fewer, all flows are free in a neighbourhood; with more, those at its sites alone."""


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """The columns (n_part,) that are free, the program of them alone, and the values that they have now."""

    columns: IntArray
    program: Program
    values: FloatArray

    @property
    def start(self) -> FloatArray:
        """The present values of its columns."""
        return self.values[self.columns]

    def back(self, part: FloatArray) -> FloatArray:
        """Values of all columns (n_columns,) with those of the part."""
        values = self.values.copy()
        values[self.columns] = part
        return values

    @staticmethod
    def of(flows: TierFlows, draft: Draft, program: Program, values: FloatArray, sites: IntArray) -> "Neighbourhood":
        """What is decided anew at some sites (n,) of a plan: whether they open, what they serve and are fed."""
        near = np.zeros(len(flows.problem.sites), dtype=bool)
        near[sites] = True
        columns = np.flatnonzero(_free(flows, draft, program, near))
        others = values.copy()
        others[columns] = 0.0
        matrix = sp.csr_array(program.matrix[:, columns])
        rows = np.flatnonzero(np.diff(matrix.indptr) > 0)
        matrix, taken = matrix[rows], (program.matrix @ others)[rows]
        now = matrix @ values[columns]
        part = Program(
            name=program.name,
            sense=program.sense,
            objective=program.objective[columns],
            offset=program.objective_at(others),
            lower=program.lower[columns],
            upper=program.upper[columns],
            integer=program.integer[columns],
            matrix=sp.csr_array(matrix),
            row_lower=np.minimum(program.row_lower[rows] - taken, now),  # the rounding of the plan is no breach
            row_upper=np.maximum(program.row_upper[rows] - taken, now),
            blocks=(Block("near", 0, len(columns)),),
            families=(Family("rows_near", 0, len(rows)),),
        )
        return Neighbourhood(columns, part, values)


def _free(flows: TierFlows, draft: Draft, program: Program, near: BoolArray) -> BoolArray:
    """Mask (n_columns,) of the columns of sites near, of flows, and of what only rules know of."""
    free = np.ones(program.n_columns, dtype=bool)
    free[draft.open.index] = near
    if program.n_columns > MANY:
        _, site, _ = flows.serve_pairs
        upper, lower, _ = flows.feed_pairs
        free[draft.blocks["serve"].index] = near[site]
        fed = near[upper] | near[lower]
        for name in ("feed", "feeds"):
            if name in draft.blocks:
                free[draft.blocks[name].index] = fed
    return free


def near(xy: FloatArray | None, some: IntArray, site: int, most: int, rng: np.random.Generator) -> IntArray:
    """At most so many of some sites: those nearest to one of them, any where there are no coordinates."""
    if xy is None:
        return rng.permutation(some)[:most]
    return some[np.argsort(np.hypot(*(xy[some] - xy[site]).T), kind="stable")[:most]]
