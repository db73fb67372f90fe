"""Pages as their readers and a browser see them."""

import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

BROWSER = next((found for name in ("chromium", "google-chrome", "chrome") if (found := shutil.which(name))), None)


class Page(HTMLParser):
    """Tags that are not closed, everything that would be fetched, and the texts of tables by row."""

    VOID = ("meta", "img", "input", "br")

    def __init__(self, text):
        super().__init__()
        self.open, self.wrong, self.fetched, self.rows, self.loose = [], [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag not in self.VOID:
            self.open.append(tag)
        self.fetched += [v for k, v in attributes if k in ("src", "href", "srcset", "data", "action", "poster") and v]
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, text):
        if self.open and self.open[-1] in ("style", "script"):
            return
        if {"td", "th"} & set(self.open) and self.rows:
            self.rows[-1][-1] += text
        else:
            self.loose.append(text)


def seen_by(tmp_path: Path, page: str, *, name: str = "page", width: int = 1000) -> str:
    """The document that a browser makes of a page."""
    (tmp_path / f"{name}.html").write_text(page, encoding="utf-8")
    assert BROWSER is not None
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/profile"]
    sight = ["--virtual-time-budget=3000", f"--window-size={width},800", "--dump-dom", f"file://{tmp_path}/{name}.html"]
    return subprocess.run([*command, *sight], capture_output=True, text=True, check=False, timeout=60).stdout
