"""An explanation of infeasibility as sentences, in English and Chinese."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.formulation import Rule
from models.rules import Budget
from models.rules.joint import JointBudget
from models.rules.money import CENT, yuan
from solver.engines.outcome import Outcome
from solver.postoptimal.infeasibility import Change, Explanation
from solver.words.rules import in_chinese, relaxed_in_chinese
from solver.words.sentences import in_words
from solver.words.speech import Speech

SHOWN = 5
"""So many rows of a rule are named."""
TOGETHER = 3
"""So many rules that cost more than the budget are named together."""

SAY: dict[str, dict[str, str]] = {
    "en": {
        "model": "no plan exists even without the rules: look at required sites, capacities and reach",
        "alone": "'{rule}' cannot be kept",
        "together": "cannot be kept together: {rules}",
        "perhaps": " (perhaps not all of them are at fault: time ran out)",
        "stuck": "changing '{rule}' alone is not enough: it stands against other rules too",
        "further": "other rules contradict each other too: run again once these are mended",
        "interrupted": "no plan keeps every rule; Ctrl-C ended the search for the rules in conflict",
        "would_do": "there is a plan with {ways}{more}",
        "more": " and {n} more",
        "raised": "there is a plan if '{rule}' is raised by {by}",
        "lowered": "there is a plan if '{rule}' is lowered by {by}",
        "gives_way": "there is a plan if '{rule}' gives way at: {rows}",
        "row": "{row} by {by}",
        "comma": ", ",
        "exact": ", and by no less",
        "needed": "; at least {by} is needed",
        "one": "'{rule}' costs",
        "several": "{rules} together cost",
        "many": "the other rules here cost",
        "none": "the cheapest plan costs",
        "others_kept": "with all other rules kept, {what}",
        "least": "{what} at least {money} CNY; {budget} is {amount}",
        "found": "{what} {money} CNY in the cheapest plan found; {budget} is {amount}",
        "enough": "; {money} is enough",
        "budget": "the budget",
        "joint_budget": "the joint budget",
        "and": " and ",
        "quoted": "'{rule}'",
        "semicolon": "; ",
    },
    "zh": {
        "model": "即使不计任何规则也无可行方案：请检查必选站点、容量与服务范围",
        "alone": "“{rule}”无法满足",
        "together": "以下规则不能同时满足：{rules}",
        "perhaps": "（时间用尽，其中有的规则可能并无冲突）",
        "stuck": "仅改变“{rule}”还不够：它还与其他规则冲突",
        "further": "其他规则之间也有冲突：改正以上规则后请再次运行",
        "interrupted": "没有方案能满足全部规则；查找冲突规则时被中断",
        "would_do": "若{ways}{more}，则有可行方案",
        "more": "，另有 {n} 项",
        "raised": "若“{rule}”提高 {by}，则有可行方案",
        "lowered": "若“{rule}”降低 {by}，则有可行方案",
        "gives_way": "若“{rule}”在以下各处放宽，则有可行方案：{rows}",
        "row": "{row} 放宽 {by}",
        "comma": "、",
        "exact": "，且不能更少",
        "needed": "；至少需 {by}",
        "one": "“{rule}”",
        "several": "{rules}合计",
        "many": "此处其他规则合计",
        "none": "最省的方案",
        "others_kept": "在满足其他全部规则时，{what}",
        "least": "{what}至少需 {money} 元；{budget}为 {amount} 元",
        "found": "{what}在已找到的最省方案中需 {money} 元；{budget}为 {amount} 元",
        "enough": "；{money} 元即足够",
        "budget": "预算",
        "joint_budget": "联合预算",
        "and": "、",
        "quoted": "“{rule}”",
        "semicolon": "；",
    },
}
"""Language -> the sentences, rule by rule and number by number."""


@dataclass(frozen=True)
class Reasons:
    """Why there is no plan, one finding a line; the first names the rules in conflict. Empty where there is a plan."""

    en: tuple[str, ...] = ()
    zh: tuple[str, ...] = ()

    def __add__(self, other: "Reasons") -> "Reasons":
        return Reasons(self.en + other.en, self.zh + other.zh)


INTERRUPTED = Reasons((SAY["en"]["interrupted"],), (SAY["zh"]["interrupted"],))


def told_of_failure(outcome: Outcome) -> Reasons:
    """What an engine said when it failed, in its own words, and what to try."""
    who = f"{outcome.engine} {outcome.version}"
    return Reasons(
        (f"{who} failed: {outcome.raw}; try another engine, and report this",),
        (f"{who} 求解失败：{outcome.raw}；请换用其他求解器，并反馈此问题",),
    )


def told(found: Explanation, rules: Mapping[str, Rule]) -> Reasons:
    """An explanation as sentences: the conflict, then for every rule of it what would do.

    Rules that are not among `rules`, such as limits of a model's own section, are called by their key.
    """
    return Reasons(*(_Teller(found, rules, lang).lines() for lang in ("en", "zh")))


@dataclass(frozen=True)
class _Teller:
    """One language's words for one explanation."""

    found: Explanation
    rules: Mapping[str, Rule]
    lang: str

    def lines(self) -> tuple[str, ...]:
        """The whole explanation."""
        found, say = self.found, SAY[self.lang]
        if not found.conflict:
            return (say["model"],)
        lines = [self._conflict()]
        for key in found.conflict:
            changes = [change for change in found.changes if change.rule == key]
            if key in found.stuck:
                lines.append(say["stuck"].format(rule=self._words(key)))
            if changes:
                lines += self._ways(key, changes)
        if found.further:
            lines.append(say["further"])
        return tuple(lines)

    def _conflict(self) -> str:
        say, keys = SAY[self.lang], self.found.conflict
        if len(keys) == 1:
            first = say["alone"].format(rule=self._words(keys[0]))
        else:
            first = say["together"].format(rules=say["semicolon"].join(self._quoted(keys)))
        return first if self.found.smallest else first + say["perhaps"]

    def _ways(self, key: str, changes: Sequence[Change]) -> list[str]:
        say, rule = SAY[self.lang], self.rules.get(key)
        if isinstance(rule, Budget):
            return [self._money(rule, changes[0])]
        phrases = [self._phrase(rule, change) for change in changes[:SHOWN]]
        known = [phrase for phrase in phrases if phrase is not None]
        more = say["more"].format(n=len(changes) - SHOWN) if len(changes) > SHOWN else ""
        if len(known) < len(phrases):
            return [self._change(key, changes[0]) if len(changes) == 1 else self._rows(key, changes) + more]
        return [say["would_do"].format(ways=say["and"].join(known), more=more)]

    def _phrase(self, rule: Rule | None, change: Change) -> str | None:
        """What would do in place of one row."""
        label, works = change.row.partition("[")[2].removesuffix("]"), round(change.works, 6)
        relaxed = getattr(rule, "remedy", None)
        if rule is None or relaxed is None:
            return None
        if self.lang == "zh":
            return relaxed_in_chinese(rule, label, works, change.by)
        return str(relaxed(label, works, change.by))

    def _change(self, key: str, change: Change) -> str:
        """By how much a row of a rule without words of its own must give way."""
        say = SAY[self.lang]
        verb = "raised" if change.side == "at most" else "lowered"
        text = say[verb].format(rule=self._words(key), by=_number(change.by))
        if change.at_least is None:
            return text
        exact = change.by - change.at_least <= 1e-3 * change.by
        return text + (say["exact"] if exact else say["needed"].format(by=_number(change.at_least)))

    def _rows(self, key: str, changes: Sequence[Change]) -> str:
        """The rows that give way, where a rule has no words of its own for them."""
        say = SAY[self.lang]
        rows = [say["row"].format(row=_place(change.row), by=_number(change.by)) for change in changes[:SHOWN]]
        return say["gives_way"].format(rule=self._words(key), rows=say["comma"].join(rows))

    def _money(self, rule: Budget, change: Change) -> str:
        """What the other rules cost at least, against the budget."""
        say, found = SAY[self.lang], self.found
        others = [key for key in found.conflict if key != rule.key]
        if len(others) == 1:
            what = say["one"].format(rule=self._words(others[0]))
        elif 1 < len(others) <= TOGETHER:
            what = say["several"].format(rules=say["and"].join(self._quoted(others)))
        else:
            what = say["many" if others else "none"]
        if not found.further and set(found.words) - set(found.conflict):
            what = say["others_kept"].format(what=what)
        most = rule.amount + change.by
        budget = say["joint_budget" if isinstance(rule, JointBudget) else "budget"]
        told = {"what": what, "budget": budget, "amount": yuan(rule.amount)}
        if change.at_least is None:
            return say["found"].format(money=yuan(most), **told)
        least = rule.amount + change.at_least
        text = say["least"].format(money=yuan(least), **told)
        return text if most - least <= max(CENT, 1e-6 * most) else text + say["enough"].format(money=yuan(most))

    def _words(self, key: str) -> str:
        rule = self.rules.get(key)
        if rule is None:
            return in_words(self.found.words[key], Speech(self.lang))
        return in_chinese(rule) if self.lang == "zh" else rule.describe()

    def _quoted(self, keys: Sequence[str]) -> list[str]:
        return [SAY[self.lang]["quoted"].format(rule=self._words(key)) for key in keys]


def _place(row: str) -> str:
    """The label of a row, or what its family says where it is the only row of that."""
    family, _, label = row.partition("[")
    return family.replace("_", " ") if label in ("", "0]") else label.removesuffix("]")


def _number(value: float) -> str:
    return f"{value:,.6g}" if abs(value) < 1e4 else f"{value:,.0f}"
