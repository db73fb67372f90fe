"""What a run tells while it goes on, and what it may be asked beyond its study."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.messages import Message, say

ENDED: Mapping[str, Message] = {
    "proven": say("proven"),
    "limit": say("limit"),
    "infeasible": say("infeasible"),
    "unbounded": say("unbounded"),
    "interrupted": say("interrupted"),
    "failed": say("failed"),
}
"""How a run ended -> how it is told."""
LOOKING = say("no plan keeps every rule; looking for the rules in conflict")


@dataclass(frozen=True)
class Event:
    """Something happened in a programme ("" for the whole study); `done` is the finished share, None if unknown.

    `text` says what: `str(event.text)` in English, `worded(event.text, speech)` in another language.
    """

    programme: str
    stage: str
    text: Message
    done: float | None


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


def how_it_ended(ended: str, sites: int | None) -> Message:
    """The last that is told of a programme: how it ended, and its new sites, None where it has no plan."""
    if sites is None:
        return say("{ended}, no plan", ended=ENDED[ended])
    return say("{ended}, {n} sites", ended=ENDED[ended], n=sites)
