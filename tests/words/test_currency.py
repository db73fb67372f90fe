"""The money of a place in words: by its code, in millions or 万 and 亿, with its own decimals."""

import re

import pytest

from models.messages import Money
from solver.words.columns import aliases, field_name
from solver.words.currency import CNY, NAMELESS, Currency, currency, currency_of
from solver.words.keys import KEYS
from solver.words.report import FIGURES, figure_name
from solver.words.speech import Speech
from solver.words.sweep import scale_of

EUR, JPY, KWD = currency("EUR"), currency("JPY"), currency("KWD")
NO = NAMELESS


@pytest.mark.parametrize(
    ("money", "amount", "english", "chinese"),
    [
        (CNY, 1.2e9, "1,200.00 million CNY", "12.00 亿元"),
        (CNY, 1.2e7, "12.00 million CNY", "1,200.0 万元"),
        (EUR, 1.2e9, "1,200.00 million EUR", "12.00 亿 EUR"),
        (EUR, 1.2e7, "12.00 million EUR", "1,200.0 万 EUR"),
        (EUR, 9500.4, "9,500 EUR", "9,500 EUR"),
        (CNY, 950, "950 CNY", "950 元"),
        (EUR, 2.5, "2.50 EUR", "2.50 EUR"),
        (JPY, 2.5, "2 JPY", "2 JPY"),
        (KWD, 2.5, "2.500 KWD", "2.500 KWD"),
        (EUR, -1.2e7, "-12.00 million EUR", "-1,200.0 万 EUR"),
        (EUR, 0.0, "0 EUR", "0 EUR"),
        (NO, 12.0, "12", "12"),
        (NO, 1.2e7, "12.00 million", "1,200.0 万"),
    ],
)
def test_amounts_are_written_as_each_language_writes_them(money, amount, english, chinese):
    assert Speech("en", money).round_money(amount) == english
    assert Speech("zh", money).round_money(amount) == chinese


@pytest.mark.parametrize(
    ("money", "amount", "text"),
    [
        (EUR, 1234567.0, "1,234,567 EUR"),
        (EUR, 1234.5, "1,234.50 EUR"),
        (EUR, 1234.0, "1,234 EUR"),
        (JPY, 1234.5, "1,234 JPY"),
        (KWD, 1.0004, "1 KWD"),
        (KWD, 1.0006, "1.001 KWD"),
    ],
)
def test_an_amount_that_is_compared_keeps_all_its_digits(money, amount, text):
    assert Speech("en", money).money(amount) == text
    assert Money(amount, bare=True).worded(Speech("en", money)) == text.partition(" ")[0]
    assert Money(amount, bare=True).worded(Speech("zh", money)) == text


def test_what_is_known_of_a_currency_is_filled_in_and_what_is_given_stays():
    assert currency("EUR") == Currency("EUR", "€", 2)
    assert currency("XTS") == Currency("XTS", "XTS", 2)
    assert currency("EUR", "E", 0) == Currency("EUR", "E", 0)
    assert currency("CNY") == CNY


def test_a_result_that_says_no_currency_is_in_yuan():
    assert currency_of({}) == CNY
    assert currency_of({"currency": {"code": "EUR", "symbol": "€", "decimals": 2}}) == EUR


def test_heads_axes_and_figures_say_the_currency():
    english, chinese = Speech("en", EUR), Speech("zh", EUR)
    assert field_name("cost", english) == "Cost, EUR"
    assert field_name("cost", chinese) == "造价（EUR）"
    assert field_name("cost", Speech("zh")) == "造价（元）"
    assert figure_name("gained_per_million", english) == "Gained per million EUR"
    assert figure_name("gained_per_million", Speech("zh")) == "每百万元新增"
    assert scale_of("cost", 2e8, english) == (1e6, " (million EUR)")
    assert scale_of("cost", 2e8, chinese) == (1e8, "（亿 EUR）")
    assert scale_of("cost", 2e7, Speech("zh")) == (1e4, "（万元）")
    assert aliases(["cost"], EUR) == {"cost": "cost 造价（EUR）"}


def test_no_word_names_one_countrys_money():
    for words in (KEYS, FIGURES):
        assert not [key for key, both in words.items() if re.search("CNY|(?<!单)元", " ".join(both))]
