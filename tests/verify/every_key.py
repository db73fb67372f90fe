"""Small studies in which every model uses every key that it takes, each key by itself, for verification to hold."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from models.errors import ProblemError
from models.formulation import formulate
from solver.errors import StudyError
from solver.export.folder import write_result
from solver.inputs.instance import load_instance
from solver.inputs.travel import travel_source
from solver.pose.programme import pose
from solver.solve import solve_study
from solver.study.read import StudyFile, read_study
from solver.verify.run import Report, verify_result

PLACES = {"a": (0, 9), "b": (120, 5), "c": (260, 4), "d": (420, 2), "e": (610, 7), "f": (700, 3)}
"""Place -> x and weight; all lie on a line."""
VISITS = {"a": 4, "b": 6, "c": 2, "d": 5, "e": 3, "f": 7}
"""Place -> load."""
SITES = {
    "A": (10, 4.0, 12, "west"), "B": (100, 5.0, 9, "west"), "C": (250, 6.0, 8, "east"),
    "D": (450, 3.0, 12, "east"), "E": (690, 9.0, 10, "east"),
}  # fmt: skip
"""Site -> x, cost, capacity and group."""
LIMIT_M = 260.0
AT = {"x": "x", "y": "y", "crs": "EPSG:4547"}
DEMAND = {"file": "places.csv", "id": "id", "weight": "people", "group": "district", **AT}
LAYER = {"file": "sites.csv", "id": "id", "cost": "cost", "group": "district", **AT}
ROOM = {"sites": LAYER | {"capacity": "room"}}
SERVING = {"demand": DEMAND, "sites": LAYER, "reach": {"limit_m": LIMIT_M}}
TIER = {"file": "sites.csv", "id": "id", "cost": "cost", "capacity": "room", "group": "district", **AT}
KIND = {"power_kw": 7.0, "energy_kwh_per_day": 4.0, "cost": 1.0, "max_per_site": 3.0}
QUICK = KIND | {"power_kw": 60.0, "title": "quick", "title_zh": "快充桩"}
MODELS: dict[str, dict[str, Any]] = {
    "max-cover": {"open": 2},
    "expected-cover": {"open": 2, "vehicles": {"busy": 0.3, "max_per_site": 2.0, "cost": 1.0, "there": 1.0}},
    "set-cover": {},
    "capacitated-cover": {"open": 2, **ROOM},
    "p-median": {"open": 3},
    "p-center": {"open": 3},
    "p-dispersion": {"open": 3, "demand": None, "reach": None},
    "fixed-charge": {"transport_per_km": 5.0},
    "market-share": {"open": 2, "competitors": ["E"], "market": {"attractiveness": "room", "stay_away_m": 90.0}},
    "charging": {
        "budget": 20.0,
        "piles": {"kinds": {"slow": KIND, "fast": QUICK}},
    },
    "hierarchical": {
        "sites": None,
        "open_at_most": 4,
        "tiers": [
            TIER | {"name": "upper", "title_zh": "上级", "where": {"id": ["A", "D"]}},
            TIER | {"name": "lower", "where": {"id": ["B", "C", "E"]}, "reach": {"limit_m": 700.0}},
        ],
    },
}
"""Model -> what it needs beside places, sites and a reach."""
YEARS = [{"name": "one", "open_at_most": 1, "growth": 1.0}, {"name": "two", "growth": 1.5, "counts": 2.0}]
KEYS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "open": {"open": 3},
    "open_at_least": {"open": None, "open_at_least": 2},
    "open_at_most": {"open": None, "open_at_most": 3},
    "budget": {"open": None, "open_at_most": 3, "budget": 14.0},
    "too_little": {"budget": 1.0},
    "money_share": {"open": None, "open_at_most": 3, "money_share_per_group": 0.7},
    "money_by_district": {"open": None, "open_at_most": 4, "money_share_per_group": {"west": 0.4}},
    "required": {"required": ["C"]},
    "forbidden": {"forbidden": ["A"]},
    "existing_sites": {"existing_sites": ["D"]},
    "closable": {"closable": ["D"], "sites": LAYER | {"closing_cost": 1.0}},
    "competitors": {"competitors": ["B"]},
    "exclusion": {"exclusion": [{"file": "parks.csv", **AT, "distance_m": 30.0}]},
    "at_least_per_group": {"at_least_per_group": 1},
    "at_most_per_group": {"at_most_per_group": {"west": 1, "east": 2}},
    "group_rules": {"group_rules": [{"column": "owner", "at_most": 1, "counts": "open"}]},
    "group_exactly": {"group_rules": [{"column": "owner", "exactly": {"city": 1}}]},
    "floor_share": {"floor_share": 0.2},
    "floor_by_district": {"floor_share": {"west": 0.5}},
    "spacing": {"spacing_m": 100.0},
    "spacing_from_existing": {"spacing_m": 100.0, "spacing_from_existing": True, "existing_sites": ["D"]},
    "at_most_one_of": {"at_most_one_of": [["A", "B", "C"]]},
    "needs": {"needs": [["A", "B"]]},
    "forbidden_pairs": {"forbidden_pairs": [["A", "B"]]},
    "minimum_use": {"minimum_use": 3.0},
    "sizes": {"sizes": {"box": {"capacity": 7.0, "cost": 1.0, "max_per_site": 3.0, "title_zh": "箱"}}},
    "sizes_total": {"sizes": {"box": {"capacity": 7.0, "cost": 1.0, "max_per_site": 3.0}}, "sizes_total": 5},
    "worst_first": {"objective_order": ["floor", "coverage"], "order_tolerance": 0.1},
    "worst_last": {"objective_order": ["coverage", "floor"], "order_tolerance": 0.1},
    "existing": {"existing": {"file": "there.csv", "id": "id", **AT}},
    "where": {"sites": LAYER | {"where": {"owner": ["city", "rail"]}}},
    "status": {"sites": LAYER | {"status": "status"}},
    "capacity": ROOM,
    "own_limit": {"demand": DEMAND | {"limit_m": "own"}},
    "unweighted": {"demand": DEMAND | {"weight": 1.0}},
    "cost_unit": {"sites": LAYER | {"cost_unit": "千元"}, "budget": 12e3},
    "cost_unit_sizes": {"sites": LAYER | {"cost_unit": 10.0},
                        "sizes": {"box": {"capacity": 7.0, "cost": "cost", "max_per_site": 3.0}}},
    "cost_unit_piles": {"sites": LAYER | {"cost_unit": 10.0}, "budget": 90.0,
                        "piles": {"kinds": {"slow": KIND | {"cost": "cost"}}}},
    "load": {"demand": DEMAND | {"load": "visits"}},
    "load_room": {"demand": DEMAND | {"load": "visits"}, **ROOM},
    "load_room_single": {"demand": DEMAND | {"load": "visits"}, **ROOM, "single_source": True},
    "load_room_nearest": {"demand": DEMAND | {"load": "some_visits"}, **ROOM, "assignment": "nearest"},
    "load_of_some": {"demand": DEMAND | {"load": "some_visits"}, **ROOM, "floor_share": 0.1},
    "load_sizes": {"demand": DEMAND | {"load": "visits"}, "minimum_use": 3.0,
                   "sizes": {"box": {"capacity": 7.0, "cost": 1.0, "max_per_site": 3.0}}},
    "load_transport": {"demand": DEMAND | {"load": "visits"}, "transport_per_km": 9.0},
    "load_by_cost": {"demand": DEMAND | {"load": "visits"}, "objective": "cost", "open": None},
    "load_years": {"demand": DEMAND | {"load": "some_visits"}, "open": None, "phasing": {"years": YEARS}},
    "linear": {"decay": {"shape": "linear", "full_m": 50.0}},
    "exponential": {"decay": {"shape": "exponential", "full_m": 20.0, "rate": 2.0}},
    "gaussian": {"decay": {"shape": "gaussian", "rate": 2.0}},
    "power": {"decay": {"shape": "power", "full_m": 10.0, "rate": 2.0}},
    "steps": {"decay": {"shape": "steps", "steps": [[50.0, 1.0], [150.0, 0.4]]}},
    "squared": {"impedance": {"shape": "power", "exponent": 2.0}},
    "steep": {"impedance": {"shape": "exponential", "rate": 3.0}},
    "backup": {"backup": 2, "open": 4},
    "apart": {"decompose": True},
    "nested": {"nested": True},
    "by_cost": {"objective": "cost", "open": None},
    "leave_out": {"unreachable": "leave_out", "reach": {"limit_m": 70.0}, "open": None, "open_at_most": 4},
    "single_source": {"single_source": True},
    "assignment": {"assignment": "nearest"},
    "assignment_room": {"assignment": "nearest", **ROOM},
    "single_source_room": {"single_source": True, **ROOM},
    "transport": {"transport_per_km": 9.0},
    "target": {"open": None, "market": {"target_share": 0.3, "least_travel_m": 8.0, "distance_power": 1.5}},
    "target_cost": {"open": None, "objective": "cost", "market": {"target_share": 0.3}},
    "grid": {"piles": {"kinds": {"slow": KIND, "fast": QUICK}, "grid_limit_kw": 70.0,
                       "min_share": {"fast": 0.3}, "at_least_where_open": 2}},
    "piles_total": {"piles": {"kinds": {"slow": KIND}, "total": 4}},
    "vehicles_total": {"vehicles": {"busy": 0.4, "max_per_site": 3.0, "total": 4}},
    "vehicles_for_nothing": {"vehicles": {"busy": 0.0, "max_per_site": 2.0, "cost": "cost"}, "budget": 30.0},
    "alternatives": {"alternatives": {"count": 2, "within": 0.3}},
    "hop_skip": {"alternatives": {"count": 2, "within": 0.3, "method": "hsj"}},
    "marginals": {"marginals": True},
    "years": {"open": None, "phasing": {"years": YEARS}},
    "years_with_money": {"open": None, "phasing": {"carry_over": False, "years": [
        {"name": "one", "budget": 6.0, "demand": "later"}, {"name": "two", "budget": 6.0}]}},
}  # fmt: skip
"""Name -> keys that a programme has beside those of its model; None takes one away."""


def write(folder: Path, model: str, keys: dict[str, dict[str, Any]]) -> None:
    """A study with one programme for each of some keys."""
    x_of = {place: x for place, (x, _) in PLACES.items()}
    places = [
        (p, x, 0, w, "west" if x < 200 else "east", 200.0, w + 2, VISITS[p], max(0, VISITS[p] - 2))
        for p, (x, w) in PLACES.items()
    ]
    columns = ["id", "x", "y", "people", "district", "own", "later", "visits", "some_visits"]
    pd.DataFrame(places, columns=columns).to_csv(folder / "places.csv", index=False)
    status = ["candidate", "required", "candidate", "forbidden", "existing"]
    owner = ["city", "city", "rail", "rail", None]
    sites = [
        (s, x, 5, *rest, own, what) for (s, (x, *rest)), own, what in zip(SITES.items(), owner, status, strict=True)
    ]
    columns = ["id", "x", "y", "cost", "room", "district", "owner", "status"]
    pd.DataFrame(sites, columns=columns).to_csv(folder / "sites.csv", index=False)
    (folder / "there.csv").write_text("id,x,y\nT,300,0\n", encoding="utf-8")
    (folder / "parks.csv").write_text("x,y\n105,0\n", encoding="utf-8")
    at = {s: x for s, (x, *_) in SITES.items()} | {"T": 300}
    rows = [(p, s, abs(x - y) + 1.0) for p, x in x_of.items() for s, y in at.items()]
    rows += [(s, t, abs(x - y) + 1.0) for s, x in at.items() for t, y in at.items() if s != t]
    pd.DataFrame(rows, columns=["demand", "site", "value"]).to_csv(folder / "travel.csv", index=False)
    lines = [
        'study = { name = "keys", crs = "EPSG:4547" }',
        'travel = { matrix = "travel.csv", missing_pairs = "unreachable" }',
    ]
    lines.append("solve = { gap = 0.0, search_s = 0 }")
    for name, own in keys.items():
        programme = {"model": model, **SERVING, **MODELS[model], **own}
        lines += [f"[programmes.{name}]"] + [f"{k} = {toml(v)}" for k, v in programme.items() if v is not None]
    (folder / "study.toml").write_text("\n".join(lines), encoding="utf-8")


def toml(value: Any) -> str:
    """A value as TOML writes it on one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(own)}" for key, own in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(toml(own) for own in value) + "]"
    return json.dumps(value)


def taken(file: StudyFile) -> list[str]:
    """The programmes whose model takes their keys."""
    return [name for name in file.study.programmes if _poses(file, name)]


def _poses(file: StudyFile, name: str) -> bool:
    try:
        instance = load_instance(file, [name])
        posed = pose(instance.programmes[name], travel_source(file, instance.crs, lambda *_: None))
        formulate(posed.formulation, posed.rules)
    except (StudyError, ProblemError):
        return False
    return True


def verified(folder: Path, model: str, keys: dict[str, dict[str, Any]]) -> tuple[list[str], Report]:
    """The names of the keys that the model takes, and what verification says of the result."""
    write(folder, model, keys)
    file = read_study(folder)
    names = taken(file)
    write_result(solve_study(file, programmes=names), folder / "out", maps=False)
    return names, verify_result(folder / "out")
