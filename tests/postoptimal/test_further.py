"""Other plans and the worth of sites as a study asks for them, from the study to the files."""

import itertools
import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from models.formulation import Formulated
from solver.cli.group import siting
from solver.engines.engine import Ask, Features
from solver.engines.highs import Highs
from solver.engines.outcome import Answer, Outcome
from solver.errors import CheckError, StudyError
from solver.events import SolveOptions
from solver.export.folder import write_result
from solver.inputs.instance import load_instance
from solver.inputs.travel import read_matrix
from solver.optimise.anytime import SolvedProgramme
from solver.pose.programme import pose
from solver.postoptimal.alternatives import AlternativesOptions
from solver.postoptimal.further import FurtherOptions, asked_of, look_further
from solver.results.result import AlternativesSearch, Marginal, OtherPlan
from solver.results.store import read_result
from solver.solve import solve_study
from solver.study.options import with_options
from solver.study.read import read_study
from tests.cli.test_teaching import TEACHING
from tests.made_results import programme_result, study_result
from tests.pose.matrix_study import write_study

STUDY = """
[study]
name = "random"
[travel]
matrix = "times.csv"
missing_pairs = "unreachable"
[solve]
gap = 0.0
[programmes.x]
model = "max-cover"
open_at_most = 3
demand = { file = "places.csv", id = "place", weight = "people" }
sites = { file = "sites.csv", id = "site" }
reach = { limit_m = 500 }
alternatives = { count = 50, within = 0.15 }
marginals = true
"""


def random_study(folder, seed, n_sites=7, n_places=14):
    """A study of 7 sites and 14 places, and which site (column) reaches which place (row)."""
    rng = np.random.default_rng(seed)
    reached = rng.random((n_places, n_sites)) < 0.3
    reached[0, 0] = True
    people = rng.integers(1, 50, n_places)
    folder.mkdir(exist_ok=True)
    (folder / "study.toml").write_text(STUDY)
    pd.DataFrame({"place": [f"p{i}" for i in range(n_places)], "people": people}).to_csv(folder / "places.csv")
    pd.DataFrame({"site": [f"s{j}" for j in range(n_sites)]}).to_csv(folder / "sites.csv", index=False)
    rows, columns = np.nonzero(reached)
    pairs = {"demand": [f"p{i}" for i in rows], "site": [f"s{j}" for j in columns], "value": 100.0}
    pd.DataFrame(pairs).to_csv(folder / "times.csv", index=False)
    return read_study(folder), reached, people


def worth_of_all(reached, people):
    """Every choice of at most three sites with the people it covers: all tried."""
    n = reached.shape[1]
    return {
        frozenset(f"s{j}" for j in chosen): int(people[reached[:, list(chosen)].any(axis=1)].sum())
        for size in range(4)
        for chosen in itertools.combinations(range(n), size)
    }


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 20))])
def test_a_study_is_given_all_plans_within_the_loss_and_the_exact_worth_of_every_site(seed, tmp_path):
    file, reached, people = random_study(tmp_path / "s", seed)
    result = solve_study(file).programmes["x"]
    worth = worth_of_all(reached, people)
    best = max(worth.values())
    assert result.objective == best
    allowed = {sites for sites, value in worth.items() if value >= 0.85 * best - 1e-6}
    assert {frozenset(other.sites) for other in result.alternatives} == allowed - {frozenset(result.sites)}
    assert result.alternatives_sought == AlternativesSearch(50, 0.15, "exhausted")
    for other in result.alternatives:
        assert other.objective == other.figures["covered_weight"] == worth[frozenset(other.sites)]
        assert other.lost_share == pytest.approx(1 - other.objective / best)
        assert set(other.opens) == set(other.sites) - set(result.sites)
        assert set(other.leaves_out) == set(result.sites) - set(other.sites)
    for site, found in result.marginals.items():
        turned = max(value for sites, value in worth.items() if (site in sites) != (site in result.sites))
        assert found.chosen == (site in result.sites)
        assert (found.lost_at_least, found.lost_at_most) == (pytest.approx(best - turned), pytest.approx(best - turned))
    table = result.site_table.set_index("site_id")
    others = result.alternatives
    assert ("in_alternatives" in table) == bool(others)
    if others:
        shares = {s: sum(s in other.sites for other in others) / len(others) for s in table.index}
        assert table["in_alternatives"].to_dict() == pytest.approx(shares)
    assert table["lost_at_most"].to_dict() == pytest.approx({s: m.lost_at_most for s, m in result.marginals.items()})


def test_the_teaching_budget_has_one_other_plan_and_every_site_is_worth_twenty(tmp_path):
    # {} 20, {a} 90, {b} 70, {c} 60, {b, c} 110: at least 80 % of 110 is 88, which only {a} has; without b or c, or
    # with a, the best is {a}
    words = ["run", str(TEACHING / "budget"), "-p", "free", "--out", str(tmp_path / "out")]
    ended = CliRunner().invoke(siting, [*words, "--alternatives", "2", "--within", "20%", "--marginals"])
    assert ended.exit_code == 0, ended.output
    said = ended.stdout.split("\n\n")
    assert said[2].splitlines() == [
        "free: Other plans that lose at most 20.0%",
        "  Plan   Loses  Sites that differ              Cost  Covered  Opens  Leaves out",
        "  1     18.18%                  3  6.00 million CNY    50.0%  a      b, c",
        "  It is proven that there are no more.",
        "  0 of the plan's 2 new sites are in all of these plans too.",
    ]
    assert [line.split()[0] + " " + line.split()[-1] for line in said[3].splitlines()[2:5]] == ["b 20", "c 20", "a 20"]
    entry = json.loads((tmp_path / "out/result.json").read_text(encoding="utf-8"))["programmes"]["free"]
    assert entry["alternatives_sought"] == {"count": 2, "within": 0.2, "ended": "exhausted"}
    assert [(other["sites"], other["objective"], other["cost"]) for other in entry["alternatives"]] == [
        (["a"], 90, 6e6)
    ]
    assert entry["marginals"]["b"] == {
        "chosen": True,
        "lost_at_least": 20,
        "lost_at_most": 20,
        "impossible": False,
        "solved": True,
    }
    sites = pd.read_csv(tmp_path / "out/sites.csv", encoding="utf-8-sig").set_index("site_id")
    assert sites[["in_alternatives", "lost_at_least"]].to_numpy().tolist() == [[0.0, 20.0], [0.0, 20.0]]
    page = (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert "<h3>Other plans that lose at most 20.0%</h3>" in page
    zh = CliRunner().invoke(
        siting, ["report", str(tmp_path / "out"), "--lang", "zh", "--out", str(tmp_path / "zh.html")]
    )
    assert zh.exit_code == 0
    assert "<h3>各站点的价值</h3>" in (tmp_path / "zh.html").read_text(encoding="utf-8")
    assert read_result(tmp_path / "out").programmes["free"].alternatives[0].leaves_out == ("b", "c")


def test_a_site_that_a_floor_needs_leaves_no_plan_when_it_is_turned_round():
    result = solve_study(read_study(TEACHING / "budget"), programmes=["fair"], options=SolveOptions(marginals=True))
    nothing = {"lost_at_least": None, "lost_at_most": None, "impossible": True, "solved": True}
    # a must open for the floor of the north, and nothing more can be paid for
    assert result.programmes["fair"].marginals == {
        "a": Marginal(chosen=True, **nothing),
        "b": Marginal(chosen=False, **nothing),
        "c": Marginal(chosen=False, **nothing),
    }


def test_what_is_not_asked_is_not_there():
    result = solve_study(read_study(TEACHING / "budget"), programmes=["free"]).programmes["free"]
    assert (result.alternatives_sought, result.alternatives, result.marginals) == (None, (), {})
    assert not {"in_alternatives", "lost_at_least"} & set(result.site_table.columns)
    assert result.as_json()["alternatives_sought"] is None


def test_options_go_before_the_study_and_the_study_before_defaults(tmp_path):
    file = random_study(tmp_path / "s", 0)[0]

    def asked(file, **options):
        return asked_of(with_options(file, ("x",), SolveOptions(**options)).study.programmes["x"], 60.0)

    assert asked(file, alternatives=2) == FurtherOptions(AlternativesOptions(2, 0.15), 60.0, 60.0)
    assert asked(file, within=0.1).alternatives == AlternativesOptions(50, 0.1)
    file = read_study(tmp_path / "s", ["programmes.x.marginals={time_limit_s=5}", "programmes.x.alternatives.count=1"])
    assert asked(file) == FurtherOptions(AlternativesOptions(1, 0.15), 60.0, 5.0)
    assert asked(file, marginals=True).marginals_s == 5.0
    off = read_study(tmp_path / "s", ["programmes.x.marginals=false"])
    assert asked(off).marginals_s is None
    assert asked(off, marginals=True).marginals_s == 60.0


@pytest.mark.parametrize(
    ("override", "fault"),
    [
        ("alternatives.within=2", "programmes.x.alternatives.within   is 2; must be at most 1"),
        ("alternatives.cuont=2", "programmes.x.alternatives.cuont   is not a known key; did you mean count?"),
        (
            "marginals=yes",
            "programmes.x.marginals   is 'yes'; write true or false, or a section with time_limit_s",
        ),
    ],
)
def test_keys_that_make_no_sense_are_named(override, fault, tmp_path):
    random_study(tmp_path / "s", 0)
    with pytest.raises(StudyError) as error:
        read_study(tmp_path / "s", [f"programmes.x.{override}"])
    assert str(error.value).splitlines()[1].strip() == fault


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--within", "2%"], "says what other plans may lose; add --alternatives 3"),
        (["--alternatives", "2", "--within", "2"], "2 is no share from 0 to 1; write for example 0.02 or 2%"),
        (["--alternatives", "2", "--within", "few"], "few is no share from 0 to 1; write for example 0.02 or 2%"),
        (["--alternatives", "0"], "0 is not in the range x>=1"),
    ],
)
def test_options_that_make_no_sense_are_named(words, said, tmp_path):
    ended = CliRunner().invoke(siting, ["run", str(TEACHING / "budget"), "--out", str(tmp_path / "o"), *words])
    assert ended.exit_code == 2
    assert said in ended.stderr


def in_hand(file, chosen, bound=None):
    """A posed programme with a plan in hand that opens some sites, not proven."""
    inputs = load_instance(file).programmes["x"]
    posed = pose(inputs, read_matrix(file))
    whole = Formulated.of(posed.formulation, posed.rules)
    draft, program = whole.built
    plan = posed.formulation.plan_of(np.isin(inputs.sites.ids, list(chosen)))
    values = np.zeros(program.n_columns)
    posed.formulation.values_of(draft, plan, values)
    outcome = Outcome(
        ended="limit",
        limit="time",
        holds_plan=True,
        objective=program.objective_at(values),
        bound=bound,
        seconds=1.0,
        engine="highs",
        version="1",
        raw="",
    )
    return posed, SolvedProgramme(whole, plan, values, outcome, {})


def quiet(stage, text, done):
    """Hears nothing."""


@pytest.mark.parametrize(
    "asked", [FurtherOptions(AlternativesOptions(3, 0.5), 20.0, None), FurtherOptions(None, 20.0, 20.0)]
)
def test_a_better_plan_that_comes_up_takes_the_place_of_the_one_in_hand(asked, tmp_path):
    file, reached, people = random_study(tmp_path / "s", 1)
    worth = worth_of_all(reached, people)
    best = max(worth.values())
    weak = min((s for s in worth if len(s) == 3 and worth[s] > 0.8 * best), key=lambda s: worth[s])
    assert worth[weak] < best
    posed, solved = in_hand(file, weak, bound=float(best))
    better, found = look_further(posed, solved, Highs(), Ask(gap=0.0), asked, quiet)
    sites = frozenset(np.array(posed.inputs.sites.ids)[better.plan.open])
    assert better.outcome.objective == worth[sites]
    assert worth[sites] > worth[weak]
    if asked.alternatives is not None:
        assert sites not in {frozenset(other.sites) for other in found.others}
        assert weak in {frozenset(other.sites) for other in found.others}
        assert all(other.lost_share == pytest.approx(1 - other.objective / worth[sites]) for other in found.others)
    else:
        assert (better.outcome.ended, worth[sites]) == ("proven", best)
        for site, turned in found.sites.items():
            truth = best - max(value for chosen, value in worth.items() if (site in chosen) != (site in sites))
            assert turned.chosen == (site in sites)
            assert turned.lost_at_least <= truth + 1e-6
            assert turned.lost_at_most is None or truth <= turned.lost_at_most + 1e-6


class Interrupted(Highs):
    """HiGHS until Ctrl-C comes in a run of some number."""

    features = Features(warm_start=True, interrupt=True)

    def __init__(self, at):
        self.left = at

    def run(self, program, ask):
        self.left -= 1
        answer = super().run(program, ask)
        if self.left:
            return answer
        fields = {"ended": "interrupted", "limit": None, "raw": "ctrl-c"}
        return Answer(answer.values, Outcome(**{**answer.outcome.__dict__, **fields}))


def test_ctrl_c_keeps_the_plans_and_the_worth_there_is(tmp_path):
    file, reached, people = random_study(tmp_path / "s", 2)
    worth = worth_of_all(reached, people)
    best = max(worth, key=lambda s: worth[s])
    posed, solved = in_hand(file, best, bound=float(worth[best]))
    asked = FurtherOptions(AlternativesOptions(4, 0.3), 20.0, 20.0)
    _, found = look_further(posed, solved, Interrupted(at=5), Ask(gap=0.0), asked, quiet)  # three runs for each plan
    assert (len(found.others), found.sought.ended, found.sites) == (1, "interrupted", {})
    _, found = look_further(posed, solved, Interrupted(at=2), Ask(gap=0.0), FurtherOptions(None, 1.0, 20.0), quiet)
    assert len(found.sites) == 7
    assert sum(site.solved for site in found.sites.values()) <= 2
    for name, site in found.sites.items():
        truth = worth[best] - max(value for chosen, value in worth.items() if (name in chosen) != (name in best))
        assert site.lost_at_least <= truth + 1e-6


def test_an_interrupted_plan_asks_for_nothing_more(tmp_path):
    file, *_ = random_study(tmp_path / "s", 2)
    posed, solved = in_hand(file, ["s0"])
    stopped = SolvedProgramme(
        **{**solved.__dict__, "outcome": Outcome(**{**solved.outcome.__dict__, "ended": "interrupted", "limit": None})}
    )
    _, found = look_further(
        posed, stopped, Interrupted(at=1), Ask(), FurtherOptions(AlternativesOptions(1, 0.5), 5.0, 5.0), quiet
    )
    assert (found.sought, found.others, found.sites) == (None, (), {})


def test_every_other_plan_is_checked_like_the_plan_itself(tmp_path, monkeypatch):
    file, reached, people = random_study(tmp_path / "s", 0)
    worth = worth_of_all(reached, people)
    posed, solved = in_hand(file, max(worth, key=lambda s: worth[s]))
    monkeypatch.setattr(type(posed.rules[0]), "violations", lambda *_: ["one site too many"])
    with pytest.raises(CheckError, match="one site too many"):
        look_further(
            posed, solved, Highs(), Ask(gap=0.0), FurtherOptions(AlternativesOptions(1, 0.3), 20.0, None), quiet
        )


def test_every_column_is_in_the_layer_and_a_result_comes_back_as_it_was(tmp_path):
    other = OtherPlan(("P-2",), ("P-3",), ("P-2",), ("P-1",), {}, 80.0, 1 / 9, 2, 2, 2e6, {"covered_share": 0.8})
    made = programme_result(
        alternatives_sought=AlternativesSearch(1, 0.2, "complete"),
        alternatives=(other,),
        marginals={"P-1": Marginal(True, 10.0, None, False, False), "P-2": Marginal(False, None, None, True, True)},
    )
    table = made.site_table.assign(in_alternatives=[0.0, 1.0, 1.0, 0.0], lost_at_least=[10.0, None, None, None])
    write_result(study_result(programme_result(**{**made.__dict__, "site_table": table})), tmp_path / "a", maps=False)
    layer = gpd.read_file(tmp_path / "a/plan.gpkg", layer="parking_sites")
    assert layer["in_alternatives"].tolist() == [0.0, 1.0, 1.0, 0.0]
    again = read_result(tmp_path / "a").programmes["parking"]
    assert (again.alternatives_sought, again.alternatives, again.marginals) == (
        made.alternatives_sought,
        made.alternatives,
        made.marginals,
    )
    page = (tmp_path / "a/report.html").read_text(encoding="utf-8")
    for words in ("at least 10", "no plan is left", "1 of 2 sites have a linear bound only"):
        assert words in page


def test_results_with_and_without_other_plans_compare(tmp_path):
    words = ["run", str(TEACHING / "budget"), "-p", "free"]
    CliRunner().invoke(siting, [*words, "--out", str(tmp_path / "a")])
    CliRunner().invoke(siting, [*words, "--out", str(tmp_path / "b"), "--alternatives", "1", "--marginals"])
    ended = CliRunner().invoke(siting, ["compare", str(tmp_path / "a"), str(tmp_path / "b")])
    assert ended.exit_code == 0
    assert "b: sites gained: 0" in ended.stdout
    document = json.loads((tmp_path / "a/result.json").read_text(encoding="utf-8"))
    for key in ("alternatives_sought", "alternatives", "marginals"):  # a result of an earlier version
        del document["programmes"]["free"][key]
    (tmp_path / "a/result.json").write_text(json.dumps(document), encoding="utf-8")
    assert CliRunner().invoke(siting, ["compare", str(tmp_path / "a"), str(tmp_path / "b")]).exit_code == 0
    assert read_result(tmp_path / "a").programmes["free"].alternatives == ()


SITES = 'sites = { file = "sites.csv", id = "id", cost = "cost" }\n'
PILES = "{ slow = { power_kw = 7, energy_kwh_per_day = 5, cost = 1, max_per_site = 3 } }"
MODELS = {
    "set-cover": 'objective = "cost"\nreach = { limit_m = 600 }\n' + SITES,
    "capacitated-cover": "open = 2\nreach = { limit_m = 300 }\n"
    'sites = { file = "sites.csv", id = "id", capacity = "capacity" }',
    "p-median": "open = 2\nreach = { limit_m = 900 }\n" + SITES,
    "fixed-charge": "transport_per_km = 2.0\nreach = { limit_m = 900 }\n" + SITES,
    "charging": f"open_at_most = 2\nreach = {{ limit_m = 300 }}\npiles = {{ total = 4, kinds = {PILES} }}\n" + SITES,
}


@pytest.mark.parametrize("model", MODELS)
def test_what_a_site_is_worth_is_what_requiring_or_forbidding_it_costs(model, tmp_path):
    rng = np.random.default_rng(7)
    places, sites = [f"p{i}" for i in range(6)], [f"s{j}" for j in range(4)]
    far = rng.integers(1, 9, (6, 4)) * 100.0
    folder = write_study(
        tmp_path,
        {"x": f'model = "{model}"\n{MODELS[model]}\nmarginals = true\nalternatives = {{ count = 2, within = 0.5 }}'},
        places=dict(zip(places, [4.0, 7.0, 3.0, 8.0, 2.0, 5.0], strict=True)),
        sites={"id": sites, "cost": [3.0, 5.0, 4.0, 6.0], "capacity": [9.0, 6.0, 12.0, 8.0]},
        travel={p: dict(zip(sites, row, strict=True)) for p, row in zip(places, far.tolist(), strict=True)},
    )
    result = solve_study(read_study(folder)).programmes["x"]
    assert result.ended == "proven"
    assert set(result.marginals) == set(sites)
    for site, worth in result.marginals.items():
        turned = [f'programmes.x.{"forbidden" if worth.chosen else "required"}=["{site}"]']
        again = solve_study(read_study(folder, [*turned, "programmes.x.marginals=false"])).programmes["x"]
        assert worth.impossible == (again.objective is None)
        if not worth.impossible:
            lost = abs(result.objective - again.objective)
            assert worth.lost_at_least <= lost + 1e-6 <= worth.lost_at_most + 2e-6
            assert worth.lost_at_most - worth.lost_at_least <= 1e-3 * abs(result.objective)
    for other in result.alternatives:
        assert set(other.sites) != set(result.sites)
        assert abs(other.objective - result.objective) <= 0.5 * result.objective + 1e-6
