"""Bounds are proven again: a true one holds, one that is too good is refuted by a plan that beats it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from solver.export.folder import write_result
from solver.inputs.instance import load_instance
from solver.results.store import read_document
from solver.solve import solve_study
from solver.study.read import read_study
from solver.verify.bound import no_plan_beats_the_bound
from solver.verify.files import Files, read_layers
from solver.verify.run import cases_of
from tests.pose import matrix_study
from tests.verify.test_holds import write_grid

TEACHING = Path(__file__).parents[2] / "instances/teaching"
SITES = 'sites = { file = "sites.csv", id = "id", cost = "cost"%s }\nreach = { limit_m = 60 }\n'
PLAIN, ROOM = SITES % "", SITES % ', capacity = "room"'
PROGRAMMES = {
    "cover": 'model = "max-cover"\nbudget = 12\n' + PLAIN,
    "gradual": 'model = "max-cover"\nopen = 3\ndecay = { shape = "linear", full_m = 20 }\n' + PLAIN,
    "backup": 'model = "max-cover"\nopen = 4\nbackup = 2\n' + PLAIN,
    "all": 'model = "set-cover"\nobjective = "cost"\nunreachable = "leave_out"\n' + PLAIN,
    "room": 'model = "capacitated-cover"\nopen = 3\n' + ROOM,
    "modules": 'model = "capacitated-cover"\nbudget = 14\n' + PLAIN
    + "sizes.s = { capacity = 9.0, cost = 2.0, max_per_site = 2.0 }\n",
    "median": 'model = "p-median"\nopen = 5\nunreachable = "leave_out"\n' + PLAIN.replace("60", "100"),
    "median-room": 'model = "p-median"\nopen = 7\n' + ROOM.replace("60", "100"),
    "centre": 'model = "p-center"\nopen = 4\n' + PLAIN.replace("60", "100"),
    "charge": 'model = "fixed-charge"\ntransport_per_km = 10\n' + PLAIN.replace("60", "100"),
    "piles": 'model = "charging"\nbudget = 30\n' + PLAIN
    + 'piles.kinds.a = { power_kw = 7.0, energy_kwh_per_day = 6.0, cost = 3.0, max_per_site = 3.0 }\n',
}  # fmt: skip


def case_of(study, out, name):
    """A programme's case, solved to the end."""
    file = read_study(study, ["solve.search_s=0"])
    write_result(solve_study(file, programmes=[name]), out, maps=False)
    files = Files(out, read_document(out), read_layers(out))
    case = cases_of(files, load_instance(file, [name]), lambda _event: None)[name]
    assert case.entry["ended"] == "proven"
    return case


def write_town(folder, name):
    """Thirty places and nine sites in a square of 100 m, straight distances in a table."""
    rng = np.random.default_rng(7)
    place, site = rng.uniform(0, 100, (30, 2)), rng.uniform(10, 90, (9, 2))
    metres = np.hypot(*(place[:, None] - site).transpose(2, 0, 1))
    sites = {"id": [f"S{j}" for j in range(9)], "cost": rng.integers(2, 6, 9).astype(float), "room": [40.0] * 9}
    matrix_study.write_study(
        folder,
        {name: PROGRAMMES[name]},
        places={f"p{i}": float(w) for i, w in enumerate(rng.integers(1, 10, 30))},
        sites=sites,
        travel={f"p{i}": {f"S{j}": float(metres[i, j]) for j in range(9)} for i in range(30)},
    )


def refuted(case, share):
    """What is said of a bound that is better than the true one by a share."""
    best = case.entry["objective"]
    better = best * (1 - share if case.maximises else 1 + share)
    return no_plan_beats_the_bound(replace(case, entry={**case.entry, "bound": better}, memory={}))


@pytest.mark.parametrize("name", PROGRAMMES)
def test_a_true_bound_is_proven_again_and_a_better_one_refuted(name, tmp_path):
    write_town(tmp_path, name)
    case = case_of(tmp_path, tmp_path / "out", name)
    assert no_plan_beats_the_bound(case) == []
    said = refuted(case, 0.02)
    assert said is not None
    assert len(said) == 1
    assert str(said[0]).startswith("the plan S")


def test_the_spread_of_sites_is_proven_again_and_a_better_one_refuted(tmp_path):
    write_grid(tmp_path, 1, network="", model="p-dispersion", reach='{ mode = "straight", limit_m = 2000 }')
    study = tmp_path / "study.toml"
    lines = study.read_text(encoding="utf-8").splitlines()
    study.write_text("\n".join(x for x in lines if not x.startswith(("demand", "reach"))), encoding="utf-8")
    case = case_of(tmp_path, tmp_path / "out", "p")
    assert no_plan_beats_the_bound(case) == []
    assert "keeps all sites farther apart than the bound" in "".join(map(str, refuted(case, 0.02) or []))


@pytest.mark.parametrize("name", ["seven", "eight"])
def test_tiers_are_proven_again_and_a_better_bound_refuted(name, tmp_path):
    case = case_of(TEACHING / "post", tmp_path / "out", name)
    assert no_plan_beats_the_bound(case) == []
    assert str((refuted(case, 0.05) or [""])[0]).startswith("the plan K2")
