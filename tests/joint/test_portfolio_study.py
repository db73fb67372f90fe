"""A portfolio from the study file to the result, worked out by hand.

Lots: P1 covers 80 % of the cars for 6 million, P2 and P3 20 % each for 2.5. Piles: C1 covers 70 % of the need for
4 million, C2 40 %, C3 30 %, C2 and C3 50 %, C1 and C3 all of it, for 1 million each.
"""

import geopandas as gpd
import pandas as pd
import pytest
from click.testing import CliRunner

from solver.cli.group import siting
from solver.joint import solve
from solver.solve import solve_study
from solver.study.read import read_study
from tests.joint.small import JOINT, LOTS, PILES, programmes_of, run, write


def _joint(folder, *parts, sets=()):
    file = read_study(write(folder, LOTS, PILES, *(parts or (JOINT,))), sets)
    return solve_study(file, programmes=["joint"]).programmes


def test_the_contract_s_fields_of_the_portfolio_and_its_members(tmp_path):
    # 7 million: P1 and C2, 0.8 + 0.4; next best P1 and C3 with 1.1
    assert run(write(tmp_path, LOTS, PILES, JOINT)).exit_code == 0
    programmes = programmes_of(tmp_path)
    assert list(programmes) == ["joint", "joint.lots", "joint.piles"]
    joint, lots, piles = programmes.values()
    assert (joint["model"], joint["ended"], joint["budget"], joint["cost"]) == ("portfolio", "proven", 7e6, 7e6)
    assert joint["objective"] == pytest.approx(1.2)
    assert joint["bound"] == pytest.approx(1.2)
    assert joint["gap"] == pytest.approx(0, abs=1e-9)
    assert joint["sites"] == ["lots/P1", "piles/C2"]
    assert (lots["model"], lots["sites"], lots["objective"], lots["cost"]) == ("max-cover", ["P1"], 80, 6e6)
    assert (piles["sites"], piles["objective"], piles["cost"]) == (["C2"], 40, 1e6)
    assert (lots["ended"], lots["bound"], lots["gap"], lots["budget"]) == ("proven", None, None, None)


def test_members_are_told_as_parts_of_the_plan_that_alone_is_proven(tmp_path):
    rows = [line.split("  ") for line in run(write(tmp_path, LOTS, PILES, JOINT)).output.splitlines()]
    told: dict[str, list[str]] = {}
    for row in rows:  # a table that is wider than the terminal goes on below
        told.setdefault(row[0].strip(), []).extend(cell.strip() for cell in row[1:] if cell.strip())
    assert told["joint"][0] == "proven"
    for member in ("joint.lots", "joint.piles"):
        assert (told[member][0], told[member][-1]) == ("part of the joint plan", "–")


def test_what_each_yuan_buys_where(tmp_path):
    programmes = _joint(tmp_path)
    joint, piles = programmes["joint"].figures, programmes["joint.piles"].figures
    assert joint["members"]["lots"] == pytest.approx(
        {
            "cost": 6e6,
            "new_sites": 1,
            "weight": 1.0,
            "floor_share": 0.0,
            "share_of_full_value": 0.8,
            "gained": 80.0,
            "gained_per_million": 80 / 6,
            "one_more_million_gains": joint["one_more_million_adds"] * 100,
        }
    )
    # between the last thing bought, 0.8 for 6 million, and the first not bought, C1's further 0.5 for 4 million
    assert 0.125 - 1e-6 <= joint["one_more_million_adds"] <= 0.8 / 6 + 1e-6
    assert joint["left_over"] == 0
    assert joint["by_district"] == {
        "north": {"cost": 7e6, "lots_cost": 6e6, "piles_cost": 1e6},
        "south": {"cost": 0.0, "lots_cost": 0.0, "piles_cost": 0.0},
    }
    # C2 stands in the north and serves 20 in either district
    assert piles["money_by_district"] == {
        "north": {"cost": 1e6, "gained": 20.0, "gained_per_million": 20.0},
        "south": {"cost": 0.0, "gained": 20.0, "gained_per_million": None},
    }


def test_what_was_covered_before_is_no_gain(tmp_path):
    existing = '[programmes.lots.existing]\nfile = "there.csv"\nid = "id"\ngroup = "district"\n'
    folder = write(tmp_path, LOTS, existing, PILES, JOINT)
    pd.DataFrame({"id": ["E1"], "district": ["north"]}).to_csv(tmp_path / "there.csv", index=False)
    travel = pd.read_csv(tmp_path / "travel.csv")
    pd.concat([travel, pd.DataFrame([("n2", "E1", 50)], columns=travel.columns)]).to_csv(
        tmp_path / "travel.csv", index=False
    )
    # E1 covers n2's 20 cars already: P1 adds 60; piles count 0.9, so that C1 and C3 are worth 0.2 + 0.9 and not 1.16
    less = ["portfolio.joint.programmes.piles.weight=0.9"]
    lots = solve_study(read_study(folder, less), programmes=["joint"]).programmes["joint.lots"]
    assert (lots.objective, lots.sites, lots.kept_sites) == (80, ("P1",), ("E1",))
    assert lots.figures["gained"] == 60
    assert lots.figures["money_by_district"]["north"]["gained"] == 60


@pytest.mark.parametrize(
    ("sets", "worth", "cost"),
    [
        (["portfolio.joint.programmes.piles.weight=2"], 2.0, None),  # C1 and C3, all of the need, twice
        (["portfolio.joint.programmes.piles.floor_share=0.8"], 1.0, None),  # C1 with C2 or C3; 2 million buy no lot
        (["portfolio.joint.budget=8e6"], 1.3, 8e6),  # and C3
        (["programmes.lots.budget=3e6"], 1.2, 7e6),  # its own budget gives way to the joint one
        (["programmes.lots.budget=3e6", "portfolio.joint.programmes.lots.keep_budget=true"], 1.0, None),
        (["portfolio.joint.budget=0"], 0.0, 0.0),
    ],
)
@pytest.mark.parametrize("by_parts", [False, True])
def test_weights_floors_and_money(tmp_path, monkeypatch, sets, worth, cost, by_parts):
    if by_parts:
        monkeypatch.setattr(solve, "WHOLE", 0)
    joint = _joint(tmp_path, sets=sets)["joint"]
    assert joint.ended == "proven"
    assert joint.objective == pytest.approx(worth)
    if cost is not None:
        assert joint.cost == cost


LINKS = """
[[portfolio.joint.links]]
programme = "piles"
needs = "lots"
"""


@pytest.mark.parametrize(
    ("way", "worth"),
    [
        ('column = "lot"', 1.2),  # C1 at P1, C3 at P3; C2 names no lot and is free
        ('column = "lot"\nunlinked = "closed"', 0.8),  # P1 alone; P3 and C3 with P2 are worth 0.7
        ('pairs = [["C2", "P3"]]', 1.1),  # P1 and C3
        ('pairs = [["C2", "P3"], ["C2", "P1"], ["C3", "P2"]]', 1.2),  # either lot will do for C2
    ],
)
@pytest.mark.parametrize("by_parts", [False, True])
def test_piles_wait_for_their_lots(tmp_path, monkeypatch, way, worth, by_parts):
    if by_parts:
        monkeypatch.setattr(solve, "WHOLE", 0)
    assert _joint(tmp_path, JOINT, LINKS + way)["joint"].objective == pytest.approx(worth)


def test_without_names_members_are_solved_jointly_only_and_named_they_are_solved_alone(tmp_path):
    money = '[programmes.parks]\nmodel = "max-cover"\nopen = 1\n' + LOTS.partition('"max-cover"')[2]
    folder = write(tmp_path, LOTS, PILES, money, JOINT)
    assert list(solve_study(read_study(folder)).programmes) == ["parks", "joint", "joint.lots", "joint.piles"]
    assert list(solve_study(read_study(folder), programmes=["lots"]).programmes) == ["lots"]
    both = solve_study(read_study(folder), programmes=["lots", "joint"]).programmes
    assert list(both) == ["lots", "joint", "joint.lots", "joint.piles"]


def test_the_plan_s_layers_and_tables_are_the_members_(tmp_path):
    assert run(write(tmp_path, LOTS, PILES, JOINT)).exit_code == 0
    layers = set(gpd.list_layers(tmp_path / "out/plan.gpkg")["name"])
    kinds = ("sites", "demand", "allocation")
    assert layers - {"layer_styles"} == {f"joint.{m}_{kind}" for m in ("lots", "piles") for kind in kinds}
    sites = pd.read_csv(tmp_path / "out/sites.csv", encoding="utf-8-sig")
    assert sorted(zip(sites["programme"], sites["site_id"], strict=True)) == [
        ("joint.lots", "P1"),
        ("joint.piles", "C2"),
    ]
    report = (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert "Lots and piles together" in report


def test_floors_that_cost_more_than_there_is_are_proven_infeasible_and_explained(tmp_path):
    # 80 % of the cars need P1, 80 % of the piles' need C1 and one more: 11 million; with these piles no lot is paid for
    floors = ["portfolio.joint.programmes.lots.floor_share=0.8", "portfolio.joint.programmes.piles.floor_share=0.8"]
    programmes = _joint(tmp_path, sets=floors)
    joint = programmes["joint"]
    assert (joint.ended, joint.objective, joint.bound, joint.cost) == ("infeasible", None, None, None)
    assert joint.reasons == (
        "cannot be kept together: 'lots: at least 80.0% of its full value (floor_share)'; "
        "'piles: at least 80.0% of its full value (floor_share)'; 'a joint budget of 7,000,000 CNY (budget)'",
        "there is a plan with lots at 0.0% of its full value",
        "there is a plan with piles at 40.0% of its full value",
        "'lots: at least 80.0% of its full value (floor_share)' and 'piles: at least 80.0% of its full value "
        "(floor_share)' together cost at least 11,000,000 CNY; the joint budget is 7,000,000",
    )
    assert joint.reasons_zh[-1] == (
        "“lots：至少达到全覆盖的 80.0%（floor_share）”、“piles：至少达到全覆盖的 80.0%（floor_share）”合计至少需 "
        "11,000,000 元；联合预算为 7,000,000 元"
    )
    assert (programmes["joint.lots"].ended, programmes["joint.lots"].sites) == ("infeasible", ())


def test_sites_that_programmes_must_open_are_named_as_a_reason(tmp_path):
    # P1 and P2 cost 8.5 million
    joint = _joint(tmp_path, sets=['programmes.lots.required=["P1", "P2"]'])["joint"]
    assert joint.reasons == (
        "cannot be kept together: 'lots: P1, P2 open (required)'; 'a joint budget of 7,000,000 CNY (budget)'",
        "there is a plan with lots: P2 closed",
        "'lots: P1, P2 open (required)' costs at least 8,500,000 CNY; the joint budget is 7,000,000",
    )


def test_links_are_named_as_a_reason(tmp_path):
    # 70 % of the need is C1, which waits for P1: 10 million; C2 and, with P3, C3 are half of it
    floor = ["portfolio.joint.programmes.piles.floor_share=0.7"]
    joint = _joint(tmp_path, JOINT, LINKS + 'column = "lot"', sets=floor)["joint"]
    assert joint.reasons[1:] == (
        "there is a plan with piles at 50.0% of its full value",
        "there is a plan with C1 open without what it waits for",
        "'piles: at least 70.0% of its full value (floor_share)' and 'sites that open only where another does (links)' "
        "together cost at least 10,000,000 CNY; the joint budget is 7,000,000",
    )


FAULTS = [
    (
        JOINT.replace("piles = {}", "pile = { wight = 2 }\nlots2 = { weight = 0 }").replace("budget = 7e6", ""),
        """\
study.toml: 3 faults
  portfolio.joint.budget                    is missing; add it
  portfolio.joint.programmes.lots2.weight   is 0; must be above 0
  portfolio.joint.programmes.pile.wight     is not a known key; did you mean weight?""",
    ),
    (
        JOINT.replace("piles = {}", "pile = {}"),
        """\
study.toml: 1 fault
  portfolio.joint.programmes.pile   is not a programme of this study; did you mean piles?""",
    ),
    (
        JOINT.replace("portfolio.joint", "portfolio.lots"),
        """\
study.toml: 1 fault
  portfolio.lots   is the name of a programme too; give one of them another name""",
    ),
    (
        JOINT + LINKS + 'column = "lot"\nsame_id = true\n' + LINKS,
        """\
study.toml: 2 faults
  portfolio.joint.links.0   needs exactly one of same_id, column, pairs, nearest_m, within_m; it has same_id and column
  portfolio.joint.links.1   needs exactly one of same_id, column, pairs, nearest_m, within_m""",
    ),
    (
        JOINT + LINKS.replace("lots", "lot") + "same_id = true\n" + LINKS.replace("piles", "lots") + "same_id = true",
        """\
study.toml: 2 faults
  portfolio.joint.links.0.needs   lot is no programme of the portfolio; did you mean lots?
  portfolio.joint.links.1.needs   is lots itself; use the key needs of programmes.lots""",
    ),
    (
        JOINT
        + LINKS
        + "same_id = true\n"
        + LINKS
        + 'pairs = [["Q9", "P1"], ["C1", "P11"]]\n'
        + LINKS
        + 'column = "lott"',
        """\
study.toml: 4 faults
  portfolio.joint.links.0          links no site of piles to any of lots; are the ids the same?
  portfolio.joint.links.1.pairs    P11 is no site of lots; did you mean P1?
  portfolio.joint.links.1.pairs    Q9 is no site of piles
  portfolio.joint.links.2.column   the sites of piles have no column lott; did you mean lot?""",
    ),
    (
        JOINT + LINKS + "nearest_m = 200" + LINKS + "within_m = 200",
        """\
study.toml: 2 faults
  portfolio.joint.links.0.nearest_m   the sites of piles and lots have no place; give x and y, or link by \
same_id, column or pairs
  portfolio.joint.links.1.within_m    the sites of piles and lots have no place; give x and y, or link by \
same_id, column or pairs""",
    ),
]


@pytest.mark.parametrize("number", range(len(FAULTS)))
def test_faults_of_a_portfolio_are_reported_in_full(tmp_path, number):
    joint, report = FAULTS[number]
    folder = write(tmp_path, LOTS, PILES, joint)
    ended = CliRunner().invoke(siting, ["check", str(folder)])
    assert ended.exit_code == 3
    assert ended.stderr.endswith(report + "\n")
    assert run(folder).exit_code == 3


def test_a_programme_that_minimises_is_refused_with_the_reason(tmp_path):
    ended = run(write(tmp_path, LOTS.replace("max-cover", "set-cover"), PILES, JOINT))
    assert ended.exit_code == 3
    assert ended.stderr.endswith(
        "portfolio.joint.programmes.lots   set-cover minimises new sites; programmes share money by the share of their "
        "need that they cover: give it a model that covers (max-cover, expected-cover, capacitated-cover, "
        "market-share, charging, flow-refuelling, hierarchical)\n"
    )


def test_the_joint_budget_is_swept(tmp_path):
    folder = write(tmp_path, LOTS, PILES, JOINT)
    words = ["sweep", str(folder), "--vary", "portfolio.joint.budget=1e6,7e6,8e6", "--out", str(tmp_path / "sweep")]
    assert CliRunner().invoke(siting, words).exit_code == 0
    runs = pd.read_csv(tmp_path / "sweep/table.csv", encoding="utf-8-sig")
    # C2 alone, P1 and C2, and C3 too
    assert runs[runs["programme"] == "joint"]["objective"].tolist() == pytest.approx([0.4, 1.2, 1.3])


def test_other_plans_of_a_joint_plan_are_refused(tmp_path):
    ended = run(write(tmp_path, LOTS, PILES, JOINT), "--alternatives", "2")
    assert ended.exit_code == 3
    assert ended.stderr.endswith(
        "portfolio.joint   other plans and the worth of sites are not told of a joint plan; ask for them of one "
        "programme, for example with -p lots\n"
    )
