"""The lists of a programme that say what may be decided about single sites, over the status of their layers."""

from collections.abc import Sequence

from models.arrays import IntArray
from models.messages import say
from models.problem import SiteStatus
from solver.findings import Findings, named
from solver.inputs.join import likely, quoted
from solver.study.schema import Programme

LISTS: dict[str, SiteStatus] = {
    "required": SiteStatus.REQUIRED,
    "forbidden": SiteStatus.FORBIDDEN,
    "existing_sites": SiteStatus.EXISTING,
    "closable": SiteStatus.CLOSABLE,
    "competitors": SiteStatus.COMPETITOR,
}
"""Key of the study -> status that its sites get."""

FROM: dict[SiteStatus, frozenset[SiteStatus]] = {
    SiteStatus.REQUIRED: frozenset({SiteStatus.CANDIDATE}),
    SiteStatus.FORBIDDEN: frozenset({SiteStatus.CANDIDATE}),
    SiteStatus.EXISTING: frozenset({SiteStatus.CANDIDATE, SiteStatus.CLOSABLE}),
    SiteStatus.CLOSABLE: frozenset({SiteStatus.CANDIDATE, SiteStatus.EXISTING}),
    SiteStatus.COMPETITOR: frozenset({SiteStatus.CANDIDATE, SiteStatus.EXISTING}),
}
"""Which statuses of the layer a list may change: what stands there already cannot be required, for example."""

REMEDIES = {
    SiteStatus.EXISTING: say("it is there already; `closable` lets it close"),
    SiteStatus.CLOSABLE: say("it is there already; `existing_sites` keeps it"),
}


def apply_lists(programme: Programme, ids: Sequence[str], status: IntArray, place: str, findings: Findings) -> None:
    """Set `status` (n_sites,) of the sites that the lists name; a fault for unknown sites and for contradictions."""
    position = {site: i for i, site in enumerate(ids)}
    lists: dict[str, list[str]] = {key: getattr(programme, key) for key in LISTS}
    before = status.copy()
    for key, value in LISTS.items():
        for site in lists[key]:
            if site not in position:
                near = likely(site, ids)
                findings.add(
                    f"{place}.{key}",
                    say("{site} is not a site", site=quoted(site)),
                    near.asked() if near else say("name sites of the layers"),
                )
                continue
            own = SiteStatus(int(before[position[site]]))
            if own != value and own not in FROM[value]:
                remedy = REMEDIES.get(own, say("take it out of the list, or change the layer"))
                findings.add(
                    f"{place}.{key}", say("{site} is {status} in its layer", site=site, status=own.name.lower()), remedy
                )
            status[position[site]] = int(value)
    keys = list(LISTS)
    for i, key in enumerate(keys):
        for other in keys[i + 1 :]:
            both = sorted(set(lists[key]) & set(lists[other]))
            if both:
                findings.add(
                    f"{place}.{key}",
                    say("{both} is in `{other}` as well", both=named(both), other=other),
                    say("take it out of one of the lists"),
                )
