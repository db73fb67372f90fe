"""What a run tells while it goes on, and what it may be asked beyond its study."""

from collections.abc import Callable
from dataclasses import dataclass

from models.messages import Message


@dataclass(frozen=True)
class Event:
    """Something happened in a programme ("" for the whole study); `done` is the finished share, None if unknown.

    `text` says what: `str(event.text)` in English, `speech` words it in another language.
    """

    programme: str
    stage: str
    text: Message
    done: float | None


Tell = Callable[[str, Message], None]
"""Told the stage and what goes on in it."""


@dataclass(frozen=True)
class SolveOptions:
    """What a run asks in place of the study's own settings; None leaves the study's.

    `alternatives` plans besides the best, each within the share `within` of it; `marginals` asks what sites are worth.
    """

    engine: str | None = None
    time_limit_s: float | None = None
    gap: float | None = None
    alternatives: int | None = None
    within: float | None = None
    marginals: bool = False
