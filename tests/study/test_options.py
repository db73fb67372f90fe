"""Options of a command and of Python change the study as --set does: recorded, shown, and done again by verify."""

import json

import pytest

from solver.api.solution import run_study
from solver.engines.catalogue import ENGINES
from solver.errors import StudyError
from solver.events import SolveOptions
from solver.solve import solve_study
from solver.study.options import with_options
from solver.study.read import keys_of, read_study
from tests.sweep import small
from tests.sweep.small import call

OWN = small.STUDY.replace("open = 1\n", "open = 1\ntime_limit_s = 60\ngap = 0.1\n")


def document_of(folder):
    return json.loads((folder / "result.json").read_text(encoding="utf-8"))


def test_options_of_a_run_are_overrides_wherever_those_are_shown(tmp_path):
    study, out = small.write(tmp_path / "s"), tmp_path / "out"
    ended = call("run", study, "--out", out, "--time-limit", "7", "--gap", "0.02", "--engine", "highs")
    assert ended.exit_code == 0
    said = ['solve.engine="highs"', "solve.time_limit_s=7", "solve.gap=0.02"]
    document = document_of(out)
    assert document["overrides"] == said
    assert document["asked"] == {"engine": "highs", "time_limit_s": 7.0, "gap": 0.02}
    assert {key: document["settings"]["solve"][key] for key in ("time_limit_s", "gap")} == {
        "time_limit_s": 7.0,
        "gap": 0.02,
    }
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "<li>solve.time_limit_s=7</li>" in page
    assert '<td class="n">300</td>' not in page
    assert call("verify", out).exit_code == 0
    base = tmp_path / "base"
    assert call("run", study, "--out", base).exit_code == 0
    compared = call("compare", base, out, "--out", tmp_path / "compared.html")
    assert compared.exit_code == 0
    assert "solve.time_limit_s=7" in (tmp_path / "compared.html").read_text(encoding="utf-8")
    assert "solve.time_limit_s=7" in compared.output


def test_a_setting_of_a_programme_gives_way_to_the_option_for_that_run(tmp_path):
    study = small.write(tmp_path / "s", study=OWN)
    solution = run_study(study, options=SolveOptions(time_limit_s=9.5, gap=0.0))
    assert solution.result.overrides == (
        "solve.time_limit_s=9.5",
        "programmes.clinics.time_limit_s=9.5",
        "solve.gap=0",
        "programmes.clinics.gap=0",
    )
    settings = solution.result.programmes["clinics"].settings
    assert (settings["time_limit_s"], settings["gap"]) == (9.5, 0.0)
    assert solution.result.asked == {"time_limit_s": 9.5, "gap": 0.0}


def test_programmes_that_a_run_does_not_solve_keep_their_own(tmp_path):
    two = OWN + OWN[OWN.index("[programmes.clinics]") : OWN.index("[scenarios.later]")].replace("clinics", "schools")
    file = with_options(read_study(small.write(tmp_path / "s", study=two)), ("schools",), SolveOptions(gap=0.3))
    assert (file.study.programmes["clinics"].gap, file.study.programmes["schools"].gap) == (0.1, 0.3)


def test_other_plans_and_the_worth_of_sites_are_overrides_too(tmp_path):
    study, out = small.write(tmp_path / "s"), tmp_path / "out"
    asked = ("--scenario", "later", "--alternatives", "1", "--within", "50%", "--marginals")
    assert call("run", study, "--out", out, *asked).exit_code == 0
    document = document_of(out)
    assert document["overrides"] == [
        'programmes.clinics.demand.weight="later"',
        "programmes.clinics.alternatives.count=1",
        "programmes.clinics.alternatives.within=0.5",
        "programmes.clinics.marginals=true",
    ]
    entry = document["programmes"]["clinics"]
    assert entry["settings"]["alternatives"] == {"count": 1, "within": 0.5}
    assert entry["alternatives_sought"]["within"] == 0.5
    assert set(entry["marginals"]) == {"a", "b", "c"}
    assert call("verify", out).exit_code == 0


def test_a_result_written_from_python_is_verified_with_its_options(tmp_path):
    study = small.write(tmp_path / "s", study=OWN)
    run_study(study, options=SolveOptions(gap=0.5, engine=next(iter(ENGINES)))).write(tmp_path / "out", maps=False)
    assert "programmes.clinics.gap=0.5" in document_of(tmp_path / "out")["overrides"]
    assert call("verify", tmp_path / "out").exit_code == 0


def test_options_of_a_sweep_are_overrides_of_every_run(tmp_path):
    study, out = small.write(tmp_path / "s", study=OWN), tmp_path / "out"
    vary = ("--vary", "programmes.clinics.open=1,2")
    ended = call("sweep", study, "--out", out, *vary, "--gap", "0.2", "--time-limit", "8", "--jobs", "1")
    assert ended.exit_code == 0
    for run in (out / "runs").iterdir():
        assert {"solve.gap=0.2", "programmes.clinics.gap=0.2", "programmes.clinics.time_limit_s=8"} <= set(
            document_of(run)["overrides"]
        )
    assert "programmes.clinics.gap=0.2" in (out / "sweep.html").read_text(encoding="utf-8")
    assert "programmes.clinics.gap=0.2" in ended.output


def test_an_option_does_not_undo_what_a_sweep_varies(tmp_path):
    study = small.write(tmp_path / "s")
    ended = call("sweep", study, "--out", tmp_path / "out", "--vary", "solve.gap=0,0.1", "--gap", "0.2")
    assert ended.exit_code != 0
    assert "solve.gap is varied, and an option sets it to 0.2; take one of them out" in ended.output


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (SolveOptions(gap="0"), "solve.gap   is '0', which is no number; write a number"),  # type: ignore[arg-type]
        (SolveOptions(gap=2.0), "solve.gap   is 2; must be at most 1"),
        (SolveOptions(time_limit_s=0.0), "solve.time_limit_s   is 0; must be above 0"),
        (SolveOptions(alternatives=0), "programmes.clinics.alternatives.count   is 0; must be at least 1"),
    ],
)
def test_options_that_the_study_could_not_have_are_faults(tmp_path, options, fault):
    with pytest.raises(StudyError) as told:
        solve_study(read_study(small.write(tmp_path / "s")), options=options)
    assert fault in str(told.value)


def test_a_key_in_quotes_keeps_its_dots():
    assert keys_of('programmes."a.b".tiers.0.open') == ["programmes", "a.b", "tiers", "0", "open"]
    assert keys_of("programmes.医院.open") == ["programmes", "医院", "open"]


def test_a_programme_with_a_dot_in_its_name_takes_options(tmp_path):
    alone = OWN[: OWN.index("[scenarios.later]")]
    study = small.write(tmp_path / "s", study=alone.replace("programmes.clinics", 'programmes."c.1"'))
    file = with_options(read_study(study), (), SolveOptions(gap=0.25))
    assert file.study.programmes["c.1"].gap == 0.25
    assert file.overrides == ("solve.gap=0.25", 'programmes."c.1".gap=0.25')
