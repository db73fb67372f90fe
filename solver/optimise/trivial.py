"""The bound that needs no search: all demand, all capacity, and what the money and the numbers of the rules could buy.

Without its places a program is small: its columns of sites and units, the rows that speak of nothing else (budgets,
numbers, groups, piles), and for every site what it may add at most. Its linear relaxation bounds every plan, because no
plan is worth more than what its open sites may add one by one. An engine that is interrupted tells bounds beyond that.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from models.arrays import FloatArray, IntArray
from models.formulation import AddedUp, CarriedByUnits, Draft, Formulation, known_bound_of
from models.phasing import Phasing, years_of
from models.portfolio import JointProgram, Portfolio
from models.program import Block, Program, ProgramBuilder, Sense, identity, row_of
from solver.engines.highs import lp_bound

SECONDS = 1.0
"""The program without places takes milliseconds; so long at most."""


@dataclass(frozen=True, eq=False)
class _Part:
    """A model within a program; `counts`: what one unit of its worth adds to the program's objective."""

    model: Formulation
    draft: Draft
    counts: float


def trivial_bound(model: Formulation, draft: Draft, program: Program) -> float | None:
    """A bound on every plan of a model under its rules, None where the model knows none."""
    known = known_bound_of(model)
    bought = _bought(program, _parts(model, draft, 1.0))
    return tightest(program, known, bought)


def joint_trivial_bound(portfolio: Portfolio, joint: JointProgram) -> float | None:
    """As `trivial_bound`, for all programmes of a portfolio together."""
    members = [(m.formulation, joint.drafts[m.name], portfolio.points * m.factor) for m in portfolio.members]
    bounds = [known_bound_of(model) for model, _, _ in members]
    known = None
    if all(bound is not None for bound in bounds):
        known = sum(counts * (bound or 0.0) for (_, _, counts), bound in zip(members, bounds, strict=True))
    bought = _bought(joint.program, [part for member in members for part in _parts(*member)])
    return tightest(joint.program, known, bought)


def tightest(program: Program, *bounds: float | None) -> float | None:
    """The bound that says most, None where there is none."""
    return strongest(program.sense, *bounds)


def strongest(sense: Sense, *bounds: float | None) -> float | None:
    """The same, by the direction alone."""
    told = [bound for bound in bounds if bound is not None and np.isfinite(bound)]
    if not told:
        return None
    return min(told) if sense == "max" else max(told)


def _parts(model: Formulation, draft: Draft, counts: float) -> list[_Part]:
    """The model, or its years."""
    if not isinstance(model, Phasing):
        return [_Part(model, draft, counts)]
    pairs = zip(model.phases, years_of(draft), strict=True)
    return [_Part(phase.formulation, year, counts * phase.counts) for phase, year in pairs]


def _bought(program: Program, parts: Sequence[_Part]) -> float | None:
    """What money and numbers could buy; None where the models do not say what a site adds."""
    if program.sense != "max" or not any(_most(part) is not None for part in parts):
        return None
    if any(_most(part) is None and known_bound_of(part.model) is None for part in parts):
        return None
    own = np.concatenate([_own_columns(part.draft) for part in parts])
    inside = np.zeros(program.n_columns, dtype=bool)
    inside[own] = True
    outside = abs(program.matrix) @ (~inside).astype(np.float64)
    rows = np.flatnonzero((outside == 0) & (np.diff(program.matrix.indptr) > 0))
    builder = ProgramBuilder(f"{program.name} without places", "max")
    chosen = builder.columns("chosen", len(own), lower=program.lower[own], upper=program.upper[own])
    builder.rows(
        "rules_about_sites_and_units",
        [(sp.csr_array(program.matrix[rows][:, own]), chosen)],
        lower=program.row_lower[rows],
        upper=program.row_upper[rows],
    )
    number = np.full(program.n_columns, -1, dtype=np.int64)
    number[own] = np.arange(len(own))
    for name, part in enumerate(parts):
        _add(builder, chosen, str(name), part, number)
    linear = lp_bound(builder.build(), time_limit_s=SECONDS, method="strict")
    return None if linear is None else linear.bound


def _most(part: _Part) -> FloatArray | None:
    return part.model.most_by_site if isinstance(part.model, AddedUp) else None


def _own_columns(draft: Draft) -> IntArray:
    return np.concatenate([draft.open.index, *(block.index for block in draft.units.values())])


def _add(builder: ProgramBuilder, chosen: Block, name: str, part: _Part, number: IntArray) -> None:
    """What the sites of a part add: no more than each may, than its units carry, than all there is."""
    most, known = _most(part), known_bound_of(part.model)
    if most is None:
        builder.columns(f"added_{name}", 1, upper=np.inf if known is None else known, objective=part.counts)
        return
    n, n_own = len(most), chosen.size
    added = builder.columns(f"added_{name}", n, upper=np.maximum(most, 0.0), objective=part.counts)
    at = _picked(number[part.draft.open.index], -np.maximum(most, 0.0), n_own)
    builder.rows(f"only_where_open_{name}", [(identity(n), added), (at, chosen)], upper=0.0)
    if isinstance(part.model, CarriedByUnits) and part.model.carried_by_unit:
        carried = part.model.carried_by_unit
        sized = np.flatnonzero(np.isfinite(np.sum(list(carried.values()), axis=0)))
        of_units = sp.csr_array((len(sized), n_own))
        for kind, each in carried.items():
            of_units = of_units + _picked(number[part.draft.units[kind].index][sized], -each[sized], n_own)
        own = sp.csr_array(identity(n)[sized])
        builder.rows(f"only_by_units_{name}", [(own, added), (sp.csr_array(of_units), chosen)], upper=0.0)
    if known is not None:
        builder.rows(f"all_there_is_{name}", [(row_of(np.ones(n)), added)], upper=known)


def _picked(columns: IntArray, values: FloatArray, n_columns: int) -> sp.csr_array:
    """One entry in each row."""
    return sp.csr_array((values, columns, np.arange(len(columns) + 1)), shape=(len(columns), n_columns))
