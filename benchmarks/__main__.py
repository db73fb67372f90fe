"""Every claim of speed in one table: siting beside others, in one run, on this machine.

    python -m benchmarks                               all rows; takes more than an hour
    python -m benchmarks --only plane,city --limit 60
    python -m benchmarks --list
    python -m benchmarks --history benchmarks/history.csv    adds the figures to the history

Each row runs in a process of its own, one after another, engines on one thread where the row does not say otherwise.
`cpu s` is processor time, which other work on the machine hardly changes; `x` is the clock's seconds against the first
line of the row; a gap is that of the recomputed plan to the best bound that any way of the row has proven. What is not
installed is named: `pip install -e .[bench]` adds the others.
"""

import argparse
import csv
import json
import platform
import subprocess
import sys
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.rows import covering, others, study
from benchmarks.rows.figure import Asked, Figure, Row

ROWS: dict[str, Row] = {row.name: row for row in (*study.ROWS, *covering.ROWS, *others.ROWS)}
ROOT = Path(__file__).parent.parent


def measured(name: str, asked: argparse.Namespace) -> list[Figure] | str:
    """The figures of a row from a process of its own, or why there are none."""
    command = [sys.executable, "-m", "benchmarks", "--json", name, "--limit", str(asked.limit)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["no reason was given"])[-1]
    return [Figure(**each) for each in json.loads(done.stdout.splitlines()[-1])]


def shown(row: Row, figures: list[Figure] | str, console: Console) -> None:
    """The table of one row."""
    table = Table(title=f"{row.name}: {row.work}", caption=f"aim: {row.goal}", title_justify="left")
    for head in ("way", "version", "s", "cpu s", "x", "gap", "MB", "note"):
        table.add_column(head, justify="left" if head in ("way", "version", "note") else "right")
    if isinstance(figures, str):
        table.add_row("failed", "", "", "", "", "", "", figures)
    else:
        first = next((f.seconds for f in figures if f.seconds), None)
        for f in figures:
            ratio = "" if f.seconds is None or first is None else f"{f.seconds / first:.1f}"
            gap = "" if f.gap is None else f"{f.gap:.3%}"
            memory = "" if f.memory_mb is None else f"{f.memory_mb:,.0f}"
            seconds = ["" if s is None else f"{s:,.2f}" for s in (f.seconds, f.cpu_s)]
            table.add_row(f.way, f.version, *seconds, ratio, gap, memory, f.note)
    console.print(table)


def kept(path: Path, row: Row, figures: list[Figure]) -> None:
    """The figures at the end of the history."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    about = {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": commit,
        "processor": _processor(),
        "python": platform.python_version(),
        "row": row.name,
    }
    names = [*about, *(each.name for each in fields(Figure))]
    new = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names)
        if new:
            writer.writeheader()
        for figure in figures:
            writer.writerow({**about, **{k: _short(v) for k, v in asdict(figure).items()}})


def _short(value: object) -> object:
    return f"{value:.6g}" if isinstance(value, float) else value


def _processor() -> str:
    """What the system calls its processor."""
    information = Path("/proc/cpuinfo")
    if information.is_file():
        for line in information.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default=",".join(ROWS), help="rows, by commas")
    parser.add_argument("--limit", type=float, default=60.0, help="seconds for every run that is not asked for less")
    parser.add_argument("--history", type=Path, help="a file that the figures are added to")
    parser.add_argument("--list", action="store_true", help="name the rows and end")
    parser.add_argument("--json", metavar="ROW", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    console = Console(width=150)
    if asked.json:
        print(json.dumps([asdict(figure) for figure in ROWS[asked.json].measure(Asked(asked.limit))]))
        return
    for name in asked.only.split(","):
        if name not in ROWS:
            parser.error(f"{name} is no row; rows are {', '.join(ROWS)}")
    for name in asked.only.split(","):
        row = ROWS[name]
        if asked.list:
            console.print(f"{name:12} {row.work}; aim: {row.goal}")
            continue
        figures = measured(name, asked)
        shown(row, figures, console)
        if asked.history is not None and not isinstance(figures, str):
            kept(asked.history, row, figures)


if __name__ == "__main__":
    main()
