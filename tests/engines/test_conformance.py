"""What every engine must do alike. An engine that is installed and in the catalogue is tested without further ado."""

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.program import Program, ProgramBuilder, identity, row_of
from solver.engines.catalogue import available, engine, require
from solver.engines.engine import Ask, Features, Progress
from solver.engines.outcome import Answer
from solver.errors import EngineError
from tests.engines.programs import best_covering, best_of_box, boxed, covering, knapsacks, market_split

EXACT = Ask(time_limit_s=30.0, gap=0.0)
FEATURES: dict[str, Features] = {a.name: a.features for a in available() if a.features is not None}
ALL = sorted(FEATURES)
BOXES = (0, 1, 2, 3, 10, 11)


def having(feature: str, wanted: bool = True) -> list[str]:
    return [name for name in ALL if getattr(FEATURES[name], feature) is wanted]


def of_all(seeds: Sequence[int]) -> list[object]:
    """Every engine with every seed; PuLP, which starts a process each time, with two of them but in the slow suite."""
    return [
        pytest.param(name, seed, marks=[pytest.mark.slow] if name.startswith("pulp:") and i > 1 else [])
        for name in ALL
        for i, seed in enumerate(seeds)
    ]


def honest(program: Program, answer: Answer) -> None:
    """The plan holds, the objective is the plan's, and the bound is on the right side of it."""
    outcome = answer.outcome
    assert outcome.holds_plan == (answer.values is not None)
    if answer.values is None:
        assert outcome.objective is None
        return
    assert program.violations(answer.values) == []
    assert np.array_equal(answer.values[program.integer], np.round(answer.values[program.integer]))
    assert outcome.objective == program.objective_at(answer.values)
    if outcome.bound is not None:
        slack = outcome.bound - outcome.objective if program.sense == "max" else outcome.objective - outcome.bound
        assert slack >= 0


@pytest.mark.parametrize(("name", "seed"), of_all(range(6)))
def test_optimum_of_a_covering(name: str, seed: int) -> None:
    program = covering(seed)
    answer = engine(name).run(program, EXACT)
    honest(program, answer)
    assert answer.outcome.ended == "proven"
    assert answer.outcome.objective == best_covering(program, 3)
    assert answer.outcome.bound == pytest.approx(best_covering(program, 3))
    assert (answer.outcome.engine, answer.outcome.version) == (name, engine(name).version())


@pytest.mark.parametrize(("name", "seed"), of_all(BOXES))
def test_optimum_of_a_box_with_decimals(name: str, seed: int) -> None:
    program = boxed(seed)
    answer = engine(name).run(program, EXACT)
    honest(program, answer)
    truth = best_of_box(program)
    assert answer.outcome.ended == ("infeasible" if truth is None else "proven")
    assert answer.outcome.objective == (None if truth is None else pytest.approx(truth))
    assert answer.outcome.gap == (None if truth is None else pytest.approx(0.0, abs=1e-6))


def test_the_boxes_are_of_both_kinds() -> None:
    assert {best_of_box(boxed(seed)) is None for seed in BOXES} == {True, False}


@pytest.mark.parametrize("name", having("continuous"))
def test_optimum_of_a_linear_program(name: str) -> None:
    # max 3a + 2b + 1, a + b <= 4, a + 3b <= 6, a <= 3: corner (3, 1), worth 12
    builder = ProgramBuilder("corner", "max")
    builder.offset = 1.0
    x = builder.columns("x", 2, upper=[3.0, np.inf], objective=[3.0, 2.0])
    builder.rows("limits", [(np.array([[1.0, 1.0], [1.0, 3.0]]), x)], upper=[4.0, 6.0])
    program = builder.build()
    answer = engine(name).run(program, EXACT)
    honest(program, answer)
    assert answer.values == pytest.approx([3.0, 1.0])
    assert answer.outcome.ended == "proven"
    assert answer.outcome.bound == pytest.approx(12.0)


@pytest.mark.parametrize("name", having("continuous"))
def test_optimum_of_a_mixed_program(name: str) -> None:
    # two sites of fixed cost 10 and 14, unit costs 3 and 1, capacities 6, demand 5: the second, 14 + 5 = 19
    builder = ProgramBuilder("mixed", "min")
    opened = builder.columns("open", 2, upper=1.0, integer=True, objective=[10.0, 14.0])
    flow = builder.columns("flow", 2, objective=[3.0, 1.0])
    builder.rows("flows_only_where_open", [(identity(2), flow), (identity(2, -6.0), opened)], upper=0.0)
    builder.rows("demand_is_met", [(row_of(np.ones(2)), flow)], lower=5.0)
    program = builder.build()
    answer = engine(name).run(program, EXACT)
    honest(program, answer)
    assert answer.values == pytest.approx([0.0, 1.0, 0.0, 5.0])
    assert answer.outcome.objective == pytest.approx(19.0)


@pytest.mark.parametrize("name", ALL)
def test_a_gap_that_is_enough_is_proven_and_kept(name: str) -> None:
    program = knapsacks(60, 5)
    answer = engine(name).run(program, Ask(time_limit_s=30.0, gap=0.05))
    honest(program, answer)
    assert answer.outcome.ended == "proven"
    assert answer.outcome.gap is not None
    assert answer.outcome.gap <= 0.05 + 1e-6


@pytest.mark.parametrize("name", ALL)
def test_infeasible_by_whole_numbers(name: str) -> None:
    builder = ProgramBuilder("odd", "max")
    x = builder.columns("x", 3, upper=1.0, integer=True, objective=1.0)
    builder.rows("odd", [(row_of(np.full(3, 2.0)), x)], lower=3.0, upper=3.0)
    answer = engine(name).run(builder.build(), EXACT)
    assert (answer.outcome.ended, answer.values, answer.outcome.bound) == ("infeasible", None, None)


@pytest.mark.parametrize("name", ALL)
def test_infeasible_by_bounds_and_by_an_empty_row(name: str) -> None:
    builder = ProgramBuilder("crossed", "min")
    builder.columns("x", 2, lower=[0.0, 0.4], upper=[1.0, 0.6], integer=True, objective=1.0)
    assert engine(name).run(builder.build(), EXACT).outcome.ended == "infeasible"
    builder = ProgramBuilder("void", "min")
    x = builder.columns("x", 2, upper=1.0, integer=True, objective=1.0)
    builder.rows("nothing_is_one", [(row_of(np.zeros(2)), x)], lower=1.0)
    assert engine(name).run(builder.build(), EXACT).outcome.ended == "infeasible"


def unbounded(integer: bool) -> Program:
    builder = ProgramBuilder("unbounded", "max")
    x = builder.columns("x", 2, integer=integer, objective=[1.0, 0.0])
    builder.rows("difference", [(row_of(np.array([1.0, -1.0])), x)], upper=1.0)
    return builder.build()


@pytest.mark.parametrize("integer", [True, False])
@pytest.mark.parametrize("name", having("unlimited"))
def test_unbounded(name: str, integer: bool) -> None:
    answer = engine(name).run(unbounded(integer), EXACT)
    assert (answer.outcome.ended, answer.values) == ("unbounded", None)


@pytest.mark.parametrize("name", having("unlimited", False))
def test_columns_without_limits_are_refused_early_and_late(name: str) -> None:
    with pytest.raises(EngineError, match=r"without a finite bound \(2, the first of them x\[0\]\).*choose.*highs"):
        require(engine(name), unbounded(True))
    with pytest.raises(EngineError, match="without a finite bound"):
        engine(name).run(unbounded(True), EXACT)


@pytest.mark.parametrize("name", having("continuous", False))
def test_continuous_columns_are_refused_naming_engines_that_take_them(name: str) -> None:
    builder = ProgramBuilder("share", "max")
    served = builder.columns("served", 3, upper=1.0, objective=1.0)
    builder.rows("half", [(row_of(np.ones(3)), served)], upper=0.5)
    with pytest.raises(EngineError, match=r"continuous columns \(3, the first of them served\[0\]\)") as refusal:
        require(engine(name), builder.build())
    offered = str(refusal.value).partition("choose one of ")[2].split(", ")
    assert set(offered) == set(having("continuous"))
    with pytest.raises(EngineError, match="not integer"):
        engine(name).run(builder.build(), EXACT)


@pytest.mark.parametrize("name", ALL)
def test_columns_that_are_whole_anyway_are_taken_by_all(name: str) -> None:
    builder = ProgramBuilder("shares", "max")
    opened = builder.columns("open", 2, upper=1.0, integer=True, objective=-1.5)
    served = builder.columns("served", 3, upper=1.0, objective=[1.0, 1.0, 2.5])
    reach = np.array([[-1.0, 0.0], [-1.0, -1.0], [0.0, -1.0]])
    builder.rows("only_if_open", [(identity(3), served), (reach, opened)], upper=0.0)
    program = builder.build()
    require(engine(name), program)
    answer = engine(name).run(program, EXACT)
    assert answer.outcome.objective == pytest.approx(2.0)  # the second site alone: 1 + 2.5 - 1.5
    assert answer.values == pytest.approx([0.0, 1.0, 0.0, 1.0, 1.0])


@pytest.mark.parametrize("name", ALL)
def test_what_an_engine_can_take_is_not_refused(name: str) -> None:
    require(engine(name), covering(0))


@pytest.mark.parametrize("name", ALL)
def test_a_limit_with_a_plan(name: str) -> None:
    program = knapsacks()
    began = time.monotonic()
    answer = engine(name).run(program, Ask(time_limit_s=3.0 if name == "cbc" else 1.0, gap=0.0))
    honest(program, answer)
    assert (answer.outcome.ended, answer.outcome.limit, answer.outcome.holds_plan) == ("limit", "time", True)
    assert (answer.outcome.bound is not None) == FEATURES[name].reports_bound
    assert answer.outcome.objective is not None
    assert answer.outcome.objective > 50_000  # no plan of a planner who gave up, which would be all zeros
    assert time.monotonic() - began < 8.0


@pytest.mark.parametrize("name", ALL)
def test_a_limit_without_a_plan(name: str) -> None:
    program, _hidden = market_split()
    answer = engine(name).run(program, Ask(time_limit_s=1.0, gap=0.0))
    assert (answer.outcome.ended, answer.outcome.limit, answer.values) == ("limit", "time", None)
    assert answer.outcome.gap is None


@pytest.mark.parametrize("name", having("warm_start"))
def test_a_start_is_used(name: str) -> None:
    program, hidden = market_split()  # without the start nothing is found, see above
    answer = engine(name).run(program, Ask(time_limit_s=20.0, gap=0.0, start=hidden))
    assert answer.outcome.ended == "proven"
    assert program.violations(hidden) == []
    assert np.array_equal(answer.values, hidden)
    assert answer.outcome.seconds < 5.0


@pytest.mark.parametrize("name", ALL)
def test_a_start_is_never_lost_and_a_wrong_one_never_believed(name: str) -> None:
    program = covering(2)
    best = engine("highs").run(program, EXACT)
    assert best.values is not None
    answer = engine(name).run(program, Ask(time_limit_s=30.0, gap=0.0, start=best.values))
    assert answer.outcome.objective == best.outcome.objective
    wrong = np.ones(program.n_columns)  # all sites open
    answer = engine(name).run(program, Ask(time_limit_s=30.0, gap=0.0, start=wrong))
    honest(program, answer)
    assert answer.outcome.objective == best.outcome.objective


@pytest.mark.parametrize("name", having("continuous"))
def test_a_start_that_sends_places_too_far_is_bettered(name: str) -> None:
    # The third of four facilities is open; the start opens the first two as well and sends nothing to the third:
    # 3 + 5 + 4, and 4.8 + 7 + 0.6 + 1.6 + 0.8 + 3 for the way = 29.8. The fifth place is nearer to the third: 29.4.
    # The best leaves the first closed: HiGHS 1.16 finds its worth and gives back the start.
    way = [[6.4, 4.8, 4.8, 6.4], [7, 9.8, 9.8, 2.8], [0.6, 1.8, 1.8, 4.2], [12.8, 1.6, 6.4, 11.2], [0.8, 2.8, 0.4, 1.6]]
    way.append([7, 3, 3, 3])
    builder = ProgramBuilder("too_far", "min")
    opened = builder.columns("open", 4, lower=[0, 0, 1, 0], upper=1.0, integer=True, objective=[3.0, 5.0, 4.0, 6.0])
    assign = builder.columns("assign", 24, upper=1.0, objective=np.array(way).ravel())
    builder.rows("served", [(np.kron(np.eye(6), np.ones(4)), assign)], lower=1.0, upper=1.0)
    builder.rows("only_if_open", [(np.kron(np.ones((6, 1)), -np.eye(4)), opened), (identity(24), assign)], upper=0.0)
    program = builder.build()
    start = np.concatenate([[1, 1, 1, 0], np.eye(4)[[1, 0, 0, 1, 0, 1]].ravel()])
    assert (program.violations(start), program.objective_at(start)) == ([], pytest.approx(29.8))
    best = min(
        float(
            np.array([3, 5, 4, 6]) @ np.array(o) + np.where(np.array(o) == 1, np.array(way), np.inf).min(axis=1).sum()
        )
        for o in itertools.product((0, 1), (0, 1), (1,), (0, 1))
    )
    answer = engine(name).run(program, replace(EXACT, start=start))
    honest(program, answer)
    assert (answer.outcome.ended, answer.outcome.objective) == ("proven", pytest.approx(best))


@pytest.mark.parametrize("name", ALL)
def test_the_same_seed_gives_the_same_plan(name: str) -> None:
    program = covering(11, count=5, n_sites=25, n_demand=60)
    ask = Ask(time_limit_s=30.0, gap=0.0, seed=7)
    first, second = engine(name).run(program, ask), engine(name).run(program, ask)
    assert np.array_equal(first.values, second.values)
    assert first.outcome.bound == second.outcome.bound


@pytest.mark.parametrize("name", having("progress"))
def test_progress_is_told_in_order(name: str) -> None:
    told: list[Progress] = []
    program = knapsacks()
    engine(name).run(program, Ask(time_limit_s=1.5, gap=0.0, on_progress=told.append))
    assert [p.seconds for p in told] == sorted(p.seconds for p in told)
    last = next(p for p in reversed(told) if p.objective is not None and p.bound is not None)
    assert 0 < last.objective <= last.bound * (1 + 1e-6)


@pytest.mark.parametrize("name", ALL)
def test_programs_with_nothing_to_decide(name: str) -> None:
    empty = ProgramBuilder("empty", "max")
    empty.offset = 3.0
    answer = engine(name).run(empty.build(), EXACT)
    assert (answer.outcome.ended, answer.outcome.objective, answer.outcome.bound) == ("proven", 3.0, 3.0)
    fixed = ProgramBuilder("fixed", "min")
    x = fixed.columns("x", 2, lower=1.0, upper=1.0, integer=True, objective=[2.0, 5.0])
    fixed.columns("in_no_row", 1, lower=-4.0, upper=4.0, integer=True, objective=1.0)
    fixed.rows("sum", [(row_of(np.ones(2)), x)], upper=2.0)
    fixed.rows("free", [(row_of(np.ones(2)), x)])
    answer = engine(name).run(fixed.build(), EXACT)
    assert (answer.outcome.ended, answer.outcome.objective) == ("proven", 3.0)
    assert answer.values is not None
    assert answer.values.tolist() == [1.0, 1.0, -4.0]


INTERRUPTED = """
import sys
from solver.engines.catalogue import engine
from solver.engines.engine import Ask
from tests.engines.programs import knapsacks

program = knapsacks()
made = engine(sys.argv[1])
print("begin", flush=True)
answer = made.run(program, Ask(time_limit_s=60.0, gap=0.0))
assert program.violations(answer.values) == []
print("end", answer.outcome.ended, answer.outcome.objective, answer.outcome.bound, flush=True)
"""


def interrupted(script: str, name: str) -> tuple[int, str, float]:
    """Exit code and last line of a script that is sent Ctrl-C two seconds after it begins, and the seconds after.

    On a machine so busy that the engine has not begun by then, nothing is said: it is given longer.
    """
    for wait_s in (2.0, 4.0, 8.0):
        code, said, seconds = _interrupted_after(wait_s, script, name)
        if said:
            break
    return code, said[-1], seconds


def _interrupted_after(wait_s: float, script: str, name: str) -> tuple[int, list[str], float]:
    root = Path(__file__).parent.parent.parent
    process = subprocess.Popen(
        [sys.executable, "-c", script, name], cwd=root, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    try:
        while process.stdout.readline().strip() != "begin":
            assert process.poll() is None
        time.sleep(wait_s)
        sent = time.monotonic()
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=20.0)
    finally:
        process.kill()
        process.wait()
    return process.returncode, said.strip().splitlines(), time.monotonic() - sent


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C of a single process cannot be sent there")
@pytest.mark.parametrize("name", having("interrupt"))
def test_ctrl_c_keeps_the_plan_in_hand(name: str) -> None:
    code, said, seconds = interrupted(INTERRUPTED, name)
    words = said.split()
    assert (code, words[:2]) == (0, ["end", "interrupted"])
    assert seconds < 10.0
    assert 50_000 < float(words[2]) <= float(words[3])


STARTED = """
import sys
import numpy as np
from solver.engines.catalogue import engine
from solver.engines.engine import Ask
from tests.engines.programs import knapsacks

program = knapsacks()
made = engine(sys.argv[1])
start = np.zeros(program.n_columns)
start[:10] = 1.0
assert program.violations(start) == []
print("begin", flush=True)
answer = made.run(program, Ask(time_limit_s=60.0, gap=0.0, start=start))
print("end", answer.outcome.ended, answer.outcome.objective >= program.objective_at(start), flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C of a single process cannot be sent there")
@pytest.mark.parametrize("name", having("interrupt", False))
def test_ctrl_c_keeps_the_start_where_an_engine_cannot_be_stopped(name: str) -> None:
    code, said, seconds = interrupted(STARTED, name)
    assert (code, said.split()) == (0, ["end", "interrupted", "True"])
    assert seconds < 10.0


SOLVED = """
import sys
from solver.engines.catalogue import engine
from solver.engines.engine import Ask
from tests.engines.programs import covering

print(engine(sys.argv[1]).run(covering(0), Ask(gap=0.0)).outcome.ended)
"""


@pytest.mark.parametrize("name", ALL)
def test_nothing_is_printed_among_the_results(name: str) -> None:
    root = Path(__file__).parent.parent.parent
    done = subprocess.run([sys.executable, "-c", SOLVED, name], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == "proven\n"


def test_an_unknown_engine_is_refused_with_those_that_exist() -> None:
    with pytest.raises(EngineError, match="engine simplex is not known; choose one of highs, cbc, cp-sat, scip, pulp:"):
        engine("simplex")


def test_every_engine_is_listed_with_a_version_or_a_reason() -> None:
    listed = {a.name: a for a in available()}
    assert {"highs", "cbc", "cp-sat", "scip"} <= {name for name, a in listed.items() if a.installed}
    for a in listed.values():
        assert a.text
        assert (a.features is not None) == a.installed
        if not a.installed:
            with pytest.raises(EngineError, match=r"install .* or choose another engine"):
                engine(a.name)
