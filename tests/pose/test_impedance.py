"""What travel counts as: limits of single places, and impedances that are not the way itself; numbers by hand."""

import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.pose.matrix_study import programmes_of, run, write_study

# a (2 people) is 100 m from s and 500 m from t; b (1) is 1000 m from s and 400 m from t
PLACES = {"a": 2.0, "b": 1.0}
TRAVEL = {"a": {"s": 100, "t": 500}, "b": {"s": 1000, "t": 400}}
SITES: dict[str, list[Any]] = {"id": ["s", "t"], "cost": [10, 10], "room": [3, 3]}
PLAIN = 'open = 1\nsites = { file = "sites.csv", id = "id", cost = "cost" }\nreach = { limit_m = 1000 }\n'
ROOM = PLAIN.replace('"cost" }', '"cost", capacity = "room" }')
LIMITED = PLAIN + 'demand = { file = "places.csv", id = "id", weight = "people", limit_m = "own" }\n'


def solve(folder: Path, lines: str, *, unit: str = "m") -> dict[str, Any]:
    write_study(folder, {"p": lines}, places=PLACES, sites=SITES, travel=TRAVEL, unit=unit)
    ended = run(folder)
    assert ended.exit_code == 0, ended.output
    return dict(programmes_of(folder)["p"])


@pytest.mark.parametrize("sites", [PLAIN, ROOM])
@pytest.mark.parametrize(
    ("impedance", "site", "worth", "unit"),
    [
        ("", "s", 1200.0, "people x m"),  # s: 200 + 1000; t: 1000 + 400
        ('impedance = { shape = "power" }', "t", 0.66, "people x km^2"),  # s: 0.02 + 1; t: 0.5 + 0.16
        # s: 2 sqrt 0.1 + 1 = 1.63; t: 2 sqrt 0.5 + sqrt 0.4 = 2.05
        ('impedance = { shape = "power", exponent = 0.5 }', "s", 2 * math.sqrt(0.1) + 1, "people x km^0.5"),
        # s: 2 e^0.1 + e = 4.93; t: 2 e^0.5 + e^0.4 = 4.79
        (
            'impedance = { shape = "exponential", rate = 1.0 }',
            "t",
            2 * math.exp(0.5) + math.exp(0.4),
            "people x exp(1 km)",
        ),
    ],
)
def test_far_places_weigh_as_the_impedance_says(
    tmp_path: Path, sites: str, impedance: str, site: str, worth: float, unit: str
) -> None:
    entry = solve(tmp_path, f'model = "p-median"\n{impedance}\n{sites}')
    assert (entry["sites"], entry["objective_unit"], entry["ended"]) == ([site], unit, "proven")
    assert entry["objective"] == pytest.approx(worth, rel=1e-6)
    # the figures stay what people travel: s (200 + 1000) / 3, t (1000 + 400) / 3
    assert entry["figures"]["mean_travel_m"] == pytest.approx({"s": 400.0, "t": 1400 / 3}[site])


@pytest.mark.parametrize("sites", [PLAIN, ROOM])
def test_transport_is_paid_by_the_impedance(tmp_path: Path, sites: str) -> None:
    # 50 CNY per person and km^2: t 10 + 50 * 0.66 = 43, s 10 + 50 * 1.02
    entry = solve(
        tmp_path, f'model = "fixed-charge"\ntransport_per_km = 50\nimpedance = {{ shape = "power" }}\n{sites}'
    )
    assert (entry["sites"], entry["objective"]) == (["t"], pytest.approx(43.0))


def test_minutes_are_the_unit_of_an_impedance_of_time(tmp_path: Path) -> None:
    # the same numbers as minutes: 2 * 500^2 + 400^2 against 2 * 100^2 + 1000^2
    lines = f'model = "p-median"\nimpedance = {{ shape = "power" }}\n{PLAIN.replace("limit_m", "limit_min")}'
    entry = solve(tmp_path, lines, unit="min")
    assert (entry["sites"], entry["objective_unit"]) == (["t"], "people x min^2")
    assert entry["objective"] == pytest.approx(660_000)


def test_an_impedance_too_large_to_add_up_is_refused_with_a_rate_that_does(tmp_path: Path) -> None:
    lines = f'model = "p-median"\nimpedance = {{ shape = "exponential", rate = 900.0 }}\n{PLAIN}'
    write_study(tmp_path, {"p": lines}, places=PLACES, sites=SITES, travel=TRAVEL)
    ended = run(tmp_path)
    assert ended.exit_code == 3
    assert "programmes.p.impedance.rate   is 900; at 1 km the impedance is e^900" in ended.stderr
    assert "use at most 50, or a shorter reach" in ended.stderr


def limited(folder: Path, own: list[Any], lines: str) -> None:
    write_study(folder, {"p": lines}, places=PLACES, sites=SITES, travel=TRAVEL, demand=False)
    frame = pd.DataFrame({"id": list(PLACES), "people": list(PLACES.values()), "own": own})
    frame.to_csv(folder / "places.csv", index=False)


def test_a_place_is_served_within_its_own_limit_only(tmp_path: Path) -> None:
    # a goes 499 m at most: s covers a and b, t covers b alone; with b at 999 m s covers a alone
    for b, covered in ((1000, 3.0), (999, 2.0)):
        limited(tmp_path, [499, b], f'model = "max-cover"\n{LIMITED}')
        ended = run(tmp_path)
        assert ended.exit_code == 0, ended.output
        entry = programmes_of(tmp_path)["p"]
        assert (entry["sites"], entry["objective"]) == (["s"], covered)


def test_who_must_be_served_is_served_within_its_own_limit(tmp_path: Path) -> None:
    # b alone would have s serve both at 1200; it goes 500 m at most, so t does: 1000 + 400
    limited(tmp_path, [1000, 500], f'model = "p-median"\n{LIMITED}')
    assert run(tmp_path).exit_code == 0
    entry = programmes_of(tmp_path)["p"]
    assert (entry["sites"], entry["objective"]) == (["t"], pytest.approx(1400.0))


@pytest.mark.parametrize(
    ("own", "lines", "fault"),
    [
        ([0, 500], LIMITED, "programmes.p.demand.limit_m   is 0 at a; must be above 0"),
        (
            [100, 2000],
            LIMITED,
            "programmes.p.demand.limit_m   is beyond reach.limit_m = 1000 at b (2000); raise reach.limit_m, or mend",
        ),
        (
            [100, 500],
            LIMITED.replace('limit_m = "own"', 'limit_min = "own"'),
            "programmes.p.demand.limit_min   does not fit a reach with limit_m; use demand.limit_m",
        ),
        ([100, None], LIMITED, "programmes.p.demand.limit_m   places.csv column own is not a number of at least 0"),
        ([100, 500], LIMITED.replace('"own"', '"onw"'), "did you mean own?"),
        (
            [100, 500],
            LIMITED.replace('"own"', '"own", limit_min = "own"'),
            "has both limit_m and limit_min; keep the one that the reach has",
        ),
    ],
)
def test_limits_that_make_no_sense_are_refused(tmp_path: Path, own: list[Any], lines: str, fault: str) -> None:
    limited(tmp_path, own, f'model = "max-cover"\n{lines}')
    ended = run(tmp_path)
    assert ended.exit_code == 3
    assert fault in ended.stderr
