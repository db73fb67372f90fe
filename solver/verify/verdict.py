"""What a check finds: the sentence holds, it fails and where, or it was not checked and why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from models.messages import Listed, Message, say

Status = Literal["holds", "fails", "not checked"]
TOLERANCE = 1e-6
"""Relative difference of two numbers that is rounding."""
NAMED = 20
"""So many faults of one check are told one by one."""

Subject = TypeVar("Subject")
Text = Message | Listed | str
"""A message, or a text that is the same in every language."""
Check = Callable[[Subject], list[Message] | None]
"""Subject -> faults, none where the sentence holds, None where it has no meaning. Its name is the sentence."""

UNREADABLE = (OSError, KeyError, IndexError, TypeError, ValueError, AttributeError)
"""What a result that was meddled with may lead to."""


class Unchecked(Exception):  # noqa: N818  it is no error
    """A check that cannot be made, and why."""

    def __init__(self, said: Message) -> None:
        super().__init__(said)
        self.said = said


@dataclass(frozen=True)
class Verdict:
    """One check of one part of the result ("" for the whole): its sentence, how it ended, and what was found."""

    part: str
    check: str
    status: Status
    details: tuple[Message, ...] = ()

    @property
    def sentence(self) -> str:
        """The check in English."""
        return self.check.replace("_", " ")


def examine(part: str, subject: Subject, checks: Sequence[Check[Subject]]) -> list[Verdict]:
    """The verdicts of checks on a subject; those that have no meaning for it are left out."""
    found = [_verdict(part, subject, check) for check in checks]
    return [verdict for verdict in found if verdict is not None]


def _verdict(part: str, subject: Subject, check: Check[Subject]) -> Verdict | None:
    name = str(getattr(check, "__name__", "check"))
    try:
        faults = check(subject)
    except Unchecked as reason:
        return Verdict(part, name, "not checked", (reason.said,))
    except UNREADABLE as error:
        return Verdict(
            part,
            name,
            "fails",
            (say("cannot be recomputed: {kind}: {error}", kind=type(error).__name__, error=str(error)),),
        )
    if faults is None:
        return None
    shown = tuple(faults[:NAMED])
    if len(faults) > NAMED:
        shown = (*shown, say("and {n:,} more", n=len(faults) - NAMED))
    return Verdict(part, name, "fails" if faults else "holds", shown)


def same(told: float | None, found: float | None, *, within: float = TOLERANCE) -> bool:
    """Are two numbers the same but for rounding? Unknown is the same as unknown only."""
    if told is None or found is None:
        return told is None and found is None
    return bool(abs(told - found) <= within * max(1.0, abs(told), abs(found)))


def apart(what: Text, told: Any, found: Any, *, within: float = TOLERANCE) -> list[Message]:
    """A fault with both numbers where what is told is not what is found."""
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in (told, found) if v is not None)
    alike = same(told, found, within=within) if numbers else told == found
    if alike:
        return []
    return [
        say("{what}: the result says {told}, recomputed it is {right}", what=what, told=shown(told), right=shown(found))
    ]


def shown(value: Any) -> Text:
    """A value as it is told to people."""
    if value is None:
        return say("unknown")
    if isinstance(value, float):
        return f"{value:,.10g}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
