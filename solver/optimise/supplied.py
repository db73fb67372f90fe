"""A first plan where sites carry what they serve: greedy, then a program of the likely sites, then place by place.

The greedy plan is there in no time at any size. What the relaxation settles, where that is solved in time, is another;
a program in which only the sites of the greedy plan may open is small enough for an engine. The best of them is
bettered by deciding the sites around one site after another anew while all others are held (large-neighbourhood search:
Shaw 1998, CP98). Who is served is part of every program, so that it is settled exactly.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import numpy as np
import scipy.sparse as sp

from models.algorithms.covering.supplying import Supplied, Supply, Unit, supply_greedily
from models.arrays import BoolArray, FloatArray, IntArray, Sparse
from models.charging.piles import Charging
from models.clock import Clock
from models.coverage.capacitated_cover import CapacitatedCover
from models.formulation import Draft, Formulated, Formulation, Rule
from models.modular import Modular
from models.plan import Plan
from models.program import Program
from models.rules import asked
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from solver.engines.interrupt import run_or_stop
from solver.optimise.posed import StoppedWith
from solver.optimise.reduced import better, values_of

Model = TypeVar("Model", bound=Formulation)
Relaxed = Callable[[Model, tuple[Rule, ...], float, int], Plan | None]
"""A first plan from the relaxation: model, rules, seconds, seed."""
Supplying = tuple[Supply, Sparse]
"""What sites may serve, and (n_demand, n_groups) which group a place is in."""

GREEDILY, RELAXED, LIKELY = 0.25, 0.5, 0.35
"""Shares of the time that is left for each stage; the rest betters the plan place by place."""
GREEDILY_S = 0.7
"""Seconds for the greedy plan at least: it is what there is if all else comes to nothing."""
NEIGHBOURS, NEIGHBOURHOOD_S = 25, 10.0
"""So many sites are decided anew at a time, for so long at most."""
TIRED = 12
"""Neighbourhoods in a row that better nothing end the search."""
ENOUGH = 0.002
"""Relative gap at which a program of the search may stop."""
MOST_WHOLE_PAIRS = 20_000
"""With more pairs of places that must be whole, programs of the search take too long."""


def search_supplied(
    model: Model, supplying: Supplying, relaxed: Relaxed[Model], rules: tuple[Rule, ...], seconds: float, seed: int
) -> Plan | None:
    """A plan that keeps every rule, or None where none is found in about `seconds`. Ctrl-C keeps the plan in hand."""
    clock = Clock.of(seconds)
    draft, program = Formulated.of(model, rules).built
    supply, spread = supplying
    greedy = _greedily(supply, draft, rules, max(GREEDILY_S, clock.left(GREEDILY)))
    plan = Plan(open=greedy.is_open, units=greedy.units, served=sp.csr_array(spread @ greedy.served))
    values = values_of(model, draft, program, plan)
    try:
        found = relaxed(model, rules, clock.left(RELAXED), seed)
        values = better(program, values, values_of(model, draft, program, found))
        values = better(program, values, _likely(draft, program, greedy, clock, seed, values))
        if values is not None:
            values = _place_by_place(supply, draft, program, values, clock, seed)
    except KeyboardInterrupt:
        if values is None:
            raise
        raise StoppedWith(model.read_plan(draft, values)) from None
    return None if values is None else model.read_plan(draft, values)


def supply_of_sites(model: CapacitatedCover) -> Supplying:
    """Sites within their capacity."""
    sites = model.sites
    sets, spread = model.spread
    return Supply(
        np.asarray(model.problem.demand.load @ spread),
        sets,
        sites.capacity,
        np.maximum(0.0, sites.opening_cost()),
        sites.fixed_open,
        sites.fixed_closed,
        whole=model.single_source,
    ), spread


def supply_of_modules(model: Modular, inner: CapacitatedCover) -> Supplying:
    """Sites of a covering model with capacities within their modules."""
    supply, spread = supply_of_sites(inner)
    units = tuple(Unit(m.name, m.capacity, m.cost, m.max_per_site) for m in model.modules)
    return replace(supply, units=units, sized=model.sites.is_new, least_units=1), spread


def supply_of_piles(model: Charging) -> Supplying:
    """Sites within their piles and their grid."""
    sites, needs = model.sites, model.needs
    shape = (len(needs.load), len(sites))
    kinds = zip(model.kinds, model.most_units, strict=True)
    return Supply(
        needs.load,
        sp.csr_array((np.ones(needs.n_pairs), (needs.group, needs.site)), shape=shape),
        sites.capacity,
        np.maximum(0.0, sites.opening_cost()),
        sites.fixed_open,
        sites.fixed_closed,
        units=tuple(Unit(k.name, k.energy_kwh_per_day, k.cost, most, k.power_kw) for k, most in kinds),
        power=model.grid_limit_kw,
        shares=model.min_share,
        least_units=model.min_units_where_open,
    ), needs.spread()


def _greedily(supply: Supply, draft: Draft, rules: tuple[Rule, ...], seconds: float) -> Supplied:
    """The greedy plan within the number and the money of the rules."""
    sites = draft.sites
    many = asked.most(rules)
    required = int((sites.fixed_open & sites.is_new).sum())
    saved = float(np.maximum(0.0, -sites.opening_cost())[sites.fixed_open].sum())
    return supply_greedily(
        supply,
        number=len(sites) if many is None else many - required,
        budget=min(asked.money(rules), 1e18) - draft.base_cost + saved,
        seconds=seconds,
        counted=sites.is_new,
    )


def _decided(draft: Draft) -> IntArray:
    """Columns of sites and units."""
    return np.concatenate([draft.open.index, *(block.index for block in draft.units.values())])


def _likely(
    draft: Draft, program: Program, greedy: Supplied, clock: Clock, seed: int, start: FloatArray | None
) -> FloatArray | None:
    """The best plan of the sites that the greedy one opens."""
    may = greedy.is_open | draft.sites.fixed_open
    if program.integer.sum() > len(_decided(draft)) and program.n_columns > MOST_WHOLE_PAIRS:
        return None
    upper = program.upper.copy()
    upper[draft.open.index[~may]] = np.maximum(0.0, program.lower[draft.open.index[~may]])
    small = program.with_bounds(upper=upper)
    return _solved(small, clock.left(LIKELY), seed, start)


def _solved(program: Program, seconds: float, seed: int, start: FloatArray | None) -> FloatArray | None:
    if seconds <= 0:
        return None
    answer = run_or_stop(Highs(), program, Ask(time_limit_s=seconds, gap=ENOUGH, seed=seed, start=start))
    return answer.values


def _place_by_place(
    supply: Supply, draft: Draft, program: Program, values: FloatArray, clock: Clock, seed: int
) -> FloatArray:
    """The values after deciding the sites around one site after another anew, until nothing betters or time is over."""
    if program.integer.sum() > len(_decided(draft)) and program.n_columns > MOST_WHOLE_PAIRS:
        return values
    rng, idle = np.random.default_rng(seed), 0
    may = np.flatnonzero(~draft.sites.fixed_closed)
    if len(may) <= NEIGHBOURS:
        return values
    by_site = sp.csr_array(supply.reach.T)
    while idle < TIRED and not clock.over:
        opened = np.flatnonzero(draft.open.of(values) > 0.5)
        centre = int(rng.choice(opened if len(opened) else may))
        free = _around(draft, by_site, centre, rng, opened)
        columns = [draft.open.index, *(block.index for block in draft.units.values())]
        held = np.concatenate([column[~free] for column in columns])
        part = program.with_held(held, np.round(values[held]))
        found = _solved(part, min(NEIGHBOURHOOD_S, clock.left()), seed, values)
        gained = 0.0 if found is None else program.objective_at(found) - program.objective_at(values)
        idle = 0 if gained > 1e-6 * abs(program.objective_at(values)) else idle + 1
        values = values if found is None or gained <= 0 else found
    return values


def _around(draft: Draft, by_site: Sparse, centre: int, rng: np.random.Generator, opened: IntArray) -> BoolArray:
    """Mask (n_sites,) of the sites that share most of what one site reaches, nearest first, and of some open ones."""
    n = len(draft.sites)
    if draft.sites.xy is not None:
        xy = draft.sites.xy
        near = -np.hypot(*(xy - xy[centre]).T)
    else:
        near = np.asarray((by_site @ by_site[[centre]].T).todense(), dtype=np.float64).ravel() + 1e-3 * rng.random(n)
    near = np.where(draft.sites.fixed_closed, -np.inf, near)
    free = np.zeros(n, dtype=bool)
    free[np.argsort(-near, kind="stable")[:NEIGHBOURS]] = True
    if len(opened):
        free[rng.choice(opened, min(len(opened), NEIGHBOURS // 5), replace=False)] = True
    return free
