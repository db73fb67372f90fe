"""The textbook program of a case: the rules that are plain sums, and the model without any reduction of its maker.

Rules that are left out only make the bound weaker, never wrong; what is left out is named.
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import IntArray
from models.messages import say
from solver.verify.bounds import Draft, Linear, Sum, Terms
from solver.verify.case import Case
from solver.verify.rule import is_set, prices
from solver.verify.rules import RULES
from solver.verify.verdict import Unchecked


@dataclass(frozen=True, eq=False)
class Textbook:
    """A program, what is added to its objective, and the keys of the study that it lacks."""

    program: Linear
    offset: float
    lacks: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every rule of the programme is in it, so that its plans are plans of the programme."""
        return not self.lacks


def textbook(case: Case) -> Textbook:
    """The program of a programme, its rules with it; Unchecked where its model has none."""
    program = case.model.program
    if program is None:
        raise Unchecked(say("no program of {model} is written anew here", model=case.programme.model))
    draft = Draft()
    terms = program(draft, case, site_columns(draft, case))
    lacks = add_rules(draft, case, terms)
    return Textbook(draft.build(), terms.offset, lacks)


def site_columns(draft: Draft, case: Case) -> IntArray:
    """A column per site, first of all: open, closed, or to be decided."""
    table = case.sites
    must = table["status"].isin(["existing", "required"]).to_numpy(dtype=float)
    return draft.columns(np.zeros(len(table)), must, table["may_open"].to_numpy(dtype=float), whole=True)


def terms_of_sites(case: Case, opened: IntArray, *, covered: Sum | None = None, offset: float = 0.0) -> Terms:
    """What rules speak of where plans pay for sites only."""
    price, base = prices(case)
    return Terms(opened, (Sum(opened, price, np.arange(len(price))),), base=base, covered=covered, offset=offset)


def add_rules(draft: Draft, case: Case, terms: Terms) -> tuple[str, ...]:
    """The rows of every rule; the keys that the program lacks."""
    lacks = [key for key in case.model.lacks if is_set(case.programme, key)]
    for rule in RULES:
        if rule.rows is None or not rule.rows(draft, case, terms):
            lacks += rule.asked(case.programme)
    return tuple(lacks)
