"""GeoPackages that several people write to: siting replaces layers of its own and leaves all others as they are."""

import hashlib
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from solver.files.owned import SQLITE

MARK = "written by siting; rows "
"""Begins the description of a layer of siting's own; the hash of its rows follows."""
STYLES = "layer_styles"
"""The table of all layers' styles; it belongs to none of them."""


def is_geopackage(path: Path) -> bool:
    """Whether a file is a database with a table of layers."""
    try:
        with path.open("rb") as file:
            if file.read(len(SQLITE)) != SQLITE:
                return False
        _described(path)
    except (OSError, sqlite3.Error):
        return False
    return True


def siting_layers(path: Path) -> dict[str, bool]:
    """Layer that siting wrote -> whether its rows are still those."""
    told = {name: text for name, text in _described(path).items() if text.startswith(MARK)}
    return {name: text == MARK + rows_hash(path, name) for name, text in told.items()}


def rows_hash(path: Path, layer: str) -> str:
    """The hash of a layer's columns and rows."""
    state = hashlib.sha256()
    with closing(_reading(path)) as base:
        rows = base.execute(f"SELECT * FROM {_quoted(layer)} ORDER BY 1")
        state.update(repr([column[0] for column in rows.description]).encode())
        for row in rows:
            state.update(repr(row).encode())
    return state.hexdigest()[:32]


def all_rows(path: Path) -> dict[str, str]:
    """Layer -> hash of its rows."""
    return {name: rows_hash(path, name) for name in _described(path) if name != STYLES}


def mark(path: Path, rows: Mapping[str, str]) -> None:
    """Mark layers as siting's own, each with the hash of its rows."""
    told = [(MARK + found, name) for name, found in rows.items()]
    with closing(sqlite3.connect(path)) as base, base:
        base.executemany("UPDATE gpkg_contents SET description = ? WHERE table_name = ?", told)


def copied(path: Path, draft: Path) -> dict[str, str]:
    """Copy a GeoPackage with what programs that have it open wrote last; layer -> hash of its rows."""
    with closing(_reading(path)) as base, closing(sqlite3.connect(draft)) as copy:
        base.backup(copy)
    return all_rows(draft)


def compact(path: Path) -> None:
    """Give back the room of layers that were replaced."""
    with closing(sqlite3.connect(path)) as base:
        base.execute("VACUUM")


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _described(path: Path) -> dict[str, str]:
    """Layer -> description."""
    with closing(_reading(path)) as base:
        return {
            str(n): str(text or "") for n, text in base.execute("SELECT table_name, description FROM gpkg_contents")
        }


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
