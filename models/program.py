"""A mixed-integer linear program in a small neutral form: blocks of columns, families of sparse rows, plain arrays.

The same formulation goes to every engine through this form; it can be read, checked and printed without any engine,
and it costs no Python object per coefficient.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from models.arrays import BoolArray, FloatArray, IntArray, Sparse
from models.brief import brief
from models.errors import ProblemError
from models.messages import say

Sense = Literal["max", "min"]


@dataclass(frozen=True)
class Block:
    """A run of columns that belong together, for example one `open` per site; `labels` are the ids, one per column."""

    name: str
    start: int
    size: int
    labels: Sequence[str] | None = field(default=None, compare=False, repr=False)

    @property
    def index(self) -> IntArray:
        """Positions of the block's columns in the program."""
        return np.arange(self.start, self.start + self.size, dtype=np.int64)

    def of(self, values: FloatArray) -> FloatArray:
        """The block's part of a vector over all columns."""
        return values[self.start : self.start + self.size]

    def label(self, position: int) -> str:
        """Name of one column, such as `open[P-0012]`."""
        return f"{self.name}[{self.labels[position] if self.labels is not None else position}]"


@dataclass(frozen=True)
class Family:
    """A run of rows that say one thing, named as a sentence; `rule` is the rule of the study it comes from, if any."""

    name: str
    start: int
    size: int
    rule: str | None = None
    labels: Sequence[str] | None = field(default=None, compare=False, repr=False)

    @property
    def index(self) -> IntArray:
        """Positions of the family's rows in the program."""
        return np.arange(self.start, self.start + self.size, dtype=np.int64)

    def label(self, position: int) -> str:
        """Name of one row."""
        return f"{self.name}[{self.labels[position] if self.labels is not None else position}]"


Term = tuple[Sparse, Block]
"""A coefficient matrix (n_rows, block.size) and the block of columns it multiplies."""


@dataclass(frozen=True)
class Violation:
    """By how much one bound or row is broken."""

    where: str
    amount: float


@brief
@dataclass(frozen=True, eq=False)
class Program:
    """max or min  objective @ x + offset  subject to  row_lower <= matrix @ x <= row_upper,  lower <= x <= upper."""

    name: str
    sense: Sense
    objective: FloatArray
    offset: float
    lower: FloatArray
    upper: FloatArray
    integer: BoolArray
    matrix: Sparse
    row_lower: FloatArray
    row_upper: FloatArray
    blocks: tuple[Block, ...]
    families: tuple[Family, ...]

    def __post_init__(self) -> None:
        n, m = len(self.objective), len(self.row_lower)
        shapes_hold = (
            self.matrix.shape == (m, n)
            and all(len(a) == n for a in (self.lower, self.upper, self.integer))
            and len(self.row_upper) == m
        )
        if not shapes_hold:
            raise ProblemError(
                say("program {name}: arrays do not fit {n} columns and {m} rows", name=self.name, n=n, m=m)
            )
        if not all(np.isfinite(a).all() for a in (self.objective, self.matrix.data)):
            raise ProblemError(say("program {name}: a coefficient is not a finite number", name=self.name))

    @property
    def n_columns(self) -> int:
        """Number of columns."""
        return len(self.objective)

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.row_lower)

    def block(self, name: str) -> Block:
        """The block of that name."""
        return next(b for b in self.blocks if b.name == name)

    def family(self, name: str) -> Family:
        """The family of that name."""
        return next(f for f in self.families if f.name == name)

    def column_name(self, column: int) -> str:
        """Name of a column with its label."""
        block = next(b for b in self.blocks if b.start <= column < b.start + b.size)
        return block.label(column - block.start)

    def row_name(self, row: int) -> str:
        """Name of a row with its label."""
        family = next(f for f in self.families if f.start <= row < f.start + f.size)
        return family.label(row - family.start)

    def objective_at(self, values: FloatArray) -> float:
        """Objective of a vector of column values (n_columns,)."""
        return float(self.objective @ values + self.offset)

    def violations(self, values: FloatArray, *, tolerance: float = 1e-6) -> list[Violation]:
        """Every bound, row and integrality that `values` breaks by more than the tolerance, relative to its size.

        The size of a row is what its terms add up to, at least one, or its largest coefficient where that is smaller.
        Follows the distance-to-set idea: a violation is a number, not a flag.
        """
        found: list[Violation] = []
        activity = self.matrix @ values
        size = abs(self.matrix)
        least = np.minimum(1.0, np.asarray(size.max(axis=1).todense()).ravel()) if size.nnz else np.ones(self.n_rows)
        scale = np.maximum(np.where(least > 0, least, 1.0), size @ np.abs(values))
        for gap, name, size in (
            (np.maximum(self.lower - values, values - self.upper), self.column_name, np.maximum(1.0, np.abs(values))),
            (np.maximum(self.row_lower - activity, activity - self.row_upper), self.row_name, scale),
        ):
            found += [Violation(name(int(i)), float(gap[i])) for i in np.flatnonzero(gap > tolerance * size)]
        fraction = np.abs(values - np.round(values)) * self.integer
        found += [
            Violation(f"{self.column_name(int(i))} must be whole", float(fraction[i]))
            for i in np.flatnonzero(fraction > tolerance)
        ]
        return found

    def with_objective(self, objective: FloatArray, *, sense: Sense, offset: float = 0.0) -> "Program":
        """The same rows under another objective."""
        return replace(self, objective=objective, sense=sense, offset=offset)

    def with_bounds(self, *, lower: FloatArray | None = None, upper: FloatArray | None = None) -> "Program":
        """The same program with other column bounds."""
        return replace(
            self,
            lower=self.lower if lower is None else lower,
            upper=self.upper if upper is None else upper,
        )

    def with_held(self, columns: IntArray, values: FloatArray | float) -> "Program":
        """The same program with some columns held at values (len(columns),) or at one value."""
        lower, upper = self.lower.copy(), self.upper.copy()
        lower[columns] = upper[columns] = values
        return self.with_bounds(lower=lower, upper=upper)

    def with_row(
        self, name: str, coefficients: FloatArray, *, lower: float = -np.inf, upper: float = np.inf
    ) -> "Program":
        """The same program with one more row over all columns."""
        return self.with_rows(name, sp.csr_array(coefficients.reshape(1, -1)), lower=lower, upper=upper)

    def with_rows(
        self, name: str, matrix: Sparse, *, lower: npt.ArrayLike = -np.inf, upper: npt.ArrayLike = np.inf
    ) -> "Program":
        """The same program with more rows `matrix` (n_rows, n_columns); numbers are repeated for every row."""
        size = matrix.shape[0]
        low, high = (np.broadcast_to(np.asarray(end, dtype=np.float64), (size,)) for end in (lower, upper))
        return replace(
            self,
            matrix=sp.csr_array(sp.vstack([self.matrix, matrix])),
            row_lower=np.concatenate([self.row_lower, low]),
            row_upper=np.concatenate([self.row_upper, high]),
            families=(*self.families, Family(name, self.n_rows, size)),
        )

    def relaxed(self) -> "Program":
        """The linear relaxation."""
        return replace(self, integer=np.zeros(self.n_columns, dtype=bool))


class ProgramBuilder:
    """Collects blocks and families, then makes the frozen `Program`."""

    def __init__(self, name: str, sense: Sense) -> None:
        self.name = name
        self.sense: Sense = sense
        self.offset = 0.0
        self._prefix = ""
        self._blocks: list[Block] = []
        self._families: list[Family] = []
        self._objective: list[FloatArray] = []
        self._lower: list[FloatArray] = []
        self._upper: list[FloatArray] = []
        self._integer: list[BoolArray] = []
        self._entries: list[tuple[IntArray, IntArray, FloatArray]] = []
        self._row_lower: list[FloatArray] = []
        self._row_upper: list[FloatArray] = []
        self._n_columns = 0
        self._n_rows = 0

    def prefix(self, prefix: str) -> None:
        """Put `prefix.` before names and rules of what follows (one programme of several); "" ends it."""
        self._prefix = f"{prefix}." if prefix else ""

    def columns(
        self,
        name: str,
        size: int,
        *,
        lower: npt.ArrayLike = 0.0,
        upper: npt.ArrayLike = np.inf,
        integer: bool = False,
        objective: npt.ArrayLike = 0.0,
        labels: Sequence[str] | None = None,
    ) -> Block:
        """Add `size` columns; numbers are repeated for every column."""
        full = self._prefix + name
        if any(b.name == full for b in self._blocks):
            raise ProblemError(say("program {name}: two blocks of columns are named {full}", name=self.name, full=full))
        block = Block(full, self._n_columns, size, labels)
        self._blocks.append(block)
        self._lower.append(np.broadcast_to(np.asarray(lower, dtype=np.float64), (size,)))
        self._upper.append(np.broadcast_to(np.asarray(upper, dtype=np.float64), (size,)))
        self._objective.append(np.array(np.broadcast_to(np.asarray(objective, dtype=np.float64), (size,))))
        self._integer.append(np.full(size, integer))
        self._n_columns += size
        return block

    def add_objective(self, block: Block, coefficients: npt.ArrayLike) -> None:
        """Add to the objective of a block's columns."""
        position = next(i for i, b in enumerate(self._blocks) if b is block)
        self._objective[position] = self._objective[position] + np.asarray(coefficients, dtype=np.float64)

    def scale_objective(self, blocks_from: int, factor: float, *, offset_from: float = 0.0) -> None:
        """Multiply the objective of all blocks from number `blocks_from` on, and the offset added since."""
        for i in range(blocks_from, len(self._blocks)):
            self._objective[i] = self._objective[i] * factor
        self.offset = offset_from + (self.offset - offset_from) * factor

    def objective_terms(self, blocks_from: int) -> list[Term]:
        """The objective of all blocks from number `blocks_from` on as one-row terms, without the offset."""
        pairs = zip(self._objective[blocks_from:], self._blocks[blocks_from:], strict=True)
        return [(row_of(coefficients), block) for coefficients, block in pairs if coefficients.any()]

    @property
    def n_blocks(self) -> int:
        """How many blocks there are so far."""
        return len(self._blocks)

    @property
    def n_columns(self) -> int:
        """How many columns there are so far."""
        return self._n_columns

    @property
    def n_rows(self) -> int:
        """How many rows there are so far."""
        return self._n_rows

    def rows(
        self,
        name: str,
        terms: Sequence[Term],
        *,
        lower: npt.ArrayLike = -np.inf,
        upper: npt.ArrayLike = np.inf,
        labels: Sequence[str] | None = None,
        rule: str | None = None,
    ) -> Family:
        """Add rows  lower <= sum of matrix @ block <= upper; every matrix has one row per new row."""
        size = terms[0][0].shape[0]
        for matrix, block in terms:
            if matrix.shape != (size, block.size):
                raise ProblemError(
                    say(
                        "rows {name}: coefficients of {block_name} are {shape}, not {value}",
                        name=name,
                        block_name=block.name,
                        shape=matrix.shape,
                        value=(size, block.size),
                    )
                )
            part = sp.coo_array(matrix)
            self._entries.append(
                (part.row.astype(np.int64) + self._n_rows, part.col.astype(np.int64) + block.start, part.data)
            )
        full = self._prefix + name
        if any(f.name == full for f in self._families):
            raise ProblemError(say("program {name}: two families of rows are named {full}", name=self.name, full=full))
        family = Family(full, self._n_rows, size, None if rule is None else self._prefix + rule, labels)
        self._families.append(family)
        self._row_lower.append(np.broadcast_to(np.asarray(lower, dtype=np.float64), (size,)))
        self._row_upper.append(np.broadcast_to(np.asarray(upper, dtype=np.float64), (size,)))
        self._n_rows += size
        return family

    def build(self) -> Program:
        """The frozen program; entries given twice are added up."""
        shape = (self._n_rows, self._n_columns)
        if self._entries:
            rows, columns, values = (np.concatenate(part) for part in zip(*self._entries, strict=True))
        else:
            rows = columns = np.empty(0, dtype=np.int64)
            values = np.empty(0)
        matrix = sp.csr_array(sp.coo_array((values, (rows, columns)), shape=shape))
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        return Program(
            name=self.name,
            sense=self.sense,
            objective=_joined(self._objective),
            offset=self.offset,
            lower=_joined(self._lower),
            upper=_joined(self._upper),
            integer=np.concatenate(self._integer) if self._integer else np.empty(0, dtype=bool),
            matrix=matrix,
            row_lower=_joined(self._row_lower),
            row_upper=_joined(self._row_upper),
            blocks=tuple(self._blocks),
            families=tuple(self._families),
        )


def _joined(parts: list[FloatArray]) -> FloatArray:
    return np.concatenate(parts) if parts else np.empty(0)


def row_of(coefficients: npt.ArrayLike) -> Sparse:
    """A vector as a one-row matrix."""
    return sp.csr_array(np.asarray(coefficients, dtype=np.float64).reshape(1, -1))


def identity(size: int, factor: float = 1.0) -> Sparse:
    """`factor` times the unit matrix."""
    return sp.csr_array(sp.diags_array(np.full(size, factor)))


def differences(size: int) -> Sparse:
    """Matrix (size - 1, size) whose row k is column k+1 minus column k; no rows below size 2."""
    steps = np.arange(max(0, size - 1))
    columns = np.stack([steps, steps + 1], axis=1).ravel()
    indptr = 2 * np.arange(len(steps) + 1)
    return sp.csr_array((np.tile([-1.0, 1.0], len(steps)), columns, indptr), shape=(len(steps), size))
