"""Every join by id that a study makes: its matrix, lists and pairs of sites, groups and districts, flows and links.

Joins are made here once more, as sets, to say what matched; what uses them goes by position and knows no ids.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

import pandas as pd

from models.messages import say
from models.problem import SiteStatus
from solver.errors import LayerError
from solver.findings import Findings
from solver.inputs.columns import id_text
from solver.inputs.instance import Instance, ProgrammeInputs
from solver.inputs.join import Join, join
from solver.inputs.layers import read_frame
from solver.inputs.roads import Points, Roads
from solver.inputs.site_lists import LISTS
from solver.inputs.travel import Matrix
from solver.study.joint import PortfolioLink
from solver.study.read import StudyFile
from solver.study.schema import DemandLayer, Programme, SiteLayer

Side = Literal["demand", "site"]
SIDES: tuple[Side, ...] = ("demand", "site")
UNREACHABLE = say('say missing_pairs = "unreachable" in [travel] where there is no way')


def joins_of(instance: Instance, source: Roads | Matrix | None) -> tuple[Join, ...]:
    """The joins of what is solved: programme by programme, and of the matrix if there is one."""
    found = [] if not isinstance(source, Matrix) else matrix_joins(instance, source)
    for name, inputs in instance.programmes.items():
        found += joins_of_programme(name, inputs)
    for name in instance.portfolios:
        for i, link in enumerate(instance.file.study.portfolio[name].links):
            found += _of_link(f"portfolio.{name}.links.{i}", link, instance.programmes)
    return tuple(found)


def note_joins(joins: Iterable[Join], findings: Findings) -> None:
    """Note every fault of some joins."""
    for each in _refused(joins):
        each.note(findings, UNREACHABLE if each.place.startswith("travel.") else None)


def _refused(joins: Iterable[Join]) -> list[Join]:
    """The joins that are faults; a list of ids that are like no other is told of where it is used."""
    return [each for each in joins if each.is_faulty and (each.near or not each.is_list)]


def without_faults(instance: Instance, joins: Iterable[Join]) -> Instance:
    """The programmes and portfolios whose joins are sound: the others' faults would be told twice.

    None of them where the matrix matches nothing: all is out of reach then.
    """
    faulty = _refused(joins)
    if any(each.matches_nothing and each.place.startswith("travel.") for each in faulty):
        return replace(instance, programmes={}, portfolios=())
    places = {each.place for each in faulty}
    sound = {n: i for n, i in instance.programmes.items() if not any(p.startswith(f"programmes.{n}.") for p in places)}
    joint = instance.file.study.portfolio
    portfolios = tuple(
        name
        for name in instance.portfolios
        if all(member in sound for member in joint[name].programmes)
        and not any(p.startswith(f"portfolio.{name}.") for p in places)
    )
    return replace(instance, programmes=sound, portfolios=portfolios)


def partial(joins: Iterable[Join]) -> list[Join]:
    """The joins of which something stands on one side only and is worth telling."""
    return [each for each in joins if each.is_partial]


def matrix_joins(instance: Instance, matrix: Matrix) -> list[Join]:
    """The two sides of a matrix against the places and sites of all programmes that are solved."""
    rows: dict[str, None] = {}
    columns: dict[str, None] = {}
    either: dict[str, None] = {}
    for inputs in instance.programmes.values():
        places, serving, between = _asked(inputs)
        rows |= dict.fromkeys(places)
        columns |= dict.fromkeys(serving)
        either |= dict.fromkeys(between)
    told = {side: matrix.ids(side) for side in SIDES}
    named = {*told["demand"], *told["site"]}
    columns |= {site: None for site in either if site in told["site"] or site not in named}
    known = {"demand": rows, "site": columns}
    known_there = _square(told, rows, columns)
    lost = any(i not in known[side] and i not in either for side in SIDES for i in told[side])
    also = _everywhere(instance.file) if lost else {"demand": set(), "site": set()}
    kinds = {"demand": "places", "site": "sites"}
    return [
        join(
            f"travel.{side}",
            matrix.file,
            kinds[side],
            told[side],
            known[side],
            also=(*either, *known_there[side], *(also[side] if also is not None else told[side])),
            unknown_is=matrix.missing,
            silent_is=matrix.missing,
        )
        for side in SIDES
        if known[side]
    ]


def _square(
    told: Mapping[Side, Iterable[str]], places: Iterable[str], sites: Iterable[str]
) -> dict[Side, tuple[str, ...]]:
    """Sites among the places of a table, and places among its sites, where it is one of all points to all."""
    rows, columns = set(told["demand"]), set(told["site"])
    return {
        "demand": tuple(sites) if rows.issuperset(sites) else (),
        "site": tuple(places) if columns.issuperset(places) else (),
    }


def table_joins(matrix: Matrix, demand: Points, sites: Points) -> list[Join]:
    """The two sides of a table of travel against places and sites that stand for themselves."""
    is_missing = {"unknown_is": matrix.missing, "silent_is": matrix.missing}
    return [
        join("demand", matrix.file, "places", matrix.ids("demand"), demand.ids, **is_missing),
        join("site", matrix.file, "sites", matrix.ids("site"), sites.ids, **is_missing),
    ]


def _asked(inputs: ProgrammeInputs) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    """Places that need a row, sites that need a column, and sites between which there may be travel either way."""
    programme, sites = inputs.programme, inputs.sites
    if inputs.tier is not None:
        lowest = len(programme.tiers) - 1
        serving = [site for site, tier in zip(sites.ids, inputs.tier, strict=True) if tier == lowest]
        return () if inputs.demand is None else inputs.demand.ids, serving, sites.ids
    if inputs.demand is not None:
        return inputs.demand.ids, sites.ids, ()
    return (), (), sites.ids if programme.reach is not None else ()


def _everywhere(file: StudyFile) -> dict[str, set[str]] | None:
    """The ids in every layer of the study, rows that do not count and programmes that are not solved included.

    None where a layer cannot be read: then nobody knows whether an id is in it.
    """
    found: dict[str, set[str]] = {"demand": set(), "site": set()}
    try:
        for programme in file.study.programmes.values():
            if programme.demand is not None:
                found["demand"] |= _raw_ids(file, programme.demand)
            for layer in (programme.sites, programme.existing, *programme.tiers):
                if layer is not None:
                    ids = _raw_ids(file, layer)
                    found["site"] |= ids
                    found["demand"] |= ids if _between_sites(programme) else set()
    except (LayerError, KeyError):
        return None
    return found


def _between_sites(programme: Programme) -> bool:
    return bool(programme.tiers) or programme.demand is None


def _raw_ids(file: StudyFile, layer: DemandLayer | SiteLayer) -> set[str]:
    frame = read_frame(file.resolve(layer.file), layer=layer.layer, encoding=layer.encoding)
    return {id_text(value) for value in frame[layer.id]}


def joins_of_programme(name: str, inputs: ProgrammeInputs) -> list[Join]:
    """Lists and pairs of sites, numbers by group and district, districts of sites and places, and flows."""
    place, sites, demand = f"programmes.{name}", inputs.sites, inputs.demand
    found = [
        _listed(f"{place}.{key}", key, "own sites", _of(told, sites.ids) if key in LISTS else told, sites.ids)
        for key, told in _site_lists(inputs.programme)
        if told
    ]
    found += [
        _listed(f"{place}.{key}", key, "districts of sites", told, _set(sites.group))
        for key, told in _by_district(inputs.programme)
        if _set(sites.group)
    ]
    for rule in inputs.programme.group_rules:
        if rule.column in inputs.site_frame.columns:
            groups = _set(inputs.site_texts(rule.column, "group_rules"))
            for side in ("at_least", "at_most", "exactly"):
                numbers, key = getattr(rule, side), f"group_rules.{rule.column}.{side}"
                if isinstance(numbers, Mapping) and groups:
                    found.append(_listed(f"{place}.{key}", key, "groups of sites", numbers, groups))
    if demand is not None and isinstance(inputs.programme.floor_share, Mapping):
        weighed = [g or "all" for g, w in zip(demand.group, demand.weight, strict=True) if w > 0]
        told = inputs.programme.floor_share
        found.append(_listed(f"{place}.floor_share", "floor_share", "districts of places", told, weighed))
    if demand is not None and _set(demand.group) and _set(sites.group):
        found.append(_districts(f"{place}.sites.group", sites.group, demand.group))
    flows = inputs.flows
    if flows is not None and inputs.programme.flows is not None:
        used = [flows.terminal_ids[i] for i in (*flows.origin, *flows.destination)]
        file = inputs.programme.flows.file
        found.append(join(f"{place}.flows", file, "terminals", used, flows.terminal_ids, silent_is="counted"))
    return found


def _districts(place: str, of_sites: Sequence[str], of_places: Sequence[str]) -> Join:
    """Districts may have no site, and sites may stand in districts where nobody lives: that is told."""
    return join(
        place,
        say("the sites"),
        "districts of places",
        _set(of_sites),
        _set(of_places),
        unknown_is="told",
        silent_is="told",
    )


def _listed(place: str, key: str, kind: str, told: Iterable[str], known: Iterable[str]) -> Join:
    """A list of some ids: all of them must be known, and the others need no mention."""
    return join(place, key, kind, told, known, silent_is="counted")


def _of(told: Iterable[str], known: Iterable[str]) -> list[str]:
    """Those that are known: where the list is used the others are refused already."""
    ids = set(known)
    return [i for i in told if i in ids]


def _set(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))


def _site_lists(programme: Programme) -> Iterator[tuple[str, list[str]]]:
    """Key -> the sites that it names."""
    for key in LISTS:
        yield key, list(getattr(programme, key))
    for key in ("at_most_one_of", "forbidden_pairs", "needs"):
        yield key, [site for chosen in getattr(programme, key) for site in chosen]


def _by_district(programme: Programme) -> Iterator[tuple[str, Mapping[str, int]]]:
    for key in ("at_least_per_group", "at_most_per_group"):
        numbers = getattr(programme, key)
        if isinstance(numbers, Mapping):
            yield key, numbers


def _of_link(place: str, link: PortfolioLink, inputs: Mapping[str, ProgrammeInputs]) -> list[Join]:
    """The sites that wait against those that they wait for; what nearness joins has no ids to match."""
    if link.programme not in inputs or link.needs not in inputs:
        return []
    waiting, others = inputs[link.programme], inputs[link.needs].sites
    if link.same_id:
        table, new = (
            say("the sites of {programme}", programme=link.programme),
            waiting.sites.is_(SiteStatus.CANDIDATE, SiteStatus.REQUIRED),
        )
        told = [site for site, is_new in zip(waiting.sites.ids, new, strict=True) if is_new]
        return [
            join(f"{place}.same_id", table, "other sites", told, others.ids, unknown_is="counted", silent_is="counted")
        ]
    if link.column is not None and link.column in waiting.site_frame.columns:
        texts = ["" if pd.isna(value) else id_text(value) for value in waiting.site_frame[link.column]]
        return [
            _listed(f"{place}.column", f"column {link.column}", "other sites", _of(_set(texts), others.ids), others.ids)
        ]
    if not link.pairs:
        return []
    first, second = ([pair[side] for pair in link.pairs] for side in (0, 1))
    return [
        _listed(f"{place}.pairs", "pairs", "waiting sites", _of(first, waiting.sites.ids), waiting.sites.ids),
        _listed(f"{place}.pairs", "pairs", "other sites", _of(second, others.ids), others.ids),
    ]
