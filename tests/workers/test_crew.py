"""Processes that work for a run: answers, faults and ends come home, whatever the number of jobs."""

import os
from pathlib import Path

import pytest

from models.errors import ProblemError
from models.messages import say
from solver import solve as solving
from solver.errors import WorkersError
from solver.events import Event, Listener
from solver.solve import solve_study
from solver.study.read import read_study
from solver.workers.crew import Crew

TEACHING = Path(__file__).parents[2] / "instances" / "teaching"


def doubled(number: int, listen: Listener) -> int:
    listen(Event("", "work", say("{n:g} new site", n=number), None))
    return 2 * number


def refused(number: int, _listen: Listener) -> int:
    raise ProblemError(say("{n:g} new site", n=number))


def dies(_listen: Listener) -> None:
    os._exit(1)


@pytest.mark.parametrize("jobs", [1, 2])
def test_answers_events_and_errors_come_home(jobs: int) -> None:
    heard: list[Event] = []
    with Crew(jobs, heard.append) as crew:
        pieces = [crew.later(doubled, number) for number in range(5)]
        assert sorted(piece.answer() for piece in crew.as_they_end(pieces)) == [0, 2, 4, 6, 8]
        assert len(heard) == 5
        with pytest.raises(ProblemError, match="7 new site"):
            crew.answer_of(crew.later(refused, 7))
        assert crew.answer_of(crew.later(doubled, 4)) == 8


def test_a_process_that_dies_is_told_and_not_waited_for() -> None:
    with Crew(2, lambda _event: None) as crew, pytest.raises(WorkersError, match="ended suddenly"):
        crew.answer_of(crew.later(dies))


def test_a_study_is_solved_alike_with_any_number_of_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solving, "LARGE", 0)
    file = read_study(TEACHING / "budget" / "study.toml")
    heard: list[str] = []
    results = [solve_study(file, jobs=jobs, on_event=lambda event: heard.append(event.programme)) for jobs in (1, 2)]
    one, two = ([{**each.as_json(), "seconds": None} for each in result.programmes.values()] for result in results)
    assert len(one) >= 2
    assert one == two
    assert {"free", "fair"} <= set(heard)
