"""Bounds by programs written anew: by the prices of a linear program, and in whole numbers where it is small."""

import numpy as np

from models.messages import Listed, Message, say
from solver.verify.case import Case
from solver.verify.textbook import textbook
from solver.verify.verdict import TOLERANCE, Unchecked, shown

RELAXED_S, WHOLE_S = 60.0, 20.0
"""Most seconds for a linear program, and for one in whole numbers."""
SMALL = 20_000
"""Columns of a program that is solved in whole numbers."""
MOST_PAIRS = 400_000
"""Programs of more pairs of places and sites take too long to be solved again."""


def no_program(case: Case, _bound: float) -> list[Message]:
    """No program of this model is written anew."""
    raise Unchecked(say("no program of {model} is written anew here", model=case.programme.model))


def proven_of_pairs(case: Case, bound: float) -> list[Message]:
    """The same for programs with a column for every pair, of which there may be too many."""
    refuse_too_many(case)
    return proven(case, bound)


def refuse_too_many(case: Case) -> None:
    """Unchecked where there are too many pairs."""
    if len(case.pairs.place) > MOST_PAIRS:
        raise Unchecked(say("{n:,} pairs of places and sites are too many to solve it again", n=len(case.pairs.place)))


def proven(case: Case, bound: float) -> list[Message]:
    """By the prices of a linear program, and in whole numbers where it is small."""
    book = textbook(case)
    program, offset = book.program, book.offset
    sign = -1.0 if case.maximises else 1.0
    relaxed = program.relaxed_bound(RELAXED_S)
    proof = None if relaxed is None else sign * relaxed + offset
    if proof is not None and not beats(case, proof, bound):
        return []
    if len(program.cost) <= SMALL:
        whole, values = program.whole_bound(WHOLE_S, case.gap * 0.1)
        if values is not None and book.is_whole:
            worth = sign * float(program.cost @ values) + offset
            if beats(case, worth, bound):
                sites = Listed(tuple(case.named(np.flatnonzero(values[: len(case.sites)] > 0.5).tolist())))
                return [
                    say(
                        "the plan {sites} is worth {worth}; the bound is {bound}",
                        sites=sites,
                        worth=shown(worth),
                        bound=shown(bound),
                    )
                ]
        if whole is not None and not beats(case, sign * whole + offset, bound):
            return []
        proof = sign * whole + offset if whole is not None else proof
    if proof is None:
        raise Unchecked(say("the linear program of it was not solved in time"))
    objective = case.entry["objective"]
    gap = abs(objective - proof) / max(abs(objective), 1e-9)
    raise Unchecked(
        say(
            "proven again is {proof} only, {gap:.3%} from the plan; the bound told is {bound}",
            proof=shown(proof),
            gap=gap,
            bound=shown(bound),
        )
    )


def is_possible(case: Case) -> tuple[str, ...] | None:
    """The open sites of a plan of the textbook program; None where it is proven that there is none.

    Unchecked where neither is known, or where the program lacks a rule that the plan may break.
    """
    refuse_too_many(case)
    book = textbook(case)
    impossible, values = book.program.is_impossible(WHOLE_S)
    if impossible:
        return None
    if values is None:
        raise Unchecked(say("the program written anew was not solved in time"))
    if not book.is_whole:
        raise Unchecked(
            say(
                "the program written anew has a plan, and lacks {keys}, which it may break",
                keys=Listed(tuple(book.lacks)),
            )
        )
    return tuple(case.named(np.flatnonzero(values[: len(case.sites)] > 0.5).tolist()))


def beats(case: Case, worth: float, bound: float) -> bool:
    """Is a worth better than a bound, by more than rounding? Where all demand is less than 1, so is what is rounded."""
    demand = case.inputs.demand
    least = 1.0 if demand is None else min(1.0, float(demand.weight.sum()))
    slack = TOLERANCE * max(least, abs(bound))
    return worth > bound + slack if case.maximises else worth < bound - slack
