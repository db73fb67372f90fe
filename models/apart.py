"""What rules say where districts are solved apart: what all of them share, and what each keeps by itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from models.arrays import FloatArray
from models.problem import Sites


@dataclass(frozen=True, eq=False)
class Use:
    """sum of `of` (n_sites,), none negative, over the open sites is at most `amount`, or all of it where `exactly`."""

    of: FloatArray
    amount: float
    exactly: bool = False


@runtime_checkable
class SharedUse(Protocol):
    """A rule on what all open sites use together."""

    def use_of(self, sites: Sites) -> Use | None:
        """What they use, and how much there is; None where the rule asks for something else."""
        ...


@runtime_checkable
class InDistricts(Protocol):
    """A rule that each district keeps by itself."""

    def numbers_of(self, sites: Sites) -> tuple[Mapping[str, int], Mapping[str, int]] | None:
        """District -> fewest new sites, and most; None where the rule counts by other groups or other sites."""
        ...
