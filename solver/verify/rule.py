"""What verification knows of a rule of a study: a record for each, whose parts have no defaults where one could accuse.

The record of a rule is written in a file of its own and listed in `solver/verify/rules.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.arrays import FloatArray
from solver.study.schema import Programme
from solver.verify.bounds import Draft, Terms
from solver.verify.case import Case, Record
from solver.verify.verdict import Check

Rows = Callable[[Draft, Case, Terms], bool]
"""Adds the rows of a rule to a textbook program; False where the program does not tell what they would be of."""


@dataclass(frozen=True, kw_only=True)
class Rule(Record):
    """A rule: its keys, the check of a plan, and its rows in textbook programs."""

    keys: tuple[str, ...]
    check: Check[Case] | None
    """Faults of a plan; None where a check of another sort holds the rule."""
    rows: Rows | None
    """Its rows; None: no program has them, and that is said where a bound is not proven for want of them."""
    every_year: bool
    """Whether its check holds in every year; else it is of the whole plan at the end."""
    before_the_end: Callable[[Programme], Mapping[str, Any]] | None = None
    """Keys as they are in the years before the last."""
    needs_service: bool
    """Whether its check asks who serves whom."""
    asks: tuple[str, ...]
    """Those of its keys that may ask for a site that serves nobody."""
    binds: tuple[str, ...]
    """Those of its keys that bind who is served beyond reach and capacity."""

    def asked(self, programme: Programme) -> tuple[str, ...]:
        """Those of its keys that a programme sets."""
        return tuple(key for key in self.keys if is_set(programme, key))


def is_set(programme: Programme, key: str) -> bool:
    """Does a programme say something else than the default?"""
    known = type(programme).model_fields
    return bool(getattr(programme, key) != known[key].get_default(call_default_factory=True))


def in_the_columns(_draft: Draft, _case: Case, _terms: Terms) -> bool:
    """Rows of rules that the columns of sites, or the program of the model, hold already."""
    return True


def prices(case: Case) -> tuple[FloatArray, float]:
    """What opening each site adds to the cost, and the cost with all of them closed."""
    table = case.sites
    closable = (table["status"] == "closable").to_numpy()
    price = np.where(table["new"], table["cost"], 0.0) - np.where(closable, table["closing"], 0.0)
    return price, float(table["closing"][closable].sum())
