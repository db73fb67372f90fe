"""What is to be said, as a key and values; words are put to it at the edge, in the language of who reads.

A key is the sentence in English with places for its values, as gettext has it, so that code reads as what it says and
English needs no catalogue. Other languages are catalogues from key to sentence. Values may be messages, amounts of
money, shares and lists in their turn: each is written as the language writes it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Real
from typing import Any, Protocol

from models.percent import percent


class Wording:
    """English, and what another language says in its own way: sentences, amounts, shares, lists."""

    lang = "en"
    comma, semicolon, colon, either, both = ", ", "; ", ": ", " or ", " and "
    quotes = ("'", "'")
    clause, blank, line = ", ", " ", "\n"

    def sentence(self, key: str) -> str:
        """The sentence of a key, with the same places for values."""
        return key

    def filled(self, sentence: str, values: Mapping[str, Any]) -> str:
        """A sentence with the values in their places."""
        return sentence.format(**values)

    def money(self, amount: float) -> str:
        """An amount of the study's money, which nobody here knows the name of."""
        return self.digits(amount)

    def digits(self, amount: float) -> str:
        """An amount without the name of its money: whole where it is whole or large, else to the cent."""
        whole = abs(amount) >= 1e6 or abs(amount - round(amount)) < 0.005
        return f"{amount:,.0f}" if whole else f"{amount:,.2f}"

    def share(self, part: float) -> str:
        """A share in per cent."""
        return percent(part)

    def more(self, shown: str, number: int) -> str:
        """A list that goes on by so many items."""
        return f"{shown} and {number} more"


ENGLISH = Wording()


class Said(Protocol):
    """Something that a language has words for."""

    def worded(self, wording: Wording) -> str:
        """In the words of a language."""
        ...


@dataclass(frozen=True)
class Money:
    """An amount of the study's money; `bare` is its digits alone, where the money was named just before."""

    amount: float
    bare: bool = False

    def worded(self, wording: Wording) -> str:
        """As the language and the currency write it."""
        return wording.digits(self.amount) if self.bare else wording.money(self.amount)

    def __str__(self) -> str:
        return self.worded(ENGLISH)


@dataclass(frozen=True)
class Share:
    """A part of 1, written in per cent."""

    part: float

    def worded(self, wording: Wording) -> str:
        """In per cent."""
        return wording.share(self.part)

    def __str__(self) -> str:
        return self.worded(ENGLISH)


@dataclass(frozen=True)
class Listed:
    """Several things: all of them, or the first `most` and how many more there are.

    `by` names the sign between them (`comma`, `clause`, `line` and so on), `quoted` puts each into quotation marks.
    """

    items: Sequence[Any]
    most: int | None = None
    by: str = "comma"
    quoted: bool = False

    def worded(self, wording: Wording) -> str:
        """The list in the language."""
        before, after = wording.quotes if self.quoted else ("", "")
        sign: str = getattr(wording, self.by)
        shown = sign.join(f"{before}{worded(item, wording)}{after}" for item in self.items[: self.most])
        left = 0 if self.most is None else len(self.items) - self.most
        return wording.more(shown, left) if left > 0 else shown

    def __str__(self) -> str:
        return self.worded(ENGLISH)


@dataclass(frozen=True, eq=False)
class Message:
    """A key and its values. `str` is the English sentence; messages of the same sentence are equal."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def worded(self, wording: Wording) -> str:
        """The sentence of the language with the values in their places."""
        said = {name: _value(value, wording) for name, value in self.values.items()}
        return wording.filled(wording.sentence(self.key), said)

    def __str__(self) -> str:
        return self.worded(ENGLISH)

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other) if isinstance(other, Message | str) else NotImplemented

    def __hash__(self) -> int:
        return hash(str(self))

    def __lt__(self, other: object) -> bool:
        return str(self) < str(other)


def say(key: str, /, **values: Any) -> Message:
    """A message. `key` is written out where it is said, so that catalogues can be held against the code."""
    return Message(key, values)


def worded(value: Any, wording: Wording = ENGLISH) -> str:
    """Anything in the words of a language; what is no message is text already, a number or a name."""
    said = getattr(value, "worded", None)
    return str(value) if said is None else str(said(wording))


def _value(value: Any, wording: Wording) -> Any:
    """A value as a place of a sentence takes it: numbers stay numbers, for the format that the place asks for."""
    return worded(value, wording) if value is True or value is False or not isinstance(value, Real) else value
