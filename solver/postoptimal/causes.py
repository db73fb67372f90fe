"""What a model itself asks and a plan may fail at: capacities and reach, named beside the rules where no plan exists.

A family of rows that says so gets the tag of its cause, and the search for a conflict takes it for a rule. Reach is
told only where some place is beyond the reach of some site: where every site reaches every place it is to blame for
nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.formulation import Formulation, Rule
from models.messages import Message, say
from models.placed import Fed, problem_of
from models.problem import SitingProblem
from models.program import Family, Program
from models.rules import asked

WORDS = {
    "capacity": say("no site serves more than its capacity"),
    "sizes": say("modules carry what their site serves"),
    "reach": say("every place is served within reach"),
}
"""Tag of a cause -> what is asked; its key in a study stands behind in brackets."""
SERVED = ("every_place_is_served", "every_place_reached_by", "served_at_")
"""How the families begin that ask for the service of all."""
FAMILIES = {
    "load_within_capacity": "capacity",
    "capacity_suffices": "capacity",
    "within_the_capacity_of_an_open_site": "capacity",
    "an_open_site_carries_at_most_its_capacity": "capacity",
    "refuelled_within_capacity": "capacity",
    "modules_carry_the_load": "sizes",
}
"""Family of rows -> its cause."""


@dataclass(frozen=True)
class Causes:
    """A program whose families carry their causes, and the words of each tag."""

    program: Program
    words: Mapping[str, Message]


def with_causes(program: Program, models: Mapping[str, Formulation]) -> Causes:
    """The program with its causes tagged; `models`: prefix of families ("" for one model) -> the model they are of."""
    words: dict[str, Message] = {}

    def tagged(family: Family) -> Family:
        prefix = next((p for p in models if p and family.name.startswith(p)), "")
        cause = _cause(family.name.removeprefix(prefix), models.get(prefix))
        if family.rule is not None or cause is None:
            return family
        asked_for = _in_words(cause, program, prefix, models.get(prefix))
        part = prefix.rstrip(".")
        words[prefix + cause] = say("{part}: {text}", part=part, text=asked_for) if prefix else asked_for
        return replace(family, rule=prefix + cause)

    families = tuple(tagged(family) for family in program.families)
    return Causes(replace(program, families=families), words)


def _cause(name: str, model: Formulation | None) -> str | None:
    if name.startswith(SERVED):
        problem = _own_service(model)
        return "reach" if problem is not None and _limited(problem) else None
    return FAMILIES.get(name)


def _limited(problem: SitingProblem) -> bool:
    """Whether some place is beyond the reach of some site that may open."""
    usable = ~problem.sites.fixed_closed
    pairs = problem.travel[np.flatnonzero(problem.demand.weight > 0)][:, np.flatnonzero(usable)]
    return bool(pairs.nnz < pairs.shape[0] * pairs.shape[1])


def _own_service(model: Formulation | None) -> SitingProblem | None:
    """Sites, places and travel of a model whose sites serve by themselves, without others that feed them."""
    return None if model is None or isinstance(model, Fed) else problem_of(model)


def _in_words(cause: str, program: Program, prefix: str, model: Formulation | None) -> Message:
    problem = _own_service(model)
    serves_all = any(family.name.startswith(tuple(prefix + name for name in SERVED)) for family in program.families)
    if cause == "reach" or problem is None or not serves_all:
        return say("{limit} ({key})", limit=WORDS[cause], key=cause)
    total = _number(float(problem.demand.load.sum()))
    return say("{limit}; {total} are to be served ({key})", limit=WORDS[cause], total=total, key=cause)


def worth_telling(conflict: Sequence[str], causes: Causes, rules: Sequence[Rule]) -> tuple[str, ...]:
    """The conflict without causes that go without saying: what money pays for, where money is short.

    A budget alone is too small for the cheapest plan, which serves what is within reach; modules are bought with it.
    """
    budgets = asked.keys_of_money(rules)
    ruled = [key for key in conflict if key not in causes.words]
    silent = {"sizes"} if budgets & set(ruled) else set()
    silent |= {"reach"} if ruled and set(ruled) <= budgets else set()
    told = tuple(key for key in conflict if key not in causes.words or key.rpartition(".")[2] not in silent)
    return told or tuple(conflict)


def held(model: Formulation, rules: Sequence[Rule], conflict: Sequence[str], prefix: str = "") -> tuple[Message, ...]:
    """What the sites that may open can hold at most, where that is less than what is to be served."""
    problem = _own_service(model)
    if prefix or problem is None or "capacity" not in conflict:
        return ()
    capacity, total = problem.sites.capacity, float(problem.demand.load.sum())
    new = problem.sites.is_new & ~problem.sites.fixed_closed
    there = float(capacity[~new & ~problem.sites.fixed_closed].sum())
    many = asked.most(rule for rule in rules if rule.key in conflict)
    most = int(new.sum()) if many is None else min(int(new.sum()), many)
    can = there + float(np.sort(capacity[new])[::-1][:most].sum())
    if not can < total:
        return ()
    shown = {"can": _number(can), "total": _number(total), "lack": _number(total - can)}
    sites = _holding(most, there > 0)
    return (say("{sites} at most {can} of {total}: {lack} are too many", sites=sites, **shown),)


def _holding(n: int, more: bool) -> Message:
    if more:
        sites = say("{n:,} new site", n=n) if n == 1 else say("{n:,} new sites", n=n)
        return say("{sites} and those that are there hold", sites=sites)
    return say("{n:,} new site holds", n=n) if n == 1 else say("{n:,} new sites hold", n=n)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value.is_integer() or abs(value) >= 1e4 else f"{value:,.6g}"
