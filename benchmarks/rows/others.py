"""Rows of medians, centres, piles and tiers, of building programs, and of travel times."""

import tempfile
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path

import highspy
import numpy as np
import pulp
import scipy.sparse as sp

from benchmarks.limits import charging
from benchmarks.medians import graph, plane
from benchmarks.rows.figure import Asked, Figure, Row, most_memory_mb, watched, with_gaps
from benchmarks.travel import measured
from benchmarks.travel_networks import generated, save_task
from models._version import __version__
from models.formulation import Formulation, Rule, formulate
from models.median.p_center import PCenter
from models.median.p_median import PMedian
from models.program import Program, ProgramBuilder
from models.rules import Count
from solver.api.solution import solve_model
from solver.engines import highs as engine_highs
from solver.engines.engine import Ask
from solver.engines.highs import Highs

EXACT = 1e-9
ROWS_OF_TEN, SOME_ROWS, COLUMNS = 1_000_000, 100_000, 100_000


def by_siting(
    model: Formulation, rules: Sequence[Rule], limit_s: float, *, gap: float, way: str = "siting", note: str = ""
) -> Figure:
    """From the problem to the checked plan."""
    with watched() as watch:
        found = solve_model(model, list(rules), time_limit_s=limit_s, gap=gap, seed=1)
    worth = None if found.plan is None else model.objective_of(found.plan)
    memory = most_memory_mb()
    return Figure(way, __version__, watch.seconds, watch.cpu_s, worth, found.bound, memory_mb=memory, note=note)


def by_highs(model: Formulation, rules: Sequence[Rule], limit_s: float) -> Figure:
    """The model's own program in HiGHS, without a start, building counted."""
    with watched() as watch:
        outcome = Highs().run(formulate(model, rules)[1], Ask(time_limit_s=limit_s, gap=EXACT)).outcome
    return Figure("HiGHS alone", outcome.version, watch.seconds, watch.cpu_s, outcome.objective, outcome.bound)


def _beside_highs(make: Callable[[], Formulation], count: int, gap: float) -> Callable[[Asked], list[Figure]]:
    def measure(asked: Asked) -> list[Figure]:
        model = make()
        solve_model(type(model)(graph(40, 0)), [Count(3)], time_limit_s=5)  # what is compiled once
        rules = [Count(count)]
        return with_gaps(
            [by_siting(model, rules, asked.limit_s, gap=gap), by_highs(model, rules, asked.limit_s)], model.sense
        )

    return measure


def _plane(n: int, count: int, gap: float, seconds: float) -> Callable[[Asked], list[Figure]]:
    def measure(_asked: Asked) -> list[Figure]:
        solve_model(PMedian(graph(40, 0)), [Count(3)], time_limit_s=5)  # what is compiled once
        model = PMedian(plane(n, 1))
        held = f"{most_memory_mb():,.0f} MB held by the problem"
        return with_gaps([by_siting(model, [Count(count)], seconds, gap=gap, note=held)], "min")

    return measure


def _piles(asked: Asked) -> list[Figure]:
    model, rules = charging()
    return with_gaps(
        [by_siting(model, rules, 30.0, gap=1e-4, way="siting 30 s"), by_highs(model, rules, asked.limit_s)], model.sense
    )


def sparse_program(n_rows: int) -> Program:
    """Rows of ten entries at random columns."""
    rng = np.random.default_rng(0)
    builder = ProgramBuilder("rows of ten", "max")
    x = builder.columns("x", COLUMNS, upper=1.0, objective=rng.random(COLUMNS))
    indices = rng.integers(0, COLUMNS, 10 * n_rows).astype(np.int32)
    entries = sp.csr_array(
        (rng.random(10 * n_rows), indices, np.arange(0, 10 * n_rows + 1, 10)), shape=(n_rows, COLUMNS)
    )
    builder.rows("within", [(entries, x)], upper=1.0)
    return builder.build()


def _building(_asked: Asked) -> list[Figure]:
    """A million rows into HiGHS, and a tenth of them by PuLP, times ten."""
    sparse_program(10)
    with watched() as ours:
        engine_highs._model(sparse_program(ROWS_OF_TEN), Ask())
    memory = most_memory_mb()
    with watched() as theirs, tempfile.TemporaryDirectory() as folder:
        program = sparse_program(SOME_ROWS)
        model = pulp.LpProblem("rows_of_ten", pulp.LpMaximize)
        x = [pulp.LpVariable(f"x{k}", 0, 1) for k in range(COLUMNS)]
        model += pulp.LpAffineExpression(zip(x, program.objective.tolist(), strict=True))
        matrix = program.matrix
        for row in range(SOME_ROWS):
            at = slice(matrix.indptr[row], matrix.indptr[row + 1])
            terms = zip([x[k] for k in matrix.indices[at]], matrix.data[at].tolist(), strict=True)
            model += pulp.LpConstraint(pulp.LpAffineExpression(terms), sense=pulp.LpConstraintLE, rhs=1.0)
        model.writeMPS(str(Path(folder) / "rows.mps"))
        highs = highspy.Highs()
        highs.setOptionValue("output_flag", False)
        highs.readModel(str(Path(folder) / "rows.mps"))
    scale = ROWS_OF_TEN / SOME_ROWS
    return [
        Figure("siting", __version__, ours.seconds, ours.cpu_s, memory_mb=memory),
        Figure(
            "PuLP, an MPS file",
            metadata.version("pulp"),
            theirs.seconds * scale,
            theirs.cpu_s * scale,
            note="a tenth of the rows, times ten",
        ),
    ]


def _travel(_asked: Asked) -> list[Figure]:
    """A made network of 300,000 nodes, 1,000 sources, 900 s."""
    figures = []
    with tempfile.TemporaryDirectory() as name:
        task, folder = Path(name) / "task.npz", Path(name)
        save_task(generated(300_000), task, sources=1_000, demand=20_000, cutoff_s=900.0)
        measured("ours", task, folder, sources=1, repeat=1)  # what is compiled once
        for method in ("ours", "ours-two", "scipy", "scipy-renumbered", "pandana"):
            found = measured(method, task, folder, sources=1_000, repeat=3)
            if found is None:
                figures.append(Figure(method, "", None, note="not installed"))
                continue
            note = "two threads" if method == "ours-two" else ""
            figures.append(Figure(method, "", found["wall_s"], found["cpu_s"], memory_mb=found["peak_mb"], note=note))
    return figures


ROWS = (
    Row(
        "pmed",
        "p-median, graph of 900 nodes, 90 sites",
        "proven in 20 s",
        _beside_highs(lambda: PMedian(graph(900, 1)), 90, EXACT),
    ),
    Row(
        "pmed-few",
        "p-median, graph of 900 nodes, 5 sites",
        "proven in 20 s",
        _beside_highs(lambda: PMedian(graph(900, 1)), 5, EXACT),
    ),
    Row(
        "centre",
        "p-center, graph of 900 nodes, 90 sites",
        "proven in 20 s",
        _beside_highs(lambda: PCenter(graph(900, 1)), 90, EXACT),
    ),
    Row(
        "plane-2000",
        "p-median on a plane, 2,000 points, 100 sites",
        "proven in 20 s, 0.5 GB",
        _plane(2_000, 100, EXACT, 60.0),
    ),
    Row(
        "plane-5000",
        "p-median on a plane, 5,000 points, 250 sites",
        "0.5 % in 2 min, 4 GB",
        _plane(5_000, 250, 0.005, 120.0),
    ),
    Row("piles", "20,000 piles of two kinds, 1,000 sites, 20,000 places", "0.5 % at 30 s", _piles),
    Row("building", "1,000,000 rows of ten entries into HiGHS", "150 x PuLP", _building),
    Row(
        "travel",
        "travel from 1,000 sources in 300,000 nodes",
        "4 x renumbered scipy, 20 x pandana, two cores 1.8 x",
        _travel,
    ),
)
