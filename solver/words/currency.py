"""The money of a place: its code, its symbol, and how large amounts of it are written."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Currency:
    """ISO 4217 code, symbol, and the decimals of the smallest amount that is written."""

    code: str = "CNY"
    symbol: str = "¥"
    decimals: int = 2

    def name(self, lang: str) -> str:
        """What stands after an amount: 元 for the yuan in Chinese, else the code."""
        return "元" if lang == "zh" and self.code == "CNY" else self.code


CNY = Currency()
