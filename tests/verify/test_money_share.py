"""Shares of the money in districts: right results hold with every model and over years; tampered ones fail."""

import json

import pytest

from solver.verify.run import verify_result
from tests.verify.every_key import MODELS, verified

KEYS = {
    "share": {"open": 3, "money_share_per_group": 0.7},
    "years": {
        "open": None,
        "money_share_per_group": {"west": 0.6, "east": 0.8},
        "phasing": {"years": [{"name": "one", "open_at_most": 1}, {"name": "two"}]},
    },
}
CHECK = "no_district_gets_more_than_its_share_of_the_money"


QUICK = ("max-cover", "charging", "hierarchical")


@pytest.mark.parametrize("model", [m if m in QUICK else pytest.param(m, marks=pytest.mark.slow) for m in MODELS])
def test_right_results_hold(tmp_path, model):
    over_years = model not in ("p-dispersion",)
    names, report = verified(tmp_path, model, KEYS if over_years else {"share": KEYS["share"]})
    assert "share" in names
    assert [v for v in report.verdicts if v.status == "fails"] == []
    assert {v.part for v in report.verdicts if v.check == CHECK and v.status == "holds"} == set(names)


@pytest.mark.parametrize(("model", "size"), [("max-cover", None), ("charging", "slow")])
def test_a_plan_that_leaves_too_much_in_one_district_is_found(tmp_path, model, size):
    verified(tmp_path, model, {"share": KEYS["share"] | {"open": None, "open_at_most": 3}})
    path = tmp_path / "out/result.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    entry = document["programmes"]["share"]
    entry["sites"], entry["units"] = ["B"], {} if size is None else {"B": {size: 1}}
    path.write_text(json.dumps(document), encoding="utf-8")
    found = [v for v in verify_result(tmp_path / "out").verdicts if v.check == CHECK]
    assert [v.status for v in found] == ["fails"]
    assert "west gets" in str(found[0].details[0])
    assert "at most 70.0000% is asked for" in str(found[0].details[0])
