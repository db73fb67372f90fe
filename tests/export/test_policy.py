"""Pages ask nothing of anybody: every page that siting writes forbids requests, and runs its own script only."""

import hashlib
import re
from base64 import b64encode

from tests.cli.test_commands import TEACHING, call


def test_every_page_forbids_requests_and_other_scripts(tmp_path):
    study = TEACHING / "budget"
    for name, words in (("a", ()), ("b", ("--set", "programmes.free.budget=5e6"))):
        assert call("run", study, "--out", tmp_path / name, *words).exit_code == 0
    assert call("compare", tmp_path / "a", tmp_path / "b", "--out", tmp_path / "c.html").exit_code == 0
    words = ("--vary", "programmes.free.budget=5e6,1e7", "--jobs", 1, "--out", tmp_path / "sweep")
    assert call("sweep", study, *words).exit_code == 0
    pages = list(tmp_path.rglob("*.html"))
    assert {"report.html", "c.html", "sweep.html"} <= {page.name for page in pages}
    for page in pages:
        text = page.read_bytes().decode()
        found = re.search('<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text)
        assert found is not None, page
        assert text.index(found[0]) < text.index("<title>")
        rules = dict(rule.strip().split(" ", 1) for rule in found[1].split(";"))
        assert rules["default-src"] == "'none'"
        assert rules["img-src"] == "data:"
        scripts = re.findall("<script>(.*?)</script>", text, re.DOTALL)
        hashes = [f"'sha256-{b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts]
        assert rules["script-src"] == (" ".join(hashes) or "'none'")
        assert not re.search(r"\son[a-z]+=", re.sub("<script.*?</script>", "", text, flags=re.DOTALL))
