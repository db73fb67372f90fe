"""What users import from `solver`: names, examples, frames, faults."""

import ast
import runpy
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
import shapely

import solver
from solver.compare.plans import compare
from solver.results.store import read_document

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs/examples"
TEACHING = ROOT / "instances/teaching"
SYSTEM = "EPSG:4547"


def run(name):
    """The names an example leaves behind."""
    return runpy.run_path(str(EXAMPLES / f"{name}.py"))


def test_the_example_of_arrays_covers_sixty():
    solution = run("arrays")["solution"]
    assert (solution.ended, solution.objective, set(solution.sites)) == ("proven", 60.0, {"left", "right"})
    assert {site: worth.lost_at_most for site, worth in solution.marginals.items()} == pytest.approx(
        dict.fromkeys(("left", "middle", "right"), 10.0)
    )


def test_the_example_of_roads_turns_with_the_direction():
    there = run("roads")
    assert (there["visit"].sites, there["ambulance"].sites) == (("at A",), ("at C",))
    assert there["visit"].objective == there["ambulance"].objective == 50.0
    frame = there["visit"].sites_frame()
    assert (frame.crs.to_string(), frame["plot"].tolist()) == (SYSTEM, ["at A", "at C"])
    assert there["visit"].allocation_frame().geometry.length.tolist() == [1000.0]  # D to A, as the crow flies


def test_the_example_of_a_study_has_one_other_plan():
    there = run("study")
    assert [(other.sites, other.objective) for other in there["solution"].alternatives] == [(("a",), 90.0)]
    assert (there["poorer"].sites, there["poorer"].objective) == (("a",), 90.0)


def test_every_example_is_tested_here_and_says_what_it_does():
    here = Path(__file__).read_text(encoding="utf-8")
    for path in EXAMPLES.glob("*.py"):
        assert f'run("{path.stem}")' in here
        assert len(ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))) > 400


def test_importing_solver_loads_nothing_until_a_name_is_used():
    script = "import solver, sys; heavy = {'numpy', 'pandas', 'highspy'}; assert not heavy & set(sys.modules); "
    script += "solver.Reach(limit_m=1.0); assert 'highspy' not in sys.modules; solver.solve_model"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_public_name_is_there_typed_and_told_of():
    stub = ast.parse((ROOT / "solver/__init__.pyi").read_text(encoding="utf-8"))
    assert all(isinstance(node, ast.ImportFrom | ast.Expr) for node in stub.body)
    assert all(alias.asname == alias.name for node in stub.body[1:] for alias in node.names)
    assert len(solver.HOMES) > 80
    assert set(solver.__all__) == set(solver.HOMES) <= set(dir(solver))
    for name in solver.HOMES:
        assert name == "__version__" or getattr(solver, name).__doc__
    with pytest.raises(AttributeError, match="module solver has no attribute solve_models"):
        solver.solve_models  # noqa: B018


def square(**columns):
    """Four sites at the corners of a square of 100 m."""
    xy = [(500000.0, 3080000.0), (500100.0, 3080000.0), (500100.0, 3080100.0), (500000.0, 3080100.0)]
    return gpd.GeoDataFrame({"id": list("stuv"), **columns}, geometry=shapely.points(xy), crs=SYSTEM)


TABLE = pd.DataFrame({"demand": ["p", "p", "q", "q"], "site": ["s", "t", "v", "u"], "value": [1.0, 3.0, 2.0, 9.0]})
PLACES = pd.DataFrame({"name": ["p", "q"], "people": [4, 6]})


def test_frames_and_a_table_give_the_problem_and_their_columns_come_back():
    sites = solver.sites_from_frame(square(cost=[1.0, 2.0, 3.0, 4.0], owner=list("abcd")), id="id", cost="cost")
    demand = solver.demand_from_frame(PLACES, id="name", weight="people")
    problem = solver.problem_from_matrix(demand, sites, TABLE, solver.Reach(limit_min=2.5), unit="min")
    assert problem.travel.toarray().tolist() == [[60, 0, 0, 0], [0, 0, 0, 120]]  # 3 minutes are beyond the reach
    solution = solver.solve_model(solver.MaxCover(problem), [solver.Budget(4.0)])
    assert (solution.sites, solution.objective, solution.cost) == (("v",), 6.0, 4.0)
    frame = solution.sites_frame()
    assert isinstance(frame, gpd.GeoDataFrame)
    assert frame.loc[frame["chosen"], "owner"].tolist() == ["d"]
    places = solution.demand_frame()
    assert not isinstance(places, gpd.GeoDataFrame)
    assert places["served_share"].tolist() == [0.0, 1.0]


def test_arrays_with_coordinates_come_back_as_points():
    sites = solver.Sites.of(["s", "t"], xy=np.array([[0.0, 0.0], [9.0, 0.0]]))
    demand = solver.Demand.of(["p"], xy=np.array([[3.0, 4.0]]))
    problem = solver.SitingProblem.dense(sites, demand, np.array([[5.0, np.inf]]), unit="m")
    solution = solver.solve_model(solver.PMedian(problem), [solver.Count(1, "exactly")])
    assert (solution.sites, solution.objective) == (("s",), 5.0)
    assert solution.allocation_frame().geometry.length.tolist() == [5.0]


def test_the_centre_of_arrays_is_where_the_worst_travel_is_least():
    travel = np.array([[1.0, 4.0, 3.0], [9.0, 4.0, 5.0], [2.0, 4.0, 3.0]])  # worst: 9, 4, 5
    problem = solver.SitingProblem.dense(solver.Sites.of(list("stu")), solver.Demand.of(list("abc")), travel, unit="m")
    solution = solver.solve_model(solver.PCenter(problem), [solver.Count(1, "exactly")])
    assert (solution.ended, solution.sites, solution.objective) == ("proven", ("t",), 4.0)


def test_roads_of_plain_lines_carry_both_ways():
    lines = gpd.GeoDataFrame(geometry=[shapely.LineString([(500000, 3080000), (500400, 3080000)])], crs=SYSTEM)
    places = gpd.GeoDataFrame({"id": ["p"]}, geometry=[shapely.Point(500300, 3080000)], crs=SYSTEM)
    demand = solver.demand_from_frame(places, id="id")
    sites = solver.sites_from_frame(square(), id="id")
    problem = solver.problem_on_roads(demand, sites, solver.roads_from_lines(lines), solver.Reach(limit_m=350))
    # along the road 300 and 200 m; u and v lie 100 m off it, which counts: 300 and 400
    assert problem.travel.toarray()[0] == pytest.approx([300.0, 200.0, 300.0, 0.0], rel=1e-3)


def test_sites_are_apart_along_their_roads():
    # u is 100 m along the road from t, and 100 m off it again; v lies as far off the road at s: straight to u it is no
    # farther than to the road and back
    lines = gpd.GeoDataFrame(geometry=[shapely.LineString([(500000, 3080000), (500400, 3080000)])], crs=SYSTEM)
    sites = solver.sites_from_frame(square(), id="id")
    apart = solver.travel_on_roads(sites, sites, solver.roads_from_lines(lines), solver.Reach(limit_m=1000)).toarray()
    way = {(i, j): round(apart[i, j]) for i in range(4) for j in range(i)}
    assert way == {(1, 0): 100, (2, 0): 200, (2, 1): 100, (3, 0): 100, (3, 1): 200, (3, 2): 100}
    solution = solver.solve_model(solver.PDispersion(sites.sites, apart), [solver.Count(2)])
    assert set(solution.sites) in ({"s", "u"}, {"t", "v"})
    assert solution.objective == pytest.approx(200.0, rel=1e-3)


def test_columns_of_money_are_in_the_unit_that_is_said():
    frame = square(price=[1.0, 2.0, 3.0, 4.0])
    sites = solver.sites_from_frame(frame, id="id", cost="price", closing_cost=5.0, cost_unit="万元").sites
    assert sites.cost.tolist() == [1e4, 2e4, 3e4, 4e4]
    assert sites.closing_cost.tolist() == [5.0] * 4
    with pytest.raises(solver.StudyError, match="cost_unit   is 'wan'; write thousand, million"):
        solver.sites_from_frame(frame, id="id", cost="price", cost_unit="wan")


@pytest.mark.parametrize(
    ("made", "error", "said"),
    [
        (
            lambda: solver.sites_from_frame(square(cost=[1, 2, -3, 4]), id="id", cost="cots"),
            solver.LayerError,
            "sites: 1 fault\n  columns.cost   sites has no column cots; did you mean cost?",
        ),
        (
            lambda: solver.sites_from_frame(square(cost=[1, 2, -3, 4]), id="name", cost="cost"),
            solver.LayerError,
            "sites: 2 faults\n"
            "  columns.cost   sites column cost is not a number of at least 0 in row 3 (-3); mend them\n"
            "  columns.id     sites has no column name; it has id, cost",
        ),
        (
            lambda: solver.sites_from_frame(square().to_crs(4326), id="id"),
            solver.LayerError,
            "sites: 1 fault\n  geometry   is in EPSG:4326 (degrees); lengths need a metric system; "
            'bring it there: frame.to_crs("EPSG:4547"), say',
        ),
        (
            lambda: solver.demand_from_frame(PLACES.iloc[:0], id="name"),
            solver.LayerError,
            "demand: 1 fault\n  rows   there are none",
        ),
        (
            lambda: solver.problem_on_roads(
                solver.demand_from_frame(PLACES, id="name"),
                solver.sites_from_frame(square().to_crs("EPSG:4546"), id="id"),
                solver.roads_from_lines(
                    gpd.GeoDataFrame(geometry=[shapely.LineString([(5e5, 3e6), (5e5, 3.1e6)])], crs=SYSTEM)
                ),
                solver.Reach(limit_m=100),
            ),
            solver.LayerError,
            "frames: 2 faults\n"
            "  demand   has no geometry; make it a GeoDataFrame of points\n"
            "  sites    is in EPSG:4546, the roads are in EPSG:4547; bring it there first: frame.to_crs(roads.crs)",
        ),
        (
            lambda: solver.problem_from_matrix(
                solver.demand_from_frame(PLACES, id="name"),
                solver.sites_from_frame(square(), id="id"),
                TABLE,
                solver.Reach(limit_m=0.5),
            ),
            solver.ProblemError,
            "no place is within 0.5 m of any site; is the limit in the right unit, and do the frames lie in the same "
            "area?",
        ),
    ],
)
def test_faults_of_frames_are_all_told_with_a_remedy(made, error, said):
    with pytest.raises(error) as raised:
        made()
    assert str(raised.value) == said


def test_a_frame_that_is_too_short_is_refused():
    problem = solver.problem_from_matrix(
        solver.demand_from_frame(PLACES, id="name"),
        solver.sites_from_frame(square(), id="id"),
        TABLE,
        solver.Reach(limit_m=5),
    )
    with pytest.raises(solver.ProblemError, match="site_frame has 2 rows; 4 are needed"):
        solver.FramedProblem(problem.sites, problem.demand, problem.travel, "m", PLACES)


def test_without_a_plan_there_are_reasons_and_no_tables():
    sites = solver.Sites.of(["s", "t"], cost=np.array([5.0, 7.0]))
    problem = solver.SitingProblem.dense(sites, solver.Demand.of(["p"]), np.zeros((1, 2)), unit="m")
    solution = solver.solve_model(solver.MaxCover(problem), [solver.Count(2, "exactly"), solver.Budget(10.0)])
    assert (solution.ended, solution.objective, solution.sites, solution.plan) == ("infeasible", None, (), None)
    assert "costs at least 12; the budget is 10" in solution.reasons[-1]
    assert repr(solution) == "<Solution of max-cover: infeasible, no plan>"
    with pytest.raises(solver.ProblemError, match="there is no plan and so no table of sites: cannot be kept together"):
        solution.sites_frame()


def test_rules_that_do_not_fit_and_engines_that_cannot_are_refused():
    problem = solver.SitingProblem.dense(solver.Sites.of(["s"]), solver.Demand.of(["p"]), np.zeros((1, 1)), unit="m")
    with pytest.raises(solver.ProblemError):
        solver.solve_model(solver.MaxCover(problem), [solver.MinimumUse(3.0)])
    with pytest.raises(solver.EngineError, match="engine simplex is not known"):
        solver.solve_model(solver.MaxCover(problem), engine="simplex")


def test_a_study_runs_with_other_values_and_writes_what_the_command_writes(tmp_path):
    solutions = solver.run_study(TEACHING / "budget", overrides={"programmes.fair.floor_share": {"north": 0.5}})
    assert list(solutions) == ["free", "fair"]
    assert solutions["fair"].sites == ("a",)
    solutions.write(tmp_path / "out", maps=False)
    document = read_document(tmp_path / "out")
    assert document["overrides"] == ['programmes.fair.floor_share={"north" = 0.5}']
    assert len(compare({"a": document, "b": document}).sites) == 0
    with pytest.raises(solver.StudyError, match="is not a known key; did you mean budget"):
        solver.run_study(TEACHING / "budget", overrides={"programmes.free.buget": 1e6})


def test_travel_may_come_in_any_sparse_form() -> None:
    travel = sp.coo_matrix(([60.0, 90.0], ([0, 1], [0, 0])), shape=(2, 1))
    for form in (travel, travel.tocsr(), travel.tocsc(), sp.csr_array(travel)):
        problem = solver.SitingProblem(solver.Sites.of(["s"]), solver.Demand.of(["a", "b"]), form)
        assert solver.solve_model(solver.MaxCover(problem)).objective == 2
    with pytest.raises(solver.ProblemError, match="a csr_array is needed"):
        solver.SitingProblem(solver.Sites.of(["s"]), solver.Demand.of(["a", "b"]), travel.toarray())
