"""Whole units at sites: modules of `sizes`, piles, vehicles."""

import numpy as np

from models.arrays import FloatArray
from models.messages import Message, say
from solver.verify.case import Case
from solver.verify.rule import Rule, in_the_columns
from solver.verify.rule_service import NEAR
from solver.verify.verdict import TOLERANCE


def units_keep_their_limits(case: Case) -> list[Message] | None:
    """Whole numbers of units: at open sites, within each kind's limit, the grid's, the total and shares."""
    kinds = case.programme.unit_kinds
    if not kinds:
        return [say("{site} holds units; the study has none", site=site) for site in case.entry["units"]] or None
    strange = [kind for kind in case.units if kind not in kinds]
    found = [say("{kind} is no kind of the study", kind=kind) for kind in strange]
    total = np.zeros(len(case.sites))
    for kind, (_, section) in kinds.items():
        count = case.units[kind]
        total += count
        most = np.floor(case.numbers(section.max_per_site))
        ids = case.sites["id"]
        found += [
            say("{site} has {n:g} {kind}; at most {most:g} fit", site=ids[i], n=count[i], kind=kind, most=most[i])
            for i in np.flatnonzero(count > most)
        ]
        found += [
            say("{site} has {n:g} {kind}", site=ids[i], n=count[i], kind=kind)
            for i in np.flatnonzero((count < 0) | (count != np.floor(count)))
        ]
    held = np.flatnonzero((total > 0) & ~case.open)
    found += [
        say("{site} is closed and holds {n:g} units", site=site, n=total[i])
        for i, site in zip(held, case.named(held), strict=True)
    ]
    return found + _pile_faults(case, total) + _module_faults(case, total)


def _pile_faults(case: Case, total: FloatArray) -> list[Message]:
    piles, ids = case.programme.piles, case.sites["id"]
    if piles is None:
        return []
    few = np.flatnonzero(case.open & (total < piles.at_least_where_open))
    found = [
        say(
            "{site} is open with {n:g} piles; at least {least}",
            site=ids[i],
            n=total[i],
            least=piles.at_least_where_open,
        )
        for i in few
    ]
    if piles.grid_limit_kw is not None:
        grid = case.numbers(piles.grid_limit_kw)
        drawn = np.sum([kind.power_kw * case.units[name] for name, kind in piles.kinds.items()], axis=0)
        over = np.flatnonzero(drawn > grid * (1 + NEAR))
        found += [
            say("{site} draws {drawn:g} kW; the grid bears {grid:g}", site=ids[i], drawn=drawn[i], grid=grid[i])
            for i in over
        ]
    everything = float(total.sum())
    if piles.total is not None and everything != piles.total:
        found.append(
            say("there are {n:,g} piles; {asked:,} are asked for (piles.total)", n=everything, asked=piles.total)
        )
    for kind, share in piles.min_share.items():
        own = float(case.units[kind].sum())
        if own < share * everything - TOLERANCE:
            found.append(
                say(
                    "{own:,g} of {n:,g} piles are {kind}; at least {share:.2%} are asked for",
                    own=own,
                    n=everything,
                    kind=kind,
                    share=share,
                )
            )
    return found


def _module_faults(case: Case, total: FloatArray) -> list[Message]:
    p, table, ids = case.programme, case.sites, case.sites["id"]
    if not p.sizes:
        return []
    sized = (table["new"] & table["open"]).to_numpy()
    found = [say("{site} is open without a module", site=ids[i]) for i in np.flatnonzero(sized & (total == 0))]
    carried = np.sum([size.capacity * case.units[name] for name, size in p.sizes.items()], axis=0)
    over = np.flatnonzero(sized & (case.load > carried + TOLERANCE * np.maximum(1.0, case.load)))
    found += [
        say(
            "{site} serves {load:,.6g}; its modules carry {carried:,.6g}",
            site=ids[i],
            load=case.load[i],
            carried=carried[i],
        )
        for i in over
    ]
    if p.sizes_total is not None and total.sum() != p.sizes_total:
        found.append(
            say("there are {n:,g} modules; {asked:,} are asked for (sizes_total)", n=total.sum(), asked=p.sizes_total)
        )
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
