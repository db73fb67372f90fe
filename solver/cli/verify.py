"""`siting verify`: everything in a result, recomputed from its inputs by other code."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from models.messages import Listed, Message, say, worded
from solver.cli.exits import CHECK_FAILED, DONE
from solver.cli.help import Spoken
from solver.cli.language import LANG
from solver.cli.misuse import BadValue
from solver.cli.paths import REMOTE, Reading
from solver.cli.progress import progress
from solver.cli.text import table
from solver.words.speech import Speech

if TYPE_CHECKING:
    from solver.verify.run import Report
    from solver.verify.verdict import Verdict

EXAMPLES = """\b
Examples:
  siting verify results/base
  siting verify results/base -p parking --all
  siting verify results/base --study studies/town     the study was moved
  siting verify results/base --json > verdicts.json

\b
Exit code 0 only where every check that can be made holds; 7 where one fails or an input has changed; 3 where an input
is missing. What was not checked is said, with the reason.
"""


@click.command("verify", cls=Spoken, epilog=EXAMPLES)
@click.argument("folder", metavar="DIR", type=Reading())
@click.option("--study", type=Reading(), help="The study, where it is not where the result says.")
@click.option("-p", "--programme", "programmes", multiple=True, help="Only this programme or portfolio; repeatable.")
@click.option("--despite-changes", is_flag=True, help="Go on where inputs have changed since the result was computed.")
@click.option("--all", "everything", is_flag=True, help="List every check, not only those that do not hold.")
@REMOTE
@click.option("--json", "as_json", is_flag=True, help="Every verdict as JSON.")
@LANG
@click.pass_context
def verify(
    ctx: click.Context,
    folder: Path,
    study: Path | None,
    programmes: tuple[str, ...],
    despite_changes: bool,
    everything: bool,
    as_json: bool,
    speech: Speech,
) -> None:
    """Recompute everything in a result from its inputs, by other code than the code that made it.

    Travel, rules, costs, service, objective, figures, files and bound: each check is a sentence that holds, fails, or
    was not checked and why.
    """
    from solver.results.store import read_document
    from solver.verify.run import verify_result  # loaded only where it is asked for: it takes its time

    document = read_document(folder)
    known = list(document["programmes"])
    unknown = [name for name in programmes if not any(name in (k, k.split(".")[0]) for k in known)]
    if unknown:
        told = say("{name} is not in the result; it has {known}", name=unknown[0], known=Listed(known))
        raise BadValue(told, param_hint="-p")
    with progress(folder.name, speech=speech) as listen:
        report = verify_result(
            folder, study=study, programmes=programmes, despite_changes=despite_changes, on_event=listen
        )
    if as_json:
        click.echo(
            json.dumps([_as_json(v, speech.of(document)) for v in report.verdicts], ensure_ascii=False, indent=1)
        )
    else:
        click.echo(report_text(report, speech.of(document), everything=everything))
    ctx.exit(CHECK_FAILED if report.failed else DONE)


def _as_json(verdict: "Verdict", speech: Speech) -> dict[str, Any]:
    """A verdict for programs: names as they are, what was found in words."""
    details = [worded(detail, speech) for detail in verdict.details]
    return {"part": verdict.part, "check": verdict.check, "status": verdict.status, "details": details}


WHOLE = say("the whole result")
STATUSES = {"holds": say("holds"), "fails": say("fails"), "not checked": say("not checked")}


def report_text(report: "Report", speech: Speech, *, everything: bool = False) -> str:
    """Counts by programme, then every check that does not hold (or every check) with what was found."""
    statuses = {status: worded(said, speech) for status, said in STATUSES.items()}
    whole = worded(WHOLE, speech)
    part = worded(say("Programme"), speech)
    parts = list(dict.fromkeys(v.part for v in report.verdicts))
    rows = [
        [name or whole, *(str(sum(v.part == name and v.status == s for v in report.verdicts)) for s in statuses)]
        for name in parts
    ]
    lines = [table([part, *statuses.values()], rows, right=(1, 2, 3))]
    if everything:
        every = [[v.part or whole, speech.sentence(v.sentence), statuses[v.status]] for v in report.verdicts]
        heads = [part, worded(say("Check"), speech), worded(say("Verdict"), speech)]
        lines += ["", table(heads, every)]
    for status in ("not checked", "fails"):
        for v in report.verdicts:
            if v.status == status:
                check, verdict = speech.sentence(v.sentence), statuses[status]
                head = say("{part}: {check} - {verdict}", part=v.part or whole, check=check, verdict=verdict)
                lines += ["", worded(head, speech), *(f"  {worded(detail, speech)}" for detail in v.details)]
    if report.stopped:
        text = say("Inputs have changed, so nothing else was looked at; --despite-changes goes on.")
        lines += ["", worded(text, speech)]
    if report.never:
        text = say("Known to the run only, in any result: {what}.", what=Listed(report.never))
        lines += ["", worded(text, speech)]
    return "\n".join([*lines, "", worded(_last_line(report), speech)])


def _last_line(report: "Report") -> Message:
    count = len(report.failed)
    if count:
        return say("{count} check fails.", count=count) if count == 1 else say("{count} checks fail.", count=count)
    left = sum(v.status == "not checked" for v in report.verdicts)
    return say("All {count} checks hold; {left} could not be made.", count=len(report.verdicts) - left, left=left)
