"""Tables made fit for the formats of others: names that differ, values that a field can hold."""

import re
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

RESERVED = {"fid", "ogc_fid", "geom"}
"""Names that GeoPackage keeps for itself."""

UNWRITTEN = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")
"""Signs that XML, databases or sheets refuse, or read as the end of a text."""


def tidy(table: pd.DataFrame) -> pd.DataFrame:
    """A copy whose column names differ without regard to case and whose objects are text; geometry is kept."""
    geometry = table.geometry.name if isinstance(table, gpd.GeoDataFrame) else None
    names = distinct([written(str(column)) for column in table.columns], keep=geometry)
    copy = table.copy()
    copy.columns = pd.Index(names)
    for name in names:
        if name != geometry and (copy[name].dtype == object or pd.api.types.is_string_dtype(copy[name].dtype)):
            copy[name] = _texts(copy[name])
    return copy


def written(text: str) -> str:
    """A text without signs that no file keeps: those become the sign of a replacement."""
    return UNWRITTEN.sub("\ufffd", text)


def distinct(names: Sequence[str], *, keep: str | None = None) -> list[str]:
    """Names that differ without regard to case and are not reserved, by a number after those that do not."""
    taken = set(RESERVED) | ({keep.lower()} if keep else set())
    found = []
    for name in names:
        new, number = name, 2
        while name != keep and new.lower() in taken:
            new, number = f"{name}_{number}", number + 1
        taken.add(new.lower())
        found.append(new)
    return found


def shortened(names: Sequence[str], most: int = 10) -> dict[str, str]:
    """Name -> name of at most `most` ASCII or other characters in UTF-8 bytes, all different (shapefile fields)."""
    taken: set[str] = set()
    found = {}
    for name in names:
        new, number = _cut(name, most), 1
        while new.lower() in taken:
            end = str(number)
            new, number = _cut(name, most - len(end)) + end, number + 1
        taken.add(new.lower())
        found[name] = new
    return found


def _cut(name: str, most: int) -> str:
    return name.encode()[:most].decode(errors="ignore")


def _texts(column: "pd.Series[object]") -> "pd.Series[object]":
    """Objects as text, missing ones as None; whole columns of True and False stay what they are."""
    values = column.tolist()
    known = [v for v in values if v is not None and not (isinstance(v, float) and np.isnan(v))]
    if known and all(isinstance(v, bool | np.bool_) for v in known):
        return column.astype("boolean")
    missing = [v is None or (isinstance(v, float) and np.isnan(v)) for v in values]
    texts = [None if m else written(str(v)) for v, m in zip(values, missing, strict=True)]
    return pd.Series(texts, column.index, dtype=object)
