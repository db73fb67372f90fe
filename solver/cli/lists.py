"""`siting models`, `siting engines`, `siting versions`: what there is."""

import click

from models.messages import Message, say, worded
from solver.cli.help import Spoken
from solver.cli.language import LANG
from solver.cli.text import table
from solver.engines.catalogue import available
from solver.engines.engine import Features
from solver.pose.catalogue import MODELS
from solver.versions import versions as all_versions
from solver.words.speech import Speech


def _put(message: Message, speech: Speech, before: str = "") -> None:
    click.echo(before + worded(message, speech))


def _heads(speech: Speech, *words: Message) -> list[str]:
    return [worded(word, speech) for word in words]


@click.command("models", cls=Spoken, epilog="\b\nExamples:\n  siting models\n  siting new my-beds --from beds")
@LANG
def models(speech: Speech) -> None:
    """The models a programme can name, what each decides, an example to start from, and its source."""
    rows = [
        [name, model.example, model.purpose_zh if speech.zh else model.purpose, model.source]
        for name, model in MODELS.items()
    ]
    head = _heads(speech, say("model"), say("example"), say("decides"), say("source"))
    click.echo(table(head, rows))
    _put(say("several programmes under one budget: the section [portfolio.NAME], example purse"), speech, "\n")
    _put(say("a programme year by year: the section [programmes.NAME.phasing], example years"), speech)
    _put(say("siting new DIR --from EXAMPLE writes an example that runs"), speech)


@click.command("engines", cls=Spoken, epilog="\b\nExamples:\n  siting engines\n  siting run study.toml --engine cbc")
@LANG
def engines(speech: Speech) -> None:
    """The engines that solve programs, what each can, and how to install those that are missing."""
    listed = available()
    head = _heads(
        speech,
        say("engine"),
        say("version"),
        say("takes"),
        say("start"),
        say("bound"),
        say("Ctrl-C keeps the plan"),
    )
    rows = [[a.name, worded(a.text, speech), *_features(a.features, speech)] for a in listed if a.features is not None]
    click.echo(table(head, rows))
    missing = [
        [f"  {a.name}", worded(a.text, speech).removeprefix(f"{a.name}{speech.colon}")]
        for a in listed
        if a.features is None
    ]
    if missing:
        _put(say("not on this computer:"), speech, "\n")
        first, second = _heads(speech, say("engine"), say("what to do"))
        click.echo(table([f"  {first}", second], missing))
    _put(say('choose one with --engine NAME, or engine = "NAME" under [solve] or a programme'), speech, "\n")


def _features(features: Features, speech: Speech) -> list[str]:
    if features.continuous:
        takes = say("all programs") if features.unlimited else say("all programs between bounds")
    else:
        takes = say("whole numbers") if features.unlimited else say("whole numbers between bounds")
    yes, no = say("yes"), say("no")
    bound = yes if features.reports_bound else say("where proven")
    start, stop = (yes if has else no for has in (features.warm_start, features.interrupt))
    return _heads(speech, takes, start, bound, stop)


@click.command("versions", cls=Spoken, epilog="\b\nExamples:\n  siting versions")
@LANG
def versions(speech: Speech) -> None:
    """Versions of siting and of the libraries that decide its answers."""
    head = _heads(speech, say("what"), say("version"))
    click.echo(table(head, [[name, version] for name, version in all_versions().items()]))
