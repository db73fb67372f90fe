"""Median and fixed-charge programmes from a study file to its result, every number by hand."""

from pathlib import Path
from typing import Any

import pytest

from tests.pose.matrix_study import programmes_of, run, write_study

# Places a, b, c with 3, 2, 1 people; sites s, t, u. c is 900 m from u alone.
PLACES = {"a": 3.0, "b": 2.0, "c": 1.0}
TRAVEL = {"a": {"s": 100, "t": 300}, "b": {"s": 200, "t": 100}, "c": {"s": 700, "u": 900}}
SITES: dict[str, list[Any]] = {
    "id": ["s", "t", "u"],
    "cost": [1000, 400, 100],
    "room": [4, 4, 9],
    "status": ["candidate", "candidate", "existing"],
}
PLAIN = 'sites = { file = "sites.csv", id = "id", cost = "cost", status = "status" }\nreach = { limit_m = 1000 }\n'
ROOM = PLAIN.replace('status = "status"', 'status = "status", capacity = "room"')


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = write_study(
        tmp_path_factory.mktemp("median"),
        {
            "one": 'model = "p-median"\nopen = 1\n' + PLAIN,
            "room": 'model = "p-median"\nopen = 2\n' + ROOM,
            "cost": 'model = "fixed-charge"\ntransport_per_km = 1000\n' + PLAIN,
            "cheap": 'model = "fixed-charge"\ntransport_per_km = 3000\n' + PLAIN,
            "centre": 'model = "p-center"\nopen = 1\n' + PLAIN,
            "spread": 'model = "p-center"\nopen = 2\n' + PLAIN,
            "near": 'model = "p-median"\nopen = 1\nunreachable = "leave_out"\nforbidden = ["s"]\n'
            + PLAIN.replace("1000", "500"),
        },
        places=PLACES,
        sites=SITES,
        travel=TRAVEL,
    )
    ended = run(folder)
    assert ended.exit_code == 0, ended.output
    return programmes_of(folder)


def test_the_least_travel_with_the_existing_site_kept(solved: dict[str, Any]) -> None:
    # s alone: 3*100 + 2*200 + 700 = 1400; t with u: 900 + 200 + 900 = 2000
    one = solved["one"]
    assert (one["objective"], one["objective_unit"], one["sites"], one["kept_sites"]) == (
        1400.0,
        "people x m",
        ["s"],
        ["u"],
    )
    assert one["ended"] == "proven"
    assert one["figures"]["mean_travel_m"] == pytest.approx(1400 / 6)
    assert one["figures"]["worst_travel_m"] == 700


def test_capacities_send_a_place_farther(solved: dict[str, Any]) -> None:
    # s has room for 4: a (3) and c (1); b to t: 300 + 700 + 200 = 1200, without capacities the same
    assert solved["room"]["objective"] == pytest.approx(1200.0)


def test_cost_decides_how_many(solved: dict[str, Any]) -> None:
    # 1 CNY per person and m: s: 1000 + 1400; t: 400 + 2000 = 2400 as well; both: 1400 + 300 + 200 + 700 = 2600
    assert solved["cost"]["objective"] == pytest.approx(2400.0)
    # 3 CNY: s 1000 + 4200 = 5200; t 400 + 6000; both 1400 + 3600 = 5000
    assert solved["cheap"]["objective"] == pytest.approx(5000.0)
    assert sorted(solved["cheap"]["sites"]) == ["s", "t"]
    assert solved["cheap"]["cost"] == pytest.approx(5000.0)


def test_the_worst_travel_is_made_least(solved: dict[str, Any]) -> None:
    # c is 700 from s and 900 from u: with s open the worst is 700, whatever else is
    assert (solved["centre"]["objective"], solved["centre"]["sites"]) == (700.0, ["s"])
    assert (solved["centre"]["ended"], solved["centre"]["bound"], solved["centre"]["objective_unit"]) == (
        "proven",
        700.0,
        "m",
    )
    assert solved["spread"]["objective"] == 700.0
    assert solved["spread"]["figures"]["worst_travel_m"] == 700.0


def test_places_out_of_reach_are_left_out_and_counted(solved: dict[str, Any]) -> None:
    # within 500 m and with t alone, c has no site: a 300 * 3 + b 100 * 2
    near = solved["near"]
    assert near["objective"] == pytest.approx(1100.0)
    assert near["figures"]["places_no_site_reaches"] == 1
    assert near["figures"]["covered_share"] == pytest.approx(5 / 6)


def failing(folder: Path, lines: str, times: float = 1.0) -> str:
    places = {place: times * people for place, people in PLACES.items()}
    write_study(folder, {"x": lines}, places=places, sites=SITES, travel=TRAVEL)
    ended = run(folder)
    assert ended.exit_code == 3
    return ended.stderr


def test_places_out_of_reach_are_refused_by_name_otherwise(tmp_path: Path) -> None:
    said = failing(tmp_path, 'model = "p-median"\nopen = 1\n' + PLAIN.replace("1000", "500"))
    assert (
        "programmes.x   1 places are out of reach of every site that may open (c); p-median must serve all: widen the "
        'reach, add sites, or leave these places out (unreachable = "leave_out")'
    ) in said


def test_a_price_in_the_wrong_unit_is_refused(tmp_path: Path) -> None:
    said = failing(tmp_path, 'model = "fixed-charge"\ntransport_per_min = 1\n' + PLAIN)
    assert "programmes.x.transport_per_min   does not fit a reach in m; use transport_per_km" in said
    assert "programmes.x.transport_per_km   is missing" in said


def test_keys_of_other_models_are_refused(tmp_path: Path) -> None:
    said = failing(tmp_path, 'model = "p-median"\nopen = 1\nbackup = 2\ntransport_per_km = 1\n' + PLAIN)
    assert "programmes.x.backup   p-median does not take it" in said
    assert (
        "programmes.x.transport_per_km   p-median does not take it: it needs a model that pays for transport "
        "(fixed-charge, hierarchical)"
    ) in said


def test_too_little_room_is_said_in_numbers(tmp_path: Path) -> None:
    said = failing(tmp_path, 'model = "p-median"\nopen = 1\n' + ROOM, times=5)
    assert "all sites that may open carry 17 together; the demand is 30: add sites or capacity" in said


SPOTS: dict[str, list[Any]] = {
    "id": ["s0", "s1", "s2", "s3"],
    "x": [0, 1000, 4000, 6000],
    "y": [0, 0, 0, 0],
    "status": ["existing", "candidate", "candidate", "candidate"],
}
SPREAD = """
model = "p-dispersion"
sites = { file = "sites.csv", id = "id", x = "x", y = "y", crs = "EPSG:4547", status = "status" }
"""


def test_new_sites_keep_away_from_each_other_and_from_what_is_there(tmp_path: Path) -> None:
    between = {"s1": {"s2": 900}, "s2": {"s3": 300, "s1": 800}, "s3": {"s1": 5000, "s0": 5000}, "s0": {"s2": 200}}
    folder = write_study(
        tmp_path,
        {"a": SPREAD + "open = 2", "b": SPREAD + "open = 2\nreach = { limit_m = 1500 }"},
        places={"p": 1},
        sites=SPOTS,
        travel=between,
        demand=False,
    )
    ended = run(folder)
    assert ended.exit_code == 0, ended.output
    found = programmes_of(folder)
    # in a straight line: 4000 and 6000 are 2000 apart and 4000 from the one at 0
    assert (found["a"]["objective"], sorted(found["a"]["sites"])) == (2000.0, ["s2", "s3"])
    assert found["a"]["figures"]["least_spacing_m"] == 2000.0
    # along the table: s2-s1 800, s2-s3 300, s0-s2 200; all others are beyond 1500 and count as 1500
    assert (found["b"]["objective"], sorted(found["b"]["sites"])) == (1500.0, ["s1", "s3"])


def test_dispersion_of_no_number_is_refused(tmp_path: Path) -> None:
    folder = write_study(tmp_path, {"a": SPREAD}, places={"p": 1}, sites=SPOTS, travel={"p": {"s0": 1}}, demand=False)
    ended = run(folder)
    assert ended.exit_code == 3
    assert "programmes.a.open   is missing; p-dispersion spreads the sites that must open: say how many" in ended.stderr
