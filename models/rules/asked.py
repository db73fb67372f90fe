"""What a plan's rules ask together, for searches that know numbers, money and sites and nothing else."""

from collections.abc import Iterable, Sequence

import numpy as np

from models.formulation import Rule
from models.rules.count import Count
from models.rules.money import Budget


def fewest(rules: Iterable[Rule]) -> int | None:
    """The least number of new sites that rules on numbers ask for; None where none does."""
    return max((r.number for r in rules if isinstance(r, Count) and r.side != "at most"), default=None)


def most(rules: Iterable[Rule]) -> int | None:
    """The greatest number of new sites that rules on numbers allow; None where none does."""
    return min((r.number for r in rules if isinstance(r, Count) and r.side != "at least"), default=None)


def money(rules: Iterable[Rule]) -> float:
    """What budgets allow a plan to cost, inf where there is none."""
    return min((rule.amount for rule in rules if isinstance(rule, Budget)), default=np.inf)


def keys_of_money(rules: Iterable[Rule]) -> set[str]:
    """The names of the budgets."""
    return {rule.key for rule in rules if isinstance(rule, Budget)}


def beside_numbers(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules that say more than numbers of new sites."""
    return tuple(rule for rule in rules if not isinstance(rule, Count))


def only_numbers(rules: Sequence[Rule]) -> bool:
    """Do the rules say nothing but numbers of new sites?"""
    return all(isinstance(rule, Count) for rule in rules)


def only_numbers_and_money(rules: Sequence[Rule]) -> bool:
    """Do the rules say nothing but numbers of new sites and money?"""
    return all(isinstance(rule, Count | Budget) for rule in rules)
