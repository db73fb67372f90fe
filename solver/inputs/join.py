"""Joins by id: what one side names, what the other side has, how much of both matches, and why the rest may not.

Ids match as they are written and in no other way: nothing is trimmed, filled or folded in silence. What would match if
it were is found here and told, so that it is mended where it stands.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from models.messages import Listed, Message, say
from solver.findings import Findings
from solver.study.faults import nearest
from solver.words.speech import CHINESE, ENGLISH

Missing = Literal["refused", "told", "counted"]
"""What becomes of an id that stands on one side only: a fault, a note, or a number in the report of all joins."""
SHOWN = 5
"""So many ids of a kind are named."""
SURE = frozenset({"width", "blanks", "dashes"})
"""Causes that no two ids of one layer differ by on purpose."""
DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d\ufe63"), "-")
UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


def _plain_number(text: str) -> str:
    """1.0 as 1."""
    return re.sub(r"^([+-]?\d+)\.0+$", r"\1", text)


def _without_zeros(text: str) -> str:
    """Every number in a text without the zeros it begins with: A-007 as A-7."""
    return re.sub(r"(?<![\d.])0+(?=\d)", "", text)


FOLDS: dict[str, Callable[[str], str]] = {
    "width": lambda text: unicodedata.normalize("NFKC", text),
    "blanks": lambda text: re.sub(r"\s+", " ", text.translate(UNSEEN)).strip(),
    "dashes": lambda text: text.translate(DASHES),
    "case": str.casefold,
    "decimals": _plain_number,
    "zeros": _without_zeros,
}
"""Cause -> what makes ids that differ by it alike."""
CAUSES: Mapping[str, Message] = {
    "width": say("full-width or composed signs"),
    "blanks": say("blanks"),
    "dashes": say("another kind of dash"),
    "case": say("upper and lower case"),
    "decimals": say("a decimal point"),
    "zeros": say("leading zeros"),
    "rounded": say("a long number shortened by a spreadsheet"),
    "spelling": say("the spelling"),
}
"""Cause -> how it is told."""
LONG = 10
"""A spreadsheet shows numbers of more digits with an exponent, and keeps fifteen of them."""


@dataclass(frozen=True)
class Near:
    """An id that matches nothing, the one that was likely meant, and what they differ by."""

    told: str
    meant: str
    causes: tuple[str, ...]

    @property
    def message(self) -> Message:
        """`1 for 001: leading zeros`."""
        told = {"told": quoted(self.told), "meant": quoted(self.meant), "causes": self._causes}
        return say("{told} for {meant}: {causes}", **told)

    def asked(self) -> Message:
        """`did you mean 001 (leading zeros)?`"""
        if self.causes == ("spelling",):
            return say("did you mean {meant}?", meant=quoted(self.meant))
        return say("did you mean {meant} ({causes})?", meant=quoted(self.meant), causes=self._causes)

    @property
    def _causes(self) -> Listed:
        return Listed([CAUSES[cause] for cause in self.causes])


@dataclass(frozen=True)
class Join:
    """One join: `table` names ids of `kind` at `place` of the study; which match, and which stand on one side only."""

    place: str
    table: Message | str
    kind: str
    matched: tuple[str, ...]
    unknown: tuple[str, ...]
    """Named by the table, and nowhere among the ids of the kind."""
    silent: tuple[str, ...]
    """Ids of the kind that the table does not name."""
    near: tuple[Near, ...] = ()
    unknown_is: Missing = "refused"
    silent_is: Missing = "refused"

    @property
    def matches_nothing(self) -> bool:
        """Whether there is something on both sides and none of it the same."""
        return not self.matched and bool(self.unknown and self.silent) and self.unknown_is != "counted"

    @property
    def sure(self) -> tuple[Near, ...]:
        """Those near misses that are no ids of their own."""
        silent = set(self.silent)
        folded = (n for n in self.near if "spelling" not in n.causes)
        return tuple(n for n in folded if n.meant in silent or set(n.causes) <= SURE)

    @property
    def is_faulty(self) -> bool:
        """Whether a study may not be solved with it."""
        refused = (self.unknown and self.unknown_is == "refused") or (self.silent and self.silent_is == "refused")
        return bool(refused) or self.matches_nothing or bool(self.sure)

    @property
    def is_list(self) -> bool:
        """Whether the table picks some ids, and the others need no mention."""
        return self.unknown_is == "refused" and self.silent_is == "counted"

    @property
    def is_partial(self) -> bool:
        """Whether some ids stand on one side only and that is worth telling."""
        return bool((self.silent and self.silent_is != "counted") or (self.unknown and self.unknown_is != "counted"))

    def note(self, findings: Findings, remedy: Message | None = None) -> None:
        """Add the fault, if it is one; `remedy` is what else would do where no near miss explains it."""
        if not self.is_faulty:
            return
        if self.is_list:
            fact = say("names {ids}, not among the {kind}", ids=_named(self.unknown), kind=KINDS[self.kind])
            others = say("there are {ids}", ids=_named(sorted({*self.matched, *self.silent}), most=12))
            meant = Listed([n.asked() for n in self.near[:SHOWN]], by="blank")
            findings.add(self.place, fact, meant if self.near else others)
        elif remedy is None or self.sure or self.matches_nothing:
            findings.add(self.place, self.message, say("mend the ids"))
        else:
            findings.add(self.place, self.message, say("mend the ids, or {remedy}", remedy=remedy))

    @property
    def message(self) -> Listed:
        """Both sides and the likely cause in one sentence."""
        table, kind = self.table, KINDS[self.kind]
        parts = [say("{table} and the {kind}: {n:,} ids match", table=table, kind=kind, n=len(self.matched))]
        if self.unknown:
            told = {"n": len(self.unknown), "ids": _named(self.unknown)}
            parts.append(say("{n:,} only in {table} ({ids})", table=table, **told))
        if self.silent:
            told = {"n": len(self.silent), "ids": _named(self.silent)}
            parts.append(say("{n:,} only among the {kind} ({ids})", kind=kind, **told))
        if self.near:
            near = Listed([n.message for n in self.near[:SHOWN]], by="semicolon")
            parts.append(say("likely {near}", near=near))
        return Listed(parts, by="clause")

    def as_json(self) -> dict[str, Any]:
        """How the join is told in result.json: numbers of both sides, the first ids by name."""
        return {
            "place": self.place,
            "table": str(self.table),
            "kind": self.kind,
            "matched": len(self.matched),
            "only_in_table": len(self.unknown),
            "only_in_layers": len(self.silent),
            "first_only_in_table": list(self.unknown[:SHOWN]),
            "first_only_in_layers": list(self.silent[:SHOWN]),
            "note": self.message.worded(ENGLISH) if self.is_partial else "",
            "note_zh": self.message.worded(CHINESE) if self.is_partial else "",
        }


KINDS: Mapping[str, Message] = {
    "places": say("places of the study"),
    "sites": say("sites of the study"),
    "own sites": say("sites of the programme"),
    "other sites": say("sites that are waited for"),
    "waiting sites": say("sites that wait"),
    "terminals": say("terminals"),
    "districts of places": say("districts of the places"),
    "districts of sites": say("districts of the sites"),
    "groups of sites": say("groups of the sites"),
    "values": say("values of the column"),
}
"""Whose ids are named -> how they are called."""


def join(
    place: str,
    table: Message | str,
    kind: str,
    told: Iterable[str],
    known: Iterable[str],
    *,
    also: Iterable[str] = (),
    unknown_is: Missing = "refused",
    silent_is: Missing = "refused",
) -> Join:
    """What ids `told` by the table and those `known` of a kind have in common; `also` are known and not asked for."""
    left, right, beside = dict.fromkeys(told), dict.fromkeys(known), set(also)
    unknown = tuple(i for i in left if i not in right and i not in beside)
    silent = tuple(i for i in right if i not in left)
    near = near_misses(unknown, list(right), silent) if unknown else ()
    matched = tuple(i for i in left if i in right)
    return Join(place, table, kind, matched, unknown, silent, near, unknown_is, silent_is)


def near_misses(unknown: Sequence[str], known: Sequence[str], silent: Sequence[str]) -> tuple[Near, ...]:
    """The ids that were likely meant: alike but for a known cause, else of the first few spelled almost alike.

    Misspelled ids are looked for among the silent ones first. An id whose digits differ is another one, and no slip of
    the pen.
    """
    alike: dict[str, str] = {}
    for i in (*silent, *known):
        alike.setdefault(_folded(i), i)
    found = [Near(i, alike[_folded(i)], _causes(i, alike[_folded(i)])) for i in unknown if _folded(i) in alike]
    unexplained = [i for i in unknown if _folded(i) not in alike]
    for i in unexplained[: max(0, SHOWN - len(found))]:
        taken = {n.meant for n in found}
        long = _shortened(i, (*silent, *known))
        if long is not None:
            found.append(Near(i, long, ("rounded",)))
            continue
        for ids in (silent, known):
            close = nearest(i, [k for k in ids if k not in taken and _digits(k) == _digits(i)])
            if close is not None:
                found.append(Near(i, close, ("spelling",)))
                break
    return tuple(found)


def likely(word: str, known: Iterable[str]) -> Near | None:
    """The id that one that matches nothing was likely meant to be."""
    ids = list(known)
    found = near_misses([word], ids, ids)
    close = None if found else nearest(word, ids)
    return found[0] if found else None if close is None else Near(word, close, ("spelling",))


def sure_misses(told: Iterable[str], known: Iterable[str]) -> list[Near]:
    """Those that differ from a known id by what nobody writes on purpose, and are none themselves."""
    ids = set(known)
    alike = {_surely(i): i for i in sorted(ids)}
    pairs = [(i, alike[_surely(i)]) for i in told if i not in ids and _surely(i) in alike]
    return [Near(i, meant, _causes(i, meant)) for i, meant in pairs]


def _surely(text: str) -> str:
    for cause in sorted(SURE):
        text = FOLDS[cause](text)
    return text


def quoted(text: str) -> str:
    """An id as it is shown: in marks where it would not be seen as it is."""
    return text if text.isprintable() and text == text.strip() and "  " not in text and text else f"'{text}'"


def _shortened(text: str, known: Iterable[str]) -> str | None:
    """The long number of which a spreadsheet kept the first digits: 4.40304E+11, or 440304000000."""
    written = re.match(r"^(\d)(?:\.(\d+))?[eE]\+?(\d+)$", text)
    if written:
        step = 10 ** max(0, int(written[3]) - len(written[2] or ""))
    elif text.isdecimal() and len(text) > LONG:
        step = 10 ** (len(text) - len(text.rstrip("0")))
    else:
        return None
    number = int(Decimal(text))
    return next((i for i in known if i.isdecimal() and len(i) > LONG and 0 < 2 * abs(int(i) - number) <= step), None)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _folded(text: str, without: str = "") -> str:
    for cause, fold in FOLDS.items():
        if cause != without:
            text = fold(text)
    return text


def _causes(first: str, second: str) -> tuple[str, ...]:
    """Every cause without which two ids would stay apart."""
    needed = tuple(cause for cause in FOLDS if _folded(first, cause) != _folded(second, cause))
    return needed or tuple(cause for cause, fold in FOLDS.items() if fold(first) != first or fold(second) != second)


def _named(ids: Sequence[str], most: int = SHOWN) -> Listed:
    return Listed([quoted(i) for i in ids], most)
