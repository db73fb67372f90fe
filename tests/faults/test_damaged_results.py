"""Whatever is damaged in a result directory, the commands that read it end with a report, never with an error."""

import json
import random
import shutil

import pytest

from tests.faults.mutations import TEACHING, asked, damage_bytes, damaged

NAMES = ("overlap", "piles", "purse", "one-way")
FILES = ("result.json", "plan.gpkg", "sites.csv", "summary.csv", "report.html")
FREE = ("settings", "figures", "versions", "asked", "phases")
"""Tables of a result whose keys are the study's or the model's own."""


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Results of teaching studies, beside the studies."""
    above = tmp_path_factory.mktemp("results")
    for name in NAMES:
        shutil.copytree(TEACHING / name, above / name)
        assert asked("run", above / name, "--out", above / f"{name}-out").exit_code == 0
    return above


def require_told(results, seed, commands):
    rng = random.Random(seed)
    whole = results / f"{rng.choice(NAMES)}-out"
    folder = results / "damaged"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(whole, folder)
    file = folder / rng.choice(FILES)
    if rng.random() < 0.6:
        document = json.loads((folder / "result.json").read_text(encoding="utf-8"))
        kept = {key: document[key] for key in ("versions", "settings", "asked") if key in document}
        document, said = damaged({k: v for k, v in document.items() if k not in kept}, rng, [])
        if any(f"'{key}', " in said for key in FREE):
            return
        (folder / "result.json").write_text(json.dumps(kept | document), encoding="utf-8")
    elif file.is_file():
        said = damage_bytes(file, rng)
    else:
        return
    words = {
        "verify": ("verify", folder),
        "compare": ("compare", whole, folder, "--out", results / "compared.md"),
        "export": ("export", folder, "--to", results / "plan.csv"),
        "report": ("report", folder, "--out", results / "page.html"),
    }
    for command in commands:
        try:
            ended = asked(*words[command])
            assert ended.exit_code in (0, 2, 3, 7)
            if ended.exit_code in (2, 3):
                assert "   " in ended.stderr or "Error: " in ended.stderr or command == "export"
        except AssertionError as error:
            raise AssertionError(f"seed {seed}, {whole.name}, {said}: {error}") from error


def test_a_damaged_result_is_refused_or_verified_with_a_report(results):
    for seed in range(12):
        require_told(results, seed, ["verify", "compare", "export"])


@pytest.mark.slow
def test_every_command_tells_of_hundreds_of_damaged_results(results):
    for seed in range(1000, 1600):
        require_told(results, seed, ["verify", "compare", "export", "report"])


def test_every_key_that_is_missing_or_of_another_kind_is_told_at_once(results, tmp_path):
    shutil.copytree(results / "overlap-out", tmp_path / "out")
    path = tmp_path / "out/result.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    del document["programmes"]["pair"]["gap"]
    document["programmes"]["pair"]["ended"] = "surely"
    document["programmes"]["pair"]["sites"] = True
    path.write_text(json.dumps(document), encoding="utf-8")
    ended = asked("report", tmp_path / "out")
    assert ended.exit_code == 2
    lines = ended.stderr.splitlines()
    assert lines[0] == f"{path}: 3 faults"
    assert [line.split()[0] for line in lines[1:]] == [f"programmes.pair.{k}" for k in ("ended", "gap", "sites")]
    remedy = "bring back the file as it was, or compute the result anew with `siting run`"
    assert lines[2].split("   ")[-1].strip() == f"is missing; {remedy}"


def test_a_map_file_of_another_program_is_told_where_layers_are_needed(results, tmp_path):
    shutil.copytree(results / "one-way-out", tmp_path / "out")
    (tmp_path / "out/plan.gpkg").write_bytes(b"SQLite format 3")
    for words in (("report",), ("export", "--to", tmp_path / "plan.geojson")):
        ended = asked(words[0], tmp_path / "out", *words[1:])
        assert ended.exit_code == 2
        assert "plan.gpkg   is damaged (" in ended.stderr
    assert not (tmp_path / "plan.geojson").exists()
