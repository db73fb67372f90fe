"""Reading a study file: TOML, overrides, validation as a whole, every fault in one report."""

import difflib
import hashlib
import json
import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from models.brief import brief
from models.magnitude import LARGEST
from solver.errors import StudyError
from solver.findings import Findings
from solver.study.joint import PortfolioSection
from solver.study.schema import Programme, Study

WANTED = {
    "string_type": ("no text", "write it in quotes"),
    "int_type": ("no whole number", "write a whole number"),
    "int_from_float": ("no whole number", "write a whole number"),
    "float_type": ("no number", "write a number"),
    "bool_type": ("neither true nor false", "write true or false"),
    "list_type": ("no list", "write [..., ...]"),
    "tuple_type": ("no list", "write [..., ...]"),
    "dict_type": ("no section", "write { key = value } or a section in brackets"),
    "model_type": ("no section", "write { key = value } or a section in brackets"),
    "string_pattern_mismatch": ("not such a name", "use letters of English, digits, point, dash and underscore only"),
    "string_too_short": ("empty", "write a text"),
    "string_too_long": ("too long for a name of files", "write at most 80 signs"),
}
"""Kind of a fault -> what a value is not, and what to do."""
DEEPEST = 24
"""No key of a study has as many parts."""
SHOWN = 60
"""A faulty value is shown with at most this many letters."""


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
        raise StudyError(f"{path.name}: study.base   is {base}; name a study file in the same folder")
    if below in (*above, path):
        raise StudyError(f"{path.name}: study.base   is {base}, which is based on this study; take one of them out")
    under, bases = _with_bases(below, (*above, path))
    return merged(under, raw), (below, *bases)


def merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Tables of both, key by key; where both have a value, `over` counts. Lists are values."""
    both = {key: merged(under[key], over[key]) for key in over if _are_tables(under.get(key), over[key])}
    return {**under, **over, **both}


def _are_tables(first: object, second: object) -> bool:
    return isinstance(first, dict) and isinstance(second, dict)


def _parsed(path: Path) -> dict[str, Any]:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise StudyError(f"{path}   does not exist; `siting new DIR` makes a study to start from") from None
    except UnicodeDecodeError as error:
        raise StudyError(
            f"{path}   is not UTF-8 text (byte {error.start + 1}); save it as UTF-8 in your editor"
        ) from None
    except OSError as error:
        raise StudyError(f"{path}   cannot be read ({error.strerror}); name a study file that you may read") from None
    except tomllib.TOMLDecodeError as error:
        raise StudyError(f"{path}   is not valid TOML: {error}; mend it there") from None
    except RecursionError:
        raise StudyError(f"{path}   is nested too deep; write it flat") from None
    deep = too_deep(raw)
    if deep is not None:
        raise StudyError(f"{path}   has a key of more than {DEEPEST} parts ({deep}...); write it flat")
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
        raise StudyError(f"--set {override}   is not KEY=VALUE; write for example programmes.parking.budget_cny=2e9")
    keys, value = keys_of(key.strip()), toml_value(text.strip())
    if len(keys) > DEEPEST or too_deep(value) is not None:
        raise StudyError(f"--set {override[:SHOWN]}...   has more than {DEEPEST} parts; no key of a study has as many")
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
                f"--set {override}   `{keys[0]}` is not a position in a list of {len(node)}; use 0, 1, ..."
            )
        position = int(keys[0])
        changed = with_value(node[position], keys[1:], value, override)
        return [*node[:position], changed, *node[position + 1 :]]
    if not isinstance(node, dict):
        raise StudyError(f"--set {override}   `{keys[0]}` lies inside a plain value, not a table")
    return {**node, keys[0]: with_value(node.get(keys[0], {}), keys[1:], value, override)}


def validated(raw: Mapping[str, Any], head: str) -> Study:
    """The study, or one StudyError with every fault of it."""
    findings = Findings(head)
    _note_numbers(findings, raw, ())
    try:
        study = Study.model_validate(raw)
    except ValidationError as error:
        noted = {finding.place for finding in findings.found}
        for fault in error.errors(include_url=False):
            _note(findings, fault, noted)
        raise StudyError(findings.text()) from None
    findings.raise_if_any(StudyError)
    return study


def report_of(error: ValidationError, section: type[BaseModel]) -> str:
    """Every fault of a section that was made in Python."""
    findings = Findings(section.__name__)
    for fault in error.errors(include_url=False):
        _note(findings, fault if fault["loc"] else {**fault, "loc": (section.__name__,)}, (), section)
    return findings.text()


def _note_numbers(findings: Findings, node: Any, keys: tuple[str, ...]) -> None:
    """Note the numbers that are none, endless, or too large to reckon with."""
    if isinstance(node, Mapping | list):
        for key, value in node.items() if isinstance(node, Mapping) else enumerate(node):
            _note_numbers(findings, value, (*keys, str(key)))
    elif isinstance(node, int | float) and not -LARGEST < node < LARGEST:
        findings.add(".".join(keys), f"is {_shown(node)}", f"write a number between {-LARGEST:g} and {LARGEST:g}")


def _shown(value: Any) -> str:
    """A value as the study has it, or its beginning."""
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def _note(findings: Findings, fault: Any, noted: Collection[str], root: type[BaseModel] = Study) -> None:
    location = [str(part) for part in fault["loc"] if not _is_branch(str(part))]
    place = ".".join(location) or "study"
    kind = fault["type"]
    if place in noted:
        return
    if kind == "extra_forbidden":
        near = nearest(location[-1], _keys_at(location[:-1], root))
        findings.add(place, "is not a known key", f"did you mean {near}?" if near else "remove it")
    elif kind == "missing":
        findings.add(place, "is missing", "add it")
    elif kind in {"greater_than", "greater_than_equal", "less_than", "less_than_equal"}:
        bound = next(iter(fault["ctx"].values()))
        word = {
            "greater_than": "above",
            "greater_than_equal": "at least",
            "less_than": "below",
            "less_than_equal": "at most",
        }[kind]
        findings.add(place, f"is {_shown(fault['input'])}", f"must be {word} {bound:g}")
    elif kind == "value_error":
        findings.add(place, str(fault["ctx"]["error"]))
    elif kind == "literal_error":
        findings.add(place, f"is {_shown(fault['input'])}", f"must be {fault['ctx']['expected']}")
    elif kind in WANTED:
        what, remedy = WANTED[kind]
        findings.add(place, f"is {_shown(fault['input'])}, which is {what}", remedy)
    elif kind in {"too_short", "too_long"}:
        wanted = fault["ctx"].get("min_length", fault["ctx"].get("max_length"))
        findings.add(place, f"has {fault['ctx']['actual_length']} entries", f"write {wanted}")
    else:
        findings.add(place, f"is {_shown(fault['input'])}: {_lower_first(fault['msg'])}", "mend it")


def _is_branch(part: str) -> bool:
    return part in {"float", "str", "int", "bool", "[key]"} or part.startswith(
        ("constrained-", "dict[", "list[", "function-")
    )


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def nearest(word: str, known: Sequence[str]) -> str | None:
    """The known word that looks most like `word`, None if none does."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return close[0] if close else None


def _keys_at(location: Sequence[str], root: type[BaseModel]) -> list[str]:
    """Keys the schema knows at a place of the study."""
    section: Any = root
    for part in location:
        section = _step(section, part)
        if section is None:
            return []
    return list(section.model_fields) if isinstance(section, type) and issubclass(section, BaseModel) else []


def _step(section: Any, part: str) -> Any:
    """The section type below `part`."""
    if isinstance(section, type) and issubclass(section, BaseModel):
        field = section.model_fields.get(part)
        return _unwrapped(field.annotation) if field else None
    arguments = get_args(section)  # dict[str, Section] or list[Section]
    return _unwrapped(arguments[-1]) if arguments else None


def _unwrapped(annotation: Any) -> Any:
    """A section out of `Section | None`, or the annotation itself."""
    options = [a for a in get_args(annotation) if isinstance(a, type) and issubclass(a, BaseModel)]
    plain = get_args(annotation)
    if options and type(None) in plain:
        return options[0]
    return annotation


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
