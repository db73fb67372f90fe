"""How a solve ended, its bound and its gap: whether they fit each other and what the study asked."""

from models.messages import Listed, Message, say
from solver.verify.case import Case
from solver.verify.verdict import TOLERANCE, Check, apart, same, shown

ENDS = ("proven", "limit", "infeasible", "unbounded", "interrupted", "failed")
PLANLESS = ("infeasible", "unbounded")


def the_end_fits_what_is_in_hand(case: Case) -> list[Message]:
    """A limit is named where one ended it; what is infeasible has no plan and says why; no plan has no figures."""
    entry = case.entry
    ended, found = entry["ended"], []
    if ended not in ENDS:
        found.append(say("ended is {ended}; known are {known}", ended=ended, known=Listed(tuple(ENDS))))
    if (ended == "limit") != (entry["limit"] is not None):
        found.append(say("ended is {ended} and limit is {limit}", ended=ended, limit=entry["limit"]))
    if ended in PLANLESS and case.has_plan:
        found.append(
            say(
                "ended is {ended}, and there is a plan worth {objective}",
                ended=ended,
                objective=shown(entry["objective"]),
            )
        )
    if ended == "infeasible" and not entry["reasons"] and not case.member:
        found.append(say("there is no plan and no reason"))
    if ended == "proven" and not case.has_plan:
        found.append(say("proven without a plan"))
    if not case.has_plan:
        left = [key for key in ("sites", "kept_sites", "units", "figures") if entry[key]]
        found += [say("there is no plan, but {key}", key=key) for key in left] + (
            [say("no plan has a cost")] * bool(entry["cost"])
        )
    return found


def the_gap_is_the_distance_of_plan_and_bound(case: Case) -> list[Message]:
    """|objective - bound| / |objective|, unknown where either is."""
    objective, bound = case.entry["objective"], case.entry["bound"]
    right = None if objective is None or bound is None else abs(objective - bound) / max(abs(objective), 1e-9)
    return apart("gap", case.entry["gap"], right)


def the_plan_is_no_better_than_the_bound(case: Case) -> list[Message] | None:
    """A bound that a plan beats is none."""
    objective, bound = case.entry["objective"], case.entry["bound"]
    if objective is None or bound is None:
        return None
    better = objective > bound if case.maximises else objective < bound
    if not better or same(objective, bound):
        return []
    return [
        say(
            "the plan is worth {objective}, better than the bound {bound}",
            objective=shown(objective),
            bound=shown(bound),
        )
    ]


def proven_is_within_the_gap_that_was_asked(case: Case) -> list[Message] | None:
    """A programme of a portfolio is proven with the whole; one of two objectives may lose what the study allows."""
    entry = case.entry
    if entry["ended"] != "proven" or case.member:
        return None
    if entry["bound"] is None:
        return [say("proven without a bound")]
    gap = abs(entry["objective"] - entry["bound"]) / max(abs(entry["objective"]), 1e-9)
    asked = case.gap
    if case.programme.objective_order[:1] == ["coverage"]:
        asked += case.programme.order_tolerance / max(1e-9, 1 - case.programme.order_tolerance)
    slack = TOLERANCE * max(1.0, abs(entry["objective"])) / max(abs(entry["objective"]), 1e-9)
    return (
        [say("proven with a gap of {gap:.6%}; {asked:.6%} was asked", gap=gap, asked=asked)]
        if gap > asked + slack
        else []
    )


PROOF: tuple[Check[Case], ...] = (
    the_end_fits_what_is_in_hand,
    the_gap_is_the_distance_of_plan_and_bound,
    the_plan_is_no_better_than_the_bound,
    proven_is_within_the_gap_that_was_asked,
)
