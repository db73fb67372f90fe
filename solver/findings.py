"""Faults of the inputs, collected until all are known, then reported at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from models.errors import SitingError
from models.messages import ENGLISH, Listed, Message, Said, Wording, say, worded

Text = Message | Listed | str
"""A message, or a text that is the same in every language: a name, a number, a path."""


@dataclass(frozen=True)
class Finding:
    """One fault: where it is, what is the case, and what to do about it."""

    place: str
    fact: Text
    remedy: Text = ""

    @property
    def message(self) -> Message:
        """The fault in one line."""
        if not self.remedy:
            return say("{place}   {fact}", place=self.place, fact=self.fact)
        return say("{place}   {fact}; {remedy}", place=self.place, fact=self.fact, remedy=self.remedy)

    def worded(self, wording: Wording) -> str:
        """The fault in the words of a language."""
        return self.message.worded(wording)

    def __str__(self) -> str:
        return str(self.message)


@dataclass(frozen=True)
class Report:
    """Several faults under a head, sorted by place, places aligned."""

    head: Text
    found: tuple[Finding, ...]

    def worded(self, wording: Wording) -> str:
        """The whole report in the words of a language."""
        width = min(60, max((len(f.place) for f in self.found), default=0))
        n = len(self.found)
        head = (
            say("{head}: {n} fault", head=self.head, n=n) if n == 1 else say("{head}: {n} faults", head=self.head, n=n)
        )
        faults = sorted(self.found, key=lambda f: (f.place, str(f.fact), str(f.remedy)))
        lines = [worded(Finding(f.place.ljust(width), f.fact, f.remedy).message, wording) for f in faults]
        return "\n".join([worded(head, wording), *(f"  {line}" for line in lines)])

    def __str__(self) -> str:
        return self.worded(ENGLISH)


@dataclass
class Findings:
    """A growing list of faults; `raise_if_any` ends the collecting."""

    head: Text
    found: list[Finding] = field(default_factory=list)

    def add(self, place: str, fact: Text, remedy: Text = "") -> None:
        """Note one fault; the same fault twice counts once."""
        finding = Finding(place, fact, remedy)
        if finding not in self.found:
            self.found.append(finding)

    def __bool__(self) -> bool:
        return bool(self.found)

    @property
    def report(self) -> Report:
        """All that was found until now."""
        return Report(self.head, tuple(self.found))

    def text(self) -> str:
        """The whole report in English."""
        return str(self.report)

    def raise_if_any(self, error: type[SitingError]) -> None:
        """Raise all of them as one error."""
        if self.found:
            raise error(self.report)


OF_A_STUDY = ("programmes", "portfolio", "travel", "network")
"""How the places of a study begin at which faults are found while it is put together."""


def findings_of(error: SitingError, place: str) -> Iterator[Finding]:
    """The faults that an error carries. What names no place is at `place`, and so is what a report says of a file."""
    for said in error.args:
        if isinstance(said, Report):
            for each in said.found:
                if each.place.split(".")[0] in OF_A_STUDY:
                    yield each
                else:
                    fact = say("{head}: {place} {fact}", head=said.head, place=each.place, fact=each.fact)
                    yield Finding(place, fact, each.remedy)
        else:
            yield said if isinstance(said, Finding) else Finding(place, said)


def named(items: Sequence[Said | str], *, most: int = 5) -> Listed:
    """A few of the items by name and how many more there are."""
    return Listed(tuple(items), most)
