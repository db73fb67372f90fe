"""Links of a portfolio's section as pairs of sites: by id, by a column, by a list, or by nearness."""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.spatial import cKDTree

from models.limits import SAME_PLACE_M, reaching, within
from models.messages import Listed, say
from models.portfolio import Link
from models.problem import Sites, SiteStatus
from solver.errors import StudyError
from solver.findings import Finding, findings_of, named
from solver.inputs.instance import ProgrammeInputs
from solver.inputs.join import likely, quoted
from solver.study.faults import nearest
from solver.study.joint import PortfolioLink, PortfolioSection

Wanted = dict[str, list[str]]
"""Waiting site -> sites of which one must be open."""


def links_of(name: str, section: PortfolioSection, inputs: Mapping[str, ProgrammeInputs]) -> tuple[Link, ...]:
    """Every link of the section; StudyError with every fault. Sites that are there already wait for nothing."""
    found: list[Link] = []
    faults: list[Finding] = []
    for number, section_link in enumerate(section.links):
        place = f"portfolio.{name}.links.{number}"
        unknown = _unknown_programmes(section_link, section, place)
        if unknown:
            faults += unknown
            continue
        try:
            found += _links(place, section_link, inputs[section_link.programme], inputs[section_link.needs].sites)
        except StudyError as error:
            faults += findings_of(error, place)
    if faults:
        raise StudyError(*faults)
    return tuple(found)


def _unknown_programmes(link: PortfolioLink, section: PortfolioSection, place: str) -> list[Finding]:
    members = list(section.programmes)
    faults: list[Finding] = []
    for key, value in (("programme", link.programme), ("needs", link.needs)):
        if value not in members:
            near = nearest(value, members)
            hint = say("did you mean {near}?", near=near) if near else say("it has {names}", names=Listed(members))
            fact = say("{name} is no programme of the portfolio", name=value)
            faults.append(Finding(f"{place}.{key}", fact, hint))
    if not faults and link.programme == link.needs:
        fact = say("is {programme} itself", programme=link.needs)
        remedy = say("use the key needs of programmes.{programme}", programme=link.needs)
        faults.append(Finding(f"{place}.needs", fact, remedy))
    return faults


def _links(place: str, link: PortfolioLink, waiting: ProgrammeInputs, others: Sites) -> list[Link]:
    sites = waiting.sites
    wanted = _wanted(place, link, waiting, others)
    if not wanted:
        fact = say("links no site of {waiting} to any of {needed}", waiting=link.programme, needed=link.needs)
        raise StudyError(Finding(place, fact, say("are the ids the same?")))
    new = sites.is_(SiteStatus.CANDIDATE, SiteStatus.REQUIRED)
    return [
        Link(link.programme, site, link.needs, tuple(wanted.get(site, ())))
        for site, is_new in zip(sites.ids, new, strict=True)
        if is_new and (site in wanted or link.unlinked == "closed")
    ]


def _wanted(place: str, link: PortfolioLink, waiting: ProgrammeInputs, others: Sites) -> Wanted:
    known = set(others.ids)
    if link.same_id:
        return {site: [site] for site in waiting.sites.ids if site in known}
    if link.nearest_m is not None or link.within_m is not None:
        return _by_nearness(place, link, waiting.sites, others)
    if link.column is not None:
        texts = _texts(f"{place}.column", link.column, waiting)
        pairs = [(site, text) for site, text in zip(waiting.sites.ids, texts, strict=True) if text]
        where = f"{place}.column"
    else:
        pairs, where = list(link.pairs), f"{place}.pairs"
    _refuse_unknown(where, link, pairs, waiting.sites, others)
    wanted: Wanted = {}
    for site, other in pairs:
        wanted.setdefault(site, []).append(other)
    return wanted


def _texts(place: str, column: str, waiting: ProgrammeInputs) -> tuple[str, ...]:
    columns = [str(c) for c in waiting.site_frame.columns if c != "geometry"]
    if column not in columns:
        near = nearest(column, columns)
        some = named(columns, most=12)
        hint = say("did you mean {near}?", near=near) if near else say("it has {names}", names=some)
        fact = say("the sites of {programme} have no column {column}", programme=waiting.name, column=column)
        raise StudyError(Finding(place, fact, hint))
    return waiting.site_texts(column, place)


def _refuse_unknown(
    place: str, link: PortfolioLink, pairs: Sequence[tuple[str, str]], sites: Sites, others: Sites
) -> None:
    faults: list[Finding] = []
    for ids, part, programme in ((sites.ids, 0, link.programme), (others.ids, 1, link.needs)):
        unknown = sorted({pair[part] for pair in pairs} - set(ids))
        if unknown:
            near = likely(unknown[0], ids)
            some = named([quoted(i) for i in unknown])
            fact = say("{sites} is no site of {programme}", sites=some, programme=programme)
            faults.append(Finding(place, fact, near.asked() if near else ""))
    if faults:
        raise StudyError(*faults)


def _by_nearness(place: str, link: PortfolioLink, sites: Sites, others: Sites) -> Wanted:
    """The nearest others within `nearest_m`, more than one where they are equally near, or all within `within_m`."""
    key = "nearest_m" if link.within_m is None else "within_m"
    missing = [p for p, s in ((link.programme, sites), (link.needs, others)) if s.xy is None]
    if sites.xy is None or others.xy is None:
        fact = say("the sites of {programmes} have no place", programmes=Listed(missing, by="both"))
        remedy = say("give x and y, or link by same_id, column or pairs")
        raise StudyError(Finding(f"{place}.{key}", fact, remedy))
    tree = cKDTree(others.xy)
    if link.within_m is not None:
        far = np.full(len(sites), reaching(link.within_m))
    else:
        least, _ = tree.query(sites.xy)
        far = np.where(within(least, link.nearest_m or 0.0), reaching(least) + SAME_PLACE_M, -1.0)
    near = np.flatnonzero(far >= 0)
    found = tree.query_ball_point(sites.xy[near], far[near], return_sorted=True)
    return {sites.ids[i]: [others.ids[j] for j in some] for i, some in zip(near, found, strict=True) if some}
