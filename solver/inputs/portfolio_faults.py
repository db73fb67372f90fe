"""What is wrong with a portfolio's section before anything is read: names that clash, members that cannot be joined."""

from collections.abc import Sequence

from models.messages import say
from solver.findings import Findings, named
from solver.study.faults import nearest
from solver.study.joint import PortfolioSection
from solver.study.schema import Programme, Study

ALONE = {
    "phasing": say("years and a joint budget together are not defined"),
    "objective_order": say("an order of objectives and a joint objective together are not defined"),
    "alternatives": say("other plans are those of a programme by itself"),
    "marginals": say("what a site is worth is told of a programme by itself"),
    "decompose": say("a joint plan is not taken apart by districts"),
}
"""Keys of a programme that cannot be kept in a portfolio, and why."""
HOW = ("engine", "time_limit_s", "gap")
"""Keys that say how a programme is solved: a joint plan takes the portfolio's own."""


def note_portfolio_faults(study: Study, portfolios: Sequence[str], findings: Findings) -> None:
    """Note every fault of the named portfolios that the study file alone shows."""
    for name in portfolios:
        place = f"portfolio.{name}"
        if name in study.programmes:
            findings.add(place, say("is the name of a programme too"), say("give one of them another name"))
        for member in study.portfolio[name].programmes:
            if f"{name}.{member}" in study.programmes:
                findings.add(
                    f"programmes.{name}.{member}",
                    say("is what {place} calls its plan", place=place),
                    say("give it another name"),
                )
            if member not in study.programmes:
                near = nearest(member, list(study.programmes))
                hint = (
                    say("did you mean {near}?", near=near)
                    if near
                    else say("it has {programmes}", programmes=named(list(study.programmes)))
                )
                findings.add(f"{place}.programmes.{member}", say("is not a programme of this study"), hint)
            else:
                _note_keys(place, member, study.programmes[member], study.portfolio[name], findings)


def _note_keys(place: str, member: str, programme: Programme, section: PortfolioSection, findings: Findings) -> None:
    for key, why in ALONE.items():
        if getattr(programme, key) not in (None, [], False):
            findings.add(
                f"{place}.programmes.{member}",
                say("has {key}: {why}", key=key, why=why),
                say("take {key} out, or run it alone with -p", key=key),
            )
    for key in HOW:
        value = getattr(programme, key)
        if value is not None and getattr(section, key) is None:
            findings.add(
                f"{place}.programmes.{member}",
                say("has {key} = {value}, which holds where it runs alone", key=key, value=value),
                say("say {key} of the joint plan in {place}, or take it out", key=key, place=place),
            )
