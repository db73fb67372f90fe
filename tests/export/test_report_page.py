"""The plain page: what result.json holds, in words, in either language, safe against what names may contain."""

import re
from dataclasses import replace

import pytest

from models.figures import District, Figures
from solver.export.folder import _plain
from solver.export.report import report_html
from solver.words.report import FIGURES, WORDS
from solver.words.speech import CHINESE, ENGLISH, Speech
from tests.made_results import no_plan, programme_result, study_result
from tests.read_pages import Page


def page_of(result, speech=ENGLISH, pictures=None):
    page = report_html(_plain(result.as_json()), pictures or {}, speech=speech)
    parser = Page(page)
    assert (parser.open, parser.wrong) == ([], [])
    return page


def text_of(page):
    page = re.sub(r"<(style|script).*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_page_says_what_the_result_holds():
    text = text_of(page_of(study_result(programme_result(), no_plan()), pictures={"parking": b"png"}))
    assert "New lots max-cover proven 1 1.00 million CNY 2.00 million CNY 90.0% 0%" in text
    assert "no plan exists" in text
    assert "budget: at most 2 CNY; would have to be 5 CNY" in text
    assert "District Share covered 天元区 100.0% 荷塘区 75.0%" in text


def test_the_page_in_chinese():
    text = text_of(page_of(study_result(programme_result(), no_plan()), CHINESE))
    assert "手工算例" in text
    assert "新建停车场 最大覆盖（max-cover） 已证明 1 100.0 万元 200.0 万元 90.0% 0%" in text
    assert "无可行方案的原因" in text


def test_reasons_that_an_earlier_version_wrote_in_english_only_are_shown_in_english():
    result = study_result(replace(no_plan(), reasons_zh=()))
    assert "budget: at most 2 CNY; would have to be 5 CNY" in text_of(page_of(result, CHINESE))


def test_names_with_signs_of_html_are_shown_as_they_are():
    page = page_of(study_result(programme_result("a", title="<b>&", sites=("<script>x</script>",)), title="1 < 2"))
    assert "<script>" not in page
    assert "&lt;script&gt;x&lt;/script&gt;" in page
    assert "<h1>1 &lt; 2</h1>" in page


def test_an_unknown_figure_is_not_shown_as_a_number():
    made = programme_result(figures={"mean_travel_min": None, "covered_share": None}, gap=None, bound=None)
    text = text_of(page_of(study_result(made)))
    assert "how much better a plan could be is not known" in text
    assert "Mean travel" not in text
    assert "Bound" not in text


def test_both_languages_have_every_word_and_every_figure_a_name():
    assert WORDS["en"].keys() == WORDS["zh"].keys()
    listed = {"units", "by_district"}
    assert set(Figures.__dataclass_fields__) - listed <= FIGURES.keys()
    assert set(District.__dataclass_fields__) <= FIGURES.keys()


@pytest.mark.parametrize(
    ("lang", "by_site", "in_all"),
    [("en", "P-1 (40 slow, 4 fast)", "Units: slow 40"), ("zh", "P-1（slow 40、fast 4）", "设备数：slow 40")],
)
def test_units_are_told_by_site_and_in_all(lang, by_site, in_all):
    made = programme_result(units={"P-1": {"slow": 40, "fast": 4}})
    text = text_of(page_of(study_result(made), Speech(lang)))
    assert by_site in text
    assert in_all in text
