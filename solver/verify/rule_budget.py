"""`budget`: what a plan may cost. `money.py` checks what is told of it and what the plan costs."""

import numpy as np

from solver.verify.bounds import Draft, Terms
from solver.verify.case import Case
from solver.verify.rule import Rule


def _budget_row(draft: Draft, case: Case, terms: Terms) -> bool:
    """One row of all that is paid; programmes of a portfolio share one budget."""
    budget = case.programme.budget
    if budget is None or case.member:
        return True
    if terms.money is None:
        return False
    columns = np.concatenate([paid.columns for paid in terms.money])
    draft.total(columns, np.concatenate([paid.amount for paid in terms.money]), most=budget - terms.base, least=None)
    return True


BUDGET = Rule(
    keys=("budget",),
    check=None,
    rows=_budget_row,
    every_year=False,
    needs_service=True,
    asks=(),
    binds=(),
)
