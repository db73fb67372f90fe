"""Options that several commands share."""

from collections.abc import Callable
from typing import Any

import click

from models.messages import Listed, say
from solver.cli.misuse import BadValue
from solver.cli.paths import REMOTE, Reading
from solver.engines.catalogue import ENGINES
from solver.events import SolveOptions
from solver.network.store import read_edges
from solver.study.faults import nearest
from solver.study.read import StudyFile

_STUDY = click.argument("study", type=Reading())


def STUDY(command: Callable[..., Any]) -> Callable[..., Any]:  # noqa: N802 - it reads as the other options do
    """The study, and what its layers may be."""
    return _STUDY(REMOTE(command))


def keyed(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:  # noqa: ARG001
    """Every one is KEY=VALUE."""
    for one in value:
        if not one.partition("=")[0].strip() or "=" not in one:
            raise BadValue(say("{text} is not KEY=VALUE; write for example programmes.parking.budget=2e9", text=one))
    return value


SET = click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="KEY=VALUE",
    callback=keyed,
    help="Change a value of the study; repeatable.",
)


def share(ctx: click.Context, param: click.Parameter, value: str | None) -> float | None:  # noqa: ARG001
    """A share, written as 0.02 or as 2%, as a number from 0 to 1."""
    if value is None:
        return None
    text = value.strip()
    try:
        number = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        number = float("nan")
    if not 0 <= number <= 1:
        raise BadValue(say("{text} is no share from 0 to 1; write for example 0.02 or 2%", text=value))
    return number


def looking_further(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that ask for more than the best plan."""
    for option in reversed(
        (
            click.option(
                "--alternatives", type=click.IntRange(min=1), metavar="K", help="K other plans that are nearly as good."
            ),
            click.option("--within", callback=share, metavar="SHARE", help="What each of them may lose, such as 2%."),
            click.option("--marginals", is_flag=True, help="What is lost without each site, or by forcing it in."),
        )
    ):
        command = option(command)
    return command


def solving(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what is solved, by what, and for how long."""
    for option in reversed(
        (
            click.option(
                "-p",
                "--programme",
                "programmes",
                multiple=True,
                metavar="NAME",
                help="Only this programme or portfolio; repeatable.",
            ),
            click.option(
                "--engine", type=click.Choice(list(ENGINES)), metavar="NAME", help="What solves; see `siting engines`."
            ),
            click.option(
                "--time-limit",
                type=click.FloatRange(min=0, min_open=True),
                metavar="S",
                help="Seconds for each programme.",
            ),
            click.option(
                "--gap",
                type=click.FloatRange(0, 1),
                metavar="G",
                help="Relative gap that counts as proven, such as 0.01.",
            ),
            SET,
        )
    ):
        command = option(command)
    return command


def options_of(given: dict[str, Any]) -> SolveOptions:
    """What the options of `solving` and `looking_further` ask."""
    return SolveOptions(
        engine=given["engine"],
        time_limit_s=given["time_limit"],
        gap=given["gap"],
        alternatives=given.get("alternatives"),
        within=given.get("within"),
        marginals=given.get("marginals", False),
    )


def require_alternatives(file: StudyFile, given: dict[str, Any]) -> None:
    """A wrong use where --within is given and no other plans are asked for."""
    asked = [p for n, p in file.study.programmes.items() if not given["programmes"] or n in given["programmes"]]
    if given["within"] is not None and given["alternatives"] is None and all(p.alternatives is None for p in asked):
        raise BadValue(say("says what other plans may lose; add --alternatives 3"), param_hint="--within")


def require_programmes(file: StudyFile, names: tuple[str, ...]) -> None:
    """A wrong use where a named programme is not in the study."""
    known = [*file.study.programmes, *file.study.portfolio]
    for name in names:
        if name not in known:
            near = nearest(name, known)
            hint = say("did you mean {near}?", near=near) if near else say("it has {known}", known=Listed(known))
            told = say("{name} is no programme of {file}; {hint}", name=name, file=file.path.name, hint=hint)
            raise BadValue(told, param_hint="-p")


def roads_under(file: StudyFile) -> Any:
    """The road layer to draw under maps, None in a study with a matrix."""
    network = file.study.network
    if network is None or file.study.travel.matrix is not None:
        return None
    return read_edges(file.resolve(network.file), layer=network.layer)
