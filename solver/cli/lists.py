"""`siting models`, `siting engines`, `siting versions`: what there is."""

import click

from solver.cli.text import table
from solver.engines.catalogue import available
from solver.pose.catalogue import MODELS
from solver.versions import versions as all_versions


@click.command("models", epilog="\b\nExamples:\n  siting models")
def models() -> None:
    """The models a programme can name, what each decides, and its source."""
    rows = [[name, model.what, model.source] for name, model in MODELS.items()]
    click.echo(table(["model", "decides", "source"], rows))


@click.command("engines", epilog="\b\nExamples:\n  siting engines\n  siting run study.toml --engine cbc")
def engines() -> None:
    """The engines that solve programs, and how to install those that are missing."""
    rows = [[a.name, "installed" if a.installed else "missing", a.text] for a in available()]
    click.echo(table(["engine", "here", "version, or what to do"], rows))


@click.command("versions", epilog="\b\nExamples:\n  siting versions")
def versions() -> None:
    """Versions of siting and of the libraries that decide its answers."""
    click.echo(table(["what", "version"], [[name, version] for name, version in all_versions().items()]))
