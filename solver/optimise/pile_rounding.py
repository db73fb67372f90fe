"""A first plan for charging piles: the relaxation's loads served by whole piles as far as they can.

The relaxation says how much every site serves. A small program over sites and piles alone (no places) finds whole piles
that keep every rule about them and deliver as much of those loads as they can; what they do not deliver is the most
that rounding can lose, because the relaxation's service, cut by it, is still possible. With the piles fixed, a last
linear program serves the places as well as possible.
"""

import time
from dataclasses import dataclass, field, replace

import numpy as np
import scipy.sparse as sp

from models.arrays import FloatArray, IntArray
from models.charging.piles import Charging
from models.formulation import Draft, Formulated, Rule, value_of
from models.plan import Plan
from models.program import Program, ProgramBuilder, identity
from solver.engines.engine import Ask, Engine
from solver.engines.highs import Highs, quick_lp_bound

WHOLE = 1e-6
"""How near to a whole number counts as whole."""
ENOUGH = 0.003
"""Relative gap at which a program of the search may stop: well below what a study asks of the whole."""
WIDTHS = (2.0, 8.0, np.inf)
"""How many piles of a kind a site may have more or fewer than in the relaxation, tried one after the other."""


def search_charging(formulation: Charging, rules: tuple[Rule, ...], seconds: float, seed: int) -> Plan | None:
    """A plan that keeps every rule, or None where none is found in about `seconds`.

    First whole piles close to the relaxation, then, with the sites settled that the relaxation settles, as many better
    piles as there is time for.
    """
    draft, program = Formulated.of(formulation, rules).built
    asked = _Asked(time.monotonic() + seconds, seed)
    relaxed = asked.relaxation(program)
    if relaxed is None:
        return None
    first = _rounded(formulation, draft, program, asked, relaxed)
    better = asked.values(_near(draft, program, relaxed, np.inf), start=first)
    found = first if better is None else better
    return None if found is None else formulation.read_plan(draft, found)


@dataclass(frozen=True)
class _Asked:
    """An engine with a clock."""

    until: float
    seed: int
    engine: Engine = field(default_factory=Highs)

    def values(self, program: Program, *, share: float = 1.0, start: FloatArray | None = None) -> FloatArray | None:
        """Values of an optimum, or of the best plan within `share` of the time that is left."""
        left = share * (self.until - time.monotonic())
        if left <= 0:
            return None
        answer = self.engine.run(program, Ask(time_limit_s=left, gap=ENOUGH, seed=self.seed, start=start))
        if not program.integer.any() and answer.outcome.ended != "proven":
            return None
        return answer.values

    def relaxation(self, program: Program) -> FloatArray | None:
        """Values near an optimum of the relaxation. Rows hold but for rounding."""
        left = self.until - time.monotonic()
        found = None if left <= 0 else quick_lp_bound(program, time_limit_s=left)
        return self.values(program.relaxed()) if found is None else np.clip(found.values, program.lower, program.upper)


def _rounded(
    formulation: Charging, draft: Draft, program: Program, asked: _Asked, relaxed: FloatArray
) -> FloatArray | None:
    """Column values with whole piles near the relaxation: the kinds settle one after the other, the largest first, and
    the rest of the relaxation adapts to what is settled."""
    settled = program
    kinds = sorted(formulation.kinds, key=lambda k: -k.energy_kwh_per_day)
    for kind in kinds:
        load = value_of(draft.load_terms or [], relaxed)
        for width in WIDTHS:
            whole, columns = _piles_for(formulation, draft, _near(draft, settled, relaxed, width), load)
            piles = asked.values(whole, share=0.3)
            if piles is not None:
                break
        if piles is None:
            return None
        chosen = np.zeros(program.n_columns)
        chosen[columns] = np.round(piles[: len(columns)])
        held = np.concatenate([draft.open.index, draft.units[kind.name].index])
        settled = settled.with_held(held, chosen[held])
        found = asked.values(settled.relaxed()) if kind is kinds[-1] else asked.relaxation(settled)
        if found is None:
            return None
        relaxed = found
    relaxed[columns] = chosen[columns]
    return relaxed


def _near(draft: Draft, program: Program, relaxed: FloatArray, width: float) -> Program:
    """The program with the sites that the relaxation opens or closes as a whole, and piles within `width` of it."""
    lower, upper = program.lower.copy(), program.upper.copy()
    site, share = draft.open.index, draft.open.of(relaxed)
    lower[site] = np.maximum(lower[site], share > 1 - WHOLE)
    upper[site] = np.maximum(lower[site], np.minimum(upper[site], share > WHOLE))
    for block in draft.units.values():
        pile, count = block.index, block.of(relaxed)
        upper[pile] = np.minimum(upper[pile], np.ceil(count - WHOLE) + width)
        least = np.minimum(np.floor(count + WHOLE) - width, upper[pile])
        lower[pile] = np.where(lower[site] > 0, np.maximum(lower[pile], least), lower[pile])
    return program.with_bounds(lower=lower, upper=upper)


def _piles_for(formulation: Charging, draft: Draft, program: Program, load: FloatArray) -> tuple[Program, IntArray]:
    """Sites and whole piles that deliver `load` (n_sites,) kWh/day as far as possible, and their columns.

    Keeps every row of the program that speaks of sites and piles only.
    """
    columns = np.concatenate([draft.open.index, *(draft.units[k.name].index for k in formulation.kinds)])
    inside = np.zeros(program.n_columns, dtype=bool)
    inside[columns] = True
    outside = np.abs(program.matrix) @ (~inside).astype(np.float64)
    rows = np.flatnonzero((outside == 0) & (np.diff(program.matrix.indptr) > 0))
    n = len(load)
    energy = sp.csr_array(
        sp.hstack([sp.csr_array((n, n)), *(identity(n, k.energy_kwh_per_day) for k in formulation.kinds)])
    )
    builder = ProgramBuilder("whole piles for the loads of the relaxation", "max")
    chosen = builder.columns("chosen", len(columns), lower=program.lower[columns], upper=program.upper[columns])
    delivered = builder.columns("delivered", n, upper=load, objective=1.0)
    builder.rows(
        "rules_about_sites_and_piles",
        [(sp.csr_array(program.matrix[rows][:, columns]), chosen)],
        lower=program.row_lower[rows],
        upper=program.row_upper[rows],
    )
    builder.rows(
        "energy_comes_from_piles",
        [(identity(n), delivered), (-energy, chosen)],
        upper=0.0,
    )
    whole = builder.build()
    integer = np.concatenate([program.integer[columns], np.zeros(n, dtype=bool)])
    return replace(whole, integer=integer), columns
