"""Names of many rows or columns, made when one is asked for: a program of millions of them is built without a text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

from models.arrays import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class _Made(Sequence[str]):
    """A sequence whose members are made by `_one`."""

    def _one(self, at: int) -> str:
        raise NotImplementedError

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self._one(i) for i in range(*at.indices(len(self)))]
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        return self._one(int(at) % len(self))


@dataclass(frozen=True, eq=False)
class PairLabels(_Made):
    """`first_second` of pairs: `first`, `second` (n,) are positions in the ids, None: the position itself is told."""

    first: IntArray
    second: IntArray
    first_ids: Sequence[str] | None
    second_ids: Sequence[str]

    def __len__(self) -> int:
        return len(self.first)

    def _one(self, at: int) -> str:
        first = self.first[at]
        return f"{first if self.first_ids is None else self.first_ids[first]}_{self.second_ids[self.second[at]]}"


@dataclass(frozen=True, eq=False)
class ValueLabels(_Made):
    """`id_value`: `owner` (n,) are positions in the ids, `value` (n,) numbers."""

    owner: IntArray
    value: FloatArray
    ids: Sequence[str]

    def __len__(self) -> int:
        return len(self.owner)

    def _one(self, at: int) -> str:
        return f"{self.ids[self.owner[at]]}_{self.value[at]:g}"
