"""Arguments of the Python interface looked at before they are used: what is of another kind is a ProblemError.

`@checked` stands above a function, or above the `@dataclass` of a class. It reads the annotations: texts, numbers,
switches, choices (`Literal`), lists, tables by key, and classes of the project. Annotations it does not know it leaves
alone, and numbers in arrays are the concern of what takes them.
"""

import types
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import wraps
from inspect import isclass, signature
from numbers import Integral, Real
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np
import scipy.sparse as sp

from models.errors import ProblemError

Checked = TypeVar("Checked", bound=Callable[..., Any])
PLAIN: dict[Any, tuple[Any, str]] = {
    str: (str, "a text"),
    int: (Integral, "a whole number"),
    float: (Real, "a number"),
    bool: (bool | np.bool_, "True or False"),
}
"""Annotation -> what counts as it, and what it is called."""
MANY = (Sequence, Iterable, Collection, tuple, list, frozenset, set)
HOMES = ("models", "solver", "pandas", "geopandas", "os", "pathlib", "scipy")
"""Packages whose classes are asked for by name."""
SHOWN = 60


def checked(made: Checked) -> Checked:
    """Decorator: every argument plainly of another kind than its annotation is told, all in one ProblemError."""
    call = made.__init__ if isclass(made) else made
    known = signature(call)
    hints: dict[str, Any] = {}

    @wraps(call)
    def looked_at(*args: Any, **given: Any) -> Any:
        if not hints:
            hints.update(_hints(call))
        faults = []
        try:
            bound = known.bind(*args, **given).arguments
        except TypeError as error:
            raise ProblemError(f"{made.__name__}: {error}; it takes {_names(known)}") from None
        for name, value in bound.items():
            wanted = hints.get(name)
            told = None if wanted is None else mismatch(value, wanted)
            if told is not None:
                faults.append(f"{made.__name__}: {name} is {_shown(value)}; {told}")
        if faults:
            raise ProblemError("\n".join(faults))
        return call(*args, **given)

    if not isclass(made):
        return looked_at  # type: ignore[return-value]
    made.__init__ = looked_at  # type: ignore[method-assign]
    return made


def mismatch(value: Any, wanted: Any) -> str | None:
    """What is needed in place of a value; None where it will do, or where nobody can say."""
    if wanted in PLAIN:
        kind, name = PLAIN[wanted]
        good = isinstance(value, kind) and (wanted is bool or not isinstance(value, bool | np.bool_))
        return None if good else f"{name} is needed"
    origin = get_origin(wanted)
    if origin is Literal:
        return None if value in get_args(wanted) else _choice(value, [str(one) for one in get_args(wanted)])
    if origin in (Union, types.UnionType):
        told = [mismatch(value, one) for one in get_args(wanted) if one is not type(None)]
        if None in told or (value is None and type(None) in get_args(wanted)):
            return None
        needed = [text.removesuffix(" is needed") for text in told if text is not None]
        return f"{' or '.join(needed)} is needed"
    if origin is Mapping or origin is dict:
        return None if isinstance(value, Mapping) else "a dictionary is needed"
    if origin in MANY:
        return _many(value, wanted)
    kind = origin if isclass(origin) else wanted
    if isclass(kind) and kind.__module__.split(".")[0] in HOMES:
        return _of_class(value, kind)
    return None


def _many(value: Any, wanted: Any) -> str | None:
    """A list, and what is in it."""
    if isinstance(value, str | bytes) or not (isinstance(value, Iterable) or hasattr(value, "__len__")):
        return "a list is needed"
    parts = get_args(wanted)
    if not parts or not isinstance(value, list | tuple) or (len(parts) == 2 and parts[1] is not Ellipsis):
        return None
    for position, one in enumerate(value[:1000]):
        told = mismatch(one, parts[0]) if len(parts) == 1 or parts[1] is Ellipsis else None
        if told is not None:
            return f"entry {position} is {_shown(one)}, where {told}"
    return None


def _of_class(value: Any, wanted: Any) -> str | None:
    if getattr(wanted, "_is_protocol", False):
        names = [name for name in vars(wanted) if not name.startswith("_")]
        lacks = [name for name in names if not hasattr(value, name)]
        return f"a {wanted.__name__.lower()} is needed; this has no {', '.join(lacks[:3])}" if lacks else None
    if isinstance(value, wanted) or (wanted is sp.csr_array and sp.issparse(value)):
        return None  # what takes a sparse array turns any other sparse form into it
    article = "an" if wanted.__name__[0] in "AEIO" else "a"
    return f"{article} {wanted.__name__} is needed"


def _choice(value: Any, choices: Sequence[str]) -> str:
    near = get_close_matches(str(value), choices, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"{' or '.join(repr(one) for one in choices)} is needed{hint}"


def _names(known: Any) -> str:
    return ", ".join(name for name in known.parameters if name != "self")


def _shown(value: Any) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def _hints(call: Callable[..., Any]) -> Mapping[str, Any]:
    """The annotations, {} where one of them cannot be read."""
    try:
        return get_type_hints(call) or {"": None}
    except (NameError, TypeError):
        return {"": None}
