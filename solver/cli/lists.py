"""`siting models`, `siting engines`, `siting versions`: what there is."""

import click

from solver.cli.teaching import TEACHING
from solver.cli.text import table
from solver.engines.catalogue import available
from solver.engines.engine import Features
from solver.pose.catalogue import MODELS
from solver.versions import versions as all_versions


@click.command("models", epilog="\b\nExamples:\n  siting models\n  siting new my-beds --from beds")
def models() -> None:
    """The models a programme can name, what each decides, an example to start from, and its source."""
    shown = {model: name for name, example in reversed(TEACHING.items()) for model in example.models}
    rows = [[name, shown[name], model.what, model.source] for name, model in MODELS.items()]
    click.echo(table(["model", "example", "decides", "source"], rows))
    click.echo("\nseveral programmes under one budget: the section [portfolio.NAME], example purse")
    click.echo("a programme year by year: the section [programmes.NAME.phasing], example years")
    click.echo("siting new DIR --from EXAMPLE writes an example that runs")


@click.command("engines", epilog="\b\nExamples:\n  siting engines\n  siting run study.toml --engine cbc")
def engines() -> None:
    """The engines that solve programs, what each can, and how to install those that are missing."""
    listed = available()
    head = ["engine", "version", "takes", "start", "bound", "Ctrl-C keeps the plan"]
    rows = [[a.name, a.text, *_features(a.features)] for a in listed if a.features is not None]
    click.echo(table(head, rows))
    missing = [[f"  {a.name}", a.text.removeprefix(f"{a.name}: ")] for a in listed if a.features is None]
    if missing:
        click.echo("\nnot on this computer:")
        click.echo(table(["  engine", "what to do"], missing))
    click.echo('\nchoose one with --engine NAME, or engine = "NAME" under [solve] or a programme')


def _features(features: Features) -> list[str]:
    takes = "all programs" if features.continuous else "whole numbers"
    takes += "" if features.unlimited else " between bounds"
    known = (features.warm_start, features.reports_bound, features.interrupt)
    start, bound, stop = ("yes" if has else "no" for has in known)
    return [takes, start, bound if features.reports_bound else "where proven", stop]


@click.command("versions", epilog="\b\nExamples:\n  siting versions")
def versions() -> None:
    """Versions of siting and of the libraries that decide its answers."""
    click.echo(table(["what", "version"], [[name, version] for name, version in all_versions().items()]))
