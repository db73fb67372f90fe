"""A covering program seen by a search: open or closed per site, coverage by counting, every other row a penalty."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp

from models.arrays import BoolArray, FloatArray, IntArray, Sparse, transposed
from models.coverage.max_cover import MaxCover
from models.formulation import Formulated, Rule
from models.program import Block, Program


@dataclass(frozen=True, eq=False)
class CoverSearch:
    """max  gain @ x + weight @ y  with y_k = 1 where at least `need` open sites are in set k, and rows on x and y.

    `own` (n_sites,) is the gain of a site by itself; `weight` (n_sets,). `sites_of_set` and `sets_of_site` are the
    covering in both directions. The side rows  lower <= on_site x + on_set y <= upper  are kept by penalties;
    `on_site_t` and `on_set_t` have one row per site and per set. `scale` (n_rows,) is what opening a site changes in a
    row on average.
    """

    own: FloatArray
    weight: FloatArray
    need: int
    sets_of_site: Sparse
    sites_of_set: Sparse
    on_site_t: Sparse
    on_set_t: Sparse
    lower: FloatArray
    upper: FloatArray
    scale: FloatArray
    fixed_open: BoolArray
    free: IntArray

    @cached_property
    def resources(self) -> tuple[Sparse, FloatArray]:
        """What every site takes (n_sites, n_resources) of what rows on sites alone allow (n_resources,).

        Such rows are budgets and numbers: an upper side, no negative numbers, nothing of what is covered. What sites
        take that are open anyway is taken off.
        """
        on_site, on_set = sp.csc_array(self.on_site_t), sp.csc_array(self.on_set_t)
        used = np.diff(on_site.indptr) > 0
        least = np.zeros(len(self.upper))
        if used.any():
            least[used] = np.minimum.reduceat(np.append(on_site.data, 0.0), on_site.indptr[:-1][used])
        allows = self.upper - np.asarray(on_site.T @ self.fixed_open.astype(np.float64)).ravel()
        rows = used & (np.diff(on_set.indptr) == 0) & (least >= 0) & np.isfinite(allows) & (allows > 0)
        return sp.csr_array(on_site[:, np.flatnonzero(rows)]), allows[rows]


def cover_search(program: Program, opened: Block, covered: Block, sets: Sparse, need: int) -> CoverSearch | None:
    """The search's view of a program that maximises; None where other columns than these two blocks matter.

    `sets` (covered.size, n_sites) are the sites of every covered column. Rows of the formulation itself carry no
    rule's tag; counting replaces them.
    """
    if program.n_columns != opened.size + covered.size:
        return None
    rule_rows = [f.index for f in program.families if f.rule is not None]
    rows = np.concatenate([*rule_rows, np.empty(0, dtype=np.int64)]).astype(np.int64)
    part = sp.csr_array(program.matrix[rows])
    on_site = sp.csr_array(part[:, opened.index])
    on_set = sp.csr_array(part[:, covered.index])
    effect = abs(on_site) + abs(on_set) @ sets
    total = np.asarray(effect.sum(axis=1)).ravel()
    entries = np.maximum(1, np.diff(sp.csr_array(effect).indptr))
    lower, upper = opened.of(program.lower), opened.of(program.upper)
    return CoverSearch(
        own=opened.of(program.objective),
        weight=covered.of(program.objective),
        need=need,
        sets_of_site=transposed(sets),
        sites_of_set=sets,
        on_site_t=transposed(on_site),
        on_set_t=transposed(on_set),
        lower=program.row_lower[rows],
        upper=program.row_upper[rows],
        scale=np.where(total > 0, total / entries, 1.0),
        fixed_open=lower > 0.5,
        free=np.flatnonzero((lower < 0.5) & (upper > 0.5)).astype(np.int64),
    )


def view_of(formulation: MaxCover, rules: Sequence[Rule]) -> CoverSearch | None:
    """The search's view of maximal covering under its rules; None where other columns matter."""
    draft, program = Formulated.of(formulation, rules).built
    sets, covered = formulation.shared_sets, draft.blocks["covered"]
    return cover_search(program, draft.open, covered, sets, formulation.backup)
