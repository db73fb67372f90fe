"""`siting verify`: everything in a result, recomputed from its inputs by other code."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from models.messages import Listed, say
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

    known = list(read_document(folder)["programmes"])
    unknown = [name for name in programmes if not any(name in (k, k.split(".")[0]) for k in known)]
    if unknown:
        told = say("{name} is not in the result; it has {known}", name=unknown[0], known=Listed(known))
        raise BadValue(told, param_hint="-p")
    with progress(folder.name, speech=speech) as listen:
        report = verify_result(
            folder, study=study, programmes=programmes, despite_changes=despite_changes, on_event=listen
        )
    if as_json:
        click.echo(json.dumps([asdict(v) for v in report.verdicts], ensure_ascii=False, indent=1))
    else:
        click.echo(report_text(report, speech, everything=everything))
    ctx.exit(CHECK_FAILED if report.failed else DONE)


def report_text(report: "Report", speech: Speech, *, everything: bool = False) -> str:
    """Counts by programme, then every check that does not hold (or every check) with what was found."""
    from solver.verify.words import WORDS, sentence

    say = WORDS[speech.lang]
    parts = list(dict.fromkeys(v.part for v in report.verdicts))
    statuses = ("holds", "fails", "not checked")
    rows = [
        [
            part or say["result"],
            *(str(sum(v.part == part and v.status == s for v in report.verdicts)) for s in statuses),
        ]
        for part in parts
    ]
    lines = [table([say["part"], *(say[s] for s in statuses)], rows, right=(1, 2, 3))]
    if everything:
        every = [[v.part or say["result"], sentence(v, speech.lang), say[v.status]] for v in report.verdicts]
        lines += ["", table([say["part"], say["check"], say["verdict"]], every)]
    for status in ("not checked", "fails"):
        for v in report.verdicts:
            if v.status == status:
                lines += ["", f"{v.part or say['result']}{speech.colon}{sentence(v, speech.lang)} - {say[status]}"]
                lines += [f"  {detail}" for detail in v.details]
    if report.stopped:
        lines += ["", say["stopped"]]
    if report.never:
        lines += ["", say["never"].format(what=speech.comma.join(say.get(what, what) for what in report.never))]
    return "\n".join([*lines, "", _last_line(report, say)])


def _last_line(report: "Report", say: dict[str, str]) -> str:
    count = len(report.failed)
    if count:
        return say["one fails" if count == 1 else "some fail"].format(count=count)
    left = sum(v.status == "not checked" for v in report.verdicts)
    return say["all hold"].format(count=len(report.verdicts) - left, left=left)
