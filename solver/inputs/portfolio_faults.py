"""What is wrong with a portfolio's section before anything is read: names that clash, members that cannot be joined."""

from collections.abc import Sequence

from solver.findings import Findings, named
from solver.study.faults import nearest
from solver.study.joint import PortfolioSection
from solver.study.schema import Programme, Study

ALONE = {
    "phasing": "years and a joint budget together are not defined",
    "objective_order": "an order of objectives and a joint objective together are not defined",
    "alternatives": "other plans are those of a programme by itself",
    "marginals": "what a site is worth is told of a programme by itself",
}
"""Keys of a programme that cannot be kept in a portfolio, and why."""
HOW = ("engine", "time_limit_s", "gap")
"""Keys that say how a programme is solved: a joint plan takes the portfolio's own."""


def note_portfolio_faults(study: Study, portfolios: Sequence[str], findings: Findings) -> None:
    """Note every fault of the named portfolios that the study file alone shows."""
    for name in portfolios:
        place = f"portfolio.{name}"
        if name in study.programmes:
            findings.add(place, "is the name of a programme too", "give one of them another name")
        for member in study.portfolio[name].programmes:
            if f"{name}.{member}" in study.programmes:
                findings.add(f"programmes.{name}.{member}", f"is what {place} calls its plan", "give it another name")
            if member not in study.programmes:
                near = nearest(member, list(study.programmes))
                hint = f"did you mean {near}?" if near else f"it has {named(list(study.programmes))}"
                findings.add(f"{place}.programmes.{member}", "is not a programme of this study", hint)
            else:
                _note_keys(place, member, study.programmes[member], study.portfolio[name], findings)


def _note_keys(place: str, member: str, programme: Programme, section: PortfolioSection, findings: Findings) -> None:
    for key, why in ALONE.items():
        if getattr(programme, key) not in (None, []):
            findings.add(
                f"{place}.programmes.{member}", f"has {key}: {why}", f"take {key} out, or run it alone with -p"
            )
    for key in HOW:
        value = getattr(programme, key)
        if value is not None and getattr(section, key) is None:
            findings.add(
                f"{place}.programmes.{member}",
                f"has {key} = {value}, which holds where it runs alone",
                f"say {key} of the joint plan in {place}, or take it out",
            )
