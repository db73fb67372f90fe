"""What pydantic finds wrong with a section, as faults with place, fact and remedy."""

import difflib
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from models.magnitude import LARGEST
from models.messages import Listed, Message, say
from solver.findings import Findings, Report

WANTED = {
    "string_type": (say("no text"), say("write it in quotes")),
    "int_type": (say("no whole number"), say("write a whole number")),
    "int_from_float": (say("no whole number"), say("write a whole number")),
    "float_type": (say("no number"), say("write a number")),
    "bool_type": (say("neither true nor false"), say("write true or false")),
    "list_type": (say("no list"), say("write [..., ...]")),
    "tuple_type": (say("no list"), say("write [..., ...]")),
    "dict_type": (say("no section"), say("write {{ key = value }} or a section in brackets")),
    "model_type": (say("no section"), say("write {{ key = value }} or a section in brackets")),
    "string_pattern_mismatch": (
        say("not such a name"),
        say("use letters of English, digits, point, dash and underscore only"),
    ),
    "string_too_short": (say("empty"), say("write a text")),
    "string_too_long": (say("too long for a name of files"), say("write at most 80 signs")),
}
"""Kind of a fault -> what a value is not, and what to do."""
BOUNDS = ("greater_than", "greater_than_equal", "less_than", "less_than_equal")


RENAMED = {
    "budget_cny": "budget",
    "cost_cny": "cost",
    "closing_cost_cny": "closing_cost",
    "transport_cny_per_km": "transport_per_km",
    "transport_cny_per_min": "transport_per_min",
}
"""Key of an earlier version -> what it is called now, in every section that has it."""
SHOWN = 60
"""A faulty value is shown with at most this many letters."""


def report_of(error: ValidationError, section: type[BaseModel]) -> Report:
    """Every fault of a section that was made in Python."""
    findings = Findings(section.__name__)
    named = [fault if fault["loc"] else {**fault, "loc": (section.__name__,)} for fault in told_by(error)]
    for fault in named:
        note_fault(findings, fault, (), section)
    return findings.report


def told_by(error: ValidationError) -> list[Any]:
    """The faults that pydantic found; that a key is missing is none where it stands there by its earlier name."""
    faults: list[Any] = list(error.errors(include_url=False))
    extra = [fault["loc"] for fault in faults if fault["type"] == "extra_forbidden"]
    there = {(*loc[:-1], RENAMED[loc[-1]]) for loc in extra if loc[-1] in RENAMED}
    return [fault for fault in faults if not (fault["type"] == "missing" and fault["loc"] in there)]


def note_numbers(findings: Findings, node: Any, keys: tuple[str, ...]) -> None:
    """Note the numbers that are none, endless, or too large to reckon with."""
    if isinstance(node, Mapping | list):
        for key, value in node.items() if isinstance(node, Mapping) else enumerate(node):
            note_numbers(findings, value, (*keys, str(key)))
    elif isinstance(node, int | float) and not -LARGEST < node < LARGEST:
        findings.add(
            ".".join(keys),
            say("is {shown}", shown=_shown(node)),
            say("write a number between {least:g} and {largest:g}", least=-LARGEST, largest=LARGEST),
        )


def _shown(value: Any) -> str:
    """A value as the study has it, or its beginning."""
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def note_fault(findings: Findings, fault: Any, noted: Collection[str], root: type[BaseModel]) -> None:
    """Note one fault of pydantic under a section of type `root`, but for places that are `noted` already."""
    location = [str(part) for part in fault["loc"] if not _is_branch(str(part))]
    place = ".".join(location) or "study"
    kind = fault["type"]
    if place in noted:
        return
    if kind == "extra_forbidden":
        _note_unknown(findings, place, location[-1], _keys_at(location[:-1], root))
    elif kind == "missing":
        findings.add(place, say("is missing"), say("add it"))
    elif kind in BOUNDS:
        bound = next(iter(fault["ctx"].values()))
        findings.add(
            place,
            say("is {shown}", shown=_shown(fault["input"])),
            say("must be {what}", what=_within(kind, bound)),
        )
    elif kind == "value_error":
        findings.add(place, fault["ctx"]["error"].args[0])
    elif kind == "literal_error":
        findings.add(
            place,
            say("is {shown}", shown=_shown(fault["input"])),
            say("must be {choices}", choices=_choices(fault["ctx"]["expected"])),
        )
    elif kind in WANTED:
        what, remedy = WANTED[kind]
        findings.add(place, say("is {shown}, which is {what}", shown=_shown(fault["input"]), what=what), remedy)
    elif kind in {"too_short", "too_long"}:
        wanted = fault["ctx"].get("min_length", fault["ctx"].get("max_length"))
        findings.add(
            place, say("has {n} entries", n=fault["ctx"]["actual_length"]), say("write {wanted}", wanted=wanted)
        )
    else:
        findings.add(
            place,
            say("is {shown}: {what}", shown=_shown(fault["input"]), what=_lower_first(fault["msg"])),
            say("mend it"),
        )


def _note_unknown(findings: Findings, place: str, key: str, known: Sequence[str]) -> None:
    """A key that a section does not have: what it is called now, or the nearest that it has."""
    now = RENAMED.get(key)
    if now in known:
        fact = say("is {now} now: money has no country in its name", now=now)
        findings.add(place, fact, say("write {now}, and the currency in [study]", now=now))
        return
    near = nearest(key, known)
    findings.add(place, say("is not a known key"), say("did you mean {near}?", near=near) if near else say("remove it"))


def _is_branch(part: str) -> bool:
    return part in {"float", "str", "int", "bool", "[key]"} or part.startswith(
        ("constrained-", "dict[", "list[", "function-", "nullable")
    )


def _within(kind: str, bound: float) -> Message:
    return {
        "greater_than": say("above {bound:g}", bound=bound),
        "greater_than_equal": say("at least {bound:g}", bound=bound),
        "less_than": say("below {bound:g}", bound=bound),
        "less_than_equal": say("at most {bound:g}", bound=bound),
    }[kind]


def _choices(expected: str) -> Message | str:
    """The choices of a key, as pydantic lists them in English."""
    *first, last = re.split(", | or ", expected)
    return say("{first} or {last}", first=Listed(first), last=last) if first else last


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
