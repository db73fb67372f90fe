"""A part of a covering as a program of its own: some sites may change, all others stay as they are.

Sets that sites which stay cover already, and those that no site of the part reaches, have no column; rows ask for what
the others leave.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from models.algorithms.covering.view import CoverSearch
from models.arrays import BoolArray, FloatArray, IntArray, Sparse
from models.program import Program, ProgramBuilder, Term


@dataclass(frozen=True, eq=False)
class CoverPart:
    """A program whose first columns are `sites` (n,), and whose others are `sets` (n_sets,) of the covering.

    `worth_beside` is what the other sites give whatever these do.
    """

    search: CoverSearch
    program: Program
    sites: IntArray
    sets: IntArray
    worth_beside: float

    def values_of(self, is_open: BoolArray) -> FloatArray:
        """The columns of a plan (n_sites,) that is like the others outside the part."""
        times = self.search.sites_of_set[self.sets] @ is_open.astype(np.float64)
        return np.concatenate([is_open[self.sites], times >= self.search.need]).astype(np.float64)


def part_of(search: CoverSearch, is_open: BoolArray, sites: IntArray) -> CoverPart:
    """The part of `sites` (n,), all of them free, with every other site as in `is_open` (n_sites,)."""
    held = is_open.astype(np.float64)
    held[sites] = 0.0
    times = search.sites_of_set @ held
    by_site = sp.csr_array(search.sets_of_site[sites])
    touched = np.zeros(len(search.weight), dtype=bool)
    touched[by_site.indices] = True
    sets = np.flatnonzero(touched & (times < search.need))
    builder = ProgramBuilder("part of a covering", "max")
    opened = builder.columns("open", len(sites), upper=1.0, integer=True, objective=search.own[sites])
    covered = builder.columns("covered", len(sets), upper=1.0, integer=search.need > 1, objective=search.weight[sets])
    lacking = sp.csr_array(sp.diags_array(search.need - times[sets]))
    reaching = sp.csr_array(-by_site[:, sets].T)
    builder.rows("covered_only_by_open_sites", [(lacking, covered), (reaching, opened)], upper=0.0)
    terms: list[Term] = [
        (_of_rows(search.on_site_t, sites), opened),
        (_of_rows(search.on_set_t, sets), covered),
    ]
    done = search.on_site_t.T @ held + search.on_set_t.T @ (times >= search.need)
    rows = np.flatnonzero(np.diff(terms[0][0].indptr) + np.diff(terms[1][0].indptr))
    builder.rows(
        "rules",
        [(sp.csr_array(matrix[rows]), block) for matrix, block in terms],
        lower=(search.lower - done)[rows],
        upper=(search.upper - done)[rows],
    )
    beside = float(search.own @ held + search.weight @ (times >= search.need))
    return CoverPart(search, builder.build(), sites, sets, beside)


def _of_rows(by_entry: Sparse, entries: IntArray) -> Sparse:
    """The rows (n_rows, n) over some of the sites or sets."""
    return sp.csr_array(by_entry[entries].T)
