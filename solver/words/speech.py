"""A language and the money of a place: everything that is said to people goes through here."""

import locale
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from models.messages import Wording
from solver.words.chinese import SENTENCES
from solver.words.currency import CNY, Currency, currency_of

LANGUAGES = ("en", "zh")


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
                ("either", "或"),
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

VARIABLE = "SITING_LANG"
"""The variable of the environment that names the language."""


def language_of(environment: Mapping[str, str]) -> str:
    """The language that a computer is set to: `SITING_LANG`, else that of the locale, else English."""
    asked = environment.get(VARIABLE, "").strip().lower()
    if asked in LANGUAGES:
        return asked
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return "zh" if environment[name].lower().startswith("zh") else "en"
    told = locale.getlocale()[0] or ""
    return "zh" if told.lower().startswith(("zh", "chinese")) else "en"
