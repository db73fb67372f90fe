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
from models.messages import Listed, Message, say

Checked = TypeVar("Checked", bound=Callable[..., Any])
PLAIN: dict[Any, tuple[Any, Message]] = {
    str: (str, say("a text")),
    int: (Integral, say("a whole number")),
    float: (Real, say("a number")),
    bool: (bool | np.bool_, say("True or False")),
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
            raise ProblemError(
                say("{name}: {error}; it takes {names}", name=made.__name__, error=error, names=_names(known))
            ) from None
        for name, value in bound.items():
            wanted = hints.get(name)
            told = None if wanted is None else mismatch(value, wanted)
            if told is not None:
                faults.append(
                    say("{of}: {name} is {shown}; {told}", of=made.__name__, name=name, shown=_shown(value), told=told)
                )
        if faults:
            raise ProblemError(*faults)
        return call(*args, **given)

    if not isclass(made):
        return looked_at  # type: ignore[return-value]
    made.__init__ = looked_at  # type: ignore[method-assign]
    return made


def mismatch(value: Any, wanted: Any) -> Message | None:
    """What is needed in place of a value; None where it will do, or where nobody can say."""
    if wanted in PLAIN:
        kind, name = PLAIN[wanted]
        good = isinstance(value, kind) and (wanted is bool or not isinstance(value, bool | np.bool_))
        return None if good else _needed(name)
    origin = get_origin(wanted)
    if origin is Literal:
        return None if value in get_args(wanted) else _choice(value, [str(one) for one in get_args(wanted)])
    if origin in (Union, types.UnionType):
        told = [mismatch(value, one) for one in get_args(wanted) if one is not type(None)]
        if None in told or (value is None and type(None) in get_args(wanted)):
            return None
        return _needed(Listed([each.values.get("needed", each) for each in told if each is not None], by="either"))
    if origin is Mapping or origin is dict:
        return None if isinstance(value, Mapping) else _needed(say("a dictionary"))
    if origin in MANY:
        return _many(value, wanted)
    kind = origin if isclass(origin) else wanted
    if isclass(kind) and kind.__module__.split(".")[0] in HOMES:
        return _of_class(value, kind)
    return None


def _many(value: Any, wanted: Any) -> Message | None:
    """A list, and what is in it."""
    if isinstance(value, str | bytes) or not (isinstance(value, Iterable) or hasattr(value, "__len__")):
        return _needed(say("a list"))
    parts = get_args(wanted)
    if not parts or not isinstance(value, list | tuple) or (len(parts) == 2 and parts[1] is not Ellipsis):
        return None
    for position, one in enumerate(value[:1000]):
        told = mismatch(one, parts[0]) if len(parts) == 1 or parts[1] is Ellipsis else None
        if told is not None:
            return say("entry {position} is {shown}, where {told}", position=position, shown=_shown(one), told=told)
    return None


def _of_class(value: Any, wanted: Any) -> Message | None:
    if getattr(wanted, "_is_protocol", False):
        names = [name for name in vars(wanted) if not name.startswith("_")]
        lacks = [name for name in names if not hasattr(value, name)]
        kind = wanted.__name__.lower()
        return say("a {kind} is needed; this has no {lacks}", kind=kind, lacks=Listed(lacks[:3])) if lacks else None
    if isinstance(value, wanted) or (wanted is sp.csr_array and sp.issparse(value)):
        return None  # what takes a sparse array turns any other sparse form into it
    name = wanted.__name__
    return _needed(say("an {name}", name=name) if name[0] in "AEIO" else say("a {name}", name=name))


def _choice(value: Any, choices: Sequence[str]) -> Message:
    near = get_close_matches(str(value), choices, n=1)
    needed = _needed(Listed([repr(one) for one in choices], by="either"))
    return say("{needed}; did you mean {near!r}?", needed=needed, near=near[0]) if near else needed


def _needed(what: Message | Listed) -> Message:
    return say("{needed} is needed", needed=what)


def _names(known: Any) -> Listed:
    return Listed([name for name in known.parameters if name != "self"])


def _shown(value: Any) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def _hints(call: Callable[..., Any]) -> Mapping[str, Any]:
    """The annotations, {} where one of them cannot be read."""
    try:
        return get_type_hints(call) or {"": None}
    except (NameError, TypeError):
        return {"": None}
