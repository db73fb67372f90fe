"""A font with Chinese signs, if this computer has one, and what is shown where it has none."""

from functools import lru_cache
from pathlib import Path

from matplotlib import font_manager

NAMES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "SimHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Sans CJK JP",
    "Droid Sans Fallback",
    "Arial Unicode MS",
    "SimSun",
)
"""Fonts with Chinese signs, the best to read first."""
FILES = (
    "notosanscjk",
    "notosanssc",
    "sourcehansans",
    "msyh",
    "simhei",
    "pingfang",
    "wqy",
    "droidsansfallback",
    "simsun",
)
"""How the names of their files begin: for fonts that came after matplotlib last listed what there is."""
FIRST_CHINESE = "\u2e80"


@lru_cache(maxsize=1)
def cjk_font() -> str | None:
    """The first font of this computer that has Chinese signs, None where there is none."""
    return _listed() or _unlisted()


def _listed() -> str | None:
    known = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in NAMES if name in known), None)


def _unlisted() -> str | None:
    """A font that matplotlib's list, which it keeps between runs, does not have yet."""
    files = sorted(Path(file) for file in font_manager.findSystemFonts())
    for begin in FILES:
        found = [file for file in files if file.name.lower().replace("-", "").startswith(begin)]
        for file in found:
            font_manager.fontManager.addfont(file)
        if found and _listed():
            break
    return _listed()


def has_chinese(text: str) -> bool:
    """Whether a text has signs that need such a font."""
    return any(sign >= FIRST_CHINESE for sign in text)


def readable(text: str, otherwise: str) -> str:
    """The text, or what stands for it where this computer cannot show its signs."""
    return text if cjk_font() or not has_chinese(text) else otherwise
