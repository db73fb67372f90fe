"""A program as text in CPLEX LP format."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from models.program import Program


def lp_text(program: Program) -> str:
    """The whole program, one row a line; characters that the format reserves become `_`."""
    names = [_clean(block.label(i)) for block in program.blocks for i in range(block.size)]
    goal = "Maximize" if program.sense == "max" else "Minimize"
    constant = f" {program.offset:+.12g}" if program.offset else ""
    lines = [f"\\ {program.name}", goal, f" obj:{_sum(enumerate(program.objective), names)}{constant}", "Subject To"]
    matrix = program.matrix
    for family in program.families:
        for position in range(family.size):
            row = family.start + position
            part = slice(matrix.indptr[row], matrix.indptr[row + 1])
            text = _sum(zip(matrix.indices[part], matrix.data[part], strict=True), names) or " 0"
            lines += _row(_clean(family.label(position)), text, program.row_lower[row], program.row_upper[row])
    lines.append("Bounds")
    for name, low, high in zip(names, program.lower, program.upper, strict=True):
        lines.append(f" {_number(low)} <= {name} <= {_number(high)}")
    whole = [name for name, integer in zip(names, program.integer, strict=True) if integer]
    if whole:
        lines += ["Generals", *(f" {name}" for name in whole)]
    return "\n".join([*lines, "End", ""])


def _row(name: str, text: str, low: float, high: float) -> list[str]:
    if low == high:
        return [f" {name}:{text} = {_number(low)}"]
    if np.isfinite(low) and np.isfinite(high):
        return [f" {name}_low:{text} >= {_number(low)}", f" {name}_high:{text} <= {_number(high)}"]
    if np.isfinite(low):
        return [f" {name}:{text} >= {_number(low)}"]
    return [f" {name}:{text} <= {_number(high)}"]


def _sum(entries: Iterable[tuple[int, float]], names: list[str]) -> str:
    return "".join(f" {value:+.12g} {names[column]}" for column, value in entries if value)


def _number(value: float) -> str:
    return f"{value:.12g}"


def _clean(name: str) -> str:
    return re.sub(r"[^0-9A-Za-z_.\[\]#@]", "_", name)
