"""A language and the money of a place: everything that is said to people goes through here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from string import Formatter
from typing import Any

from models.messages import Wording
from solver.words.chinese import SENTENCES
from solver.words.currency import CNY, Currency, currency_of


@dataclass(frozen=True)
class Speech(Wording):
    """How things are said: the language's code, and the currency that amounts are in."""

    lang: str = "en"
    currency: Currency = CNY

    def __post_init__(self) -> None:
        if self.zh:
            for name, sign in (
                ("comma", "、"),
                ("both", "、"),
                ("either", " 或 "),
                ("semicolon", "；"),
                ("colon", "："),
                ("clause", "，"),
                ("blank", ""),
                ("quotes", ("“", "”")),
            ):
                object.__setattr__(self, name, sign)

    @property
    def zh(self) -> bool:
        """Is it Chinese?"""
        return self.lang == "zh"

    def sentence(self, key: str) -> str:
        """The sentence of a key in this language; the key itself where the catalogue has none."""
        return SENTENCES.get(key, key) if self.zh else key

    def filled(self, sentence: str, values: Mapping[str, Any]) -> str:
        """A sentence with the values in their places; Chinese has a space before and after Latin letters and digits."""
        if not self.zh:
            return super().filled(sentence, values)
        text = ""
        for literal, place, spec, conversion in Formatter().parse(sentence):
            text = joined(text, literal)
            if place is not None:
                value = Formatter().convert_field(values[place], conversion)
                text = joined(text, format(value, spec or ""))
        return text

    def of(self, document: Mapping[str, Any]) -> "Speech":
        """The same language with the money of a result's document."""
        return self.paying(currency_of(document))

    def paying(self, currency: Currency) -> "Speech":
        """The same language with the money of a place."""
        return replace(self, currency=currency)

    def money(self, amount: float) -> str:
        """An amount by all its digits, with its currency."""
        return self.currency.exact(amount, zh=self.zh)

    def digits(self, amount: float) -> str:
        """An amount where its money was named just before; Chinese names it again."""
        return self.money(amount) if self.zh else self.currency.digits(amount)

    def round_money(self, amount: float) -> str:
        """An amount as people read it, in millions, or 万 and 亿."""
        return self.currency.rounded(amount, zh=self.zh)

    def with_currency(self, text: str) -> str:
        """A head or a label with the name of the currency in its place `{currency}`, of a million in `{million}`."""
        word = "百万" if self.zh else "million"
        return text.format(currency=self.currency.name(zh=self.zh), million=self.currency.unit(word, zh=self.zh))

    def more(self, shown: str, number: int) -> str:
        """A list that goes on by so many items."""
        return f"{shown} 等（另有 {number} 项）" if self.zh else super().more(shown, number)


ENGLISH, CHINESE = Speech("en"), Speech("zh")
WIDE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
"""Signs that are as wide as a Chinese one, and bring their own room where they are punctuation."""


def joined(before: str, after: str) -> str:
    """Two pieces of a Chinese sentence: a space where Chinese meets Latin letters or digits, none beside wide signs."""
    if before.endswith(" ") and not before.endswith("  ") and WIDE.match(before[-2:-1]) and WIDE.match(after):
        return before[:-1] + after
    if after.startswith(" ") and not after.startswith("  ") and WIDE.search(before[-1:]) and WIDE.match(after[1:]):
        return before + after[1:]
    ends, begins = before[-1:], after[:1]
    apart = (_is_han(ends) and _is_latin(begins)) or (_is_latin(ends) and _is_han(begins))
    return f"{before} {after}" if apart else before + after


def _is_han(sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff"


def _is_latin(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()
