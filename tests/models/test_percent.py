"""Shares and gaps are written in one way: never 0 or 100 % where they are neither, never as 8.4e-05."""

import pytest

from models.percent import percent
from solver.export.further import further_parts
from solver.words import report as words
from solver.words.language import LANGUAGES
from solver.words.speech import CHINESE, ENGLISH, Speech
from solver.words.units import amount_in_words
from tests.made_results import programme_result


@pytest.mark.parametrize(
    ("value", "share", "gap"),
    [
        (0.0, "0.0%", "0%"),
        (1e-12, "0.0%", "0%"),
        (8.4e-5, "< 0.01%", "< 0.01%"),
        (0.0003, "0.03%", "0.03%"),
        (0.0008, "0.1%", "0.08%"),
        (0.5, "50.0%", "50.00%"),
        (0.9997, "99.97%", "99.97%"),
        (0.99995, "> 99.99%", "> 99.99%"),
        (1.0, "100.0%", "100.00%"),
        (1.25, "125.0%", "125.00%"),
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_share_is_told_from_nothing_and_from_all(value, share, gap, lang):
    assert (words.share(value, Speech(lang)), words.gap(value, Speech(lang)), percent(value)) == (share, gap, share)


@pytest.mark.parametrize(
    ("value", "unit", "en", "zh"),
    [
        (47500.0, "people x m", "47,500 people x m", "47,500 人 × 米"),
        (12e6, "CNY", "12.00 million CNY", "1,200.0 万元"),
        (3.0, "new sites", "3 new sites", "3 个新站点"),
        (780.5, "s", "780.5 s", "780.5 秒"),
    ],
)
def test_an_objective_has_its_unit(value, unit, en, zh):
    assert (amount_in_words(value, unit, ENGLISH), amount_in_words(value, unit, CHINESE)) == (en, zh)


def worth(chosen, least, most):
    return {
        "chosen": chosen,
        "lost_at_least": least,
        "lost_at_most": most,
        "impossible": False,
        "solved": most is not None,
    }


def test_sites_of_which_nothing_is_known_are_not_called_worth_most():
    known = {f"k{i}": worth(True, 10.0 - i, 10.0 - i) for i in range(4)}
    unknown = {f"u{i}": worth(True, 0.0, None) for i in range(3)}
    unknown["v"] = worth(False, 0.0, None)
    unknown["w"] = worth(False, 3.0, 5.0)
    entry = programme_result().as_json() | {"marginals": known | unknown}
    rows = [part.rows for part in further_parts(entry, ENGLISH, most=1)][-1]
    assert [row[:2] for row in rows] == [
        ["k0", "chosen, worth most"],
        ["k3", "chosen, easiest to do without"],
        ["u0", "chosen, worth not known yet"],
        ["w", "not chosen, nearest to it"],
    ]
