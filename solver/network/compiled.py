"""The one door to numba: machine code that releases the interpreter lock and is kept on disk between runs."""

from collections.abc import Callable
from typing import TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """Compile at the first call. The function must not touch Python objects."""
    return cast(F, numba.njit(cache=True, nogil=True)(function))
