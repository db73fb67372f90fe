"""The first plan survives Ctrl-C wherever it comes."""

import pytest

from solver.anytime import optimise
from solver.engines.engine import Ask, Engine, Features
from solver.engines.highs import Highs
from solver.instance import load_instance
from solver.pose.catalogue import pose
from solver.study.read import read_study
from solver.travel import read_matrix
from tests.test_worth import random_study


class Unstoppable(Highs):
    """An engine that Ctrl-C ends without a word."""

    features = Features()

    def run(self, program, ask):
        raise KeyboardInterrupt


def solved(tmp_path, engine: Engine, search_s=0.3):
    folder = random_study(tmp_path / "s", 0)[0].folder
    file = read_study(folder)
    posed = pose(load_instance(file).programmes["x"], read_matrix(file))
    return posed, optimise(posed, engine, Ask(gap=-1.0), search_s=search_s, say=lambda _stage, _text: None)


def test_an_engine_that_cannot_be_stopped_leaves_the_first_plan_and_its_bound(tmp_path):
    posed, found = solved(tmp_path, Unstoppable())
    assert (found.outcome.ended, found.outcome.holds_plan, found.outcome.engine) == ("interrupted", True, "highs")
    assert found.outcome.objective == posed.formulation.objective_of(found.plan)
    assert found.outcome.bound >= found.outcome.objective


def test_ctrl_c_while_the_first_plan_is_bounded_leaves_it_without_a_bound(tmp_path, monkeypatch):
    def stopped(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr("solver.anytime.lp_bound", stopped)
    _, found = solved(tmp_path, Highs())
    assert (found.outcome.ended, found.outcome.holds_plan, found.outcome.bound) == ("interrupted", True, None)


def test_without_a_first_plan_there_is_nothing_to_keep(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        solved(tmp_path, Unstoppable(), search_s=0.0)
