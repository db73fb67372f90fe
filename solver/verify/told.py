"""What an entry of a result tells beside its numbers: unit and sense, reasons, seconds, the search for other plans."""

from math import isfinite

from models.messages import Listed, Message, say
from solver.verify.case import Case
from solver.verify.joint import Joint
from solver.verify.proven import is_possible
from solver.verify.verdict import Check, Unchecked, apart, same

SHARES = "weighted shares of full coverage"


def the_objective_has_its_unit_and_sense(told: Case | Joint) -> list[Message]:
    """objective_unit and sense, as the model has them."""
    unit = SHARES if isinstance(told, Joint) else _unit(told)
    most = isinstance(told, Joint) or told.maximises
    found = apart("objective_unit", told.entry["objective_unit"], unit)
    return found + (apart("sense", told.entry["sense"], "max" if most else "min") if told.entry.get("sense") else [])


def _unit(case: Case) -> str:
    """What the objective of a model counts."""
    one = case.model.unit(case)
    return one if case.programme.phasing is None else f"{one}, summed over the years"


def reasons_stand_where_there_is_no_plan(told: Case | Joint) -> list[Message] | None:
    """A plan needs no reasons why there is none; those of a programme without one are the run's own words."""
    entry = told.entry
    reasons, chinese = entry["reasons"], entry.get("reasons_zh", [])
    if not reasons and not chinese:
        return None
    if told.has_plan and entry["ended"] == "proven":
        return [say("there is a proven plan, and a reason: {reason}", reason=(reasons or chinese)[0])]
    if chinese and len(chinese) != len(reasons):
        return [say("there are {n} reasons in English and {right} in Chinese", n=len(reasons), right=len(chinese))]
    raise Unchecked(say("only the run knows why: {reason}", reason=(reasons or chinese)[0]))


def there_is_no_plan_where_none_is_told(case: Case) -> list[Message] | None:
    """infeasible, by the textbook program in whole numbers: whether any choice of sites keeps all rules."""
    if case.entry["ended"] != "infeasible" or case.has_plan or case.member:
        return None
    if case.programme.phasing is not None:
        raise Unchecked(say("programmes over years are not solved again"))
    plan = is_possible(case)
    if plan is None:
        return []
    if not case.model.leaves_out or (case.model.assigns(case) and case.programme.single_source):
        raise Unchecked(say("the program written anew has a plan; it may leave out places that must be served"))
    return [say("the plan {plan} keeps every rule", plan=Listed(tuple(plan)))]


def other_plans_are_as_many_as_were_asked(case: Case) -> list[Message] | None:
    """alternatives_sought: how many, how much each may lose, and how the search for them ended."""
    sought, others = case.entry.get("alternatives_sought"), case.entry.get("alternatives") or []
    if sought is None:
        return [say("{n} other plans, and none were sought", n=len(others))] if others else None
    found = (
        []
        if len(others) <= sought["count"]
        else [say("{n} other plans; {count} were asked for", n=len(others), count=sought["count"])]
    )
    if (sought["ended"] == "complete") != (len(others) == sought["count"]):
        found.append(
            say(
                "the search ended {ended} with {n} of {count} plans",
                ended=sought["ended"],
                n=len(others),
                count=sought["count"],
            )
        )
    found += [
        say(
            "other plan {n} loses {lost:.4%}; at most {within:.4%} was asked for",
            n=i + 1,
            lost=other["lost_share"],
            within=sought["within"],
        )
        for i, other in enumerate(others)
        if other["lost_share"] > sought["within"] + 1e-6
    ]
    section, asked = case.programme.alternatives, case.asked
    for key in ("count", "within"):
        right = asked.get({"count": "alternatives"}.get(key, key), None if section is None else getattr(section, key))
        if right is not None and not same(sought[key], right):
            found += apart(say("{key} of other plans sought", key=key), sought[key], right)
    if section is None and not {"alternatives", "within"} & asked.keys() and not found:
        raise Unchecked(say("the result does not say how many other plans were asked for"))
    return found


def seconds_are_possible(told: Case | Joint) -> list[Message]:
    """Numbers of zero or more; how many they were, only the run knows."""
    wrong = [(k, v) for k, v in told.entry["seconds"].items() if not (isfinite(v) and v >= 0)]
    return [say("{key} took {value} s", key=key, value=value) for key, value in wrong]


TELLING: tuple[Check[Case], ...] = (
    the_objective_has_its_unit_and_sense,
    reasons_stand_where_there_is_no_plan,
    there_is_no_plan_where_none_is_told,
    other_plans_are_as_many_as_were_asked,
    seconds_are_possible,
)
JOINTLY: tuple[Check[Joint], ...] = (
    the_objective_has_its_unit_and_sense,
    reasons_stand_where_there_is_no_plan,
    seconds_are_possible,
)
