"""Verification is other code than what it verifies, speaks both languages, and its proofs are arithmetic."""

import re
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp

from models.messages import say
from solver.cli.verify import report_text
from solver.pose.catalogue import MODELS as CATALOGUE
from solver.study.rules import RuleKeys
from solver.verify import run
from solver.verify.bounds import Linear
from solver.verify.models import MODELS
from solver.verify.rules import RULES
from solver.verify.verdict import Unchecked, Verdict, apart, examine, same
from solver.words.chinese import SENTENCES
from solver.words.speech import ENGLISH, Speech
from tests.test_architecture import imports_of
from tests.verify import checks

ROOT = Path(__file__).parents[2]
NOUNS = {"models.arrays", "models.messages", "models.problem"}
"""What verification knows of the mathematics: arrays, messages, and what sites and places are."""
MAKERS = (
    "solver.pose",
    "solver.economy",
    "solver.joint",
    "solver.solve",
    "solver.optimise",
    "solver.engines",
    "solver.results.tables",
)


@pytest.mark.parametrize("path", sorted((ROOT / "solver/verify").glob("*.py")), ids=lambda p: p.name)
def test_no_check_uses_what_made_the_result(path):
    names = set(imports_of(path))
    assert {name for name in names if name.startswith("models")} <= NOUNS
    assert not [name for name in names if name.startswith(MAKERS) or "kernel" in name]


def test_every_check_is_a_sentence_of_its_own_in_both_languages():
    assert all("_" in name for name in checks.NAMES)
    assert len({SENTENCES[name.replace("_", " ")] for name in checks.NAMES}) == len(checks.NAMES)


NAME_OF_A_MODEL = re.compile(rf"[\"']({'|'.join(MODELS)})[\"']")


@pytest.mark.parametrize("path", sorted((ROOT / "solver/verify").glob("*.py")), ids=lambda p: p.name)
def test_models_are_named_in_their_records_only(path):
    named = NAME_OF_A_MODEL.findall(path.read_text(encoding="utf-8"))
    assert named == ([*MODELS] if path.name == "models.py" else [])


def test_every_key_of_a_rule_stands_in_one_record():
    keys = [key for rule in RULES for key in rule.keys]
    assert sorted(keys) == sorted({*RuleKeys.model_fields})


def test_every_model_of_the_catalogue_has_a_record():
    assert [*MODELS] == [*CATALOGUE]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.keys[0])
def test_a_rule_says_what_its_own_keys_do(rule):
    assert {*rule.asks, *rule.binds} <= {*rule.keys}


@pytest.mark.parametrize("model", MODELS)
def test_what_a_program_lacks_and_what_plans_keep_are_among_what_its_record_names(model):
    record = MODELS[model]
    assert {*record.lacks} <= record.keys
    assert {*record.plan} <= {*record.checks}


@pytest.mark.parametrize("seed", range(20))
def test_any_prices_prove_a_bound_that_no_whole_plan_beats(seed):
    # min c x over x in {0, 1}^7 with five rows; every choice is tried
    rng = np.random.default_rng(seed)
    cost, rows = rng.integers(-9, 10, 7).astype(float), rng.integers(-3, 4, (5, 7)).astype(float)
    most = rng.integers(0, 5, 5).astype(float)
    program = Linear(cost, sp.csr_array(rows), most, np.zeros(7), np.ones(7), np.ones(7, dtype=bool))
    plans = [np.array(x) for x in product((0.0, 1.0), repeat=7)]
    best = min(cost @ x for x in plans if (rows @ x <= most).all())
    assert program.proven_by(rng.uniform(-1, 9, 5)) <= best + 1e-9
    relaxed, (whole, _) = program.relaxed_bound(10.0), program.whole_bound(10.0, 0.0)
    assert relaxed <= best + 1e-6
    assert whole == pytest.approx(best)


def holds(subject):
    """Nothing is wrong."""
    return []


def fails(subject):
    return [say("fault {i}", i=i) for i in range(25)]


def has_no_meaning(subject):
    return None


def cannot_be_made(subject):
    raise Unchecked(say("it would take too long"))


def stumbles(subject):
    return subject["nothing"]


def test_a_check_holds_fails_has_no_meaning_or_was_not_made():
    found = examine("p", {}, [holds, fails, has_no_meaning, cannot_be_made, stumbles])
    assert [(v.check, v.status) for v in found] == [
        ("holds", "holds"),
        ("fails", "fails"),
        ("cannot_be_made", "not checked"),
        ("stumbles", "fails"),
    ]
    assert found[1].details[-2:] == ("fault 19", "and 5 more")
    assert found[3].details == ("cannot be recomputed: KeyError: 'nothing'",)


def test_numbers_are_the_same_but_for_rounding_and_unknown_is_only_unknown():
    assert same(1e9, 1e9 + 100)
    assert not same(1e9, 1e9 + 10_000)
    assert same(None, None)
    assert not same(None, 0.0)
    assert apart("cost", 2, 3.5) == ["cost: the result says 2, recomputed it is 3.5"]
    assert apart("model", "a", "b") == ["model: the result says a, recomputed it is b"]
    assert apart("done", True, True) == []


def test_the_report_counts_and_lists_what_does_not_hold():
    verdicts = (Verdict("", "holds", "holds"), Verdict("p", "fails", "fails", (say("one"), say("two"))))
    assert report_text(run.Report("s", verdicts), ENGLISH).splitlines() == [
        "Programme         holds  fails  not checked",
        "the whole result      1      0            0",
        "p                     0      1            0",
        "",
        "p: fails - fails",
        "  one",
        "  two",
        "",
        "1 check fails.",
    ]
    assert report_text(run.Report("s", verdicts[:1]), Speech("zh")).splitlines()[-1] == "1 项检验全部成立；0 项未检验。"
