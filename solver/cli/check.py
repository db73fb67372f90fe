"""`siting check`: every fault of the inputs at once."""

from pathlib import Path

import click

from solver.cli.options import SET, STUDY
from solver.cli.progress import progress
from solver.cli.text import table
from solver.solve import check_study
from solver.study.read import read_study

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
    rows = [
        [name, inputs.programme.model, f"{len(inputs.sites):,}", f"{len(inputs.demand or ()):,}"]
        for name, inputs in instance.programmes.items()
    ]
    click.echo(f"{file.path}: no faults")
    click.echo(table(["programme", "model", "sites", "places"], rows, right=(2, 3)))
