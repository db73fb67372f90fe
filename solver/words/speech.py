"""A language and the money of a place: everything that is said to people goes through here."""

import locale
from collections.abc import Mapping
from dataclasses import dataclass

from models.messages import Wording
from solver.words.chinese import SENTENCES
from solver.words.currency import CNY, Currency

LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Speech(Wording):
    """How things are said: the language's code, and the currency that amounts are in."""

    lang: str = "en"
    currency: Currency = CNY

    def __post_init__(self) -> None:
        if self.zh:
            for name, sign in (("comma", "、"), ("semicolon", "；"), ("colon", "："), ("quotes", ("“", "”"))):
                object.__setattr__(self, name, sign)

    @property
    def zh(self) -> bool:
        """Is it Chinese?"""
        return self.lang == "zh"

    def sentence(self, key: str) -> str:
        """The sentence of a key in this language; the key itself where the catalogue has none."""
        return SENTENCES.get(key, key) if self.zh else key

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
