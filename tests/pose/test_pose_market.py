"""Market-share programmes from a study file to its result, every number by hand."""

from pathlib import Path
from typing import Any

import pytest

from tests.pose.matrix_study import programmes_of, run, write_study

# a (6 people): s 100 m, t 200, r 100; b (4): t 100, r 200. Sizes s 1, t 2, r 1; r is a competitor.
PLACES = {"a": 6.0, "b": 4.0}
TRAVEL = {"a": {"s": 100, "t": 200, "r": 100}, "b": {"t": 100, "r": 200}}
SITES: dict[str, list[Any]] = {
    "id": ["s", "t", "r"],
    "cost": [5, 2, 0],
    "size": [1, 2, 1],
    "status": ["candidate", "candidate", "competitor"],
}
PLAIN = """
model = "market-share"
sites = { file = "sites.csv", id = "id", cost = "cost", status = "status" }
reach = { limit_m = 1000 }
"""
HUFF = 'attractiveness = "size", distance_power = 2'


def test_share_target_and_attendance(tmp_path: Path) -> None:
    folder = write_study(
        tmp_path,
        {
            "share": PLAIN + f"open = 1\nmarket = {{ {HUFF} }}",
            "target": PLAIN + f"market = {{ {HUFF}, target_share = 0.6 }}",
            "cheap": PLAIN + f'objective = "cost"\nmarket = {{ {HUFF}, target_share = 0.2 }}',
            "attend": PLAIN + f"open = 1\nmarket = {{ {HUFF}, stay_away_m = 100 }}",
        },
        places=PLACES,
        sites=SITES,
        travel=TRAVEL,
    )
    ended = run(folder)
    assert ended.exit_code == 0, ended.output
    found = programmes_of(folder)
    # t alone: of a 0.5 / 1.5, of b 2 / 2.25
    share = found["share"]
    assert (share["sites"], share["kept_sites"], share["objective_unit"]) == (["t"], [], "people")
    assert share["objective"] == pytest.approx(2 + 32 / 9)
    assert share["figures"]["market_share"] == pytest.approx(0.2 + 3.2 / 9)
    assert share["figures"]["competitors_share"] == pytest.approx(0.8 - 3.2 / 9)
    # t holds 55.6 %, with s 71.6 %; 20 % is cheapest with t at 2 CNY
    assert (found["target"]["objective"], found["target"]["objective_unit"]) == (2.0, "new sites")
    assert (found["cheap"]["objective"], found["cheap"]["sites"]) == (2.0, ["t"])
    # staying away pulls 4/3 (the mean size) at 100 m
    attend = found["attend"]
    assert attend["objective"] == pytest.approx(6 * 0.5 / (1.5 + 4 / 3) + 4 * 2 / (2.25 + 4 / 3))
    assert attend["figures"]["market_share"] + attend["figures"]["competitors_share"] < 0.8


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("open = 1", "programmes.x.market   is missing; say what draws people to a site"),
        (f'objective = "cost"\nmarket = {{ {HUFF} }}', "programmes.x.objective   is cost without a share to reach"),
        (
            f"open = 1\nmarket = {{ {HUFF}, stay_away_min = 3 }}",
            "programmes.x.market.stay_away_min   does not fit a reach in m; use stay_away_m",
        ),
        (f"market = {{ {HUFF}, target_share = 0.8 }}", "all sites together capture 71.56% of the demand"),
        (f"open = 1\nminimum_use = 1\nmarket = {{ {HUFF} }}", "programmes.x.minimum_use   market-share does not take"),
    ],
)
def test_what_makes_no_sense_is_refused(tmp_path: Path, lines: str, said: str) -> None:
    folder = write_study(tmp_path, {"x": PLAIN + lines}, places=PLACES, sites=SITES, travel=TRAVEL)
    ended = run(folder)
    assert ended.exit_code == 3
    assert said in ended.stderr
