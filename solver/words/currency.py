"""The money of a place: its code, its symbol, its decimals, and how amounts of it are written in each language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

WHOLE = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"]
)
"""Currencies without decimals (ISO 4217, list one)."""
THREE = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])
"""Currencies of three decimals (the same list)."""
SYMBOLS: Mapping[str, str] = {
    "AUD": "A$",
    "BRL": "R$",
    "CAD": "CA$",
    "CNY": "¥",
    "EUR": "€",
    "GBP": "£",
    "HKD": "HK$",
    "ILS": "₪",
    "INR": "₹",
    "JPY": "¥",
    "KRW": "₩",
    "KZT": "₸",
    "MXN": "MX$",
    "NGN": "₦",
    "NZD": "NZ$",
    "PHP": "₱",
    "RUB": "₽",
    "TRY": "₺",
    "TWD": "NT$",
    "UAH": "₴",
    "USD": "$",
    "VND": "₫",
}
"""Code -> symbol (Unicode CLDR); other currencies are written by their code."""
MILLION = 1e6
SMALL = 1e3
"""Smaller amounts are written with the currency's decimals, where they are not whole."""


@dataclass(frozen=True)
class Currency:
    """ISO 4217 code, symbol, and the decimals of the smallest amount that is written."""

    code: str = "CNY"
    symbol: str = "¥"
    decimals: int = 2

    def name(self, *, zh: bool = False) -> str:
        """What stands after an amount: 元 for the yuan in Chinese, else the code."""
        return self.unit("", zh=zh).strip()

    def unit(self, word: str, *, zh: bool = False) -> str:
        """A multiple of the currency: `million EUR`, 万元, `万 EUR`."""
        return f"{word}元" if zh and self.code == "CNY" else f"{word} {self.code}".rstrip()

    def digits(self, amount: float) -> str:
        """An amount alone: whole where it is whole or large, else with the currency's decimals."""
        least = 0.5 * 10.0**-self.decimals
        decimals = 0 if abs(amount) >= MILLION or abs(amount - round(amount)) < least else self.decimals
        return f"{amount:,.{decimals}f}"

    def exact(self, amount: float, *, zh: bool = False) -> str:
        """An amount by all its digits, with its currency."""
        return f"{self.digits(amount)} {self.name(zh=zh)}".rstrip()

    def rounded(self, amount: float, *, zh: bool = False) -> str:
        """An amount as people read it: in millions, or 万 and 亿."""
        if abs(amount) < SMALL:
            return self.exact(amount, zh=zh)
        if abs(amount) < (1e4 if zh else MILLION):
            return f"{amount:,.0f} {self.name(zh=zh)}".rstrip()
        if not zh:
            return f"{amount / MILLION:,.2f} {self.unit('million')}"
        if abs(amount) >= 1e8:
            return f"{amount / 1e8:,.2f} {self.unit('亿', zh=True)}"
        return f"{amount / 1e4:,.1f} {self.unit('万', zh=True)}"

    def scale(self, largest: float, *, zh: bool = False) -> tuple[float, str]:
        """What amounts up to `largest` are divided by on the axis of a chart, and the unit they are in then."""
        if not zh:
            return MILLION, self.unit("million")
        return (1e8, self.unit("亿", zh=True)) if largest >= 1e8 else (1e4, self.unit("万", zh=True))


CNY = Currency()
NAMELESS = Currency("", "")
"""Of models made in Python: their money is whatever the caller counts."""


def currency(code: str, symbol: str | None = None, decimals: int | None = None) -> Currency:
    """The currency of a code, with the symbol and the decimals it is known by unless they are given."""
    known = 0 if code in WHOLE else 3 if code in THREE else 2
    return Currency(code, symbol or SYMBOLS.get(code, code), known if decimals is None else decimals)


def currency_of(document: Mapping[str, Any]) -> Currency:
    """The currency of a result's document; results that say none are in CNY."""
    told = document.get("currency")
    return Currency(**told) if told else CNY
