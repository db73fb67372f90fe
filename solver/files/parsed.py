"""Every file is read back after it was written: what cannot be parsed does not take its place."""

import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree

from models.messages import say
from solver.errors import StoreError

PNG = b"\x89PNG\r\n\x1a\n"
DATA = '<script type="application/json" id="siting-data">'
"""Where the data of a page begin."""


def require_parsed(path: Path, place: Path, *, rows: int | None = None) -> None:
    """StoreError where a file that is to become `place` is not what its ending says, or has another number of rows."""
    read = READERS.get(path.suffix.lower())
    if read is None:
        return
    try:
        found = read(path)
    except MemoryError:
        raise
    except Exception as error:  # every library has a family of its own
        said = " ".join(str(error).split())[:120]
        raise StoreError(
            say(
                "{place}   cannot be read back ({said}), so it was not written; try another format",
                place=place,
                said=said,
            )
        ) from error
    if rows is not None and found is not None and found != rows:
        raise StoreError(
            say(
                "{place}   has {found:,} of {rows:,} rows, so it was not written; try another format",
                place=place,
                found=found,
                rows=rows,
            )
        )


def _layers(path: Path) -> int:
    """Number of rows of the layers that GDAL reads in a file."""
    import pyogrio  # takes its time

    found = 0
    for name, _ in pyogrio.list_layers(path):
        found += int(pyogrio.read_info(path, layer=name, force_feature_count=True)["features"])
    return found


def _geopackage(path: Path) -> int:
    with closing(sqlite3.connect(path)) as base:
        said = base.execute("PRAGMA quick_check").fetchone()[0]
    if said != "ok":
        raise ValueError(said)
    return _layers(path)


def _geojson(path: Path) -> int:
    return len(json.loads(path.read_text(encoding="utf-8"))["features"])


def _json(path: Path) -> None:
    json.loads(path.read_text(encoding="utf-8"))


def _kml(path: Path) -> int:
    return sum(node.tag.endswith("}Placemark") for node in ElementTree.parse(path).iter())


def _parquet(path: Path) -> int:
    import pyarrow.parquet as pq

    return int(pq.read_metadata(path).num_rows)


def _csv(path: Path) -> int:
    import pandas as pd

    return len(pd.read_csv(path, encoding="utf-8-sig", dtype=str))


def _package(path: Path) -> None:
    """A workbook or a project: a package of XML."""
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            with package.open(name) as part:
                if name.endswith((".xml", ".rels", ".qgs")):
                    for _, node in ElementTree.iterparse(part):
                        node.clear()
                else:
                    part.read()


def _page(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if not text.rstrip().endswith("</html>"):
        raise ValueError("the page has no end")
    _, found, rest = text.partition(DATA)
    if found:
        json.loads(rest.partition("</script>")[0])


def _picture(path: Path) -> None:
    with path.open("rb") as file:
        if file.read(len(PNG)) != PNG:
            raise ValueError("it is no picture")


def _arrays(path: Path) -> None:
    import numpy as np

    with np.load(path, allow_pickle=False) as arrays:
        for name in arrays.files:
            _ = arrays[name].shape


READERS: dict[str, Callable[[Path], int | None]] = {
    ".gpkg": _geopackage,
    ".geojson": _geojson,
    ".shp": _layers,
    ".fgb": _layers,
    ".kml": _kml,
    ".parquet": _parquet,
    ".csv": _csv,
    ".xlsx": _package,
    ".qgz": _package,
    ".html": _page,
    ".htm": _page,
    ".json": _json,
    ".png": _picture,
    ".npz": _arrays,
}
"""Ending -> what reads a file of it, and tells its rows where it has one table."""
