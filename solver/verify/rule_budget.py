"""What a plan may cost, in all (`budget`) and in a district (`money_share_per_group`).

`money.py` checks what is told of the budget and what the plan costs.
"""

from collections.abc import Mapping

import numpy as np

from models.arrays import FloatArray
from models.messages import Message, Money, say
from solver.verify.bounds import Draft, Terms
from solver.verify.case import Case
from solver.verify.money import CENT, paid_by_site
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


def no_district_gets_more_than_its_share_of_the_money(case: Case) -> list[Message] | None:
    """money_share_per_group."""
    asked = case.programme.money_share_per_group
    if asked is None:
        return None
    paid, of = paid_by_site(case), case.sites["group"].to_numpy(dtype=object)
    total = float(paid.sum())
    found: list[Message] = []
    for group, share in _shares(asked, of).items():
        spent = float(paid[of == group].sum())
        if spent > share * total + CENT + 1e-9 * total:
            found.append(
                say(
                    "{group} gets {spent} of {total}; at most {share:.4%} is asked for (money_share_per_group)",
                    group=group,
                    spent=Money(spent),
                    total=Money(total),
                    share=share,
                )
            )
    return found


def _shares(asked: float | Mapping[str, float], of: FloatArray) -> Mapping[str, float]:
    return asked if isinstance(asked, Mapping) else dict.fromkeys(sorted({group for group in of if group}), asked)


def _share_rows(draft: Draft, case: Case, terms: Terms) -> bool:
    """One row a district, of what is paid by site; what belongs to no site is in no share."""
    asked, table = case.programme.money_share_per_group, case.sites
    if asked is None:
        return True
    if terms.money is None:
        return False
    closing = np.where(table["status"] == "closable", table["closing"], 0.0)
    of = table["group"].to_numpy(dtype=object)
    for group, share in _shares(asked, of).items():
        factor = (of == group) - float(share)
        parts = [
            (paid.columns[at], paid.amount[at] * factor[paid.of[at]]) for paid in terms.money for at in [paid.of >= 0]
        ]
        columns, amount = (np.concatenate(part) for part in zip(*parts, strict=True))
        draft.total(columns, amount, most=-float(factor @ closing), least=None)
    return True


SHARES = Rule(
    keys=("money_share_per_group",),
    check=no_district_gets_more_than_its_share_of_the_money,
    rows=_share_rows,
    every_year=False,
    needs_service=False,
    asks=("money_share_per_group",),
    binds=(),
)
RECORDS = (BUDGET, SHARES)
