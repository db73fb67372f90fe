"""Random studies on random streets, with rules mixed in: whatever is solved verifies."""

import numpy as np
import pandas as pd
import pytest

from models.errors import ProblemError
from solver.errors import StudyError
from solver.events import SolveOptions
from solver.export.folder import write_result
from solver.solve import solve_study
from solver.study.read import read_study
from solver.verify.run import verify_result
from tests.verify.test_holds import write_grid

MODELS = (
    "max-cover",
    "capacitated-cover",
    "set-cover",
    "p-median",
    "p-center",
    "p-dispersion",
    "fixed-charge",
    "charging",
)
SHARES = ("max-cover", "capacitated-cover", "charging")
LOADED = ("capacitated-cover", "p-median", "fixed-charge", "charging")


def write_random(folder, seed):
    """A study of a random model with random rules; some have no plan."""
    rng = np.random.default_rng(seed)
    model = str(rng.choice(MODELS))
    minutes = bool(rng.integers(2)) and model != "fixed-charge"
    limit = f"limit_min = {rng.choice([1, 2, 4, 30])}" if minutes else f"limit_m = {rng.choice([300, 600, 1500, 9000])}"
    way = rng.choice(["drive", "walk", "truck"])
    reach = (
        f'{{ mode = "{way}", direction = "{rng.choice(["to_site", "from_site"])}", {limit}, '
        f"access = {str(bool(rng.integers(2))).lower()} }}"
    )
    turns = "turns = { left_s = 8, right_s = 3, about_s = 25 }" if rng.integers(2) else ""
    write_grid(folder, seed, network=turns, model=model, reach=reach)
    table = pd.read_csv(folder / "sites.csv")
    table["cost"] = rng.integers(1, 9, len(table))
    table["room"] = rng.integers(60, 200, len(table))
    table["district"] = rng.choice(["n", "s"], len(table))
    table["status"] = rng.choice(["candidate"] * 6 + ["existing", "closable", "required", "forbidden"], len(table))
    table["closing"] = rng.integers(0, 3, len(table))
    table.to_csv(folder / "sites.csv", index=False)
    places = pd.read_csv(folder / "places.csv")
    places["district"] = rng.choice(["n", "s"], len(places))
    places.to_csv(folder / "places.csv", index=False)
    study = folder / "study.toml"
    lines = study.read_text(encoding="utf-8").replace("cost = 2.0", _columns(rng, model))
    lines = lines.replace('weight = "people"', 'weight = "people", group = "district"')
    if model == "p-dispersion":
        lines = "\n".join(x for x in lines.splitlines() if not x.startswith("demand"))
    lines = lines.replace("open = 3", "\n".join(_rules(rng, model)))
    study.write_text(lines + _tables(rng, model), encoding="utf-8")


def _columns(rng, model):
    columns = 'cost = "cost", closing_cost = "closing", group = "district", status = "status"'
    return columns + (', capacity = "room"' if model in LOADED and rng.integers(2) else "")


def _rules(rng, model):
    """Lines of the programme: a number or a budget, and some more."""
    lines = ["open = 3"] if model in ("p-median", "p-center", "p-dispersion") or rng.integers(2) else ["budget = 15"]
    if model == "set-cover":
        lines = ['objective = "cost"'] if rng.integers(2) else []
    if model in ("set-cover", "p-median", "p-center", "fixed-charge"):
        lines.append('unreachable = "leave_out"')
    if model == "fixed-charge":
        lines = ['unreachable = "leave_out"', "transport_per_km = 0.05"]
    some = {
        "spacing_m = 250": model != "set-cover",
        "at_most_per_group = 3": True,
        "floor_share = 0.05": model in SHARES,
        "minimum_use = 3": model in ("capacitated-cover", "charging"),
        "single_source = true": model == "capacitated-cover",
        'decay = { shape = "power", rate = 2.0 }': model == "max-cover",
        'forbidden_pairs = [["s0", "s1"], ["s2", "s3"]]': True,
        'impedance = { shape = "power", exponent = 1.5 }': model == "p-median",
    }
    return [*lines, *(line for line, fits in some.items() if fits and rng.random() < 0.3)]


def _tables(rng, model):
    """Lines that end the study: piles, years, and a portfolio of the one programme."""
    kind = "power_kw = {0}, energy_kwh_per_day = {1}, cost = {2}, max_per_site = 4.0"
    slow, fast = kind.format(7.0, 9.0, 1.0), kind.format(60.0, 40.0, 4.0)
    lines = []
    if model == "charging":
        lines.append(f"piles = {{ grid_limit_kw = 90.0, kinds = {{ slow = {{ {slow} }}, fast = {{ {fast} }} }} }}")
    if model in SHARES and rng.random() < 0.3:
        carry = str(bool(rng.integers(2))).lower()
        years = '{ name = "1", budget = 9, growth = 0.8 }, { name = "2", budget = 12, counts = 2 }'
        lines.append(f"phasing = {{ carry_over = {carry}, years = [{years}] }}")
    if model in SHARES and rng.random() < 0.3:
        lines += ["[portfolio.j]", "budget = 18", "programmes = { p = { weight = 2, floor_share = 0.1 } }"]
    return "\n".join(lines) + "\n"


def check(seed, folder):
    write_random(folder, seed)
    try:
        result = solve_study(read_study(folder, ["solve.search_s=0"]), options=SolveOptions(time_limit_s=20))
    except (StudyError, ProblemError):  # rules that contradict each other are refused before anything is solved
        return None
    write_result(result, folder / "out", maps=False)
    report = verify_result(folder / "out")
    assert [(v.check, v.details) for v in report.failed] == []
    return next(iter(result.programmes.values())).ended


@pytest.mark.parametrize("seed", range(8))
def test_a_random_study_verifies(seed, tmp_path):
    check(seed, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 300))
def test_more_random_studies_verify(seed, tmp_path):
    check(seed, tmp_path)
