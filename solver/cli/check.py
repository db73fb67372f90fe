"""`siting check`: every fault of the inputs at once."""

from collections.abc import Sequence
from pathlib import Path

import click

from models.messages import Listed, Said, say, worded
from solver.cli.help import Spoken
from solver.cli.language import LANG, paying
from solver.cli.options import SET, STUDY
from solver.cli.progress import progress
from solver.cli.text import table
from solver.errors import StudyError
from solver.solve import check_study
from solver.study.read import read_study
from solver.study.scenarios import read_scenario
from solver.study.schema import Study
from solver.study.warnings import warnings_of
from solver.words.speech import Speech

EXAMPLES = """\b
Examples:
  siting check study.toml
  siting check my-town --set study.crs=EPSG:4547

\b
Each fault is one line: place in the study or layer, what is the case, what to do. Exit code 3 when there are any.
"""


@click.command("check", cls=Spoken, epilog=EXAMPLES)
@STUDY
@SET
@LANG
@click.pass_context
def check(ctx: click.Context, /, study: Path, overrides: tuple[str, ...], speech: Speech) -> None:
    """Read a study (its file or its folder), layers and roads, bring points to their roads, and report every fault."""
    file = read_study(study, overrides)
    speech = paying(ctx, file.study.study.money)
    with progress(file.study.study.name, speech=speech) as listen:
        instance = check_study(file, on_event=listen)
        require_scenarios(study, file.study, overrides)
    rows = [
        [name, inputs.programme.model, f"{len(inputs.sites):,}", f"{len(inputs.demand or ()):,}"]
        for name, inputs in instance.programmes.items()
    ]
    none = say("{path}: no faults", path=file.path)
    if file.study.scenarios:
        among = Listed(tuple(file.study.scenarios))
        none = say("{path}: no faults, nor in its scenarios ({scenarios})", path=file.path, scenarios=among)
    click.echo(worded(none, speech))
    head = (say("programme"), say("model"), say("sites"), say("places"))
    click.echo(table([worded(word, speech) for word in head], rows, right=(2, 3)))
    if instance.joins:
        joined = [
            [
                each.place,
                worded(each.table, speech),
                *(f"{len(ids):,}" for ids in (each.matched, each.unknown, each.silent)),
            ]
            for each in instance.joins
        ]
        heads = (say("joined by id"), say("table"), say("match"), say("only in table"), say("only in layers"))
        click.echo(f"\n{table([worded(word, speech) for word in heads], joined, right=(2, 3, 4))}")
        for each in instance.joins:
            if each.is_partial:
                click.echo(worded(say("note: {note}", note=each.message), speech))
    for warned in warnings_of(file.study, instance.programmes):
        click.echo(worded(say("warning: {warning}", warning=warned.message), speech))


def require_scenarios(path: Path, study: Study, overrides: Sequence[str]) -> None:
    """StudyError with the faults that the study has in any of its scenarios."""
    faults: list[Said] = []
    for name in study.scenarios:
        try:
            file = read_scenario(path, name, overrides)
        except StudyError as error:
            faults.append(error)
            continue
        try:
            check_study(file)
        except StudyError as error:
            faults.append(say("in scenario {name}: {error}", name=name, error=error))
    if faults:
        raise StudyError(*faults)
