"""The report's page: nothing is fetched, its numbers are those of result.json, its map and tables work in a browser."""

import json
import re

import geopandas as gpd
import numpy as np
import pytest
import shapely

from solver.export.asked import asked_rows
from solver.export.folder import _plain
from solver.export.pagedata import page_data
from solver.export.report import report_html
from solver.export.verdict import SAY, decided, proof, why
from solver.study.joint import PortfolioSection
from solver.study.options import settings_of
from solver.study.schema import NetworkSection, Programme, SolveSection, TravelSection
from solver.words.keys import KEYS
from solver.words.page import AROUND, PAGE
from solver.words.report import FIGURES, WORDS, gap
from solver.words.speech import CHINESE, ENGLISH, Speech
from tests.made_results import matrix_programme, no_plan, programme_result, study_result
from tests.read_pages import BROWSER, Page, seen_by

SIGNS = ("P-1<b>", 'P-2"&', "P-3</script>", "P-4'")


SHOWN = (Programme, PortfolioSection, NetworkSection, TravelSection, SolveSection)
"""Sections whose keys a report lists."""


def roads():
    line = shapely.LineString([(499000, 3080500), (503000, 3080500)])
    return gpd.GeoDataFrame({"road_class": ["primary"]}, geometry=[line], crs="EPSG:4547")


def with_figures(**changes):
    """A plan whose table of sites has the reasons for and against every site."""
    made = programme_result()
    table = made.site_table.assign(reachable_weight=[60.0, 40.0, 30.0, 10.0], sole_weight=[60.0, 0, 30.0, 0])
    table["added_weight"] = [0.0, 0.0, 0.0, 10.0]
    return programme_result(**{"site_table": table, "settings": {"model": "max-cover", "budget": 2e6}, **changes})


def page_of(result, speech=ENGLISH):
    return report_html(_plain(result.as_json()), {"parking": b"png"}, speech=speech, result=result, roads=roads())


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("programme", [with_figures(), matrix_programme("parking"), no_plan("parking")])
def test_nothing_is_fetched_and_every_tag_is_closed(programme, lang):
    text = page_of(study_result(programme, note="made up", attribution="© OpenStreetMap contributors"), Speech(lang))
    page = Page(text)
    assert (page.open, page.wrong) == ([], [])
    assert all(link.startswith(("#", "data:image/png;base64,")) for link in page.fetched)
    assert not re.search(r"https?:|//[a-z]+\.|@import|url\(|fetch\(|XMLHttp", text)


def test_ids_and_titles_with_signs_of_html_are_shown_as_they_are_and_end_no_script():
    made = with_figures(title="</script><b>&", title_zh="")
    made.site_table["site_id"] = SIGNS
    result = study_result(made, title="1 < 2", note="<i>", overrides=("a=<b>",))
    text = page_of(result)
    assert text.count("</script>") == 2
    page = Page(text)
    assert (page.open, page.wrong) == ([], [])
    assert any(SIGNS[0] in row for row in page.rows)
    assert data_of(text)["programmes"][0]["sites"]["columns"][0]["values"] == list(SIGNS)
    assert data_of(text)["programmes"][0]["title"] == "</script><b>&"


def test_names_with_signs_of_html_are_shown_as_they_are_in_charts():
    text = page_of(study_result(with_figures(figures={"by_district": {"<b>": 0.25, "</svg>": 0.5}})))
    assert "&lt;b&gt;</text>" in text
    assert text.count("</svg>") == text.count("<svg ") == 2  # the budget, and the districts
    assert (Page(text).open, Page(text).wrong) == ([], [])


def data_of(page):
    return json.loads(re.search(r'id="siting-data">(.*?)</script>', page, re.DOTALL)[1])


def test_every_number_of_the_summary_and_the_figures_is_that_of_result_json():
    figures = {"covered_share": 0.9, "covered_weight": 90.0, "total_weight": 100.0, "mean_travel_m": 107.25}
    rows = Page(page_of(study_result(with_figures(figures=figures, objective=90.0, bound=91.5, gap=1.5 / 90)))).rows
    assert ["New lots", "max-cover", "proven", "1", "1.00 million CNY", "2.00 million CNY", "90.0%", "1.67%"] in rows
    assert ["Objective (spaces)", "90"] in rows
    assert ["Bound", "91.5"] in rows
    assert ["Demand in all", "100"] in rows
    assert ["Mean travel of those served, m", "107.2"] in rows


def test_the_data_of_the_page_are_those_of_the_tables():
    made = with_figures()
    data = page_data(study_result(made), None, ENGLISH)
    (programme,) = data["programmes"]
    columns = {c["key"]: c for c in programme["sites"]["columns"]}
    for name in ("cost", "reachable_weight", "sole_weight", "added_weight"):
        assert columns[name]["values"] == made.site_table[name].tolist()
    group = columns["group"]
    assert [group["levels"][code] if "levels" in group else code for code in group["values"]] == made.site_table[
        "group"
    ].tolist()
    assert programme["sites"]["kinds"] == ["chosen", "other", "kept", "other"]
    assert programme["places"]["weight"] == [60, 30, 10]
    assert programme["places"]["site"] == [0, 2, -1]
    steps = np.array(data["pools"][programme["sites"]["pool"]]["xy"]).reshape(-1, 2)
    xy = np.cumsum(steps, axis=0) * data["unit_m"]
    true = shapely.get_coordinates(made.site_table.geometry.to_numpy())
    assert np.abs((xy - xy[0]) - (true - true[0])).max() <= data["unit_m"]


def test_places_that_programmes_share_are_carried_once():
    data = page_data(study_result(programme_result("a"), programme_result("b")), None, ENGLISH)
    assert len(data["pools"]) == 2  # sites and places
    assert data["start"] == -1  # all programmes together


def test_a_page_does_not_carry_more_places_than_a_browser_likes(monkeypatch):
    monkeypatch.setattr("solver.export.pagedata.MOST_PLACES", 4)
    first, second = page_data(study_result(programme_result("a"), programme_result("b")), None, ENGLISH)["programmes"]
    assert "places" in first  # 3 of 4
    assert "places" not in second
    assert second["left_out"]


def test_a_joint_plan_says_what_the_money_does_by_the_titles_of_its_programmes():
    members = {
        "lots": {"cost": 4e6, "share_of_full_value": 0.25},
        "piles": {"cost": 5e6, "share_of_full_value": 1.0},
    }
    district = {"north": {"cost": 4e6, "lots_cost": 4e6}, "all": {"cost": 5e6, "piles_cost": 5e6}}
    figures = {"members": members, "by_district": district}
    joint = programme_result("joint", title="All", model="portfolio", budget=1e7, cost=9e6, figures=figures)
    own = [programme_result(f"joint.{name}", title=title) for name, title in (("lots", "Lots"), ("piles", "Piles"))]
    rows = Page(page_of(study_result(joint, *own))).rows
    assert ["District", "Cost", "Lots", "Piles"] in rows
    assert ["north", "4.00 million CNY", "4.00 million CNY", "–"] in rows
    assert ["no district", "5.00 million CNY", "–", "5.00 million CNY"] in rows
    assert ["Lots", "4.00 million CNY", "25.0%"] in rows


def test_a_gap_of_more_than_tenfold_is_not_told_in_figures():
    assert [gap(9.9, ENGLISH), gap(8.1e14, ENGLISH), gap(8.1e14, CHINESE)] == ["990.00%", "over 1,000%", "超过1,000%"]


def test_bound_and_gap_in_words():
    entry = _plain(programme_result(objective=100.0, bound=101.0, gap=0.01).as_json())
    assert proof(entry, ENGLISH) == (
        "Proven to within 1.00%: this plan is worth 100 spaces, and no plan that keeps the rules can do better than "
        "101."
    )
    best = _plain(programme_result().as_json())
    assert proof(best, ENGLISH) == "Proven best: no plan that keeps the rules does better than 90 spaces."
    assert proof(best, CHINESE) == "已证明最优：满足全部规则的方案都不会优于 90 泊位。"
    stopped = _plain(programme_result(ended="limit", limit="time", bound=99.0, gap=0.1).as_json())
    assert proof(stopped, ENGLISH).startswith("Stopped before that was proven (stopped at a limit (time))")
    assert "up to 10.00%" in proof(stopped, ENGLISH)
    assert "不知" not in proof(stopped, CHINESE)
    assert "(time)" not in proof(stopped, CHINESE)
    unknown = _plain(programme_result(ended="limit", limit="time", bound=None, gap=None).as_json())
    assert proof(unknown, ENGLISH).endswith("how much better a plan could be is not known.")
    assert proof(best, ENGLISH, "All together").startswith("Part of the joint plan “All together”")


def test_what_was_decided_in_words():
    entry = _plain(programme_result().as_json())
    assert decided(entry, ENGLISH) == (
        "1 new site opens, 1 existing one stays, for 1.00 million CNY (50.0% of the budget of 2.00 million CNY). "
        "They serve 90.0% of the demand."
    )
    assert (
        decided(entry, CHINESE)
        == "新建站点 1 个，保留现有站点 1 个，造价 100.0 万元（占预算 200.0 万元 的 50.0%）。服务需求的 90.0%。"
    )


def test_why_these_sites_names_the_hardest_to_replace_and_the_next_in_line():
    found = why(with_figures().site_table, {"excluded_sites": 2}, ENGLISH)
    # P-1 alone is chosen and alone reaches 60; of the two others P-4 would add 10, P-2 nothing
    assert found.sentences == [
        "1 of 1 chosen sites are alone in reaching some of their demand; the others stand in for each other.",
        "2 candidates are not chosen; 1 of them would reach nothing that open sites do not reach already.",
        "2 candidates are left out because they are too near to something.",
    ]
    assert {key: table["site_id"].tolist() for key, table in found.tables} == {
        "matter_most": ["P-1"],
        "next_in_line": ["P-4"],
    }


def test_nothing_is_said_of_sites_alone_where_every_site_reaches_everything():
    table = with_figures().site_table.assign(sole_weight=0.0)
    found = why(table, {}, ENGLISH)
    assert [key for key, _ in found.tables] == ["next_in_line"]
    assert not any("alone" in sentence for sentence in found.sentences)


def test_the_rules_of_the_study_are_listed_with_their_keys():
    section = Programme.model_validate(
        {
            "model": "max-cover",
            "title": "not a rule",
            "open": 3,
            "budget": 2e6,
            "reach": {"limit_min": 15.0},
            "demand": {"file": "a.csv", "id": "i"},
            "floor_share": 0.25,
            "required": [f"S{i}" for i in range(14)],
        }
    )
    rows = asked_rows(settings_of(section), ENGLISH)
    assert ("new sites", "3", "open") in rows
    assert ("budget", "2.00 million CNY", "budget") in rows
    assert ("reach: limit, minutes", "15", "reach.limit_min") in rows
    assert ("reach: who travels", "driving", "reach.mode") in rows
    assert ("least covered share of districts", "25.0%", "floor_share") in rows
    assert ("sites that must open", ", ".join(f"S{i}" for i in range(12)) + " (+ 2)", "required") in rows
    assert not any("not a rule" in value for _, value, _ in rows)
    assert ("服务范围：上限（分钟）", "15", "reach.limit_min") in asked_rows(settings_of(section), CHINESE)


def test_what_is_named_by_a_number_keeps_it_and_what_has_no_name_is_counted_from_one():
    rows = asked_rows({"years": [{"name": "2026", "budget": 1.0}], "keep_away": [{"distance_m": 5.0}]}, ENGLISH)
    assert [name.split(": ")[1] for name, _, key in rows if key.startswith("years")] == ["2026", "2026"]
    assert [(name.split(": ")[1], key) for name, _, key in rows[2:]] == [("1", "keep_away.0.distance_m")]


def keys_of(schema):
    """Every key of a section and of the sections in it."""
    for definition in (schema, *schema.get("$defs", {}).values()):
        yield from definition.get("properties", {})


@pytest.mark.parametrize("section", SHOWN)
def test_every_key_of_a_study_has_words_in_both_languages(section):
    left = set(keys_of(section.model_json_schema())) - {"title", "title_zh"} - set(KEYS)
    assert sorted(left) == [], "give these keys words in solver/words/keys.py"


def test_every_word_of_the_page_is_there_in_both_languages():
    for words in (PAGE, AROUND, SAY, KEYS, FIGURES):
        for key, (english, chinese) in words.items():
            assert english, key
            assert re.search(r"[\u4e00-\u9fff]", chinese) or chinese in ("x", "y"), key
    assert WORDS["en"].keys() == WORDS["zh"].keys()


def test_a_chinese_page_has_no_english_word_that_it_knows_in_chinese():
    text = page_of(study_result(with_figures(), no_plan()), CHINESE)
    page = Page(text)
    shown = " ".join(page.loose + [cell for row in page.rows for cell in row])
    known = {english for words in (PAGE, AROUND, SAY, FIGURES) for english, _ in words.values()}
    known |= {word for key, word in WORDS["en"].items() if word != WORDS["zh"][key]}
    left = [word for word in known if len(word) > 3 and re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", shown)]
    assert left == []


DRIVE = """
<script>
setTimeout(() => {
  const told = {errors: window.wrong, before: siting.state()};
  const at = (type, x, y) => {
    const box = document.querySelector("canvas").getBoundingClientRect();
    const place = {pointerId: 1, clientX: box.left + x, clientY: box.top + y, bubbles: true};
    document.querySelector("canvas").dispatchEvent(new PointerEvent(type, place));
  };
  document.querySelector("canvas").setPointerCapture = () => {};
  at("pointerdown", 100, 100); at("pointermove", 140, 100); at("pointerup", 140, 100);
  told.dragged = siting.state();
  document.getElementById("map-in").click();
  told.zoomed = siting.state();
  const find = document.getElementById("map-find");
  find.value = "p-1";
  find.dispatchEvent(new Event("change"));
  told.found = siting.state().picked;
  told.info = document.querySelector(".info").textContent;
  const middle = [document.querySelector("canvas").clientWidth / 2, document.querySelector("canvas").clientHeight / 2];
  at("pointerdown", ...middle); at("pointerup", ...middle);
  told.clicked = siting.state().picked;
  document.querySelector(".layers input").click();
  told.off = siting.state().off;
  told.layers = [...document.querySelectorAll(".layers label")].map((l) => l.textContent);
  const rows = () => [...document.querySelectorAll(".sites tbody tr")].map((r) => r.cells[0].textContent);
  told.chosen = rows();
  const choice = document.querySelector(".sites select");
  choice.value = ""; choice.dispatchEvent(new Event("change"));
  told.all = rows();
  const heads = [...document.querySelectorAll(".sites th")];
  heads.find((h) => h.textContent.startsWith("Cost")).click();
  told.sorted = rows();
  const search = document.querySelector(".sites input");
  search.value = "荷塘"; search.dispatchEvent(new Event("input"));
  told.filtered = rows();
  const pixels = document.querySelector("canvas").getContext("2d").getImageData(0, 0, 10000, 10000).data;
  told.red = 0;
  for (let i = 0; i < pixels.length; i += 4) if (pixels[i] === 214 && pixels[i + 1] === 39) told.red++;
  document.body.textContent = "TOLD" + JSON.stringify(told) + "END";
}, 300);
</script></body>"""


@pytest.mark.skipif(BROWSER is None, reason="no Chromium here")
def test_the_page_s_policy_lets_its_own_script_run_and_no_other(tmp_path):
    page = page_of(study_result(with_figures()))
    assert len(re.findall("<canvas", seen_by(tmp_path, page))) >= 1  # its script has drawn the map
    foreign = page.replace("</body>", "<script>document.body.textContent = 'FOREIGN'</script></body>")
    assert "<body>FOREIGN" not in seen_by(tmp_path, foreign, name="foreign")


@pytest.mark.skipif(BROWSER is None, reason="no Chromium here")
def test_the_map_moves_and_tells_and_the_table_sorts_and_filters_in_a_browser(tmp_path):
    page = page_of(study_result(with_figures()))
    listen = "<script>window.wrong = []; onerror = (text) => { window.wrong.push(text); };</script></head>"
    page = page.replace("</head>", listen).replace("</body>", DRIVE)
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)  # lets the test's own script run
    told = json.loads(re.search(r"TOLD(.*?)END", seen_by(tmp_path, page), re.DOTALL)[1].replace("&amp;", "&"))
    assert told["errors"] == []
    before, dragged, zoomed = (told[key]["view"] for key in ("before", "dragged", "zoomed"))
    assert dragged["x"] == pytest.approx(before["x"] - 40 / before["scale"])
    assert zoomed["scale"] == pytest.approx(1.6 * before["scale"])
    assert told["found"] == {"programme": 0, "row": 0, "place": False} == told["clicked"]
    assert "SiteP-1" in told["info"]
    assert "Demand only it reaches60" in told["info"]
    assert told["layers"][0] == "chosen (1)"
    assert told["off"] == ["chosen"]
    assert told["chosen"] == ["P-1"]
    assert told["all"] == ["P-1", "P-2", "P-3", "P-4"]
    assert told["sorted"] == ["P-4", "P-2", "P-1", "P-3"]  # 3, 2, 1 and 0 million
    assert told["filtered"] == ["P-4", "P-3"]
