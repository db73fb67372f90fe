"""Why a programme has no plan, in the planner's words and numbers: which rules, and what would set it free."""

from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np

from models.coverage.set_cover import SetCover
from models.errors import ProblemError
from models.formulation import Formulation, Rule, formulate, limits_in_words
from models.problem import Sites, SiteStatus
from models.program import Program
from models.rules import Budget, Decided
from models.rules.money import CENT, yuan
from solver.anytime import Solved
from solver.engines.engine import Ask, Engine
from solver.explain import Change, Explanation, Verdict, explain, has_plan, number, stuck_line
from solver.pose.posed import Posed

LIMIT_S = 60.0
"""An explanation takes no longer than this, nor than the programme's own limit."""
SHOWN = 5
"""So many rows of a rule are named."""


Relaxed = Callable[[str, float, float], str]
"""What would do in place of a row, in words: its label, the bound that works, by how much it gives way."""


def reasons_of(posed: Posed, solved: Solved, engine: Engine, ask: Ask) -> tuple[str, ...]:
    """The rules in conflict and what change of each would let a plan exist, one finding a line.

    Sites that are required, forbidden or excluded count as rules here, so that they can be named.
    """
    ask = replace(ask, time_limit_s=min(LIMIT_S, ask.time_limit_s), start=None)
    rules, program = _freed(posed, solved, engine, ask)
    words = {rule.key: rule.describe() for rule in rules}
    own = {family.rule for family in program.families if family.rule is not None}
    limits = [limits_in_words(stated) for stated in (posed.formulation, *rules)]
    words |= {key: text for of_one in limits for key, text in of_one.items() if key in own - set(words)}
    words |= {key: key for key in sorted(own - set(words))}
    return told(explain(program, words, engine, ask), {rule.key: rule for rule in rules})


def told(found: Explanation, rules: dict[str, Rule]) -> tuple[str, ...]:
    """An explanation as sentences: the conflict, then for every rule of it what would do."""
    if not found.conflict:
        return found.lines()
    lines = [found.lines()[0]]
    for key in found.conflict:
        changes = [change for change in found.changes if change.rule == key]
        rule = rules.get(key)
        if key in found.stuck:
            lines.append(stuck_line(found.words[key]))
        if not changes:
            continue
        if isinstance(rule, Budget):
            lines.append(_money(rule, changes[0], found))
            continue
        relaxed: Relaxed | None = getattr(rule, "relaxed", None)
        if relaxed is not None:
            lines.append(_relaxed(relaxed, changes))
        else:
            lines.append(changed(found.words[key], changes))
    if found.further:
        lines.append("other rules contradict each other too: run again once these are mended")
    return tuple(lines)


def changed(words: str, changes: Sequence[Change]) -> str:
    """What would do where a rule has no words of its own for it: one change, or the rows that give way."""
    if len(changes) == 1:
        return changes[0].line(words)
    rows = ", ".join(f"{_place(change.row)} by {number(change.by)}" for change in changes[:SHOWN])
    more = f" and {len(changes) - SHOWN} more" if len(changes) > SHOWN else ""
    return f"there is a plan if '{words}' gives way at: {rows}{more}"


def _money(rule: Budget, change: Change, found: Explanation) -> str:
    """What the other rules cost at least, against the budget."""
    others = [found.words[key] for key in found.conflict if key != rule.key]
    if len(others) == 1:
        what = f"'{others[0]}' costs"
    elif others:
        what = "the other rules here cost"
    else:
        what = "the cheapest plan costs"
    if not found.further and set(found.words) - set(found.conflict):
        what = f"with all other rules kept, {what}"
    most = rule.amount_cny + change.by
    if change.at_least is None:
        return f"{what} {yuan(most)} CNY in the cheapest plan found; the budget is {yuan(rule.amount_cny)}"
    least = rule.amount_cny + change.at_least
    text = f"{what} at least {yuan(least)} CNY; the budget is {yuan(rule.amount_cny)}"
    return text if most - least <= max(CENT, 1e-6 * most) else f"{text}; {yuan(most)} is enough"


def _relaxed(words: Relaxed, changes: Sequence[Change]) -> str:
    phrases = [words(_label(c.row), round(c.works, 6), c.by) for c in changes[:SHOWN]]
    more = f" and {len(changes) - SHOWN} more" if len(changes) > SHOWN else ""
    return f"there is a plan with {' and '.join(phrases)}{more}"


def _place(row: str) -> str:
    """The label of a row, or what its family says where it is the only row of that."""
    label = _label(row)
    return row.partition("[")[0].replace("_", " ") if label in ("", "0") else label


def _label(row: str) -> str:
    """The label of a row name such as `family[label]`."""
    return row.partition("[")[2].removesuffix("]")


def _freed(posed: Posed, solved: Solved, engine: Engine, ask: Ask) -> tuple[tuple[Rule, ...], Program]:
    """Rules and program in which what is decided about single sites is a rule too.

    Where that cannot be stated, or is not the same problem, the rules and the program as they were solved.
    """
    decided = _decided(posed)
    if not decided:
        return posed.rules, solved.program
    keys = {rule.key for rule in decided}
    status = posed.formulation.sites.status.copy()
    free = {int(SiteStatus.REQUIRED)} | ({int(SiteStatus.FORBIDDEN)} if keys != {"required"} else set())
    status[np.isin(status, list(free))] = int(SiteStatus.CANDIDATE)
    try:
        model = with_status(posed.formulation, status)
        rules = (*posed.rules, *decided)
        program = formulate(model, rules)[1]
    except (ProblemError, TypeError):
        return posed.rules, solved.program
    verdict: Verdict = has_plan(program, engine, replace(ask, time_limit_s=ask.time_limit_s / 4))
    return (rules, program) if verdict == "impossible" else (posed.rules, solved.program)


def _decided(posed: Posed) -> tuple[Decided, ...]:
    """Required, forbidden and excluded sites as rules.

    Set covering serves what can be reached: with a forbidden site free it would serve more, so there they stay fixed.
    """
    sites, excluded = posed.formulation.sites, posed.inputs.excluded
    why = [excluded[site] for site in sites.ids if site in excluded]
    by_key: dict[str, list[str]] = {"required": [], "forbidden": [], "exclusion": []}
    for site, status in zip(sites.ids, sites.status.tolist(), strict=True):
        if status == SiteStatus.REQUIRED:
            by_key["required"].append(site)
        elif status == SiteStatus.FORBIDDEN and not isinstance(posed.formulation, SetCover):
            by_key["exclusion" if site in excluded else "forbidden"].append(site)
    return tuple(
        Decided(tuple(ids), key == "required", key, tuple(why) if key == "exclusion" else ())
        for key, ids in by_key.items()
        if ids
    )


def with_status(model: Formulation, status: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> Formulation:
    """The same model over sites of another status (n_sites,): of its problem, or of the model it builds on."""
    return _with_status(model, status)


def _with_status(node: Any, status: Any) -> Any:
    changed: dict[str, Any] = {}
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, Sites):
            changed[field.name] = replace(value, status=status)
        elif field.name in {"problem", "inner"} and is_dataclass(value):
            changed[field.name] = _with_status(value, status)
    if not changed:
        raise TypeError(f"{type(node).__name__} has no sites")
    return replace(node, **changed)
