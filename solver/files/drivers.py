"""Which files are opened as layers: those of this computer, in the formats that planners use, by what they hold.

GDAL opens a file by its first bytes, whatever its name: a small text that says so makes it ask other computers, or read
any file of this one. Such virtual and remote layers are opened only where `siting --allow-remote` says so. What is
opened is kept from asking other computers on its own (schemas, systems of coordinates), too.
"""

import os
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree import ElementTree

import geopandas as gpd
import pandas as pd
import pyogrio

from models.messages import Message, say
from solver.errors import LayerError
from solver.files.owned import SQLITE
from solver.findings import Finding

VARIABLE = "SITING_ALLOW_REMOTE"
"""Set to 1, virtual and remote layers are opened; for processes that a command starts as well."""
REMEDY = say("save it as .gpkg, or say --allow-remote")
ANEW = say("open it and save it anew")
REMOTE = re.compile(r"(?:^|/)((?:https?|ftp|s3|gs|wfs):/.*)$|^(/vsi[a-z0-9_]+/.*)$", re.IGNORECASE)
"""A place of another computer, as a path keeps it."""
VIRTUAL = re.compile(
    rb"<OGR[A-Z0-9]*DataSource|<GDAL_|<VRTDataset|<WM[ST]_|<[\w:]*Capabilities[\s>]|gdal_streamed_alg", re.IGNORECASE
)
"""Beginnings of files that lead elsewhere."""
XML_ROOTS = {".kml": ("kml",), ".gpx": ("gpx",), ".gml": (), ".xml": ()}
JSON = (".geojson", ".json", ".topojson", ".geojsonl", ".geojsons", ".ndjson")
DATABASES = (".gpkg", ".sqlite")
PACKAGES = (".zip", ".shz", ".kmz", ".xlsx", ".ods")
BEGINNINGS = {
    **dict.fromkeys(DATABASES, SQLITE),
    **dict.fromkeys(PACKAGES, b"PK"),
    **dict.fromkeys((".shp", ".shx"), b"\0\0\x27\x0a"),
    **dict.fromkeys((".parquet", ".geoparquet"), b"PAR1"),
    ".fgb": b"fgb",
}
"""Ending -> first bytes of such a file."""
TEXTS = (".csv", ".tsv", ".txt", ".dbf", ".tab", ".mif", ".mid", ".dxf")
ENDINGS = (*DATABASES, *JSON, *BEGINNINGS, *XML_ROOTS, *TEXTS, ".gdb")
LOOKED_AT = 1 << 16
ELSEWHERE = re.compile(rb'"crs"\s*:\s*\{[^{}]*"type"\s*:\s*"(?:link|url)"', re.IGNORECASE)
"""A GeoJSON whose system of coordinates is to be asked of another computer."""
NOBODY = "http://127.0.0.1:9"
"""A place where nobody answers."""


def is_allowed() -> bool:
    """Whether virtual and remote layers are opened."""
    return os.environ.get(VARIABLE, "").lower() in ("1", "yes", "true", "on")


def remote_name(path: Path) -> str | None:
    """The place of another computer that a path stands for, as GDAL opens it; None where it is a file of this one."""
    found = REMOTE.search(path.as_posix())
    if found is None:
        return None
    return found[2] or re.sub(r":/+", "://", found[1], count=1)


def of_file(path: Path, fact: Message, remedy: Message | None = None) -> LayerError:
    """The error of a file that cannot be read: what is the case, and what to do about it."""
    return LayerError(Finding(str(path), fact, remedy or ""))


def require_plain(path: Path) -> None:
    """LayerError where a file is none that planners have on their computer, unless all layers are allowed."""
    if is_allowed():
        return
    if remote_name(path) is not None:
        remedy = say("copy the file to this one, or say --allow-remote")
        raise of_file(path, say("is of another computer"), remedy)
    suffix = path.suffix.lower()
    if suffix not in ENDINGS:
        known = " ".join(dict.fromkeys(ENDINGS))
        raise of_file(path, say("ends in none of {known}", known=known), REMEDY)
    if path.is_file():
        with path.open("rb") as file:
            fault = _fault(suffix, file.read(LOOKED_AT)) or _fault_inside(path, suffix)
        if fault is not None:
            raise of_file(path, *fault)


Fault = tuple[Message, Message | None]
"""What is the case with a file, and what to do about it."""


def _other(suffix: str) -> Fault:
    return say("cannot be read (it is no {suffix} by its content)", suffix=suffix), ANEW


def _fault(suffix: str, head: bytes) -> Fault | None:
    """What is wrong with a file that begins so; None where it is what its ending says."""
    if VIRTUAL.search(head):
        return say("is a virtual layer, which leads to other files or computers"), REMEDY
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    begins = BEGINNINGS.get(suffix)
    if begins is not None and head and not head.startswith(begins):
        return _other(suffix)
    if suffix in JSON and text and text[:1] not in (b"{", b"[", b"\x1e"):
        return _other(suffix)
    if suffix in XML_ROOTS and text:
        root = _root(text)
        if root is None or (XML_ROOTS[suffix] and root not in XML_ROOTS[suffix]):
            return _other(suffix)
    return None


def _root(text: bytes) -> str | None:
    """The name of the outermost element of XML, None where it is none."""
    parser: ElementTree.XMLPullParser[ElementTree.Element] = ElementTree.XMLPullParser(("start",))
    try:
        parser.feed(text)
        for event in parser.read_events():
            node: Any = event[-1]
            return node.tag.rpartition("}")[2] if isinstance(node, ElementTree.Element) else None
    except ElementTree.ParseError:
        return None
    return None


def _fault_inside(path: Path, suffix: str) -> Fault | None:
    """What is wrong with the files of a package, or with a reference that may stand anywhere in a file."""
    if suffix in JSON:
        content = path.read_bytes()
        asks = say("has a system of coordinates that another computer must be asked for")
        return (asks, None) if ELSEWHERE.search(content) else None
    if suffix not in (".zip", ".shz"):
        return None
    try:
        with zipfile.ZipFile(path) as package:
            for name in package.namelist():
                with package.open(name) as member:
                    if VIRTUAL.search(member.read(LOOKED_AT)) or PurePosixPath(name).suffix.lower() == ".vrt":
                        fact = say("holds {name}, a virtual layer, which leads to other files or computers", name=name)
                        return fact, REMEDY
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError):
        return say("cannot be read (it is no package that can be opened)"), ANEW
    return None


@contextmanager
def _alone() -> Iterator[None]:
    """GDAL asks no other computer while the block runs, unless that is allowed."""
    if is_allowed():
        yield
        return
    names = ("GDAL_HTTP_PROXY", "GDAL_HTTPS_PROXY")
    before = {name: pyogrio.get_gdal_config_option(name) for name in names}
    pyogrio.set_gdal_config_options(dict.fromkeys(names, NOBODY))
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)


def layer_names(path: Path) -> list[str]:
    """Names of the layers of a file; LayerError where it is none to be opened."""
    require_plain(path)
    with _alone():
        return [str(name) for name, _ in pyogrio.list_layers(_opened(path))]


def read_layer(path: Path, layer: str | None = None, **more: Any) -> gpd.GeoDataFrame | pd.DataFrame:
    """A layer of a file, the first where none is named; LayerError where it is none to be opened."""
    require_plain(path)
    with _alone():
        return gpd.read_file(_opened(path), layer=layer, **more)


def _opened(path: Path) -> str | Path:
    """What GDAL is told to open."""
    name = remote_name(path) if is_allowed() else None
    return path if name is None else name
