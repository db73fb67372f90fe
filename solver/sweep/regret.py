"""Which plan is safest over scenarios: every plan valued in every scenario, and what it loses against the best there.

Regret r_st of the plan made for scenario s where t comes true is |best_t - worth of the plan in t|. The robust plan is
that of the least greatest regret (Savage 1951; Daskin, Hesse & ReVelle 1997), ties by the mean. The best of a scenario
is known between its plan and its bound, so regret lies between two numbers; the greater one decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from models.errors import SitingError
from models.messages import Listed, say, worded
from solver.engines.catalogue import engine as engine_of
from solver.inputs.instance import load_instance
from solver.optimise.options import ask_of
from solver.pose.programme import pose
from solver.study.read import setting
from solver.sweep.cases import Case
from solver.sweep.execute import Shared, source_of
from solver.sweep.runs import Run
from solver.sweep.tornado import value_text
from solver.sweep.value import Decided, Valued, value_of_plan
from solver.words.speech import ENGLISH, Speech
from solver.workers.pools import each

MATRIX: tuple[str, ...] = (
    *("programme", "values", "plan_of", "run", "scenario", "worth", "best", "bound"),
    *("regret_at_least", "regret_at_most", "cost", "covered_share", "breaks"),
)
PLANS: tuple[str, ...] = (
    *("programme", "values", "plan_of", "run", "scenarios", "possible_in"),
    *("max_regret", "mean_regret", "worst_in", "breaks", "robust"),
)
Worths = dict[tuple[str, int, int], Valued]
"""Programme, run of the plan, run it is valued in -> what it is worth."""


@dataclass(frozen=True, eq=False)
class Regret:
    """`matrix`: one row per plan and scenario; `plans`: one row per plan. Empty where there are no scenarios."""

    matrix: pd.DataFrame
    plans: pd.DataFrame


def regret(runs: Sequence[Run], found: Mapping[str, Sequence[Case]], shared: Shared, out: Path, **where: Any) -> Regret:
    """The regret of every plan over the scenarios that were run at the same values; `where` says who does the work."""
    alone = {name: cases for name, cases in found.items() if _can_value(name, runs)}
    pairs = [pair for cases in alone.values() for pair in _pairs(cases)]
    if not pairs:
        return Regret(pd.DataFrame(columns=list(MATRIX)), pd.DataFrame(columns=list(PLANS)))
    worths = _valued(runs, alone, shared, out, **where)
    matrix = [row for name, cases in alone.items() for row in _matrix(name, cases, worths, shared.speech)]
    table = pd.DataFrame(matrix, columns=list(MATRIX))
    return Regret(table, plans_of(table, shared.speech))


def _can_value(name: str, runs: Sequence[Run]) -> bool:
    """Programmes of their own, without years: plans of portfolios and of years are more than sites and units."""
    study = runs[0].file.study
    return name in study.programmes and study.programmes[name].phasing is None


def _pairs(cases: Sequence[Case]) -> list[tuple[Case, Case]]:
    """Every plan with every other scenario at the same values."""
    return [
        (plan, world)
        for plan in cases
        for world in cases
        if plan.has_plan and plan.scenario != world.scenario and plan.point == world.point
    ]


def _valued(
    runs: Sequence[Run], found: Mapping[str, Sequence[Case]], shared: Shared, out: Path, **where: Any
) -> Worths:
    """What every plan is worth in every other scenario; one piece of work per run."""
    asked: dict[int, list[tuple[str, int, Decided]]] = {}
    for name, cases in found.items():
        for plan, world in _pairs(cases):
            asked.setdefault(world.run, []).append((name, plan.run, decided_of(plan)))
    numbers = list(asked)
    pieces = [(runs[number - 1], asked[number], shared) for number in numbers]
    worths: Worths = {}
    for position, answer in each(value_in, pieces, shared=out, **where):
        for name, run, _ in asked[numbers[position]]:
            if isinstance(answer, Exception):
                worths[name, run, numbers[position]] = Valued(None, breaks=(say("not valued: {error}", error=answer),))
            else:
                worths[name, run, numbers[position]] = answer[name, run]
    return worths


def decided_of(case: Case) -> Decided:
    """What a run's plan decides."""
    entry = case.entry
    return Decided(frozenset([*entry["sites"], *entry["kept_sites"]]), entry["units"])


def value_in(run: Run, plans: Sequence[tuple[str, int, Decided]], shared: Shared) -> dict[tuple[str, int], Valued]:
    """What plans (programme, run, decision) are worth in the world of a run."""
    names = tuple(dict.fromkeys(name for name, _, _ in plans))
    try:
        instance = load_instance(run.file, names)
        source = source_of(instance, shared)
        posed = {name: pose(instance.programmes[name], source) for name in names}
    except (SitingError, MemoryError) as error:
        return {
            (name, plan): Valued(None, breaks=(say("not valued: {error}", error=error),)) for name, plan, _ in plans
        }
    found = {}
    for name, plan, decided in plans:
        study, programme = run.file.study, run.file.study.programmes[name]
        engine, ask = engine_of(setting(programme, study, "engine")), ask_of(programme, study)
        try:
            found[name, plan] = value_of_plan(posed[name], decided, engine, ask)
        except SitingError as error:
            found[name, plan] = Valued(None, breaks=(say("not valued: {error}", error=error),))
    return found


def _matrix(name: str, cases: Sequence[Case], worths: Worths, speech: Speech) -> Iterable[list[Any]]:
    for plan in cases:
        alike = [case for case in cases if case.point == plan.point]
        if not plan.has_plan or len(alike) < 2:
            continue
        sense = str(plan.entry.get("sense"))
        for world in alike:
            valued = _valued_in(name, plan, world, worths)
            best = _best_in(name, world, alike, worths, sense)
            least, most = regrets(valued.objective, best, world.figure("bound"), sense)
            told = [valued.objective, best, world.figure("bound"), least, most, valued.cost, valued.covered_share]
            place = [name, value_text(plan.point) or None, plan.scenario, plan.run, world.scenario]
            yield [*place, *told, worded(Listed(valued.breaks), speech) or None]


def _valued_in(name: str, plan: Case, world: Case, worths: Worths) -> Valued:
    if world is not plan:
        return worths[name, plan.run, world.run]
    return Valued(plan.figure("objective"), plan.figure("cost"), plan.figure("covered_share"))


def _best_in(name: str, world: Case, plans: Sequence[Case], worths: Worths, sense: str) -> float | None:
    """The best that is known of a world: of its own plan and of those of others that keep its rules."""
    if not world.has_plan:
        return None
    valued = [_valued_in(name, plan, world, worths) for plan in plans if plan.has_plan]
    known = [v.objective for v in valued if v.objective is not None and not v.breaks]
    return max(known) if sense == "max" else min(known)


def regrets(
    worth: float | None, best: float | None, bound: float | None, sense: str
) -> tuple[float | None, float | None]:
    """The least and the greatest that a worth may lose against the best, known between a plan and a bound."""
    if worth is None:
        return None, None
    sign = 1.0 if sense == "max" else -1.0
    least = None if best is None else max(0.0, sign * (best - worth))
    most = None if bound is None else max(0.0, sign * (bound - worth))
    return least, most if most is None or least is None else max(least, most)


def plans_of(matrix: pd.DataFrame, speech: Speech = ENGLISH) -> pd.DataFrame:
    """One row per plan: in how many scenarios it can be carried out within the rules, its greatest and mean regret.

    `robust` marks, for each programme and values, the plan of the least greatest regret among those that can be
    carried out in every scenario that has a plan at all.
    """
    rows = []
    keys = ["programme", "values", "plan_of", "run"]
    for (name, values, scenario, run), part in matrix.groupby(keys, dropna=False, sort=False):
        asked = part[part["best"].notna()]
        possible = asked["worth"].notna() & asked["breaks"].isna()
        whole = bool(possible.all())
        most = asked["regret_at_most"].where(asked["regret_at_most"].notna(), asked["regret_at_least"])
        worst = asked["scenario"][most.idxmax()] if whole and most.notna().all() else None
        told = [most.max(), most.mean(), worst] if worst is not None else [None, None, None]
        lost = asked[~possible]
        why = [
            say("{scenario}: {why}", scenario=s, why=w) for s, w in zip(lost["scenario"], lost["breaks"], strict=True)
        ]
        breaks = worded(Listed(why, by="semicolon"), speech)
        values_text = None if pd.isna(values) else values
        rows.append([name, values_text, scenario, run, len(asked), int(possible.sum()), *told, breaks or None, False])
    plans = pd.DataFrame(rows, columns=list(PLANS))
    for _, part in plans[plans["max_regret"].notna()].groupby(["programme", "values"], dropna=False, sort=False):
        best = part.sort_values(["max_regret", "mean_regret", "run"]).index[0]
        plans.loc[best, "robust"] = True
    return plans
