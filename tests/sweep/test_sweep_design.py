"""Which runs a sweep makes."""

import pytest

from solver.errors import SweepError
from solver.study.read import toml_value
from solver.study.scenarios import as_toml
from solver.sweep.design import Scenario, SweepPlan, Vary, points_of
from solver.sweep.planfile import read_plan, vary_of


def plan(*texts, **said):
    return SweepPlan(tuple(vary_of(text) for text in texts), **said)


def test_a_grid_is_every_combination_in_order():
    assert points_of(plan("a.x=1,2,3", "b=u,v")) == [{"a.x": x, "b": b} for x in (1, 2, 3) for b in ("u", "v")]


def test_one_at_a_time_is_the_study_and_then_every_value_alone():
    assert points_of(plan("a=1,2", "b=5,6", design="one-at-a-time")) == [{}, {"a": 1}, {"a": 2}, {"b": 5}, {"b": 6}]


def test_the_same_run_is_made_once():
    assert points_of(plan("a=1,1,2")) == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize("n", [1, 5, 16])
def test_a_latin_hypercube_has_one_sample_in_every_slice_of_every_range(n):
    points = points_of(plan("a=0.0:1.0", "b=10.0:20.0", design="lhs", samples=n))
    assert len(points) == n
    assert sorted(int(p["a"] * n) for p in points) == list(range(n))
    assert sorted(int((p["b"] - 10) / 10 * n) for p in points) == list(range(n))


def test_sobol_points_fill_every_quarter_alike():
    points = points_of(plan("a=0.0:1.0", "b=0.0:1.0", design="sobol", samples=16))
    quarters = [(p["a"] < 0.5, p["b"] < 0.5) for p in points]
    assert {q: quarters.count(q) for q in quarters} == dict.fromkeys(set(quarters), 4)
    assert len(set(quarters)) == 4


@pytest.mark.parametrize("design", ["lhs", "sobol"])
def test_the_same_seed_makes_the_same_samples_and_another_makes_others(design):
    first, again, other = (points_of(plan("a=0.0:1.0", design=design, samples=8, seed=seed)) for seed in (3, 3, 4))
    assert first == again != other


def test_a_range_of_whole_numbers_gives_whole_numbers_of_all_of_it():
    points = points_of(plan("a=1:4", "b=0.0:1.0", design="lhs", samples=40))
    found = [p["a"] for p in points]
    assert {n: found.count(n) for n in found} == {1: 10, 2: 10, 3: 10, 4: 10}


def test_sampled_designs_pick_from_lists_too():
    points = points_of(plan("a=x,y", "b=0.0:1.0", design="lhs", samples=10))
    assert sorted(p["a"] for p in points) == ["x"] * 5 + ["y"] * 5


def test_keys_together_take_their_first_values_then_their_second():
    both = plan("a=1,2", "b=5,6", "c=8,9", together=(("a", "b"),))
    assert points_of(both) == [{"a": a, "b": b, "c": c} for a, b in ((1, 5), (2, 6)) for c in (8, 9)]
    alone = plan("a=1,2", "b=5,6", "c=8,9", together=(("a", "b"),), design="one-at-a-time")
    assert points_of(alone) == [{}, {"a": 1, "b": 5}, {"a": 2, "b": 6}, {"c": 8}, {"c": 9}]


def test_ranges_together_are_sampled_at_the_same_share():
    for point in points_of(plan("a=0.0:1.0", "b=10.0:20.0", together=(("a", "b"),), design="lhs", samples=9)):
        assert point["b"] == pytest.approx(10 + 10 * point["a"], rel=1e-5)


def test_saltelli_makes_for_each_sample_both_points_and_one_with_each_key_of_the_other():
    points = points_of(plan("a=0.0:1.0", "b=0.0:1.0", "c=0.0:1.0", design="saltelli", samples=4))
    assert len(points) == 4 * (3 + 2)
    first, second, *mixed = points[:5]
    assert mixed == [{**first, key: second[key]} for key in "abc"]
    more = points_of(plan("a=0.0:1.0", "b=0.0:1.0", "c=0.0:1.0", design="saltelli", samples=8))
    assert more[:20] == points


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("k=1e9,2e9", (1e9, 2e9)),
        ("k=1,2", (1, 2)),
        ("k=highs,cbc", ("highs", "cbc")),
        ("k=[1, 2],[3]", ([1, 2], [3])),
        ('k="a,b","c"', ("a,b", "c")),
        ("k=true,false", (True, False)),
        ("k=7", (7,)),
    ],
)
def test_values_are_read_as_toml_reads_them(text, values):
    assert vary_of(text) == Vary("k", values)


@pytest.mark.parametrize("value", [1, 2.5, 1e9, True, "天元区", 'say "x"\\', [1, 2], {"a b": [True]}])
def test_a_value_written_as_toml_is_read_back_as_itself(value):
    assert toml_value(as_toml(value)) == value


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (plan, "nothing is varied; give --vary KEY=V1,V2,..."),
        (lambda: plan("a"), "--vary a   is not KEY=V1,V2,..."),
        (lambda: plan("a="), "--vary a=   is not KEY=V1,V2,..."),
        (lambda: plan("a=1", "a=2"), "a is varied twice; give all its values at once"),
        (lambda: plan("a=5:1", design="lhs", samples=2), "a   runs from 5 to 1; the first must be the smaller"),
        (lambda: plan("a=1:5"), "a has a range, which only lhs and sobol sample; list its values for a grid"),
        (lambda: plan("a=1:5", design="lhs"), "design lhs needs a number of samples; give --samples N"),
        (lambda: plan("a=1", samples=3), "design grid makes every run of its values; --samples belongs to lhs"),
        (
            lambda: plan("a=1", design="sobl"),
            "design sobl is not known; designs are grid, one-at-a-time, lhs, sobol, saltelli",
        ),
    ],
)
def test_what_makes_no_sense_is_said(make, said):
    with pytest.raises(SweepError) as caught:
        make()
    assert str(caught.value).startswith(said)


def written(folder, text):
    path = folder / "sweep.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_plan_file_names_keys_dotted_or_nested(tmp_path):
    text = """
    design = "lhs"
    samples = 4
    seed = 2
    programmes = ["parking"]
    [vary]
    "programmes.parking.budget" = [1e9, 2e9]
    [vary.programmes.parking.reach]
    limit_m = { low = 300, high = 500 }
    """
    assert read_plan(written(tmp_path, text)) == SweepPlan(
        (
            Vary("programmes.parking.budget", (1e9, 2e9)),
            Vary("programmes.parking.reach.limit_m", low=300, high=500, whole=True),
        ),
        design="lhs",
        samples=4,
        seed=2,
        programmes=("parking",),
    )


def test_a_plan_file_has_scenarios_beside_the_study_as_it_is_and_keys_that_change_together(tmp_path):
    text = """
    together = [["a", "b"]]
    [vary]
    a = [1, 2]
    b = [5, 6]
    [scenarios.dry]
    "network.file" = "dry.gpkg"
    [scenarios.wet.programmes.clinics]
    open = 2
    """
    found = read_plan(written(tmp_path, text))
    dry, wet = (("network.file", "dry.gpkg"),), (("programmes.clinics.open", 2),)
    assert found.scenarios == (Scenario("base"), Scenario("dry", dry), Scenario("wet", wet))
    assert found.together == (("a", "b"),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("together = ['a', 'b']", "sweep.toml: together   must be a list of lists of keys, such as [[KEY, KEY]]"),
        ("[scenarios.base]\na = 1", "sweep.toml: scenarios.base   is the study as it is; give it another name"),
        ("[scenarios]\nx = 1", 'sweep.toml: scenarios.x   must be a table, for example "KEY" = VALUE'),
        ("scenarios = 3", "sweep.toml: scenarios   must be a table of scenarios, or a list of names"),
        ("desing = 'grid'", "sweep.toml: desing   is not a known key; did you mean design?"),
        ("vary = 3", "sweep.toml: vary   must be a table"),
        ("[vary]\na = 3", "sweep.toml: vary.a   needs a list of values, or low and high"),
        ("[vary]\na = { low = 3 }", "sweep.toml: vary.a   needs numbers low and high and nothing else"),
        ("samples = 'x'\n[vary]\na = [1]", "sweep.toml: samples   is 'x'; write a whole number"),
        ("[vary", "is not valid TOML"),
        ("", "nothing is varied"),
    ],
)
def test_a_faulty_plan_file_is_refused_with_place_and_remedy(text, said, tmp_path):
    with pytest.raises(SweepError) as caught:
        read_plan(written(tmp_path, text))
    assert said in str(caught.value)
