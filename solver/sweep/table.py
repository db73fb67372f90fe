"""table.csv: one row per run and programme, kept up to date as runs end."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from solver.compare.plans import figures_of_entry
from solver.files.atomic import whole
from solver.files.csvtext import write_csv
from solver.files.protect import Guard
from solver.results.folder import is_result
from solver.results.store import read_document
from solver.sweep.runs import Run
from solver.words.currency import currency_of


class Table:
    """The rows of the runs that ended so far; written whole after each."""

    def __init__(self, runs: Sequence[Run], path: Path, guard: Guard) -> None:
        self._runs, self._path, self._guard = runs, path, guard
        self._rows: dict[int, list[dict[str, Any]]] = {}

    def add(self, position: int, fault: str = "") -> None:
        """Take up the run at `position`, from its result on disk or with the fault that ended it."""
        run = self._runs[position]
        named = {"scenario": run.scenario} if run.scenario else {}
        head = {"run": position + 1, **named, **{key: _cell(value) for key, value in run.point.items()}}
        if fault:
            self._rows[position] = [{**head, "programme": name, "fault": fault} for name in run.programmes]
        elif is_result(run.folder):
            document = read_document(run.folder)
            place = run.folder.relative_to(self._path.parent).as_posix()
            self._rows[position] = [
                {
                    **head,
                    "programme": name,
                    **figures_of_entry(entry),
                    "currency": currency_of(document).code,
                    "seconds": round(sum(entry["seconds"].values()), 3),
                    "folder": place,
                }
                for name, entry in document["programmes"].items()
            ]

    def frame(self) -> pd.DataFrame:
        """The table, runs in order; a figure that a run does not have is empty."""
        rows = [row for position in sorted(self._rows) for row in self._rows[position]]
        frame = pd.DataFrame(rows)
        last = [c for c in ("seconds", "folder", "fault") if c in frame.columns]
        return frame[[c for c in frame.columns if c not in last] + last]

    def write(self) -> None:
        """Write the table, whole or not at all."""
        write_table(self.frame(), self._path, self._guard)


def write_table(frame: pd.DataFrame, path: Path, guard: Guard) -> None:
    """Write a table as CSV that spreadsheets show with Chinese signs, whole or not at all."""
    with whole(path, guard) as draft:
        write_csv(frame, draft)


def _cell(value: Any) -> Any:
    return value if isinstance(value, int | float | str) else str(value)
