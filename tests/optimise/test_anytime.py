"""The first plan survives Ctrl-C wherever it comes."""

from dataclasses import replace

import numpy as np
import pytest

from models.figures import cost_of
from solver.engines.engine import Ask, Engine, Features
from solver.engines.highs import Highs
from solver.engines.outcome import Answer
from solver.events import SILENT
from solver.inputs.instance import load_instance
from solver.inputs.travel import read_matrix
from solver.optimise.anytime import optimise
from solver.optimise.check import check
from solver.pose.programme import pose
from solver.study.read import read_study
from tests.postoptimal.test_further import random_study


class Unstoppable(Highs):
    """An engine that Ctrl-C ends without a word."""

    features = Features()

    def run(self, program, ask):
        raise KeyboardInterrupt


class Wasteful(Highs):
    """An engine that is stopped with the right sites open and nobody served by them."""

    def run(self, program, ask):
        answer = super().run(program, ask)
        values = np.where(program.integer, answer.values, 0.0)
        outcome = replace(answer.outcome, ended="limit", limit="time", objective=program.objective_at(values))
        return Answer(values, outcome)


def solved(tmp_path, engine: Engine, search_s=0.3, gap=-1.0):
    folder = random_study(tmp_path / engine.__class__.__name__, 0)[0].folder
    file = read_study(folder)
    posed = pose(load_instance(file).programmes["x"], read_matrix(file))
    return posed, optimise(posed, engine, Ask(gap=gap), search_s=search_s, tell=SILENT)


def test_an_engine_that_cannot_be_stopped_leaves_the_first_plan_and_its_bound(tmp_path):
    posed, found = solved(tmp_path, Unstoppable())
    assert (found.outcome.ended, found.outcome.holds_plan, found.outcome.engine) == ("interrupted", True, "highs")
    assert found.outcome.objective == posed.formulation.objective_of(found.plan)
    assert found.outcome.bound >= found.outcome.objective


def test_ctrl_c_while_the_first_plan_is_bounded_leaves_it_with_what_all_sites_could_cover(tmp_path, monkeypatch):
    def stopped(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr("solver.optimise.covering.bound_cover", stopped)
    posed, found = solved(tmp_path, Highs())
    assert (found.outcome.ended, found.outcome.holds_plan) == ("interrupted", True)
    assert found.outcome.objective <= found.outcome.bound <= posed.formulation.known_bound


def test_without_a_first_plan_there_is_nothing_to_keep(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        solved(tmp_path, Unstoppable(), search_s=0.0)


def test_open_sites_count_for_all_they_give_where_an_engine_leaves_it_unused(tmp_path):
    posed, best = solved(tmp_path, Highs(), search_s=0.0, gap=0.0)
    _, found = solved(tmp_path, Wasteful(), search_s=0.0, gap=0.0)
    assert found.outcome.objective == best.outcome.objective == posed.formulation.objective_of(found.plan)
    check(posed, found, cost_of(posed.formulation, found.plan))
