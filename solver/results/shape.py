"""Whether a result.json has the shape that this software writes: every key there, every value of its kind.

The kinds are those of `ProgrammeResult` and `StudyResult`; keys that earlier versions did not write may lack.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from models.messages import say
from models.plan import Plan
from models.problem import Demand, Sites
from solver.errors import StoreError
from solver.findings import Findings
from solver.results.result import ProgrammeResult, StudyResult

REMEDY = say("bring back the file as it was, or compute the result anew with `siting run`")
NOT_WRITTEN = (Plan, Sites, Demand, pd.DataFrame)
"""What a result has in memory only."""
District = Mapping[str, Mapping[str, Any]]
"""Figures by district."""
MOST = 20
"""So many faults are listed."""


class Figures(BaseModel):
    """`figures`: any, those by district in a table of tables."""

    model_config = ConfigDict(extra="allow", strict=True)
    by_district: District | None = None


def require_shape(text: str, path: Path) -> None:
    """StoreError with every key of a result.json that is missing or holds something else than it should."""
    try:
        _study().model_validate_json(text)
    except ValidationError as error:
        findings = Findings(str(path))
        for fault in error.errors(include_url=False)[:MOST]:
            place = ".".join(str(part) for part in fault["loc"])
            said = fault["msg"].lower().replace("input should be", "must be").replace("array", "list")
            fact = (
                say("is missing")
                if fault["type"] == "missing"
                else say("is {shown} ({said})", shown=_shown(fault["input"]), said=said)
            )
            findings.add(place or "result.json", fact, REMEDY)
        raise StoreError(findings.report) from None


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}..."


@cache
def _study() -> type[BaseModel]:
    entry = _model(ProgrammeResult, {"figures": (Figures, ...), "reasons": (tuple[str, ...], ...)}, without=("name",))
    return _model(StudyResult, {"programmes": (Mapping[str, entry], ...)})  # type: ignore[valid-type]


def _model(noun: type, own: Mapping[str, Any], without: tuple[str, ...] = ()) -> type[BaseModel]:
    """A model of a noun's keys in JSON; those that the noun fills by itself need not be there."""
    hints = get_type_hints(noun)
    keys: dict[str, Any] = {
        f.name: (hints[f.name], ... if f.default is MISSING and f.default_factory is MISSING else None)
        for f in fields(noun)
        if f.name not in without and not any(kind in _parts(hints[f.name]) for kind in NOT_WRITTEN)
    }
    made: type[BaseModel] = create_model(
        noun.__name__, __config__=ConfigDict(extra="allow", strict=True), **(keys | dict(own))
    )
    return made


def _parts(hint: Any) -> tuple[Any, ...]:
    return (hint, *getattr(hint, "__args__", ()))
