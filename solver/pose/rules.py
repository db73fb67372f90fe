"""The rules of a programme's section: one record for every key, and the models' rules that they become."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from models.formulation import Rule
from models.rules import AtMostOneOf, Budget, Count, CoverageFloor, GroupCount, MinimumUse, Needs, Spacing, UnitsTotal
from models.rules.count import Side
from models.rules.money import MoneyShare
from solver.inputs.instance import ProgrammeInputs
from solver.pose.abilities import Can
from solver.study.rules import GroupRule


def in_every_year(value: Any) -> Any:
    """A rule that holds in every year of several."""
    return value


def at_the_end(_value: Any) -> None:
    """A rule that holds at the end of the last year alone."""


@dataclass(frozen=True)
class RuleKey:
    """A key of a programme that states rules.

    `build` makes them of the programme's inputs and the key's value, where it is given. `before_the_end` is what of
    that value holds in the years before the last. `needs` is what a model must be able to do; None: any model takes it.
    """

    build: Callable[[ProgrammeInputs, Any], Iterable[Rule]]
    needs: Can | None = None
    before_the_end: Callable[[Any], Any] = in_every_year


def _group_rules(inputs: ProgrammeInputs, sections: list[GroupRule]) -> Iterable[Rule]:
    """The rules on groups of any column, in the order of the study."""
    for section in sections:
        of = inputs.site_texts(section.column, "group_rules")
        sides: tuple[tuple[Side, int | dict[str, int] | None], ...] = (
            ("exactly", section.exactly),
            ("at least", section.at_least),
            ("at most", section.at_most),
        )
        yield from (GroupCount(n, side, of, section.column, section.counts) for side, n in sides if n is not None)


def _only_at_most(sections: list[GroupRule]) -> list[GroupRule]:
    """What of the rules on groups no year may pass."""
    change = {"at_least": None, "exactly": None}
    return [section.model_copy(update=change) for section in sections if section.at_most is not None]


def _spacing(inputs: ProgrammeInputs, distance_m: float) -> Iterable[Rule]:
    yield Spacing(distance_m, from_existing=inputs.programme.spacing_from_existing)


def _minimum_use(inputs: ProgrammeInputs, amount: float | str) -> Iterable[Rule]:
    yield MinimumUse(inputs.site_numbers(amount, "minimum_use", default=0.0))


def _money_share(inputs: ProgrammeInputs, share: float | dict[str, float]) -> Iterable[Rule]:
    kinds = inputs.programme.unit_kinds.items()
    yield MoneyShare(share, {name: inputs.site_money(kind.section.cost, f"{kind.place}.cost") for name, kind in kinds})


RULES: dict[str, RuleKey] = {
    "open": RuleKey(lambda _, number: [Count(number, "exactly")], before_the_end=at_the_end),
    "open_at_least": RuleKey(lambda _, number: [Count(number, "at least")], before_the_end=at_the_end),
    "open_at_most": RuleKey(lambda _, number: [Count(number, "at most")]),
    "budget": RuleKey(lambda _, amount: [Budget(amount)], before_the_end=at_the_end),
    "money_share_per_group": RuleKey(_money_share, before_the_end=at_the_end),
    "at_least_per_group": RuleKey(lambda _, number: [GroupCount(number, "at least")], before_the_end=at_the_end),
    "at_most_per_group": RuleKey(lambda _, number: [GroupCount(number, "at most")]),
    "group_rules": RuleKey(_group_rules, before_the_end=_only_at_most),
    "floor_share": RuleKey(lambda _, share: [CoverageFloor(share)], needs=Can.SHARE),
    "spacing_m": RuleKey(_spacing),
    "at_most_one_of": RuleKey(lambda _, sets: [AtMostOneOf(tuple(map(tuple, sets)))]),
    "forbidden_pairs": RuleKey(lambda _, pairs: [AtMostOneOf(tuple(pairs), key="forbidden_pairs")]),
    "needs": RuleKey(lambda _, pairs: [Needs(tuple(pairs))]),
    "minimum_use": RuleKey(_minimum_use, needs=Can.ASSIGN),
    "sizes_total": RuleKey(lambda _, number: [UnitsTotal(number)], needs=Can.TAKE_MODULES, before_the_end=at_the_end),
}
"""Key of a programme -> its record, in the order in which rules are put into a program."""


def rules_of(inputs: ProgrammeInputs) -> tuple[Rule, ...]:
    """Every rule the section states; required and forbidden sites are statuses of the sites already."""
    values = {key: getattr(inputs.programme, key) for key in RULES}
    given = {key: value for key, value in values.items() if value not in (None, [])}
    return tuple(rule for key, value in given.items() for rule in RULES[key].build(inputs, value))


def before_the_end(inputs: ProgrammeInputs) -> dict[str, Any]:
    """The values of the rules' keys in a year before the last."""
    return {key: record.before_the_end(getattr(inputs.programme, key)) for key, record in RULES.items()}
