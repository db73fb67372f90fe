"""What a run tells while it goes on, and what it may be asked beyond its study."""

from collections.abc import Callable
from dataclasses import dataclass

from models.incumbent import Standing
from models.messages import Message, say
from models.percent import percent

THOUSANDS = 1e3
"""Numbers from here on are told whole."""


@dataclass(frozen=True)
class Event:
    """Something happened in a programme ("" for the whole study); `done` is the finished share, None if unknown.

    `text` says what: `str(event.text)` in English, `speech` words it in another language. `standing` is how plan,
    bound and time stand where that is what happened, None where a step of the work begins or ends.
    """

    programme: str
    stage: str
    text: Message
    done: float | None
    standing: Standing | None = None


Listener = Callable[[Event], None]


class Tell:
    """Tells a listener what goes on in one programme: its steps and, between them, how plan and bound stand."""

    def __init__(self, listen: Listener, programme: str = "") -> None:
        self._listen, self._programme, self._stage = listen, programme, ""

    def __call__(self, stage: str, text: Message, done: float | None = None) -> None:
        """A step begins or ends."""
        self._stage = stage
        self._listen(Event(self._programme, stage, text, done))

    def stands(self, standing: Standing) -> None:
        """Plan, bound or time are other than they were."""
        self._listen(Event(self._programme, self._stage, in_words(standing), None, standing))


SILENT = Tell(lambda _event: None)
"""Nobody listens."""


def in_words(standing: Standing) -> Message:
    """Plan, bound, gap and time left."""
    worth, bound, left_s = _number(standing.objective), _number(standing.bound), standing.left_s or 0.0
    if standing.objective is None and standing.bound is None:
        return say("no plan yet; {left_s:,.0f} s left", left_s=left_s)
    if standing.objective is None:
        return say("no plan yet, bound {bound}; {left_s:,.0f} s left", bound=bound, left_s=left_s)
    if standing.gap is None:
        return say("plan {worth}, no bound yet; {left_s:,.0f} s left", worth=worth, left_s=left_s)
    gap = percent(standing.gap, 2)
    return say(
        "plan {worth}, bound {bound}, gap {gap}; {left_s:,.0f} s left", worth=worth, bound=bound, gap=gap, left_s=left_s
    )


def _number(value: float | None) -> str:
    """Whole where that is exact enough, else with six digits."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= THOUSANDS else f"{value:,.6g}"


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
