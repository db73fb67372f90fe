"""Sites that must open, must not, were there before or are others': `required`, `forbidden`, `exclusion` and so on."""

from collections.abc import Mapping
from typing import Any

import shapely

from models.messages import Message, say
from solver.findings import Findings
from solver.inputs.layers import read_points
from solver.study.schema import Programme
from solver.verify.case import Case
from solver.verify.rule import Rule, in_the_columns
from solver.verify.travel import ROUNDING
from solver.verify.verdict import Unchecked


def what_must_be_open_is_open_and_what_must_not_is_not(case: Case) -> list[Message]:
    """Existing and required sites are open, forbidden ones and competitors' are not."""
    p, table = case.programme, case.sites
    must = {*table["id"][table["status"].isin(["existing", "required"])], *p.required, *p.existing_sites}
    never = {*table["id"][~table["may_open"]], *p.forbidden, *p.competitors}
    opened = set(table["id"][table["open"]])
    status = dict(zip(table["id"], table["status"], strict=True))
    return [
        say("{site} is {status} and closed", site=site, status=status.get(site)) for site in sorted(must - opened)
    ] + [say("{site} is {status} and open", site=site, status=status.get(site)) for site in sorted(never & opened)]


def new_sites_keep_away_from_what_is_excluded(case: Case) -> list[Message] | None:
    """exclusion: straight distance from every feature of the layers."""
    table = case.sites
    if not case.programme.exclusion:
        return None
    if "x" not in table:
        raise Unchecked(say("the sites have no coordinates"))
    chosen = table[table["open"] & table["new"]]
    found, crs = [], case.travel.file.study.study.crs
    for section in case.programme.exclusion:
        findings = Findings("exclusion")
        system = getattr(case.inputs.site_frame, "crs", crs)
        folder = case.travel.file.folder
        layer = read_points(folder, section, system, "exclusion", findings, needs_geometry=True, as_points=False)
        if layer is None:
            raise Unchecked(say("{file} cannot be read", file=section.file))
        union = shapely.union_all(layer.geometry.to_numpy())
        metres = shapely.distance(shapely.points(chosen[["x", "y"]].to_numpy()), union)
        found += [
            say(
                "{site} is {metres:.1f} m from {file}; at least {least:g} m is asked for",
                site=site,
                metres=m,
                file=section.file,
                least=section.distance_m,
            )
            for site, m in zip(chosen["id"], metres, strict=True)
            if m < section.distance_m * (1 - ROUNDING)
        ]
    return found


def _none_required(_programme: Programme) -> Mapping[str, Any]:
    """What must open may open in any of the years."""
    return {"required": []}


STATUSES = Rule(
    keys=("required", "forbidden", "existing_sites", "closable", "competitors"),
    check=what_must_be_open_is_open_and_what_must_not_is_not,
    rows=in_the_columns,
    every_year=True,
    before_the_end=_none_required,
    needs_service=False,
    asks=("required",),
    binds=(),
)
EXCLUSION = Rule(
    keys=("exclusion",),
    check=new_sites_keep_away_from_what_is_excluded,
    rows=in_the_columns,
    sections={"Exclusion": "distance_m id"},
    every_year=False,
    needs_service=False,
    asks=(),
    binds=(),
)
RECORDS = (STATUSES, EXCLUSION)
