"""A language and the money of a place: everything that is said to people goes through here."""

import locale
from collections.abc import Mapping
from dataclasses import dataclass

from models.messages import Wording
from solver.words.currency import CNY, Currency

LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Speech(Wording):
    """How things are said: the language's code, and the currency that amounts are in."""

    lang: str = "en"
    currency: Currency = CNY

    @property
    def zh(self) -> bool:
        """Is it Chinese?"""
        return self.lang == "zh"


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
