"""Random towns, seed by seed: every model, rules that mix, ties made on purpose, magnitudes from 1e-6 to 1e12."""

from typing import Any

import numpy as np

from tests.adversary.town import GRID, Place, Site, Town, road_lengths

MODELS = (
    "max-cover",
    "max-cover backup",
    "max-cover decay",
    "max-cover order",
    "set-cover",
    "set-cover cost",
    "set-cover backup",
    "capacitated-cover",
    "capacitated-cover single",
    "capacitated-cover nearest",
    "capacitated-cover sizes",
    "p-median",
    "p-median impedance",
    "p-median capacity",
    "p-median single",
    "p-median sizes",
    "p-center",
    "p-dispersion",
    "fixed-charge",
    "fixed-charge capacity",
    "fixed-charge single",
    "fixed-charge sizes",
    "charging",
    "charging capacity",
    "market-share",
    "market-share target",
    "max-cover years",
    "capacitated-cover years",
)
COVERING = ("max-cover", "capacitated-cover", "charging", "market-share")
ALL_SERVED = ("set-cover", "p-median", "p-center", "fixed-charge")


def kind_of(seed: int) -> str:
    """The kind of a seed: all kinds come by turns."""
    return MODELS[seed % len(MODELS)]


def town_of(seed: int, *, kind: str | None = None, name: str = "p", by: str | None = None) -> Town:
    """The town of a seed."""
    rng = np.random.default_rng([seed, 9])
    kind = kind or kind_of(seed)
    model, _, option = kind.partition(" ")
    n_sites = int(rng.integers(3, 5 if option == "years" else 7))
    n_places = int(rng.integers(3, 8))
    by = by or str(rng.choice(["matrix", "matrix", "straight", "roads"]))
    by = "straight" if model == "p-dispersion" else by
    limit = int(rng.choice([150, 200, 300, 400]))
    crossing = rng.permutation(16)[:n_sites]
    at_site = [(GRID * int(c // 4), GRID * int(c % 4)) for c in crossing]
    home = rng.integers(0, 16, n_places)
    at_place = [(GRID * int(c // 4), GRID * int(c % 4)) for c in home]
    sites = _sites(rng, kind, at_site, name)
    big = int(rng.choice([1, 1, 1, 1000]))
    places = tuple(
        Place(
            id=f"{name}-d{i}",
            weight=int(rng.choice([0, 10, 10, 20, 30])) * (big if i == 0 else 1),
            later=int(rng.choice([0, 10, 20, 30])),
            group=str(rng.choice(["west", "east"])) if i else "west",
            xy=at_place[i],
            limit=min(limit, int(rng.choice([100, 200, 300]))),
        )
        for i in range(n_places)
    )
    if rng.random() < 0.75 or option in ("impedance", "decay") or model == "p-dispersion":
        places = tuple(Place(p.id, p.weight, p.group, p.xy, p.later) for p in places)
    if not any(p.weight for p in places):
        places = (Place(places[0].id, 10, places[0].group, places[0].xy, 20, places[0].limit), *places[1:])
    travel = _travel(rng, by, at_place, at_site)
    amount = float(rng.choice([1.0, 1.0, 1e-6, 1e-3, 1e4, 1e9]))
    money = float(rng.choice([1.0, 1.0, 1e-6, 1e-2, 1e4, 1e7, 1e11]))
    if model == "fixed-charge" and money > 1e9 * amount:
        amount = 1.0  # a price of transport beyond 1e15 is a fault
    return Town(
        name=name,
        model=model,
        sites=sites,
        places=places,
        travel=travel,
        limit=limit,
        keys=_keys(rng, kind, sites, places),
        by=by,
        amount=amount,
        money=money,
    )


def _sites(rng: np.random.Generator, kind: str, at: list[tuple[int, int]], name: str) -> tuple[Site, ...]:
    odd = str(rng.choice(["candidate", "candidate", "existing", "required", "forbidden", "closable"]))
    roomy = any(word in kind for word in ("capacitated", "capacity", "single", "sizes"))
    found = []
    for j, xy in enumerate(at):
        status = odd if j == 0 else "closable" if rng.random() < 0.12 else "candidate"
        if kind.startswith("market") and j == 1:
            status = "competitor"
        found.append(
            Site(
                id=f"{name}-s{j}",
                cost=int(rng.choice([0, 10, 10, 20, 90])),
                status=status,
                xy=xy,
                group=str(rng.choice(["west", "east"])) if j else "west",
                owner=str(rng.choice(["city", "rail", ""])) if j else "city",
                closing=int(rng.choice([0, 0, 10])),
                capacity=int(rng.choice([20, 30, 40, 60, 9999])) if roomy else None,
            )
        )
    return tuple(found)


def _travel(
    rng: np.random.Generator, by: str, places: list[tuple[int, int]], sites: list[tuple[int, int]]
) -> dict[tuple[int, int], float]:
    far: dict[tuple[int, int], float] = {}
    lengths = road_lengths() if by == "roads" else {}
    for i, p in enumerate(places):
        for j, s in enumerate(sites):
            if by == "roads":
                far[i, j] = lengths[(4 * p[0] + p[1]) // GRID, (4 * s[0] + s[1]) // GRID]
            elif by == "straight":
                far[i, j] = ((p[0] - s[0]) ** 2 + (p[1] - s[1]) ** 2) ** 0.5
            elif rng.random() < 0.75:
                far[i, j] = float(rng.choice([50, 100, 100, 150, 200, 250, 300, 400]))
    return far


def _keys(rng: np.random.Generator, kind: str, sites: tuple[Site, ...], places: tuple[Place, ...]) -> dict[str, Any]:
    model, _, option = kind.partition(" ")
    keys: dict[str, Any] = _rules(rng, kind, sites)
    new = [s for s in sites if s.is_new]
    if model in COVERING and option not in ("years", "target", "nearest") and rng.random() < 0.2:
        keys["floor_share"] = float(rng.choice([0.25, 0.5]))
    if option == "backup":
        keys["backup"] = 2
    if option == "decay":
        keys["decay"] = {"shape": "linear", "full_m": 100}
    if option == "order":
        keys["objective_order"] = [["floor", "coverage"], ["coverage", "floor"]][int(rng.integers(2))]
    if option == "cost":
        keys["objective"] = "cost"
    if option in ("single", "nearest"):
        keys |= {"single_source": True} if option == "single" else {"assignment": "nearest"}
    if option == "sizes":
        keys["sizes"] = {
            "small": {"capacity": 20, "cost": 5, "max_per_site": 2},
            "large": {"capacity": 50, "cost": int(rng.choice([10, 12])), "max_per_site": 1},
        }
        if rng.random() < 0.2:
            keys["sizes_total"] = int(rng.integers(1, 4))
    if model in ALL_SERVED:
        keys["unreachable"] = "leave_out"
    if option == "impedance":
        keys["impedance"] = {"shape": "power", "exponent": 2.0}
    if model == "fixed-charge":
        keys["transport_per_km"] = float(rng.choice([0.0, 1.0, 5.0]))
    if model == "charging":
        keys["piles"] = {
            "at_least_where_open": 1,
            "kinds": {
                "slow": {"power_kw": 7, "energy_kwh_per_day": 20, "cost": 5, "max_per_site": 2},
                "fast": {"power_kw": 60, "energy_kwh_per_day": 60, "cost": 12, "max_per_site": 1},
            },
        } | ({"grid_limit_kw": 67} if rng.random() < 0.4 else {})
        if rng.random() < 0.3:
            keys["piles"]["min_share"] = {"slow": 0.5}
    if model == "market-share":
        keys["market"] = {"attractiveness": 2.0, "distance_power": 1.0, "least_travel_m": 50}
        if option == "target":
            keys["market"]["target_share"] = float(rng.choice([0.2, 0.4]))
            if rng.random() < 0.5:
                keys["objective"] = "cost"
    if option == "years":
        keys |= _years(rng, len(new))
    if model == "p-dispersion" and not keys.keys() & {"open", "open_at_least"}:
        keys.pop("open_at_most", None)
        keys["open"] = min(2, len(new))
    if (
        kind in ("capacitated-cover", "capacitated-cover single", "p-median capacity", "charging")
        and rng.random() < 0.2
    ):
        keys["minimum_use"] = int(rng.choice([5, 10, 20]))
    return keys


def _years(rng: np.random.Generator, n: int) -> dict[str, Any]:
    years: list[dict[str, Any]] = [{"name": "2026"}, {"name": "2027", "demand": "later"}]
    carry_over = bool(rng.integers(2))
    for year in years:
        if carry_over or rng.random() < 0.6:
            year["budget"] = int(rng.choice([0, 10, 20, 40]))
        if rng.random() < 0.3:
            year["open_at_most"] = int(rng.integers(0, max(1, n)))
        if rng.random() < 0.3:
            year["counts"] = 2.0
        if rng.random() < 0.15:
            year["floor_share"] = 0.25
    if rng.random() < 0.3:
        years[1]["growth"] = 2.0
    return {"phasing": {"carry_over": carry_over, "years": years}}


def _rules(rng: np.random.Generator, kind: str, sites: tuple[Site, ...]) -> dict[str, Any]:
    keys: dict[str, Any] = {}
    n = sum(s.is_new and s.status != "forbidden" for s in sites)
    ids = [s.id for s in sites]
    count = rng.random()
    if kind.startswith(("p-median", "p-center")) or count < 0.6:
        side = str(rng.choice(["open", "open_at_most", "open_at_most", "open_at_least"]))
        keys[side] = int(rng.integers(1, max(2, n)))
    if rng.random() < 0.4:
        keys["budget"] = int(rng.choice([20, 40, 60, 120]))
    if "years" in kind:
        return {k: v for k, v in keys.items() if k != "budget"}
    pair = [str(i) for i in rng.permutation(ids)[:2]]
    if rng.random() < 0.15:
        keys["needs"] = [pair]
    if rng.random() < 0.15:
        keys["forbidden_pairs"] = [pair[::-1]] if "needs" not in keys else [[str(i) for i in rng.permutation(ids)[:2]]]
    if rng.random() < 0.15 and len(ids) > 2:
        keys["at_most_one_of"] = [[str(i) for i in rng.permutation(ids)[:3]]]
    if rng.random() < 0.15:
        keys["at_most_per_group"] = int(rng.integers(1, 3))
    if rng.random() < 0.1:
        keys["at_least_per_group"] = 1
    if rng.random() < 0.2:
        side = str(rng.choice(["at_least", "at_most"]))
        keys["group_rules"] = [{"column": "owner", side: 1, "counts": str(rng.choice(["new", "open"]))}]
    if rng.random() < 0.15:
        keys["spacing_m"] = float(rng.choice([100, 150, 200]))
        keys["spacing_from_existing"] = bool(rng.integers(2))
    return keys
