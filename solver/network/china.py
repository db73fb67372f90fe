"""Chinese data: shifted coordinates (GCJ-02, BD-09), CGCS2000 systems, Shapefiles in GBK.

Public maps in China show places in GCJ-02, 300 to 700 m off; Baidu shifts once more (BD-09). The shift formulas are
the ones in common use since 2010; the way back is by iteration, to less than a millimetre.
"""

from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from models.messages import say
from solver.errors import LayerError, NetworkError

Floats = NDArray[np.float64]
Datum = Literal["gcj02", "bd09"]

KRASOVSKY_M, KRASOVSKY_E2 = 6378245.0, 0.00669342162296594323
BAIDU_TURN = np.pi * 3000.0 / 180.0
WEST, SOUTH, EAST, NORTH = 72.004, 0.8293, 137.8347, 55.8271
ROUNDS = 12
SILENT_HEADERS = (0x00, 0x57)  # a table header that names no encoding, or only the system's own


def to_wgs84(lonlat: Floats, datum: Datum) -> Floats:
    """WGS 84 degrees, (n, 2), of places given in GCJ-02 or BD-09 degrees.

    Raises NetworkError for places outside China, which are never shifted.
    """
    lonlat = np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)
    outside = ~in_china(lonlat)
    if outside.any():
        lon, lat = lonlat[np.argmax(outside)]
        raise NetworkError(
            say(
                "{outside:,} of {n:,} places lie outside China, first {lon:.4f} E {lat:.4f} N; {datum} "
                "is only used inside: take the coordinates as they are",
                outside=int(outside.sum()),
                n=len(lonlat),
                lon=lon,
                lat=lat,
                datum=datum.upper(),
            )
        )
    shifted = _from_baidu(lonlat) if datum == "bd09" else lonlat
    plain = shifted.copy()
    for _ in range(ROUNDS):
        plain += shifted - to_gcj02(plain)
    return plain


def to_gcj02(lonlat: Floats) -> Floats:
    """GCJ-02 degrees of WGS 84 degrees, (n, 2)."""
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    x, y = lon - 105.0, lat - 35.0
    waves = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + waves
    north += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + waves
    east += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    latitude = np.radians(lat)
    w = 1.0 - KRASOVSKY_E2 * np.sin(latitude) ** 2
    meridian_m = KRASOVSKY_M * (1.0 - KRASOVSKY_E2) / (w * np.sqrt(w))
    parallel_m = KRASOVSKY_M / np.sqrt(w) * np.cos(latitude)
    return np.column_stack([lon + np.degrees(east / parallel_m), lat + np.degrees(north / meridian_m)])


def to_bd09(lonlat: Floats) -> Floats:
    """BD-09 degrees of WGS 84 degrees, (n, 2)."""
    x, y = to_gcj02(lonlat).T
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * BAIDU_TURN)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * BAIDU_TURN)
    return np.column_stack([radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006])


def _from_baidu(lonlat: Floats) -> Floats:
    """GCJ-02 degrees of BD-09 degrees, by the usual approximation made exact by iteration."""
    shifted = lonlat - np.array([0.0065, 0.006])
    plain = shifted
    for _ in range(ROUNDS):
        x, y = plain.T
        radius = np.hypot(x, y) + 0.00002 * np.sin(y * BAIDU_TURN)
        angle = np.arctan2(y, x) + 0.000003 * np.cos(x * BAIDU_TURN)
        plain = plain + shifted - np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    return plain


def in_china(lonlat: Floats) -> NDArray[np.bool_]:
    """Whether places lie in the rectangle inside which GCJ-02 is used, (n,)."""
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    return (lon > WEST) & (lon < EAST) & (lat > SOUTH) & (lat < NORTH)


def metric_crs(lon: float, lat: float) -> str:
    """A metric system for a place: in China the CGCS2000 three-degree zone (EPSG:4534-4554), elsewhere UTM."""
    if in_china(np.array([[lon, lat]]))[0] and 73.5 <= lon <= 136.5:
        return f"EPSG:{4534 + round((lon - 75.0) / 3.0)}"
    return f"EPSG:{(32600 if lat >= 0 else 32700) + int((lon + 180) // 6) % 60 + 1}"


def known_crs(crs: CRS | None, place: str) -> CRS:
    """The system of a layer. Old Chinese systems are refused, because their shift to CGCS2000 is not public."""
    if crs is None:
        raise LayerError(
            say("{place}: has no coordinate system; set it in your GIS (CGCS2000 degrees are EPSG:4490)", place=place)
        )
    datum = (crs.datum.name if crs.datum else "").lower()
    for old, name in (("beijing 1954", "Beijing 1954"), ("xian 1980", "Xian 1980")):
        if old in datum:
            raise LayerError(
                say(
                    "{place}: is in {name}, whose exact shift to CGCS2000 is not public; have it converted "
                    "to CGCS2000 by the surveying office, or set a transformation in your GIS",
                    place=place,
                    name=name,
                )
            )
    return crs


def shapefile_encoding(path: Path) -> str | None:
    """The encoding of a Shapefile's texts by their bytes, None where the file itself says it.

    A `.cpg` file says it, or the table's header; the header of many programs says only "the system's own".
    """
    table = path.with_suffix(".dbf")
    if path.suffix.lower() != ".shp" or not table.is_file() or path.with_suffix(".cpg").is_file():
        return None
    content = table.read_bytes()
    if content[29] not in SILENT_HEADERS:
        return None
    texts = content[32:]
    for encoding in ("utf-8", "gb18030"):
        try:
            texts.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return None
