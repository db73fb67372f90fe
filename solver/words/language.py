"""Which language a computer is set to. Nothing of the mathematics is loaded for it."""

import locale
from collections.abc import Mapping

LANGUAGES = ("en", "zh")

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
