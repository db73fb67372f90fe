"""`repr` of what holds arrays and ids: a line that says what it is and how large, not every number."""

from collections.abc import Collection, Mapping, Sized
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, TypeVar

import numpy as np
import scipy.sparse as sp

MOST = 200
"""So many letters a line has at most."""
FEW = 3
"""So many entries of a list are shown; more are counted."""
LONG = 40
"""A value with more letters is cut."""

Class = TypeVar("Class", bound=type)


def brief(made: Class) -> Class:
    """Class decorator above `@dataclass`: the `repr` of its objects is a line."""
    made.__repr__ = told  # type: ignore[method-assign, assignment]
    return made


def told(thing: Any) -> str:
    """A dataclass with its fields in short, those left out that are as they come."""
    parts = [
        f"{field.name}={short(getattr(thing, field.name))}"
        for field in fields(thing)
        if field.repr and not _is_default(field, getattr(thing, field.name))
    ]
    inside = ", ".join(parts)
    name = type(thing).__name__
    most = MOST - len(name) - 2
    return f"{name}({inside if len(inside) <= most else inside[: most - 3] + '...'})"


def short(value: Any) -> str:
    """A value in a few letters."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype}[{' x '.join(f'{n:,}' for n in value.shape)}]"
    if sp.issparse(value):
        return f"sparse[{' x '.join(f'{n:,}' for n in value.shape)}, {value.nnz:,} stored]"
    if is_dataclass(value) and not isinstance(value, type):
        sized = f"{len(value):,}" if isinstance(value, Sized) else "..."
        return f"{type(value).__name__}({sized})"
    if hasattr(value, "columns") and hasattr(value, "shape"):
        return f"table[{' x '.join(f'{n:,}' for n in value.shape)}]"
    if isinstance(value, Collection) and not isinstance(value, str | bytes):
        return _listed(value)
    text = " ".join(repr(value).split())
    return text if len(text) <= LONG else f"{text[: LONG - 3]}..."


def _listed(values: Collection[Any]) -> str:
    if len(values) > FEW:
        return f"<{len(values):,} entries>"
    if isinstance(values, Mapping):
        return "{" + ", ".join(f"{short(key)}: {short(value)}" for key, value in values.items()) + "}"
    left, right = ("[", "]") if isinstance(values, list) else ("(", ")")
    return left + ", ".join(short(value) for value in values) + right


def _is_default(field: "Field[Any]", value: Any) -> bool:
    if field.default_factory is not MISSING:
        return isinstance(value, Collection) and not len(value)
    return field.default is value or (isinstance(value, str | int | float) and field.default == value)
