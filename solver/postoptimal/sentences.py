"""An explanation of infeasibility as messages: the conflict, and what would do for every rule of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.formulation import Rule
from models.messages import Listed, Message, Money, Wording, say
from models.rules.money import CENT, OfMoney
from solver.engines.outcome import Outcome
from solver.postoptimal.infeasibility import Change, Explanation

SHOWN = 5
"""So many rows of a rule are named."""
TOGETHER = 3
"""So many rules that cost more than the budget are named together."""


@dataclass(frozen=True)
class Reasons:
    """Why there is no plan, one finding a message; the first names the rules in conflict. Empty where there is one."""

    said: tuple[Message, ...] = ()

    def worded(self, wording: Wording) -> tuple[str, ...]:
        """The findings in the words of a language, one a line."""
        return tuple(each.worded(wording) for each in self.said)


INTERRUPTED = Reasons((say("no plan keeps every rule; Ctrl-C ended the search for the rules in conflict"),))


def told_of_failure(outcome: Outcome) -> Reasons:
    """What an engine said when it failed, in its own words, and what to try."""
    engine = f"{outcome.engine} {outcome.version}"
    text = say("{engine} failed: {said}; try another engine, and report this", engine=engine, said=outcome.raw)
    return Reasons((text,))


def told(found: Explanation, rules: Mapping[str, Rule]) -> Reasons:
    """An explanation as messages: the conflict, then for every rule of it what would do.

    Rules that are not among `rules`, such as limits of a model's own section, are called by their words in `found`.
    """
    if not found.conflict:
        return Reasons((say("no plan exists even without the rules: look at required sites, capacities and reach"),))
    lines = [_conflict(found)]
    for key in found.conflict:
        changes = [change for change in found.changes if change.rule == key]
        if key in found.stuck:
            rule = _quoted(found, [key])
            lines.append(say("changing {rule} alone is not enough: it stands against other rules too", rule=rule))
        if changes:
            lines.append(_ways(found, rules.get(key), key, changes))
    if found.further:
        lines.append(say("other rules contradict each other too: run again once these are mended"))
    return Reasons(tuple(lines))


def _quoted(found: Explanation, keys: Sequence[str], by: str = "semicolon") -> Listed:
    return Listed([found.words[key] for key in keys], by=by, quoted=True)


def _conflict(found: Explanation) -> Message:
    rules = _quoted(found, found.conflict)
    if len(found.conflict) == 1:
        first = say("{rule} cannot be kept", rule=rules)
    else:
        first = say("cannot be kept together: {rules}", rules=rules)
    if found.smallest:
        return first
    return say("{conflict} (perhaps not all of them are at fault: time ran out)", conflict=first)


def _ways(found: Explanation, rule: Rule | None, key: str, changes: Sequence[Change]) -> Message:
    """What would do in place of a rule."""
    money: object = rule
    if isinstance(money, OfMoney):
        return _money(found, key, money, changes[0])
    phrases = [_phrase(rule, change) for change in changes[:SHOWN]]
    if None in phrases:
        return _change(found, key, changes[0]) if len(changes) == 1 else _rows(found, key, changes)
    return say("there is a plan with {ways}", ways=Listed([*phrases, *changes[SHOWN:]], SHOWN, by="both"))


def _phrase(rule: Rule | None, change: Change) -> Message | None:
    """What would do in place of one row."""
    label, works = change.row.partition("[")[2].removesuffix("]"), round(change.works, 6)
    return None if rule is None else rule.remedy(label, works, change.by)


def _change(found: Explanation, key: str, change: Change) -> Message:
    """By how much a row of a rule without words of its own must give way."""
    values = {"rule": _quoted(found, [key]), "by": _number(change.by)}
    if change.side == "at most":
        text = say("there is a plan if {rule} is raised by {by}", **values)
    else:
        text = say("there is a plan if {rule} is lowered by {by}", **values)
    if change.at_least is None:
        return text
    if change.by - change.at_least <= 1e-3 * change.by:
        return say("{way}, and by no less", way=text)
    return say("{way}; at least {by} is needed", way=text, by=_number(change.at_least))


def _rows(found: Explanation, key: str, changes: Sequence[Change]) -> Message:
    """The rows that give way, where a rule has no words of its own for them."""
    rows = [say("{row} by {by}", row=_place(change.row), by=_number(change.by)) for change in changes]
    rule = _quoted(found, [key])
    return say("there is a plan if {rule} gives way at: {rows}", rule=rule, rows=Listed(rows, SHOWN))


def _money(found: Explanation, own: str, rule: OfMoney, change: Change) -> Message:
    """What the other rules cost at least, against the budget."""
    others = [key for key in found.conflict if key != own]
    if len(others) == 1:
        what = say("{rule} costs", rule=_quoted(found, others))
    elif 1 < len(others) <= TOGETHER:
        what = say("{rules} together cost", rules=_quoted(found, others, "both"))
    else:
        what = say("the other rules here cost") if others else say("the cheapest plan costs")
    if not found.further and set(found.words) - set(found.conflict):
        what = say("with all other rules kept, {what}", what=what)
    most = rule.amount + change.by
    values = {"what": what, "budget": rule.called, "amount": Money(rule.amount, bare=True)}
    if change.at_least is None:
        return say("{what} {money} in the cheapest plan found; {budget} is {amount}", money=Money(most), **values)
    least = rule.amount + change.at_least
    text = say("{what} at least {money}; {budget} is {amount}", money=Money(least), **values)
    if most - least <= max(CENT, 1e-6 * most):
        return text
    return say("{text}; {money} is enough", text=text, money=Money(most, bare=True))


def _place(row: str) -> str:
    """The label of a row, or what its family says where it is the only row of that."""
    family, _, label = row.partition("[")
    return family.replace("_", " ") if label in ("", "0]") else label.removesuffix("]")


def _number(value: float) -> str:
    return f"{value:,.6g}" if abs(value) < 1e4 else f"{value:,.0f}"
