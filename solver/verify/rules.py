"""Every rule of a programme's section against the sites that a result names: plain loops over ids."""

from collections import Counter
from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd
import shapely

from solver.findings import Findings, named
from solver.inputs.columns import id_text
from solver.inputs.layers import read_points
from solver.verify.case import Case
from solver.verify.travel import ROUNDING
from solver.verify.verdict import TOLERANCE, Check, Unchecked, shown

NEAR = 1e-9
"""Share of a distance that is rounding."""


def every_site_of_the_plan_is_in_the_study(case: Case) -> list[str]:
    """Ids of sites and of units are known and named once."""
    told = [*case.entry["sites"], *case.entry["kept_sites"]]
    unknown = sorted({site for site in (*told, *case.entry["units"]) if site not in case.row_of})
    twice = sorted(site for site, n in Counter(told).items() if n > 1)
    return [f"{site} is no site of the study" for site in unknown] + [f"{site} is named twice" for site in twice]


def new_sites_and_kept_sites_are_told_apart(case: Case) -> list[str]:
    """What is listed as new is new; what is listed as kept was there."""
    status = dict(zip(case.sites["id"], case.sites["status"], strict=True))
    new = dict(zip(case.sites["id"], case.sites["new"], strict=True))
    return [
        f"{site} is listed as {'new' if wanted else 'kept'} and is {status.get(site)} in the study"
        for key, wanted in (("sites", True), ("kept_sites", False))
        for site in case.entry[key]
        if new.get(site) != wanted
    ]


def what_must_be_open_is_open_and_what_must_not_is_not(case: Case) -> list[str]:
    """Existing and required sites are open, forbidden ones and competitors' are not."""
    p, table = case.programme, case.sites
    must = {*table["id"][table["status"].isin(["existing", "required"])], *p.required, *p.existing_sites}
    never = {*table["id"][~table["may_open"]], *p.forbidden, *p.competitors}
    opened = set(table["id"][table["open"]])
    status = dict(zip(table["id"], table["status"], strict=True))
    return [f"{site} is {status.get(site)} and closed" for site in sorted(must - opened)] + [
        f"{site} is {status.get(site)} and open" for site in sorted(never & opened)
    ]


def as_many_new_sites_open_as_asked(case: Case) -> list[str] | None:
    """open, open_at_least, open_at_most."""
    p = case.programme
    if p.open is None and p.open_at_least is None and p.open_at_most is None:
        return None
    n = int((case.sites["open"] & case.sites["new"]).sum())
    found = [f"{n} new sites are open; {p.open} are asked for (open)"] if p.open not in (None, n) else []
    if p.open_at_least is not None and n < p.open_at_least:
        found.append(f"{n} new sites are open; at least {p.open_at_least} are asked for (open_at_least)")
    if p.open_at_most is not None and n > p.open_at_most:
        found.append(f"{n} new sites are open; at most {p.open_at_most} are allowed (open_at_most)")
    return found


def every_group_has_as_many_sites_as_asked(case: Case) -> list[str] | None:
    """at_least_per_group, at_most_per_group, group_rules."""
    p, table = case.programme, case.sites
    wanted: list[tuple[str, pd.Series, pd.Series, int | dict[str, int] | None, str]] = []
    for key, side in (("at_least_per_group", "at least"), ("at_most_per_group", "at most")):
        wanted.append((key, table["group"], table["new"], getattr(p, key), side))
    for rule in p.group_rules:
        of = case.inputs.site_frame[rule.column].map(lambda v: "" if pd.isna(v) else id_text(v))
        counted = table["new"] if rule.counts == "new" else table["status"] != "competitor"
        for key, side in (("at_least", "at least"), ("at_most", "at most"), ("exactly", "exactly")):
            wanted.append((f"group_rules.{rule.column}.{key}", of, counted, getattr(rule, key), side))
    if all(number is None for *_, number, _ in wanted):
        return None
    found = []
    for key, of, counted, number, side in wanted:
        if number is None:
            continue
        groups = of.to_numpy(dtype=object)
        there = sorted({g for g, one in zip(groups, counted, strict=True) if one and g})
        numbers = number if isinstance(number, Mapping) else dict.fromkeys(there, number)
        for group, limit in numbers.items():
            n = int((table["open"].to_numpy() & counted.to_numpy() & (groups == group)).sum())
            short, over = side != "at most" and n < limit, side != "at least" and n > limit
            if short or over:
                found.append(f"{group} has {n} sites; {side} {limit} are asked for ({key})")
    return found


def new_sites_keep_their_distance(case: Case) -> list[str] | None:
    """spacing_m, spacing_from_existing."""
    p, table = case.programme, case.sites
    if p.spacing_m is None:
        return None
    if "x" not in table:
        raise Unchecked("the sites have no coordinates")
    found = []
    for a, b in combinations(table[table["open"]].itertuples(), 2):
        counts = (a.new and b.new) or (p.spacing_from_existing and (a.new or b.new))
        metres = float(np.hypot(a.x - b.x, a.y - b.y))
        if counts and metres < p.spacing_m * (1 - ROUNDING):
            found.append(f"{a.id} and {b.id} are {metres:.1f} m apart; at least {p.spacing_m:g} is asked for")
    return found


def new_sites_keep_away_from_what_is_excluded(case: Case) -> list[str] | None:
    """exclusion: straight distance from every feature of the layers."""
    table = case.sites
    if not case.programme.exclusion:
        return None
    if "x" not in table:
        raise Unchecked("the sites have no coordinates")
    chosen = table[table["open"] & table["new"]]
    found, crs = [], case.travel.file.study.study.crs
    for section in case.programme.exclusion:
        findings = Findings("exclusion")
        system = getattr(case.inputs.site_frame, "crs", crs)
        folder = case.travel.file.folder
        layer = read_points(folder, section, system, "exclusion", findings, needs_geometry=True, as_points=False)
        if layer is None:
            raise Unchecked(f"{section.file} cannot be read")
        union = shapely.union_all(layer.geometry.to_numpy())
        metres = shapely.distance(shapely.points(chosen[["x", "y"]].to_numpy()), union)
        found += [
            f"{site} is {m:.1f} m from {section.file}; at least {section.distance_m:g} m is asked for"
            for site, m in zip(chosen["id"], metres, strict=True)
            if m < section.distance_m * (1 - ROUNDING)
        ]
    return found


def sites_open_only_as_others_allow(case: Case) -> list[str] | None:
    """at_most_one_of, forbidden_pairs, needs."""
    p = case.programme
    if not (p.at_most_one_of or p.forbidden_pairs or p.needs):
        return None
    opened = set(case.sites["id"][case.sites["open"]])
    found = []
    for key, sets in (("at_most_one_of", p.at_most_one_of), ("forbidden_pairs", p.forbidden_pairs)):
        for group in sets:
            both = sorted(opened.intersection(group))
            if len(both) > 1:
                found.append(f"{named(both)} are open together ({key})")
    return found + [f"{a} is open without {b} (needs)" for a, b in p.needs if a in opened and b not in opened]


def every_district_reaches_its_floor(case: Case) -> list[str] | None:
    """floor_share, from who is served."""
    floor = case.programme.floor_share
    if case.programme.phasing is not None and case.programme.phasing.years[-1].floor_share is not None:
        floor = case.programme.phasing.years[-1].floor_share
    if floor is None:
        return None
    shares = district_shares(case)
    floors = floor if isinstance(floor, Mapping) else dict.fromkeys(shares, floor)
    return [
        f"{name} is covered to {shares.get(name, 0.0):.6%}; at least {least:.6%} is asked for (floor_share)"
        for name, least in floors.items()
        if shares.get(name, 0.0) < least - TOLERANCE
    ]


def district_shares(case: Case) -> dict[str, float]:
    """District -> share of its weight that is served, those without weight left out."""
    table = case.places.assign(served=case.share * case.places["weight"])
    sums = table.groupby("group")[["weight", "served"]].sum()
    sums = sums[sums["weight"] > 0]
    return {str(name): float(row["served"] / row["weight"]) for name, row in sums.iterrows()}


def open_sites_are_used_enough(case: Case) -> list[str] | None:
    """minimum_use."""
    least = case.programme.minimum_use
    if least is None:
        return None
    amounts = case.numbers(least)
    short = np.flatnonzero(case.open & (case.load < amounts * (1 - TOLERANCE) - NEAR))
    return [
        f"{site} serves {shown(float(case.load[i]))}; at least {shown(float(amounts[i]))} is asked for (minimum_use)"
        for i, site in zip(short, case.named(short), strict=True)
    ]


def units_keep_their_limits(case: Case) -> list[str] | None:
    """Whole numbers of piles or modules: at open sites, within each kind's limit, the grid's, the total and shares."""
    p = case.programme
    if p.piles is None and not p.sizes:
        return [f"{site} holds units; the study has none" for site in case.entry["units"]] or None
    kinds = p.piles.kinds if p.piles is not None else p.sizes
    strange = [kind for kind in case.units if kind not in kinds]
    found = [f"{kind} is no kind of the study" for kind in strange]
    total = np.zeros(len(case.sites))
    for kind, section in kinds.items():
        count = case.units[kind]
        total += count
        most = np.floor(case.numbers(section.max_per_site))
        ids = case.sites["id"]
        found += [f"{ids[i]} has {count[i]:g} {kind}; at most {most[i]:g} fit" for i in np.flatnonzero(count > most)]
        found += [f"{ids[i]} has {count[i]:g} {kind}" for i in np.flatnonzero((count < 0) | (count != np.floor(count)))]
    held = np.flatnonzero((total > 0) & ~case.open)
    found += [f"{site} is closed and holds {total[i]:g} units" for i, site in zip(held, case.named(held), strict=True)]
    return found + (_pile_faults(case, total) if p.piles is not None else _module_faults(case, total))


def _pile_faults(case: Case, total: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> list[str]:
    piles, ids = case.programme.piles, case.sites["id"]
    if piles is None:
        return []
    few = np.flatnonzero(case.open & (total < piles.at_least_where_open))
    found = [f"{ids[i]} is open with {total[i]:g} piles; at least {piles.at_least_where_open}" for i in few]
    if piles.grid_limit_kw is not None:
        grid = case.numbers(piles.grid_limit_kw)
        drawn = np.sum([kind.power_kw * case.units[name] for name, kind in piles.kinds.items()], axis=0)
        over = np.flatnonzero(drawn > grid * (1 + NEAR))
        found += [f"{ids[i]} draws {drawn[i]:g} kW; the grid bears {grid[i]:g}" for i in over]
    everything = float(total.sum())
    if piles.total is not None and everything != piles.total:
        found.append(f"there are {everything:,g} piles; {piles.total:,} are asked for (piles.total)")
    for kind, share in piles.min_share.items():
        own = float(case.units[kind].sum())
        if own < share * everything - TOLERANCE:
            found.append(f"{own:,g} of {everything:,g} piles are {kind}; at least {share:.2%} are asked for")
    return found


def _module_faults(case: Case, total: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> list[str]:
    p, table, ids = case.programme, case.sites, case.sites["id"]
    sized = (table["new"] & table["open"]).to_numpy()
    found = [f"{ids[i]} is open without a module" for i in np.flatnonzero(sized & (total == 0))]
    carried = np.sum([size.capacity * case.units[name] for name, size in p.sizes.items()], axis=0)
    over = np.flatnonzero(sized & (case.load > carried + TOLERANCE * np.maximum(1.0, case.load)))
    found += [f"{ids[i]} serves {case.load[i]:,.6g}; its modules carry {carried[i]:,.6g}" for i in over]
    if p.sizes_total is not None and total.sum() != p.sizes_total:
        found.append(f"there are {total.sum():,g} modules; {p.sizes_total:,} are asked for (sizes_total)")
    return found


RULES: tuple[Check[Case], ...] = (
    every_site_of_the_plan_is_in_the_study,
    new_sites_and_kept_sites_are_told_apart,
    what_must_be_open_is_open_and_what_must_not_is_not,
    as_many_new_sites_open_as_asked,
    every_group_has_as_many_sites_as_asked,
    new_sites_keep_their_distance,
    new_sites_keep_away_from_what_is_excluded,
    sites_open_only_as_others_allow,
    every_district_reaches_its_floor,
    open_sites_are_used_enough,
    units_keep_their_limits,
)
