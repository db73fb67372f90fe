"""The one door to numba: machine code that releases the interpreter lock and is kept on disk between runs.

Compiling takes longer than most searches, so that what a function costs to compile is kept small: only what Python
calls has a wrapper and is kept on disk, code that makes no arrays counts no references, every call is compiled for
whole numbers and not for the ones written in it first, and division knows no exceptions.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
from numba.core.types.misc import unliteral

F = TypeVar("F", bound=Callable[..., object])


def compiled(*, allocates: bool = False) -> Callable[[F], F]:
    """Compile a function that Python calls, at its first call, and keep it on disk.

    It must not touch Python objects; where `allocates` is False, neither make arrays. Nothing is raised by a division
    by zero, which gives inf or nan for fractions and 0 for whole numbers.
    """
    return _decorator(cache=True, no_cfunc_wrapper=True, _nrt=allocates)


def inner(*, allocates: bool = False) -> Callable[[F], F]:
    """Compile a function that only compiled functions call, as a part of these."""
    return _decorator(no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=allocates)


def _decorator(**options: bool) -> Callable[[F], F]:
    def decorated(function: F) -> F:
        dispatcher = numba.njit(nogil=True, error_model="numpy", **options)(function)
        if hasattr(dispatcher, "get_call_template"):  # a plain function where NUMBA_DISABLE_JIT is set
            _without_literals(dispatcher)
        return cast(F, dispatcher)

    return decorated


def _without_literals(dispatcher: Any) -> None:
    """Have calls from other compiled functions typed once.

    While types are not settled, numba asks for a function of the very number in a call, as in `step = -1`, compiles it,
    and asks again for one of any number.
    """
    template = dispatcher.get_call_template

    def of_any_number(args: Any, kws: Any) -> Any:
        plain = {name: unliteral(kind) for name, kind in kws.items()}
        return template(tuple(unliteral(kind) for kind in args), plain)

    dispatcher.get_call_template = of_any_number
