"""What is wrong with a portfolio's section before anything is read: names that clash, members that cannot be joined."""

from collections.abc import Sequence

from solver.findings import Findings, named
from solver.study.read import nearest
from solver.study.schema import Programme, Study

ALONE = {
    "phasing": "years and a joint budget together are not defined",
    "objective_order": "an order of objectives and a joint objective together are not defined",
}
"""Keys of a programme that cannot be kept in a portfolio, and why."""


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
                _note_keys(f"{place}.programmes.{member}", study.programmes[member], findings)


def _note_keys(place: str, programme: Programme, findings: Findings) -> None:
    for key, why in ALONE.items():
        if getattr(programme, key):
            findings.add(place, f"has {key}: {why}", f"take {key} out, or run it alone with -p")
