"""An engine that does not keep its time is left behind, and what failed says why."""

import threading
import time
from dataclasses import replace

import pytest

from solver.engines.highs import Highs
from solver.engines.interrupt import Abandoned, Stoppable, abandoned_s, anything_left_behind
from solver.engines.outcome import Answer
from solver.events import SolveOptions
from solver.solve import solve_study
from solver.study.read import read_study
from tests.postoptimal.test_further import random_study


@pytest.mark.parametrize("limit_s", [1.0, 3.0, 10.0, 30.0, 240.0])
def test_what_is_left_behind_has_overrun_its_limit_by_less_than_is_allowed(limit_s: float) -> None:
    assert abandoned_s(limit_s) - limit_s < max(0.05 * limit_s, 2.0)


def test_work_that_does_not_listen_is_left_behind() -> None:
    done = threading.Event()
    began = time.monotonic()
    with pytest.raises(Abandoned):
        Stoppable(lambda _state: done.wait(30.0), time_limit_s=0.05).run()
    assert time.monotonic() - began < 2.0
    assert anything_left_behind()
    done.set()
    while anything_left_behind():
        time.sleep(0.01)


class Failing(Highs):
    """An engine whose answer does not hold together."""

    def run(self, program, ask):
        answer = super().run(program, ask)
        outcome = replace(answer.outcome, ended="failed", bound=None, raw="numbers of many sizes")
        return Answer(answer.values, outcome)


def test_a_failure_is_told_with_what_the_engine_said(tmp_path, monkeypatch) -> None:
    folder = random_study(tmp_path / "town", 0)[0].folder
    monkeypatch.setattr("solver.solve.engine_of", lambda _name: Failing())
    found = solve_study(read_study(folder), options=SolveOptions(gap=0.0)).programmes["x"]
    if found.ended == "failed":
        assert found.reasons[0].endswith("failed: numbers of many sizes; try another engine, and report this")
        assert "numbers of many sizes" in found.reasons_zh[0]
    else:  # what anybody can see proves it
        assert (found.ended, found.gap) == ("proven", pytest.approx(0.0, abs=1e-12))
