"""docs/portfolio.md: its snippets run; a study based on another takes its keys."""

import re
from pathlib import Path

import pytest

from solver.errors import StudyError
from solver.solve import solve_study
from solver.study.read import read_study
from tests.joint.small import LOTS, PILES, write

ROOT = Path(__file__).parents[2]
SNIPPETS = re.findall(r"```toml\n(.*?)```", (ROOT / "docs/portfolio.md").read_text(encoding="utf-8"), flags=re.DOTALL)


def test_the_portfolio_of_the_page(tmp_path):
    # P1 and C2: 0.8 + 0.4; C2 names no lot and is free
    result = solve_study(read_study(write(tmp_path, LOTS, PILES, SNIPPETS[0])))
    assert result.programmes["joint"].objective == pytest.approx(1.2)


def test_the_years_of_the_page(tmp_path):
    # 2.5 million buy P3 in 2026 (20), 6 more P1 in 2027 (1.1 * 100)
    lots = solve_study(read_study(write(tmp_path, LOTS, SNIPPETS[1]))).programmes["lots"]
    assert lots.objective == pytest.approx(130)
    assert [told["sites"] for told in lots.phases.values()] == [["P3"], ["P1"]]


def test_a_study_takes_the_keys_of_its_base_and_names_it_among_its_inputs(tmp_path):
    write(tmp_path, LOTS.replace('"max-cover"', '"max-cover"\nopen = 2'))
    (tmp_path / "one.toml").write_text('[study]\nname = "one"\nbase = "study.toml"\n[programmes.lots]\nopen = 1\n')
    result = solve_study(read_study(tmp_path / "one.toml"))
    assert result.study == "one"
    assert result.programmes["lots"].sites == ("P1",)
    assert {"one.toml", "study.toml"} <= set(result.inputs)


def test_a_base_elsewhere_or_in_a_circle_is_refused(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text('[study]\nname = "a"\nbase = "../b.toml"\n')
    with pytest.raises(StudyError, match="study.base   is ../b.toml; name a study file in the same folder"):
        read_study(path)
    path.write_text('[study]\nname = "a"\nbase = "a.toml"\n')
    with pytest.raises(StudyError, match="study.base   is a.toml, which is based on this study"):
        read_study(path)


@pytest.mark.parametrize("name", ["joint.toml", "phased.toml"])
def test_the_reference_studies_of_portfolio_and_years_are_sound(name):
    study = read_study(ROOT / "instances/zhuzhou" / name).study
    assert set(study.needed(("joint",))) <= set(study.programmes)
    assert name != "joint.toml" or study.solved()[-1] == "joint"
