"""Why a programme, or programmes together, have no plan: which rules, and what would set it free."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from models.errors import ProblemError
from models.formulation import ByReach, Formulation, Rule, formulate, limits_in_words
from models.messages import Message, say
from models.placed import resited
from models.problem import SiteStatus
from models.program import Program
from models.rules import Decided
from solver.engines.engine import Ask, Engine
from solver.optimise.anytime import SolvedProgramme
from solver.optimise.posed import PosedProgramme
from solver.postoptimal.causes import held, with_causes, worth_telling
from solver.postoptimal.infeasibility import explain, has_plan
from solver.postoptimal.sentences import INTERRUPTED, Reasons, told

LIMIT_S = 60.0
"""An explanation takes no longer than this, nor than what solving has left of the programme's own limit."""
LEAST_SHARE, LEAST_S = 0.05, 2.0
"""It may overrun that limit by this share of it, or by so many seconds where that is more."""


Freed = tuple[Formulation, tuple[Decided, ...]]
"""A model with nothing decided about single sites, and rules that decide it."""
Known = tuple[tuple[Rule, ...], Program]
"""Rules and the program that has them."""


def reasons_of(posed: PosedProgramme, solved: SolvedProgramme, engine: Engine, ask: Ask) -> Reasons:
    """The rules in conflict and what change of each would let a plan exist.

    Sites that are required, forbidden or excluded count as rules here, so that they can be named. Ctrl-C ends it.
    """

    def freed() -> tuple[tuple[Rule, ...], Program] | None:
        found = freed_of(posed)
        if found is None:
            return None
        rules = (*posed.rules, *found[1])
        return rules, formulate(found[0], rules)[1]

    limits = limits_in_words(posed.formulation)
    ask = replace(ask, time_limit_s=explaining_s(ask.time_limit_s, sum(solved.seconds.values())))
    return reasons_of_program(freed, (posed.rules, solved.program), limits, {"": posed.formulation}, engine, ask)


def explaining_s(limit_s: float, spent_s: float) -> float:
    """Seconds for an explanation where solving has spent some of the limit."""
    return min(LIMIT_S, max(LEAST_S, LEAST_SHARE * limit_s, limit_s - spent_s))


def reasons_of_program(
    freed: Callable[[], Known | None],
    as_solved: Known,
    of_model: Mapping[str, Message],
    models: Mapping[str, Formulation],
    engine: Engine,
    ask: Ask,
) -> Reasons:
    """The explanation of the program with single sites as rules; of the one that was solved where that will not do.

    `of_model`: tag of rows that are a model's own -> what they ask. `models`: prefix of a model's families -> model,
    whose capacities and reach are looked at before the rules are.
    """
    ask = replace(ask, start=None)
    try:
        rules, program = _impossible(freed, engine, ask) or as_solved
        causes = with_causes(program, models)
        program = causes.program
        words: dict[str, Message] = dict(causes.words) | {rule.key: rule.describe() for rule in rules}
        own = {family.rule for family in program.families if family.rule is not None}
        limits = [of_model, *(limits_in_words(rule) for rule in rules)]
        words |= {key: text for of_one in limits for key, text in of_one.items() if key in own - set(words)}
        words |= {key: say("{key}", key=key) for key in sorted(own - set(words))}
        found = explain(program, words, engine, ask, causes.words)
        conflict = worth_telling(found.conflict, causes, rules)
        spoken = {key: text for key, text in words.items() if key in conflict or key not in causes.words}
        found = replace(found, conflict=conflict, words=spoken)
        held_by = (held(model, rules, found.conflict, prefix) for prefix, model in models.items())
        more = tuple(text for each in held_by for text in each)
        return Reasons((*told(found, {rule.key: rule for rule in rules}).said, *more))
    except KeyboardInterrupt:
        return INTERRUPTED


def _impossible(freed: Callable[[], Known | None], engine: Engine, ask: Ask) -> Known | None:
    """Rules and program with single sites as rules; None where that cannot be stated or is not the same problem."""
    try:
        found = freed()
    except ProblemError:
        return None
    if found is None:
        return None
    quick = replace(ask, time_limit_s=ask.time_limit_s / 4)
    return found if has_plan(found[1], engine, quick) == "impossible" else None


def freed_of(posed: PosedProgramme) -> Freed | None:
    """The model with what is decided about single sites undecided, and rules that decide it; None: there is nothing."""
    decided = _decided(posed)
    if not decided:
        return None
    keys = {rule.key for rule in decided}
    status = posed.formulation.sites.status.copy()
    free = {int(SiteStatus.REQUIRED)} | ({int(SiteStatus.FORBIDDEN)} if keys != {"required"} else set())
    status[np.isin(status, list(free))] = int(SiteStatus.CANDIDATE)
    sites = replace(posed.formulation.sites, status=status)
    return resited(posed.formulation, sites), decided


def _decided(posed: PosedProgramme) -> tuple[Decided, ...]:
    """Required, forbidden and excluded sites as rules.

    Set covering serves what can be reached: with a forbidden site free it would serve more, so there they stay fixed.
    """
    sites, excluded = posed.formulation.sites, posed.inputs.excluded
    why = [excluded[site] for site in sites.ids if site in excluded]
    by_key: dict[str, list[str]] = {"required": [], "forbidden": [], "exclusion": []}
    for site, status in zip(sites.ids, sites.status.tolist(), strict=True):
        if status == SiteStatus.REQUIRED:
            by_key["required"].append(site)
        elif status == SiteStatus.FORBIDDEN and not isinstance(posed.formulation, ByReach):
            by_key["exclusion" if site in excluded else "forbidden"].append(site)
    return tuple(
        Decided(tuple(ids), key == "required", key, tuple(why) if key == "exclusion" else ())
        for key, ids in by_key.items()
        if ids
    )
