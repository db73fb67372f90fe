"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from solver.engines.catalogue import ENGINES
from solver.events import SolveOptions
from solver.export.words import LANGUAGES
from solver.network.store import read_edges
from solver.study.read import StudyFile, nearest

STUDY = click.argument("study", type=click.Path(path_type=Path))
LANG = click.option(
    "--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language of reports."
)
SET = click.option(
    "--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change a value of the study; repeatable."
)


def solving(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what is solved, by what, and for how long."""
    for option in reversed(
        (
            click.option("-p", "--programme", "programmes", multiple=True, help="Only this programme; repeatable."),
            click.option("--engine", type=click.Choice(list(ENGINES)), metavar="NAME", help="See `siting engines`."),
            click.option(
                "--time-limit",
                type=click.FloatRange(min=0, min_open=True),
                metavar="S",
                help="Seconds for each programme.",
            ),
            click.option("--gap", type=click.FloatRange(0, 1), metavar="G", help="Relative gap that counts as proven."),
            SET,
        )
    ):
        command = option(command)
    return command


def options_of(given: dict[str, Any]) -> SolveOptions:
    """What the options of `solving` ask."""
    return SolveOptions(engine=given["engine"], time_limit_s=given["time_limit"], gap=given["gap"])


def require_programmes(file: StudyFile, names: tuple[str, ...]) -> None:
    """A wrong use where a named programme is not in the study."""
    known = list(file.study.programmes)
    for name in names:
        if name not in known:
            near = nearest(name, known)
            hint = f"did you mean {near}?" if near else f"it has {', '.join(known)}"
            raise click.BadParameter(f"{name} is no programme of {file.path.name}; {hint}", param_hint="-p")


def roads_under(file: StudyFile) -> Any:
    """The road layer to draw under maps, None in a study with a matrix."""
    network = file.study.network
    if network is None or file.study.travel.matrix is not None:
        return None
    return read_edges(file.resolve(network.file), layer=network.layer)
