"""The language of commands: `--lang` on a command or before it, else that of the computer."""

import os
from collections.abc import Callable
from typing import Any

import click

from solver.words.currency import Currency
from solver.words.language import LANGUAGES, VARIABLE, language_of
from solver.words.speech import Speech

SPOKEN = "solver.cli.speech"
"""Where a context keeps the speech; a command and those below it share it."""


def speech_of(ctx: click.Context | None) -> Speech:
    """What a command speaks: as asked for on it or before it, else the language of the computer."""
    found = None if ctx is None else ctx.meta.get(SPOKEN)
    return found if isinstance(found, Speech) else Speech(language_of(os.environ))


def spoken(ctx: click.Context, param: click.Parameter, value: str | None) -> Speech:  # noqa: ARG001
    """The speech of a command, kept for those below it and for what is said of errors."""
    ctx.meta[SPOKEN] = speech_of(ctx) if value is None else Speech(value)
    return speech_of(ctx)


def paying(ctx: click.Context, currency: Currency) -> Speech:
    """The speech of a command in the money of its study, kept for what is said of errors."""
    ctx.meta[SPOKEN] = speech_of(ctx).paying(currency)
    return speech_of(ctx)


def _lang(*, expose_value: bool) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(
        "--lang",
        "speech",
        type=click.Choice(LANGUAGES),
        callback=spoken,
        is_eager=True,
        expose_value=expose_value,
        help=f"Language of what is said and written; else ${VARIABLE}, else that of this computer.",
    )


LANG = _lang(expose_value=True)
LANG_OF_ALL = _lang(expose_value=False)
"""Of a group: what its commands speak where they are not asked."""
