"""Whole units at sites: modules of `sizes`, and the piles of a charging programme."""

import numpy as np

from models.arrays import FloatArray
from solver.verify.case import Case
from solver.verify.rule import Rule, in_the_columns
from solver.verify.rule_service import NEAR
from solver.verify.verdict import TOLERANCE


def units_keep_their_limits(case: Case) -> list[str] | None:
    """Whole numbers of piles or modules: at open sites, within each kind's limit, the grid's, the total and shares."""
    p = case.programme
    if p.piles is None and not p.sizes:
        return [f"{site} holds units; the study has none" for site in case.entry["units"]] or None
    kinds = p.piles.kinds if p.piles is not None else p.sizes
    strange = [kind for kind in case.units if kind not in kinds]
    found = [f"{kind} is no kind of the study" for kind in strange]
    total = np.zeros(len(case.sites))
    for kind, section in kinds.items():
        count = case.units[kind]
        total += count
        most = np.floor(case.numbers(section.max_per_site))
        ids = case.sites["id"]
        found += [f"{ids[i]} has {count[i]:g} {kind}; at most {most[i]:g} fit" for i in np.flatnonzero(count > most)]
        found += [f"{ids[i]} has {count[i]:g} {kind}" for i in np.flatnonzero((count < 0) | (count != np.floor(count)))]
    held = np.flatnonzero((total > 0) & ~case.open)
    found += [f"{site} is closed and holds {total[i]:g} units" for i, site in zip(held, case.named(held), strict=True)]
    return found + (_pile_faults(case, total) if p.piles is not None else _module_faults(case, total))


def _pile_faults(case: Case, total: FloatArray) -> list[str]:
    piles, ids = case.programme.piles, case.sites["id"]
    if piles is None:
        return []
    few = np.flatnonzero(case.open & (total < piles.at_least_where_open))
    found = [f"{ids[i]} is open with {total[i]:g} piles; at least {piles.at_least_where_open}" for i in few]
    if piles.grid_limit_kw is not None:
        grid = case.numbers(piles.grid_limit_kw)
        drawn = np.sum([kind.power_kw * case.units[name] for name, kind in piles.kinds.items()], axis=0)
        over = np.flatnonzero(drawn > grid * (1 + NEAR))
        found += [f"{ids[i]} draws {drawn[i]:g} kW; the grid bears {grid[i]:g}" for i in over]
    everything = float(total.sum())
    if piles.total is not None and everything != piles.total:
        found.append(f"there are {everything:,g} piles; {piles.total:,} are asked for (piles.total)")
    for kind, share in piles.min_share.items():
        own = float(case.units[kind].sum())
        if own < share * everything - TOLERANCE:
            found.append(f"{own:,g} of {everything:,g} piles are {kind}; at least {share:.2%} are asked for")
    return found


def _module_faults(case: Case, total: FloatArray) -> list[str]:
    p, table, ids = case.programme, case.sites, case.sites["id"]
    sized = (table["new"] & table["open"]).to_numpy()
    found = [f"{ids[i]} is open without a module" for i in np.flatnonzero(sized & (total == 0))]
    carried = np.sum([size.capacity * case.units[name] for name, size in p.sizes.items()], axis=0)
    over = np.flatnonzero(sized & (case.load > carried + TOLERANCE * np.maximum(1.0, case.load)))
    found += [f"{ids[i]} serves {case.load[i]:,.6g}; its modules carry {carried[i]:,.6g}" for i in over]
    if p.sizes_total is not None and total.sum() != p.sizes_total:
        found.append(f"there are {total.sum():,g} modules; {p.sizes_total:,} are asked for (sizes_total)")
    return found


MODULES = Rule(
    keys=("sizes", "sizes_total"),
    check=units_keep_their_limits,
    rows=in_the_columns,
    sections={"Size": "capacity cost max_per_site"},
    every_year=False,
    needs_service=True,
    asks=("sizes_total",),
    binds=(),
)
RECORDS = (MODULES,)
