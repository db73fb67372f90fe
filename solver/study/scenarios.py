"""Named scenarios: a few values of the study that change together, and values written as TOML has them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from models.messages import say
from solver.errors import StudyError
from solver.findings import named
from solver.study.read import StudyFile, read_study
from solver.study.schema import Study

BASE = "base"
"""The study as it is, beside its scenarios."""


def flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted keys and their values; {low, high} is a value, for ranges."""
    for key, value in table.items():
        if isinstance(value, Mapping) and value and not {"low", "high"} & set(value):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def scenario_of(study: Study, name: str) -> dict[str, Any]:
    """Key -> value of a scenario of the study; StudyError where it has none of that name."""
    if name == BASE:
        return {}
    if name not in study.scenarios:
        known = named([BASE, *study.scenarios], most=12)
        raise StudyError(say("scenarios.{name}   is not in the study; known are {known}", name=name, known=known))
    return dict(flat(study.scenarios[name]))


def scenario_overrides(study: Study, name: str) -> list[str]:
    """The scenario as `KEY=VALUE`, for `read_study`."""
    return [override(key, value) for key, value in scenario_of(study, name).items()]


def read_scenario(path: Path | str, name: str, overrides: Sequence[str] = ()) -> StudyFile:
    """The study as it is in a scenario; what is asked besides stands over the scenario. StudyError names it."""
    file = read_study(path, overrides)
    said = scenario_overrides(file.study, name)
    if not said:
        return file
    try:
        return read_study(path, [*said, *overrides])
    except StudyError as error:
        raise StudyError(say("in scenario {name}: {error}", name=name, error=error)) from None


def override(key: str, value: Any) -> str:
    """`KEY=VALUE` with the value as TOML reads it."""
    return f"{key}={as_toml(value)}"


def as_toml(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{as_toml(str(k))} = {as_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(as_toml(v) for v in value) + "]"
    return repr(value)
