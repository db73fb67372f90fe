"""Every key of a study file: meaning, unit, what it may be, default, and the models that take it."""

import inspect
import json
import types
from collections.abc import Iterator
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from docs.generate.markdown import code, table
from solver.pose.fits import FITS
from solver.study.schema import Study
from solver.study.section import Column, Pair, Section, Share, Step
from solver.sweep.design import DESIGNS
from solver.sweep.planfile import PLAN_KEYS

UNITS = {
    "_kwh_per_day": "kWh a day",
    "_kph": "km/h",
    "_kw": "kW",
    "_km": "km",
    "_min": "minutes",
    "_m": "m",
    "_s": "s",
}
"""How a key ends -> its unit; the first that fits."""
NAMES = {"kg_per_refuel": "kg"}
EVERY = "every model"

INTRO = """\
# Every key of a study

A study is one TOML file. Keys that are not here are refused with the nearest name; so are keys that mean nothing to
the programme's model. Any value can be changed for one run: `--set programmes.clinics.budget=2e9`. A *column* is
the name of a column of the layer. In place of `NAME` stands a name of your own; `[]` marks sections of which there
may be several, written `[[...]]`. [rules.md](../rules.md) has rules with examples that run; `siting new DIR` writes a
study to start from.
"""

SWEEP = """\
## sweep.toml

The file of `siting sweep STUDY --plan sweep.toml`; the options of the command say the same.
"""
SWEEP_KEYS = {
    "vary": "dotted key of the study -> list of values, or `{ low = 300, high = 500 }` for designs that sample",
    "together": "lists of varied keys that change together, value by value: `[[KEY, KEY]]`",
    "scenarios": "a table of scenarios, each `NAME = { KEY = VALUE }`, or a list of names of the study's own",
    "design": f"how values are combined: {', '.join(f'`{design}`' for design in DESIGNS)}; default `grid`",
    "samples": "number of samples of `lhs`, `sobol` and `saltelli`",
    "seed": "seed of the samples; default `0`",
    "programmes": "names of programmes; without it those that a varied key belongs to",
}


def study_page() -> str:
    """The page."""
    parts = [INTRO, _contents()]
    for path, section in sections().items():
        parts += [f"## {path}", _about(section), _keys(path, section)]
    assert tuple(SWEEP_KEYS) == PLAN_KEYS, "the keys of a sweep's plan have changed"
    parts += [SWEEP.rstrip(), table(["key", "meaning"], [[code(key), what] for key, what in SWEEP_KEYS.items()])]
    return "\n\n".join(part.rstrip() for part in parts)


def sections() -> dict[str, type[Section]]:
    """Where a section stands in the file -> the section, in the order of the schema; each once."""
    found: dict[str, type[Section]] = {}
    _walk(Study, "", found)
    return found


def _walk(section: type[Section], path: str, found: dict[str, type[Section]]) -> None:
    for name, field in section.model_fields.items():
        for inner, kind in _inner(field.annotation):
            here = f"{path}.{name}" if path else name
            here += {"dict": ".NAME", "list": "[]", "": ""}[kind]
            if inner not in found.values() and inner is not Study:
                found[here] = inner
                _walk(inner, here, found)


def _inner(annotation: Any, kind: str = "") -> Iterator[tuple[type[Section], str]]:
    """Sections in an annotation, and whether in a dict or a list."""
    if inspect.isclass(annotation) and issubclass(annotation, Section):
        yield annotation, kind
    origin = get_origin(annotation)
    for argument in get_args(annotation):
        inside = {dict: "dict", list: "list"}.get(origin, kind) if inspect.isclass(origin) else kind
        yield from _inner(argument, inside)


def _contents() -> str:
    return "\n".join(f"- [{path}](#{_anchor(path)})" for path in [*sections(), "sweep.toml"])


def _anchor(path: str) -> str:
    return "".join(sign for sign in path.lower().replace(" ", "-") if sign.isalnum() or sign in "-_")


def _about(section: type[Section]) -> str:
    return (inspect.getdoc(section) or "").split("\n\n")[0].replace("\n", " ")


def _keys(path: str, section: type[Section]) -> str:
    of_programme = path == "programmes.NAME"
    head = ["key", "meaning", "unit", "may be", "default"] + (["models"] if of_programme else [])
    rows = []
    for name, field in section.model_fields.items():
        unit = unit_of(name, field)
        meaning = (field.description or "").removesuffix(f", {unit}")
        row = [code(name), meaning, unit, _linked(name, field), _default(field)]
        rows.append(row + ([_models(name)] if of_programme else []))
    return table(head, rows)


def unit_of(name: str, field: FieldInfo) -> str:
    """Unit of a key: what the schema says, or what its name ends in; "share" of shares."""
    extra = field.json_schema_extra
    if isinstance(extra, dict) and "unit" in extra:
        return str(extra["unit"])
    if any(_inner(field.annotation)):
        return ""
    ending = next((unit for end, unit in UNITS.items() if name.endswith(end)), None)
    return ending or NAMES.get(name) or ("share" if "share" in may_be(field) else "")


def _linked(name: str, field: FieldInfo) -> str:
    """What a key may be, with a link where it is a section."""
    if name == "where":
        return "table of values or lists of values"
    words, whole = may_be(field), sections()
    inner = next((found for found, _ in _inner(field.annotation)), None)
    at = next((place for place, section in whole.items() if section is inner), None)
    for word in ("sections", "section"):
        if at is not None and word in words:
            return words.replace(word, f"[{word}](#{_anchor(at)})")
    return "column" if words == "text" and "column" in (field.description or "") else words


def _models(name: str) -> str:
    name = {"order_tolerance": "objective_order"}.get(name, name)
    return EVERY if name not in FITS else ", ".join(FITS[name].models)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**must be given**"
    value = field.get_default(call_default_factory=True)
    if value is None or value == [] or value == {} or isinstance(value, Section) or value is PydanticUndefined:
        return ""
    return code(json.dumps(value, ensure_ascii=False))


def may_be(field: FieldInfo) -> str:
    """What values a key takes, in words."""
    if _limits(field.metadata) == ("at least 0", "at most 1"):
        return "share from 0 to 1"
    limits = " and ".join(_limits(field.metadata))
    return " ".join(part for part in (_words(field.annotation), limits) if part)


LIMITS = {"gt": "above", "ge": "at least", "lt": "below", "le": "at most"}


def _limits(metadata: Any) -> tuple[str, ...]:
    found = []
    for constraint in metadata:
        for key, word in LIMITS.items():
            limit = getattr(constraint, key, None)
            if limit is not None:
                found.append(f"{word} {limit:g}")
    return tuple(found)


PLAIN = {str: "text", float: "number", int: "whole number", bool: "true or false", Any: "anything"}


def _words(annotation: Any) -> str:
    """An annotation in words."""
    named = {str(Pair): "pair of ids", str(Step): "[limit, share]", str(Share): "share from 0 to 1"}
    if str(annotation) in named:
        return named[str(annotation)]
    if inspect.isclass(annotation) and issubclass(annotation, Section):
        return "section"
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return ", ".join(f"`{word}`" for word in arguments)
    if origin in (Union, types.UnionType):
        return _either([a for a in arguments if a is not type(None)])
    if origin is list:
        return f"list of {_plural(_words(arguments[0]))}"
    if origin is dict:
        return f"table of {_plural(_words(arguments[1]))}"
    if origin is tuple:
        return "pair of ids"
    if hasattr(annotation, "__metadata__"):
        return _constrained(annotation)
    return PLAIN.get(annotation, str(annotation))


def _constrained(annotation: Any) -> str:
    limits = _limits([c for m in annotation.__metadata__ for c in (getattr(m, "metadata", None) or [m])])
    if limits == ("at least 0", "at most 1"):
        return "share from 0 to 1"
    return " ".join([_words(annotation.__origin__), *limits]).strip()


def _either(options: list[Any]) -> str:
    words = ["column" if option is Column and float in options else _words(option) for option in options]
    return " or ".join(dict.fromkeys(words))


def _plural(words: str) -> str:
    return {
        "section": "sections",
        "text": "texts",
        "number": "numbers",
        "whole number": "whole numbers",
        "pair of ids": "pairs of ids",
        "list of texts": "lists of ids",
        "table of anything": "tables of keys and values",
        "number above 0": "numbers above 0",
        "share from 0 to 1": "shares from 0 to 1",
        "[limit, share]": "[limit, share] pairs",
    }.get(words, words)
