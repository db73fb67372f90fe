"""What an entry of a result tells beside its numbers: unit and sense, reasons, seconds, the search for other plans."""

from math import isfinite

from solver.verify.case import Case
from solver.verify.joint import Joint
from solver.verify.proven import is_possible
from solver.verify.verdict import Check, Unchecked, apart, same

SHARES = "weighted shares of full coverage"


def the_objective_has_its_unit_and_sense(told: Case | Joint) -> list[str]:
    """objective_unit and sense, as the model has them."""
    unit = SHARES if isinstance(told, Joint) else _unit(told)
    most = isinstance(told, Joint) or told.maximises
    found = apart("objective_unit", told.entry["objective_unit"], unit)
    return found + (apart("sense", told.entry["sense"], "max" if most else "min") if told.entry.get("sense") else [])


def _unit(case: Case) -> str:
    """What the objective of a model counts."""
    one = case.model.unit(case)
    return one if case.programme.phasing is None else f"{one}, summed over the years"


def reasons_stand_where_there_is_no_plan(told: Case | Joint) -> list[str] | None:
    """A plan needs no reasons why there is none; those of a programme without one are the run's own words."""
    entry = told.entry
    reasons, chinese = entry["reasons"], entry.get("reasons_zh", [])
    if not reasons and not chinese:
        return None
    if told.has_plan and entry["ended"] == "proven":
        return [f"there is a proven plan, and a reason: {(reasons or chinese)[0]}"]
    if chinese and len(chinese) != len(reasons):
        return [f"there are {len(reasons)} reasons in English and {len(chinese)} in Chinese"]
    raise Unchecked(f"only the run knows why: {(reasons or chinese)[0]}")


def there_is_no_plan_where_none_is_told(case: Case) -> list[str] | None:
    """infeasible, by the textbook program in whole numbers: whether any choice of sites keeps all rules."""
    if case.entry["ended"] != "infeasible" or case.has_plan or case.member:
        return None
    if case.programme.phasing is not None:
        raise Unchecked("programmes over years are not solved again")
    plan = is_possible(case)
    if plan is None:
        return []
    if not case.model.leaves_out or (case.model.assigns(case) and case.programme.single_source):
        raise Unchecked("the program written anew has a plan; it may leave out places that must be served")
    return [f"the plan {', '.join(plan)} keeps every rule"]


def other_plans_are_as_many_as_were_asked(case: Case) -> list[str] | None:
    """alternatives_sought: how many, how much each may lose, and how the search for them ended."""
    sought, others = case.entry.get("alternatives_sought"), case.entry.get("alternatives") or []
    if sought is None:
        return [f"{len(others)} other plans, and none were sought"] if others else None
    found = [] if len(others) <= sought["count"] else [f"{len(others)} other plans; {sought['count']} were asked for"]
    if (sought["ended"] == "complete") != (len(others) == sought["count"]):
        found.append(f"the search ended {sought['ended']} with {len(others)} of {sought['count']} plans")
    found += [
        f"other plan {i + 1} loses {other['lost_share']:.4%}; at most {sought['within']:.4%} was asked for"
        for i, other in enumerate(others)
        if other["lost_share"] > sought["within"] + 1e-6
    ]
    section, asked = case.programme.alternatives, case.asked
    for key in ("count", "within"):
        right = asked.get({"count": "alternatives"}.get(key, key), None if section is None else getattr(section, key))
        if right is not None and not same(sought[key], right):
            found += apart(f"{key} of other plans sought", sought[key], right)
    if section is None and not {"alternatives", "within"} & asked.keys() and not found:
        raise Unchecked("the result does not say how many other plans were asked for")
    return found


def seconds_are_possible(told: Case | Joint) -> list[str]:
    """Numbers of zero or more; how many they were, only the run knows."""
    wrong = [(k, v) for k, v in told.entry["seconds"].items() if not (isfinite(v) and v >= 0)]
    return [f"{key} took {value} s" for key, value in wrong]


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
