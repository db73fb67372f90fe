"""Joins by id: ids match as they are written or the study is refused, with both sides and the likely cause."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from solver import Reach
from solver.api.frames import demand_from_frame, problem_from_matrix, sites_from_frame
from solver.cli.group import siting
from solver.errors import LayerError
from solver.inputs.join import join, likely, quoted
from solver.verify.run import verify_result

ROOT = Path(__file__).parents[2]
STUDY = """
[study]
name = "joins"
[travel]
matrix = "times.csv"
{travel}
[solve]
gap = 0.0
search_s = 0
[programmes.p]
model = "max-cover"
open = 1
reach = {{ limit_m = 100 }}
demand = {{ file = "places.csv", id = "place", weight = "people", group = "district" }}
sites = {{ file = "sites.csv", id = "site", group = "district" }}
{rules}
"""
PLACES = "place,people,district\n001,30,north\n002,20,north\n003,5,south\n"
SITES = "site,district\nA,north\nB,south\n"
TIMES = "demand,site,value\n001,A,10\n002,A,10\n003,B,10\n"
ALLOWED = 'missing_pairs = "unreachable"'


def write(folder, *, travel="", rules="", **files):
    texts = {"places": PLACES, "sites": SITES, "times": TIMES} | files
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "study.toml").write_text(STUDY.format(travel=travel, rules=rules), encoding="utf-8")
    return folder


def call(*words):
    return CliRunner().invoke(siting, [str(word) for word in words])


def run(folder):
    return call("run", folder, "--out", folder / "out")


def document_of(folder):
    return json.loads((folder / "out/result.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("told", "meant", "why"),
    [
        ("1", "001", "leading zeros"),
        ("A-7", "A-007", "leading zeros"),
        (" a", "a", "blanks"),
        ("a\u3000", "a", "blanks"),
        ("x\u200b", "x", "blanks"),
        ("B12", "b12", "upper and lower case"),
        ("１２", "12", "full-width or composed signs"),
        ("é", "e\u0301", "full-width or composed signs"),
        ("1.0", "1", "a decimal point"),
        ("D–1", "D-1", "another kind of dash"),
        ("1.0", "001", "a decimal point, leading zeros"),
        ("4.40304E+11", "440304000123", "a long number shortened by a spreadsheet"),
        ("123456789012345680", "123456789012345678", "a long number shortened by a spreadsheet"),
        ("markt", "market", "the spelling"),
    ],
)
def test_the_likely_cause_of_a_miss_is_named(told, meant, why):
    other = {"zz": 1, meant: 1}
    near = likely(told, other)
    assert near is not None
    assert (near.meant, str(near.message)) == (meant, f"{quoted(told)} for {meant}: {why}")


def test_an_id_with_other_digits_is_another_id():
    assert join("p", "t", "sites", ["P-0012", "P-0013"], ["P-0012", "P-0014"]).near == ()


@pytest.mark.parametrize("travel", ["", ALLOWED])
def test_a_matrix_whose_zeros_a_spreadsheet_ate_is_refused_on_both_sides(tmp_path, travel):
    write(tmp_path, travel=travel, times="demand,site,value\n1,A,10\n2,A,10\n3,B,10\n")
    for command in ("check", "run"):
        ended = call(command, tmp_path)
        assert ended.exit_code == 3
        assert ended.stderr.endswith(
            "study.toml: 1 fault\n  travel.demand   times.csv and the places of the study: 0 ids match, "
            "3 only in times.csv (1, 2, 3), 3 only among the places of the study (001, 002, 003), "
            "likely 1 for 001: leading zeros; 2 for 002: leading zeros; 3 for 003: leading zeros; mend the ids\n"
        )


@pytest.mark.parametrize(
    ("times", "cause"),
    [
        (TIMES.replace("003,B", "003,b"), "b for B: upper and lower case"),
        (TIMES.replace("003,B", "003, B"), "' B' for B: blanks"),
        (TIMES.replace("003,B", "003,Ｂ"), "full-width"),
        (TIMES.replace("003,B,10\n", "003,B,10\n3,A,12\n"), "3 for 003: leading zeros"),
    ],
)
def test_one_id_in_another_writing_is_refused_with_its_cause(tmp_path, times, cause):
    ended = run(write(tmp_path, times=times))
    assert ended.exit_code == 3
    assert cause in ended.stderr


@pytest.mark.parametrize(
    ("times", "told"),
    [
        # 002 has a row of its own beside: only the pair would be lost
        (TIMES + "market,A,5\nmarkt,B,5\n", "1 only in times.csv (markt)"),
        (
            TIMES.replace("003,B", "Z,B") + "market,A,5\n",
            "1 only in times.csv (Z), 1 only among the places of the study (003)",
        ),
        (TIMES + "market,A,5\n003,C,5\n", "1 only in times.csv (C)"),
        (TIMES, "1 only among the places of the study (market)"),
        (TIMES.replace("003,B", "003,A") + "market,A,5\n", "1 only among the sites of the study (B)"),
    ],
)
def test_a_part_that_does_not_match_is_refused_unless_the_study_allows_it_and_then_told(tmp_path, times, told):
    places = PLACES + "market,40,south\n"
    ended = run(write(tmp_path, places=places, times=times))
    assert ended.exit_code == 3
    assert told in ended.stderr
    assert 'say missing_pairs = "unreachable" in [travel]' in ended.stderr
    ended = run(write(tmp_path, travel=ALLOWED, places=places, times=times))
    assert ended.exit_code == 0
    assert told in ended.stdout
    assert any(told in each["note"] for each in document_of(tmp_path)["joins"])
    assert told in (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert not verify_result(tmp_path / "out").failed


def test_what_is_told_is_told_in_chinese_too(tmp_path):
    write(tmp_path, travel=ALLOWED, places=PLACES + "004,40,south\n")
    ended = call("run", tmp_path, "--out", tmp_path / "out", "--lang", "zh")
    assert "times.csv 与研究的需求点：3 个编号相符，1 个仅在研究的需求点（004）" in ended.stdout


def test_a_check_shows_what_was_joined(tmp_path):
    ended = call("check", write(tmp_path, rules='required = ["A"]'))
    assert ended.exit_code == 0
    lines = [line.split() for line in ended.stdout.splitlines()]
    assert ["travel.demand", "times.csv", "3", "0", "0"] in lines
    assert ["travel.site", "times.csv", "2", "0", "0"] in lines
    assert ["programmes.p.required", "required", "1", "0", "1"] in lines


def test_rows_that_do_not_count_and_other_programmes_are_known_to_a_matrix(tmp_path):
    # place 009 is in the layer and filtered away; site C is of another programme
    folder = write(tmp_path, places=PLACES + "009,7,east\n", times=TIMES + "009,A,5\n003,C,1\n")
    text = (
        (folder / "study.toml")
        .read_text(encoding="utf-8")
        .replace(
            'group = "district" }\nsites', 'group = "district", where = { district = ["north", "south"] } }\nsites'
        )
    )
    other = (
        text[text.index("[programmes.p]") :].replace("programmes.p", "programmes.q").replace("sites.csv", "more.csv")
    )
    (folder / "more.csv").write_text("site,district\nC,south\n")
    (folder / "study.toml").write_text(text + other, encoding="utf-8")
    ended = call("run", folder, "-p", "p", "--out", folder / "out")
    assert ended.exit_code == 0, ended.stderr
    assert not verify_result(folder / "out").failed


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"sites": "site,district\nA,North\nB,south\n"}, 3),
        ({"sites": "site,district\nA,x\nB,y\n"}, 3),
        ({"sites": "site,district\nA,north\nB,north\n"}, 0),
    ],
)
def test_districts_of_sites_are_joined_with_those_of_places(tmp_path, files, code):
    # a district without a site is told, no more: there may be none
    ended = run(write(tmp_path, **files))
    assert ended.exit_code == code
    assert ("1 only among the districts of the places (south)" in ended.stdout) == (code == 0)


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ('required = ["a"]', "a is not a site; did you mean A (upper and lower case)?"),
        ('needs = [["A", "B "]]', "names 'B ', not among the sites of the programme; did you mean B (blanks)?"),
        ('forbidden_pairs = [["A", "b"]]', "did you mean B (upper and lower case)?"),
        ("at_most_per_group = { North = 1 }", "names North, not among the districts of the sites; did you mean north"),
        ("floor_share = { nroth = 0.1 }", "names nroth, not among the districts of the places; did you mean north?"),
        (
            '[[programmes.p.group_rules]]\ncolumn = "district"\nat_most = { "north " = 1 }',
            "names 'north ', not among the groups of the sites; did you mean north (blanks)?",
        ),
    ],
)
def test_lists_pairs_and_numbers_by_group_say_what_was_meant(tmp_path, rules, told):
    for command in ("check", "run"):
        ended = call(command, write(tmp_path, rules=rules))
        assert ended.exit_code == 3
        assert ended.stderr.count(told) == 1


@pytest.mark.parametrize(
    ("where", "told"),
    [
        (
            '{ kind = ["clinic", "hosptial"] }',
            "names hosptial, not among the values of the column; did you mean hospital?",
        ),
        ('{ kind = ["clinic"] }', "has rows with ' clinic', which do not count; did you mean clinic (blanks)?"),
    ],
)
def test_values_that_choose_rows_are_joined_too(tmp_path, where, told):
    sites = "site,district,kind\nA,north,clinic\nB,south,hospital\nC,south, clinic\n"
    folder = write(tmp_path, sites=sites, travel=ALLOWED)
    text = (folder / "study.toml").read_text(encoding="utf-8")
    (folder / "study.toml").write_text(text.replace('id = "site",', f'id = "site", where = {where},'), encoding="utf-8")
    ended = call("check", folder)
    assert ended.exit_code == 3
    assert told in ended.stderr


@pytest.mark.parametrize("matrix", ["times.csv", "times.parquet", "times.npz"])
def test_verification_sees_a_misspelled_id_in_a_result_of_an_earlier_version(tmp_path, matrix):
    # 003 is reached by A as well, under the name of 03: 35 people lost of 55 for A
    write(tmp_path, travel=ALLOWED, times=TIMES)
    frame = pd.read_csv(tmp_path / "times.csv", dtype={"demand": str})
    bad = pd.concat([frame, pd.DataFrame({"demand": ["markt"], "site": ["A"], "value": [10]})])
    text = (tmp_path / "study.toml").read_text(encoding="utf-8").replace("times.csv", matrix)
    if matrix.endswith("npz"):
        np.savez(tmp_path / matrix, **{c: np.array(bad[c].tolist()) for c in bad.columns})
    elif matrix.endswith("parquet"):
        bad.to_parquet(tmp_path / matrix)
    else:
        bad.to_csv(tmp_path / matrix, index=False)
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    assert run(tmp_path).exit_code == 0
    # an earlier version would have written the same without the key
    path = tmp_path / "study.toml"
    path.write_text(text.replace(ALLOWED, ""), encoding="utf-8")
    report = verify_result(tmp_path / "out", despite_changes=True)
    found = {v.check: tuple(map(str, v.details)) for v in report.failed}
    assert (
        f"{matrix} names 'markt', which is no place of the study" in found["ids_of_the_matrix_are_those_of_the_layers"]
    )
    assert call("verify", tmp_path / "out", "--despite-changes").exit_code == 7


def test_numbers_of_joins_that_were_meddled_with_are_noticed(tmp_path):
    run(write(tmp_path))
    document = document_of(tmp_path)
    document["joins"][0]["matched"] = 7
    (tmp_path / "out/result.json").write_text(json.dumps(document), encoding="utf-8")
    assert "what_was_joined_is_as_told" in {v.check for v in verify_result(tmp_path / "out").failed}


def test_a_table_of_all_points_to_all_points_matches_both_layers(tmp_path):
    every = ["001", "002", "003", "A", "B"]
    rows = [
        f"{i},{j},{10 if (i, j) in {('001', 'A'), ('002', 'A'), ('003', 'B')} else 999}" for i in every for j in every
    ]
    ended = run(write(tmp_path, times="\n".join(["demand,site,value", *rows]) + "\n"))
    assert ended.exit_code == 0, ended.stderr
    assert document_of(tmp_path)["programmes"]["p"]["objective"] == 50
    assert not verify_result(tmp_path / "out").failed


def test_frames_are_joined_by_the_same_rule():
    places = demand_from_frame(pd.DataFrame({"place": ["001", "002"], "people": [3, 4]}), id="place", weight="people")
    sites = sites_from_frame(pd.DataFrame({"site": ["A"]}), id="site")
    table = pd.DataFrame({"demand": ["001", "2"], "site": ["A", "A"], "value": [1.0, 2.0]})
    for missing in ("refuse", "unreachable"):
        with pytest.raises(LayerError, match="2 for 002: leading zeros"):
            problem_from_matrix(places, sites, table, Reach(limit_m=10), missing_pairs=missing)
    table = table.iloc[:1]
    with pytest.raises(LayerError, match=r"1 only among the places of the study \(002\)"):
        problem_from_matrix(places, sites, table, Reach(limit_m=10))
    problem = problem_from_matrix(places, sites, table, Reach(limit_m=10), missing_pairs="unreachable")
    assert problem.travel.nnz == 1


def test_a_matrix_without_an_id_in_a_row_is_refused(tmp_path):
    ended = run(write(tmp_path, times=TIMES + ",A,5\n"))
    assert ended.exit_code == 3
    assert "travel.demand   times.csv has no demand in row 4; fill them in" in ended.stderr


def test_a_sweep_tells_of_joins_that_fail(tmp_path):
    write(tmp_path, times=TIMES + "markt,A,5\n")
    ended = call("sweep", tmp_path, "--vary", "programmes.p.open=1", "--jobs", 1, "--out", tmp_path / "s")
    assert ended.exit_code == 3
    assert "markt" in pd.read_csv(tmp_path / "s/table.csv")["fault"][0]


def test_flows_name_terminals_as_they_are_written(tmp_path):
    shutil.copytree(ROOT / "instances/teaching/line", tmp_path / "line")
    flows = tmp_path / "line/flows.csv"
    first = flows.read_text(encoding="utf-8").splitlines()[1].split(",")[0]
    flows.write_text(flows.read_text(encoding="utf-8").replace(f"\n{first},", f"\n {first},"), encoding="utf-8")
    ended = call("check", tmp_path / "line")
    assert ended.exit_code == 3
    assert f"names ' {first}', not among the terminals; did you mean {first} (blanks)?" in ended.stderr


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("same_id = true", "1 only in the sites of piles (a)"),
        ('pairs = [["a", "b"]]', "b is no site of lots; did you mean B (upper and lower case)?"),
        ('column = "lot"', "a is no site of lots; did you mean A (upper and lower case)?"),
    ],
)
def test_links_between_programmes_are_joined_by_the_same_rule(tmp_path, link, told):
    # the piles' own layer calls its site a, the lots' A
    folder = write(tmp_path, travel=ALLOWED)
    text = (folder / "study.toml").read_text(encoding="utf-8").replace("programmes.p", "programmes.lots")
    piles = text[text.index("[programmes.lots]") :].replace("programmes.lots", "programmes.piles")
    (folder / "piles.csv").write_text("site,district,lot\na,north,a\n")
    joint = f"""
[portfolio.joint]
budget = 1e6
programmes = {{ lots = {{}}, piles = {{}} }}
links = [{{ programme = "piles", needs = "lots", {link} }}]
"""
    times = TIMES.replace("003,B,10", "003,B,10\n003,a,10")
    (folder / "times.csv").write_text(times, encoding="utf-8")
    (folder / "study.toml").write_text(text + piles.replace("sites.csv", "piles.csv") + joint, encoding="utf-8")
    ended = call("check", folder)
    assert ended.exit_code == 3
    assert told in ended.stderr
