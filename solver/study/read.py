"""Reading a study file: TOML, overrides, validation as a whole, every fault in one report."""

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from models.brief import brief
from models.messages import say
from solver.errors import StudyError
from solver.files.system import of_system
from solver.findings import Finding, Findings
from solver.study.faults import SHOWN, note_fault, note_numbers, told_by
from solver.study.joint import PortfolioSection
from solver.study.schema import Programme, Study
from solver.words.currency import CNY

DEEPEST = 24
"""No key of a study has as many parts."""


@brief
@dataclass(frozen=True)
class StudyFile:
    """A validated study, the folder its paths are relative to, and the text it came from."""

    study: Study
    path: Path
    raw: Mapping[str, Any]
    overrides: tuple[str, ...] = ()
    bases: tuple[Path, ...] = ()
    """The studies it is based on, the nearest first."""
    asked: Mapping[str, Any] = field(default_factory=dict)
    """The options of the run that gave the last of the overrides, such as `gap`."""

    @property
    def folder(self) -> Path:
        """Where relative paths of the study start."""
        return self.path.parent

    def resolve(self, file: str) -> Path:
        """The path of a file named in the study."""
        return self.folder / file


def read_study(path: Path | str, overrides: Sequence[str] = ()) -> StudyFile:
    """Read and validate; `overrides` are `KEY=VALUE` with dotted keys. StudyError lists every fault."""
    path = Path(path)
    if path.is_dir():
        path = path / "study.toml"
    raw, bases = _with_bases(path, ())
    for override in overrides:
        raw = overridden(raw, override)
    return StudyFile(validated(raw, path.name), path, raw, tuple(overrides), bases)


def _with_bases(path: Path, above: tuple[Path, ...]) -> tuple[dict[str, Any], tuple[Path, ...]]:
    """The raw study over those it is based on (`study.base`), and their paths."""
    raw = _parsed(path)
    about = raw.get("study")
    base = about.get("base") if isinstance(about, dict) else None
    if not isinstance(base, str):
        return raw, ()
    below = path.parent / base
    if Path(base).name != base:
        raise StudyError(
            say("{name}: study.base   is {base}; name a study file in the same folder", name=path.name, base=base)
        )
    if below in (*above, path):
        raise StudyError(
            say(
                "{name}: study.base   is {base}, which is based on this study; take one of them out",
                name=path.name,
                base=base,
            )
        )
    under, bases = _with_bases(below, (*above, path))
    _require_one_currency(path, raw, below, under)
    return merged(under, raw), (below, *bases)


def _require_one_currency(path: Path, raw: Mapping[str, Any], below: Path, under: Mapping[str, Any]) -> None:
    """StudyError where a study and the one it is based on, whose amounts it takes over, name different currencies."""
    codes = [_code_in(part) for part in (raw, under)]
    if codes[0] is not None and codes[0] != (codes[1] or CNY.code):
        fact = say("is {own}; {base} is in {code}", own=codes[0], base=below.name, code=codes[1] or CNY.code)
        finding = Finding("study.currency", fact, say("a study and its base have one currency"))
        raise StudyError(say("{file}: {finding}", file=path.name, finding=finding.message))


def _code_in(raw: Mapping[str, Any]) -> str | None:
    """The code of the currency that a raw study names."""
    about = raw.get("study")
    told = about.get("currency") if isinstance(about, dict) else None
    told = told.get("code") if isinstance(told, dict) else told
    return told if isinstance(told, str) else None


def merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Tables of both, key by key; where both have a value, `over` counts. CostLists are values."""
    both = {key: merged(under[key], over[key]) for key in over if _are_tables(under.get(key), over[key])}
    return {**under, **over, **both}


def _are_tables(first: object, second: object) -> bool:
    return isinstance(first, dict) and isinstance(second, dict)


def _parsed(path: Path) -> dict[str, Any]:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise StudyError(
            say("{path}   does not exist; `siting new DIR` makes a study to start from", path=path)
        ) from None
    except UnicodeDecodeError as error:
        raise StudyError(
            say(
                "{path}   is not UTF-8 text (byte {byte}); save it as UTF-8 in your editor",
                path=path,
                byte=error.start + 1,
            )
        ) from None
    except OSError as error:
        raise StudyError(
            say(
                "{path}   cannot be read ({said}); name a study file that you may read",
                path=path,
                said=of_system(error),
            )
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise StudyError(say("{path}   is not valid TOML: {error}; mend it there", path=path, error=error)) from None
    except RecursionError:
        raise StudyError(say("{path}   is nested too deep; write it flat", path=path)) from None
    deep = too_deep(raw)
    if deep is not None:
        raise StudyError(
            say(
                "{path}   has a key of more than {deepest} parts ({deep}...); write it flat",
                path=path,
                deepest=DEEPEST,
                deep=deep,
            )
        )
    return raw


def too_deep(node: Any) -> str | None:
    """The first parts of a key of tables and lists that is nested deeper than any study, None where there is none."""
    left: list[tuple[Any, tuple[str, ...]]] = [(node, ())]
    while left:
        node, keys = left.pop()
        if len(keys) > DEEPEST:
            return ".".join(keys[:3])
        if isinstance(node, dict | list):
            parts = node.items() if isinstance(node, dict) else enumerate(node)
            left += [(value, (*keys, str(key))) for key, value in parts]
    return None


def overridden(raw: dict[str, Any], override: str) -> dict[str, Any]:
    """A copy of the raw study with one `dotted.key=value`; the value is TOML, or else plain text."""
    key, separator, text = override.partition("=")
    if not separator or not key.strip():
        raise StudyError(
            say(
                "--set {override}   is not KEY=VALUE; write for example programmes.parking.budget=2e9",
                override=override,
            )
        )
    keys, value = keys_of(key.strip()), toml_value(text.strip())
    if len(keys) > DEEPEST or too_deep(value) is not None:
        raise StudyError(
            say(
                "--set {override}...   has more than {deepest} parts; no key of a study has as many",
                override=override[:SHOWN],
                deepest=DEEPEST,
            )
        )
    return with_value(raw, keys, value, override)


def keys_of(key: str) -> list[str]:
    """The parts of a dotted key as TOML has them: `programmes."a.b".open`; text that is no TOML key at its dots."""
    try:
        node: Any = tomllib.loads(f"{key} = 0")
    except (tomllib.TOMLDecodeError, RecursionError):
        return key.split(".")
    parts = []
    while isinstance(node, dict):
        ((part, node),) = node.items()
        parts.append(part)
    return parts


def dotted(*parts: str) -> str:
    """A dotted key that `keys_of` takes apart again."""
    plain = [part if re.fullmatch(r"[^.\s\"'=#]+", part) else json.dumps(part, ensure_ascii=False) for part in parts]
    return ".".join(plain)


def toml_value(text: str) -> Any:
    """A value as TOML reads it (`2e9`, `true`, `[1, 2]`, `"text"`); text that is no TOML value stands for itself."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (tomllib.TOMLDecodeError, RecursionError):
        return text


def with_value(node: Any, keys: Sequence[str], value: Any, override: str) -> Any:
    """A copy of nested tables and lists with one value replaced."""
    if not keys:
        return value
    if isinstance(node, list):
        if not keys[0].isdigit() or int(keys[0]) >= len(node):
            raise StudyError(
                say(
                    "--set {override}   `{key}` is not a position in a list of {n}; use 0, 1, ...",
                    override=override,
                    key=keys[0],
                    n=len(node),
                )
            )
        position = int(keys[0])
        changed = with_value(node[position], keys[1:], value, override)
        return [*node[:position], changed, *node[position + 1 :]]
    if not isinstance(node, dict):
        raise StudyError(
            say("--set {override}   `{key}` lies inside a plain value, not a table", override=override, key=keys[0])
        )
    return {**node, keys[0]: with_value(node.get(keys[0], {}), keys[1:], value, override)}


def validated(raw: Mapping[str, Any], head: str) -> Study:
    """The study, or one StudyError with every fault of it."""
    findings = Findings(head)
    note_numbers(findings, raw, ())
    study = None
    try:
        study = Study.model_validate(raw)
    except ValidationError as error:
        noted = {finding.place for finding in findings.found}
        for fault in told_by(error):
            note_fault(findings, fault, noted, Study)
    findings.raise_if_any(StudyError)
    assert study is not None, "what cannot be validated has faults"
    return study


def sha256_of(path: Path) -> str:
    """`sha256:...` of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return f"sha256:{digest.hexdigest()}"


def setting(programme: Programme | PortfolioSection, study: Study, name: str) -> Any:
    """A solve setting: the programme's or portfolio's own, else the study's."""
    own = getattr(programme, name)
    return getattr(study.solve, name) if own is None else own
