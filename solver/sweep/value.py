"""What a plan that was found in one world is worth in another: its sites and units are kept, nothing is sited anew.

The open sites and numbers of units are fixed in the other world's program; what is left is who is served by whom,
which the engine settles. Where the rules of that world cannot be kept, the plan is valued without them and they are
named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.arrays import BoolArray
from models.errors import ProblemError
from models.figures import cost_of, figures_of
from models.formulation import Rule, formulate
from models.messages import Said, say
from models.plan import Plan
from solver.engines.engine import Ask, Engine
from solver.optimise.posed import PosedProgramme


@dataclass(frozen=True)
class Decided:
    """What a plan decides: every site that is open in it, and the units at each."""

    open_sites: frozenset[str]
    units: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Valued:
    """A plan in another world. `objective` is None where it cannot be carried out there; `breaks` says why, or which
    rules it breaks.
    """

    objective: float | None
    cost: float | None = None
    covered_share: float | None = None
    breaks: tuple[Said | str, ...] = ()


def value_of_plan(posed: PosedProgramme, decided: Decided, engine: Engine, ask: Ask) -> Valued:
    """What the decision is worth in the posed programme, by the model's own figures; what exists there stays open."""
    sites = posed.formulation.sites
    known = {site: i for i, site in enumerate(sites.ids)}
    missing = sorted(decided.open_sites - set(known))
    if missing:
        return Valued(None, breaks=(say("{site} is no site there", site=missing[0]),))
    is_open = np.array([site in decided.open_sites for site in sites.ids]) | sites.fixed_open
    closed = np.flatnonzero(is_open & sites.fixed_closed)
    if len(closed):
        return Valued(None, breaks=(say("{site} may not open there", site=sites.ids[closed[0]]),))
    plan = _carried_out(posed, posed.rules, is_open, decided, engine, ask)
    if plan is None:
        plan = _carried_out(posed, (), is_open, decided, engine, ask)
    if plan is None:
        return Valued(None, breaks=(say("its sites and units cannot serve what must be served there"),))
    cost = cost_of(posed.formulation, plan)
    demand = None if posed.problem is None else posed.problem.demand
    broken = [rule.key for rule in posed.rules if rule.violations(sites, demand, plan, cost)]
    return Valued(
        posed.formulation.objective_of(plan),
        cost,
        figures_of(posed.formulation, posed.problem, plan).covered_share,
        tuple(dict.fromkeys(broken)),
    )


def _carried_out(
    posed: PosedProgramme, rules: Sequence[Rule], is_open: BoolArray, decided: Decided, engine: Engine, ask: Ask
) -> Plan | None:
    """The best plan with these sites open (n_sites,) and these units, None where there is none."""
    try:
        draft, program = formulate(posed.formulation, rules)
    except ProblemError:  # a rule that cannot be kept by any plan
        return None
    lower, upper = program.lower.copy(), program.upper.copy()
    lower[draft.open.index] = upper[draft.open.index] = is_open.astype(np.float64)
    ids = posed.formulation.sites.ids
    for kind, block in draft.units.items() if decided.units else ():
        count = np.array([decided.units.get(site, {}).get(kind, 0) for site in ids], dtype=np.float64)
        if (count > program.upper[block.index]).any() or (count < program.lower[block.index]).any():
            return None
        lower[block.index] = upper[block.index] = count
    answer = engine.run(program.with_bounds(lower=lower, upper=upper), replace(ask, start=None))
    return None if answer.values is None else posed.formulation.read_plan(draft, answer.values)
