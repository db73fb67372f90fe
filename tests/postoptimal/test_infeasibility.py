from dataclasses import replace

import numpy as np
import pytest

from models.program import Program, ProgramBuilder, identity, row_of
from solver.engines.engine import Ask, Features
from solver.engines.highs import Highs
from solver.engines.outcome import Answer, Outcome
from solver.postoptimal.infeasibility import explain
from solver.postoptimal.sentences import told

ASK = Ask(time_limit_s=20.0, gap=0.0)
COSTS = np.array([4.0, 5.0, 6.0, 7.0])


def town(*, budget: float, count: int, floor: float = 0.0, pair_floor: float = 0.0) -> Program:
    """Four sites of cost 4, 5, 6, 7; exactly `count` open, cost within `budget`.

    Sites 0, 1 lie in the west and 2, 3 in the east; every half has at least `floor` of its sites.
    """
    builder = ProgramBuilder("town", "max")
    opened = builder.columns("open", 4, upper=1.0, integer=True, objective=1.0, labels=["A", "B", "C", "D"])
    builder.rows("costs_stay_within_budget", [(row_of(COSTS), opened)], upper=budget, rule="budget")
    builder.rows("so_many_sites", [(row_of(np.ones(4)), opened)], lower=count, upper=count, rule="sites")
    halves = row_of(np.array([1.0, 1.0, 0.0, 0.0])), row_of(np.array([0.0, 0.0, 1.0, 1.0]))
    for name, half in zip(("west", "east"), halves, strict=True):
        builder.rows(f"floor_{name}", [(half, opened)], lower=floor, rule="floor")
    builder.rows("ends_of_the_road", [(row_of(np.array([1.0, 0.0, 0.0, 1.0])), opened)], lower=pair_floor, rule="ends")
    return builder.build()


WORDS = {"budget": "cost at most 14", "sites": "3 sites", "floor": "a floor", "ends": "both ends", "spacing": "unused"}


def test_a_budget_too_small_is_told_with_the_least_that_works() -> None:
    # the three cheapest cost 4 + 5 + 6 = 15, the budget is 14; two sites (at most 11) would do
    found = explain(town(budget=14, count=3), WORDS, Highs(), ASK)
    assert set(found.conflict) == {"budget", "sites"}
    assert found.smallest
    assert not found.further
    budget = next(change for change in found.changes if change.rule == "budget")
    assert (budget.row, budget.side, budget.asked) == ("costs_stay_within_budget[0]", "at most", 14.0)
    assert budget.by == pytest.approx(1.0)
    assert budget.at_least == pytest.approx(1.0)
    assert budget.works == pytest.approx(15.0)
    sites = next(change for change in found.changes if change.rule == "sites")
    assert (sites.side, sites.works) == ("at least", pytest.approx(2.0))


def test_the_words_of_the_rules_carry_the_explanation() -> None:
    lines = told(explain(town(budget=14, count=3), WORDS, Highs(), ASK), {}).said
    assert lines == (
        "cannot be kept together: 'cost at most 14'; '3 sites'",
        "there is a plan if 'cost at most 14' is raised by 1, and by no less",
        "there is a plan if '3 sites' is lowered by 1",
    )


def test_rules_without_part_in_the_conflict_are_left_out() -> None:
    # both ends, A and D, cost 4 + 7 = 11 > 10: budget against ends; a floor of 0 and one site each change nothing
    found = explain(town(budget=10, count=2, pair_floor=2), WORDS, Highs(), ASK)
    assert set(found.conflict) == {"budget", "ends"}
    assert {change.rule: change.works for change in found.changes} == {
        "budget": pytest.approx(11.0),
        "ends": pytest.approx(1.0),
    }


def test_a_rule_of_several_rows_gives_way_where_it_must() -> None:
    # floor 2 in each half needs 4 sites; 3 are asked: one half falls to 1. Three sites at most cost 18.
    found = explain(town(budget=18, count=3, floor=2), WORDS, Highs(), ASK)
    assert set(found.conflict) == {"sites", "floor"}
    floors = [change for change in found.changes if change.rule == "floor"]
    assert [(change.works, change.at_least) for change in floors] == [(pytest.approx(1.0), None)]
    assert floors[0].row in ("floor_west[0]", "floor_east[0]")


def test_a_second_conflict_is_announced() -> None:
    # sites (3, at least 15) against the budget of 3; the ends ask for 3 of 2 sites, which nothing can keep
    found = explain(town(budget=3, count=3, pair_floor=3), WORDS, Highs(), ASK)
    assert found.conflict == ("ends",)
    assert found.further
    assert told(found, {}).said[-1] == "other rules contradict each other too: run again once these are mended"


def test_a_model_that_contradicts_itself_is_not_blamed_on_a_rule() -> None:
    builder = ProgramBuilder("none", "max")
    column = builder.columns("open", 2, upper=1.0, integer=True)
    builder.rows("served", [(identity(2), column)], lower=2.0)
    builder.rows("count", [(row_of(np.ones(2)), column)], upper=1.0, rule="sites")
    found = explain(builder.build(), WORDS, Highs(), ASK)
    assert found.conflict == ()
    assert "even without the rules" in str(told(found, {}).said[0])


class NeverDone:
    """An engine that always runs out of time with nothing in hand."""

    name = "never-done"
    features = Features()

    def version(self) -> str:
        return "1"

    def run(self, program: Program, ask: Ask) -> Answer:
        outcome = Outcome(
            ended="limit",
            limit="time",
            holds_plan=False,
            objective=None,
            bound=None,
            seconds=ask.time_limit_s,
            engine=self.name,
            version="1",
            raw="time",
        )
        return Answer(None, outcome)


def test_a_conflict_not_proven_smallest_says_so() -> None:
    found = explain(town(budget=14, count=3), WORDS, NeverDone(), ASK)
    assert found.conflict == ("budget", "sites", "floor", "ends")  # none could be shown to be innocent
    assert not found.smallest
    assert found.changes == ()
    assert "time ran out" in str(told(found, {}).said[0])


class Interrupted(Highs):
    """HiGHS that Ctrl-C ends in its second run; says how long it was given each time."""

    def __init__(self) -> None:
        self.given: list[float] = []

    def run(self, program: Program, ask: Ask) -> Answer:
        self.given.append(ask.time_limit_s)
        answer = super().run(program, ask)
        if len(self.given) != 2:
            return answer
        return Answer(None, replace(answer.outcome, ended="interrupted", holds_plan=False, objective=None, bound=None))


def test_after_ctrl_c_an_explanation_takes_only_a_moment_more() -> None:
    engine = Interrupted()
    found = explain(town(budget=14, count=3), WORDS, engine, ASK)
    assert not found.smallest
    assert min(engine.given[:2]) > 1.0
    assert max(engine.given[2:]) <= 0.05  # half of a tenth of a second
