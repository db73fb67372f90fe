"""A first plan for maximal covering."""

import time
from collections.abc import Sequence

from models.coverage.max_cover import MaxCover
from models.formulation import Formulated, Rule
from models.plan import Plan
from models.search.cover import search_cover
from models.search.pure import cover_search

LEAST_S = 0.25
"""Seconds for the search where formulating has taken all: a plan in hand is worth more than the time."""


def search_max_cover(formulation: MaxCover, rules: Sequence[Rule], *, seconds: float, seed: int) -> Plan | None:
    """A plan that keeps every rule, by greedy opening and annealing; None where none was found."""
    until = time.monotonic() + seconds
    draft, program = Formulated.of(formulation, rules).built
    covered = draft.blocks["covered"]
    view = cover_search(program, draft.open, covered, formulation.shared_sets, formulation.backup)
    if view is None:
        return None
    is_open = search_cover(view, seconds=max(LEAST_S, until - time.monotonic()), seed=seed)
    return None if is_open is None else formulation.plan_of(is_open)
