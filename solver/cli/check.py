"""`siting check`: every fault of the inputs at once."""

from collections.abc import Sequence
from pathlib import Path

import click

from solver.cli.options import SET, STUDY
from solver.cli.progress import progress
from solver.cli.text import table
from solver.errors import StudyError
from solver.solve import check_study
from solver.study.read import read_study
from solver.study.scenarios import read_scenario
from solver.study.schema import Study

EXAMPLES = """\b
Examples:
  siting check study.toml
  siting check my-town --set study.crs=EPSG:4547

\b
Each fault is one line: place in the study or layer, what is the case, what to do. Exit code 3 when there are any.
"""


@click.command("check", epilog=EXAMPLES)
@STUDY
@SET
def check(study: Path, overrides: tuple[str, ...]) -> None:
    """Read a study (its file or its folder), layers and roads, bring points to their roads, and report every fault."""
    file = read_study(study, overrides)
    with progress(file.study.study.name) as listen:
        instance = check_study(file, on_event=listen)
        require_scenarios(study, file.study, overrides)
    rows = [
        [name, inputs.programme.model, f"{len(inputs.sites):,}", f"{len(inputs.demand or ()):,}"]
        for name, inputs in instance.programmes.items()
    ]
    scenarios = f", nor in its scenarios ({', '.join(file.study.scenarios)})" if file.study.scenarios else ""
    click.echo(f"{file.path}: no faults{scenarios}")
    click.echo(table(["programme", "model", "sites", "places"], rows, right=(2, 3)))
    if instance.joins:
        joined = [
            [each.place, each.table, *(f"{len(ids):,}" for ids in (each.matched, each.unknown, each.silent))]
            for each in instance.joins
        ]
        head = ["joined by id", "table", "match", "only in table", "only in layers"]
        click.echo(f"\n{table(head, joined, right=(2, 3, 4))}")
        for each in instance.joins:
            if each.is_partial:
                click.echo(f"note: {each.text('en')}")


def require_scenarios(path: Path, study: Study, overrides: Sequence[str]) -> None:
    """StudyError with the faults that the study has in any of its scenarios."""
    faults = []
    for name in study.scenarios:
        try:
            file = read_scenario(path, name, overrides)
        except StudyError as error:
            faults.append(str(error))
            continue
        try:
            check_study(file)
        except StudyError as error:
            faults.append(f"in scenario {name}: {error}")
    if faults:
        raise StudyError("\n".join(faults))
