"""What the program knows of a model, a rule, an engine stands in its record and nowhere else."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import solver
from models.formulation import Formulation, Rule
from solver.engines.catalogue import ENGINES
from solver.optimise.methods import METHODS
from solver.pose.abilities import Can
from solver.pose.catalogue import MODELS
from solver.pose.fits import FITS
from solver.pose.rules import RULES
from solver.study.schema import Programme

ROOT = Path(__file__).parent.parent
FILES = sorted(path for top in ("models", "solver") for path in (ROOT / top).rglob("*.py"))

RECORDS = (
    "solver/pose/catalogue.py",
    "solver/optimise/methods.py",
    "solver/pose/rules.py",
    "models/",
)
"""Where types of models and of rules may be asked for: their records, and the house of the mathematics."""
VERIFICATION = "solver/verify/"
"""Verification has records of its own."""
BY_TYPE = {
    "Phasing": "a model over years has plans and drafts of another type",
    "PhasedPlan": "the same",
    "PhasedDraft": "the same",
}
"""What may be asked for by type elsewhere."""


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def texts() -> Iterator[tuple[str, str]]:
    """File and text of every string in `solver/`."""
    for path in FILES:
        if path.is_relative_to(ROOT / "solver"):
            for node in nodes_of(path):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield place(path), node.value


def calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    for path in FILES:
        for node in nodes_of(path):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                yield place(path), node


def test_no_model_is_named_outside_its_records() -> None:
    allowed = ("solver/pose/catalogue.py", VERIFICATION)
    names = {name for name in MODELS if name != "charging"}  # also an ordinary word
    assert {(file, text) for file, text in texts() if text in names and not file.startswith(allowed)} == set()


def test_no_engine_is_named_outside_its_records() -> None:
    allowed = ("solver/engines/", VERIFICATION, "solver/study/schema.py")  # the engine that is the default
    assert {(file, text) for file, text in texts() if text in ENGINES and not file.startswith(allowed)} == set()


def stated() -> set[str]:
    """Names of the classes of models and rules."""
    public = [getattr(solver, name) for name in solver.HOMES if name != "__version__"]
    members = [
        {name for name in vars(protocol) if not name.startswith("_")} - {"limits_in_words"}
        for protocol in (Formulation, Rule)
    ]
    has = {made.__name__: {*dir(made), *getattr(made, "__dataclass_fields__", ())} for made in public}
    return {name for name, own in has.items() if any(known <= own for known in members)}


def test_types_of_models_and_rules_are_asked_for_in_records_alone() -> None:
    names = stated() - set(BY_TYPE)
    assert {"MaxCover", "PDispersion", "Modular", "WorstDistrict", "Budget", "Count", "OfYear"} <= names
    found = {
        (file, name.id)
        for file, call in calls("isinstance")
        for name in ast.walk(call.args[1])
        if isinstance(name, ast.Name) and name.id in names and not file.startswith((*RECORDS, VERIFICATION))
    }
    assert found == set()


def test_members_are_named_by_protocols_and_not_asked_for_by_their_text() -> None:
    """Libraries and errors of the system, whose members differ by version and platform, are the exception."""
    outside = ("solver/engines/", "solver/files/", "solver/cli/exits.py", "solver/results/shape.py", VERIFICATION)
    found = {
        (file, call.args[1].value)
        for file, call in calls("getattr")
        if len(call.args) > 1 and isinstance(call.args[1], ast.Constant) and not file.startswith(outside)
    }
    known = {("models/messages.py", "worded"), ("models/given.py", "_is_protocol")}
    assert found == known


@pytest.mark.parametrize("name", MODELS)
def test_a_model_s_record_is_whole(name: str) -> None:
    model = MODELS[name]
    assert model.name_zh and model.purpose and model.purpose_zh and model.source  # noqa: PT018
    assert (ROOT / "instances/teaching" / model.example / "study.toml").is_file()
    assert {key for key, fit in FITS.items() if name in fit.models} <= set(Programme.model_fields)


def test_formulations_are_called_as_their_records_are() -> None:
    assert {kind.name for kind in METHODS} <= set(MODELS)


def test_every_ability_is_some_model_s_and_not_all_models() -> None:
    for can in Can:
        assert 0 < sum(can in model.can for model in MODELS.values()) < len(MODELS), can


def test_every_rule_is_a_key_of_the_study() -> None:
    assert set(RULES) <= set(Programme.model_fields)
