"""What a model itself asks and a plan may fail at: capacities and reach, named beside the rules where no plan exists.

A family of rows that says so gets the tag of its cause, and the search for a conflict takes it for a rule. Reach is
told only where some place is beyond the reach of some site: where every site reaches every place it is to blame for
nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.formulation import Formulation, Rule
from models.placed import Fed, problem_of
from models.problem import SitingProblem
from models.program import Family, Program
from models.rules import asked
from solver.postoptimal.sentences import Reasons

WORDS = {
    "capacity": "no site serves more than its capacity",
    "sizes": "modules carry what their site serves",
    "reach": "every place is served within reach",
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
    words: Mapping[str, str]


def with_causes(program: Program, models: Mapping[str, Formulation]) -> Causes:
    """The program with its causes tagged; `models`: prefix of families ("" for one model) -> the model they are of."""
    words: dict[str, str] = {}

    def tagged(family: Family) -> Family:
        prefix = next((p for p in models if p and family.name.startswith(p)), "")
        cause = _cause(family.name.removeprefix(prefix), models.get(prefix))
        if family.rule is not None or cause is None:
            return family
        told = f"{prefix.rstrip('.')}: " if prefix else ""
        words[prefix + cause] = f"{told}{_in_words(cause, program, prefix, models.get(prefix))}"
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


def _in_words(cause: str, program: Program, prefix: str, model: Formulation | None) -> str:
    problem = _own_service(model)
    serves_all = any(family.name.startswith(tuple(prefix + name for name in SERVED)) for family in program.families)
    if cause == "reach" or problem is None or not serves_all:
        return f"{WORDS[cause]} ({cause})"
    return f"{WORDS[cause]}; {_number(float(problem.demand.load.sum()))} are to be served ({cause})"


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


def held(model: Formulation, rules: Sequence[Rule], conflict: Sequence[str], prefix: str = "") -> Reasons:
    """What the sites that may open can hold at most, where that is less than what is to be served."""
    problem = _own_service(model)
    if prefix or problem is None or "capacity" not in conflict:
        return Reasons()
    capacity, total = problem.sites.capacity, float(problem.demand.load.sum())
    new = problem.sites.is_new & ~problem.sites.fixed_closed
    there = float(capacity[~new & ~problem.sites.fixed_closed].sum())
    many = asked.most(rule for rule in rules if rule.key in conflict)
    most = int(new.sum()) if many is None else min(int(new.sum()), many)
    can = there + float(np.sort(capacity[new])[::-1][:most].sum())
    if not can < total:
        return Reasons()
    en, zh = _counted(most, there > 0)
    shown = {"can": _number(can), "total": _number(total), "lack": _number(total - can)}
    return Reasons(
        (f"{en} at most {shown['can']} of {shown['total']}: {shown['lack']} are too many",),
        (f"{zh}至多 {shown['can']}，共需 {shown['total']}，尚缺 {shown['lack']}",),
    )


def _counted(most: int, more: bool) -> tuple[str, str]:
    sites = "1 new site" if most == 1 else f"{most:,} new sites"
    if not more:
        return f"{sites} {'holds' if most == 1 else 'hold'}", f"{most:,} 个新站点容量"
    return f"{sites} and those that are there hold", f"{most:,} 个新站点与现有站点容量合计"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value.is_integer() or abs(value) >= 1e4 else f"{value:,.6g}"
