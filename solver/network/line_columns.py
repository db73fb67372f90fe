"""The columns of a planner's line layer, understood: classes, speeds, directions, levels in their many spellings."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.messages import Listed, say
from solver.findings import Findings, named
from solver.network.china import Datum
from solver.network.osm_tags import CLASS_SPEED_KPH, NO_WALK, WALK_ONLY, maxspeed_kph
from solver.network.store import rows_named

CHINESE_CLASSES: Mapping[str, str] = {
    "高速公路": "motorway",
    "高速": "motorway",
    "快速路": "trunk",
    "国道": "trunk",
    "省道": "primary",
    "主干路": "primary",
    "主干道": "primary",
    "县道": "secondary",
    "次干路": "secondary",
    "次干道": "secondary",
    "乡道": "tertiary",
    "支路": "tertiary",
    "村道": "unclassified",
    "街巷": "residential",
    "小区道路": "living_street",
    "内部道路": "service",
    "匝道": "motorway_link",
    "人行道": "footway",
    "步行街": "pedestrian",
}

BOTH_WAYS = frozenset({"", "0", "no", "n", "false", "b", "both", "双向", "否"})
FORWARD = frozenset({"1", "yes", "y", "true", "f", "ft", "forward", "单向", "是", "顺向"})
BACKWARD = frozenset({"-1", "t", "tf", "backward", "reverse", "逆向"})
YES = frozenset({"1", "yes", "y", "true", "t", "是", "viaduct"})


@dataclass(frozen=True)
class LineColumns:
    """Which columns of a line layer say what (None = none does), and how its own words are meant."""

    road_class: str | None = None
    speed_kph: str | None = None
    oneway: str | None = None
    name: str | None = None
    ref: str | None = None
    level: str | None = None
    bridge: str | None = None
    tunnel: str | None = None
    classes: Mapping[str, str] = field(default_factory=dict)  # word of the layer -> OpenStreetMap highway word
    forward: tuple[str, ...] = ()  # further values of the one-way column
    backward: tuple[str, ...] = ()


@dataclass(frozen=True)
class LineLayer:
    """How to read a layer of lines: which layer of the file, in which encoding, with which columns.

    `datum` undoes the shift of GCJ-02 or BD-09 coordinates. `split` cuts lines where they cross or touch at the same
    level; otherwise they meet at their ends only.
    """

    layer: str | None = None
    encoding: str | None = None  # None = as the file says, Shapefiles that say nothing by their content
    columns: LineColumns = field(default_factory=LineColumns)
    datum: Datum | None = None
    split: bool = False


def understood(
    raw: gpd.GeoDataFrame, columns: LineColumns, speeds_kph: Mapping[str, float], findings: Findings
) -> pd.DataFrame:
    """The edge layer's describing columns; what is not understood goes to `findings`, values by name."""
    road_class = _classes(raw, columns, findings)
    bridge = _texts(raw, columns.bridge, "bridge", findings).isin(YES)
    tunnel = _texts(raw, columns.tunnel, "tunnel", findings).isin(YES)
    drive = ~road_class.isin(WALK_ONLY)
    return pd.DataFrame(
        {
            "road_class": road_class,
            "name": _texts(raw, columns.name, "name", findings, lower=False),
            "ref": _texts(raw, columns.ref, "ref", findings, lower=False),
            "speed_kph": _speeds(raw, columns, road_class.map(speeds_kph).astype(float), findings),
            "oneway": _oneway(raw, columns, findings),
            "drive": drive,
            "walk": ~road_class.isin(NO_WALK),
            "truck": drive,
            "bridge": bridge,
            "tunnel": tunnel,
            "level": _levels(raw, columns, bridge, tunnel, findings),
        }
    )


def _texts(
    raw: gpd.GeoDataFrame, column: str | None, what: str, findings: Findings, *, lower: bool = True
) -> "pd.Series[str]":
    """A column as text without spaces around; numbers such as 1.0 as "1"; unknown as ""."""
    if column is None:
        return pd.Series("", index=raw.index, dtype=object)
    if column not in raw:
        findings.add(
            column,
            say("is no column (wanted for {what})", what=what),
            say("it has {names}", names=Listed([*map(str, raw.columns)])),
        )
        return pd.Series("", index=raw.index, dtype=object)
    texts = raw[column].map(_as_text).astype(object)
    return texts.str.lower() if lower else texts


def _as_text(value: object) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _classes(raw: gpd.GeoDataFrame, columns: LineColumns, findings: Findings) -> "pd.Series[str]":
    if columns.road_class is None:
        return pd.Series("unclassified", index=raw.index, dtype=object)
    known = {name: name for name in CLASS_SPEED_KPH} | dict(CHINESE_CLASSES) | dict(columns.classes)
    texts = _texts(raw, columns.road_class, "class", findings, lower=False)
    mapped = texts.map(known)
    strange = sorted(set(texts[mapped.isna()]))
    meant = sorted(set(columns.classes.values()) - set(CLASS_SPEED_KPH))
    if meant:
        findings.add(
            "class",
            say("{meant} is no road class", meant=named(meant)),
            say("known are {known}", known=Listed([*CLASS_SPEED_KPH])),
        )
    if strange and columns.road_class in raw:
        shown = named([repr(text) for text in strange])
        findings.add(
            columns.road_class, say("holds {shown}", shown=shown), say("say which class it is: --class 'WORD=primary'")
        )
    return mapped.fillna("unclassified")


def _speeds(
    raw: gpd.GeoDataFrame, columns: LineColumns, by_class: "pd.Series[float]", findings: Findings
) -> "pd.Series[float]":
    texts = _texts(raw, columns.speed_kph, "speed", findings)
    speed = texts.map(maxspeed_kph).astype(float)
    bad = (speed.isna() & ~texts.isin(["", "0"])).to_numpy()
    if bad.any():
        shown = named(sorted({repr(text) for text in texts[bad]}))
        findings.add(
            str(columns.speed_kph),
            say("is no speed in {rows}: {shown}", rows=rows_named(bad), shown=shown),
            say("give km/h, empty = by class"),
        )
    return speed.fillna(by_class)


def _oneway(raw: gpd.GeoDataFrame, columns: LineColumns, findings: Findings) -> "pd.Series[str]":
    forward = {text.lower() for text in columns.forward}
    backward = {text.lower() for text in columns.backward}
    words = dict.fromkeys(BOTH_WAYS, "both") | dict.fromkeys(FORWARD, "forward") | dict.fromkeys(BACKWARD, "backward")
    words |= dict.fromkeys(forward, "forward") | dict.fromkeys(backward, "backward")
    texts = _texts(raw, columns.oneway, "oneway", findings)
    mapped = texts.map(words)
    bad = mapped.isna().to_numpy()
    if bad.any():
        shown = named(sorted({repr(text) for text in texts[bad]}))
        findings.add(
            str(columns.oneway),
            say("holds {shown} in {rows}", shown=shown, rows=rows_named(bad)),
            say("say what is meant: --forward, --backward"),
        )
    return mapped.fillna("both")


def _levels(
    raw: gpd.GeoDataFrame,
    columns: LineColumns,
    bridge: "pd.Series[bool]",
    tunnel: "pd.Series[bool]",
    findings: Findings,
) -> NDArray[np.int8]:
    implied = np.where(bridge, 1, np.where(tunnel, -1, 0))
    texts = _texts(raw, columns.level, "level", findings)
    values = pd.to_numeric(texts.replace("", "nan"), errors="coerce").to_numpy(dtype=np.float64)
    bad = np.isnan(values) & (texts != "").to_numpy() | (np.abs(np.nan_to_num(values)) > 99)
    if bad.any():
        findings.add(
            str(columns.level),
            say("is no level in {rows}", rows=rows_named(bad)),
            say("give whole numbers, 0 = ground"),
        )
    return np.where(np.isnan(values) | bad, implied, values).astype(np.int8)
