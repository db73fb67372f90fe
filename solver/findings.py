"""Faults of the inputs, collected until all are known, then reported at once."""

from dataclasses import dataclass, field

from models.errors import SitingError


@dataclass(frozen=True, order=True)
class Finding:
    """One fault: where it is, what is the case, and what to do about it."""

    place: str
    fact: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.place}   {self.fact}" + (f"; {self.remedy}" if self.remedy else "")


@dataclass
class Findings:
    """A growing list of faults; `raise_if_any` ends the collecting."""

    head: str
    found: list[Finding] = field(default_factory=list)

    def add(self, place: str, fact: str, remedy: str = "") -> None:
        """Note one fault; the same fault twice counts once."""
        finding = Finding(place, fact, remedy)
        if finding not in self.found:
            self.found.append(finding)

    def __bool__(self) -> bool:
        return bool(self.found)

    def text(self) -> str:
        """The whole report, sorted by place, places aligned."""
        count = f"{len(self.found)} fault" + ("" if len(self.found) == 1 else "s")
        width = min(60, max((len(f.place) for f in self.found), default=0))
        lines = [
            f"  {f.place.ljust(width)}   {f.fact}" + (f"; {f.remedy}" if f.remedy else "") for f in sorted(self.found)
        ]
        return "\n".join([f"{self.head}: {count}", *lines])

    def raise_if_any(self, error: type[SitingError]) -> None:
        """Raise all of them as one error."""
        if self.found:
            raise error(self.text())


def named(items: list[str], *, most: int = 5) -> str:
    """A few of the items by name and how many more there are."""
    shown = ", ".join(items[:most])
    return shown if len(items) <= most else f"{shown} and {len(items) - most} more"
