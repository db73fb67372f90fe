"""Every page that siting writes: it asks nothing of anybody, is whole, and fits a telephone."""

import hashlib
import re
from base64 import b64encode

import pytest

from tests.cli.test_commands import TEACHING, call
from tests.read_pages import BROWSER, Page, seen_by

PAGES = ("report", "comparison", "sweep")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Name -> text of a page of each kind."""
    folder, study = tmp_path_factory.mktemp("pages"), TEACHING / "budget"
    for name, words in (("a", ()), ("b", ("--set", "programmes.free.budget=5e6"))):
        assert call("run", study, "--out", folder / name, *words).exit_code == 0
    assert call("compare", folder / "a", folder / "b", "--out", folder / "c.html").exit_code == 0
    words = (
        "--vary",
        "programmes.free.budget=5e6,1e7",
        "--vary",
        "programmes.free.reach.limit_min=8,10",
        "--jobs",
        1,
        "--out",
        folder / "sweep",
    )
    assert call("sweep", study, *words).exit_code == 0
    files = dict(zip(PAGES, ("a/report.html", "c.html", "sweep/sweep.html"), strict=True))
    assert len(list(folder.rglob("*.html"))) == 2 + 1 + 1 + 4  # a page for each run, of the sweep too
    return {name: (folder / file).read_text(encoding="utf-8") for name, file in files.items()}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_forbids_requests_and_scripts_that_are_not_its_own(pages, name):
    text = pages[name]
    found = re.search('<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text)
    assert found is not None
    assert text.index(found[0]) < text.index("<title>")
    rules = dict(rule.strip().split(" ", 1) for rule in found[1].split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    scripts = re.findall("<script>(.*?)</script>", text, re.DOTALL)
    hashes = [f"'sha256-{b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts]
    assert rules["script-src"] == (" ".join(hashes) or "'none'")
    assert not re.search(r"\son[a-z]+=", re.sub("<script.*?</script>", "", text, flags=re.DOTALL))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_closes_its_tags_fetches_nothing_and_has_a_chart(pages, name):
    page = Page(pages[name])
    assert (page.open, page.wrong) == ([], [])
    assert all(link.startswith(("#", "data:image/png;base64,")) for link in page.fetched)
    assert '<svg class="chart"' in pages[name]


def beyond(tmp_path, page, width):
    """By how many pixels a page is wider than a window."""
    far = "document.documentElement.scrollWidth - innerWidth"
    script = f"<script>document.body.textContent = 'BEYOND' + ({far}) + 'END'</script></body>"
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page).replace("</body>", script)
    return int(re.search(r"BEYOND(-?\d+)END", seen_by(tmp_path, page, width=width))[1])


@pytest.mark.skipif(BROWSER is None, reason="no Chromium here")
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_no_wider_than_a_telephone(pages, name, tmp_path):
    assert beyond(tmp_path, pages[name], 390) <= 0


@pytest.mark.skipif(BROWSER is None, reason="no Chromium here")
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_no_wider_than_paper(pages, name, tmp_path):
    printed = pages[name].replace("@media print", "@media all").replace("@media screen", "@media speech")
    assert printed.count("@media all") == 1
    assert beyond(tmp_path, printed, 688) <= 0  # A4 without its margins
