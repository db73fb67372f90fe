"""Every broken study is told of in Chinese: its faults without an English word but names, keys, paths and units."""

import re

import pytest

from tests.cli.test_broken_studies import BROKEN
from tests.cli.test_words import call, english

STUDIES = sorted(folder for folder in BROKEN.iterdir() if (folder / "study.toml").is_file())
NAMED = {
    *("clinics", "at-", "people", "peoples", "poeple", "site", "siteid", "cost", "many", "min", "inf"),
    *("in-the-lake", "buget", "budget", "max-covr", "row", "forbidden", "encoding"),
}
"""What these studies write, and what their files and columns are called."""
OF_OTHERS = re.compile(r"TOML：.*?；|e\+\d+")
"""What the reader of TOML says, and numbers."""


@pytest.mark.parametrize("study", STUDIES, ids=lambda folder: folder.name)
def test_a_broken_study_is_told_of_without_english(study):
    ended = call("check", study)
    told = OF_OTHERS.sub(" ", ended.stdout + ended.stderr)
    assert english(told) <= NAMED | {study.name}, told
