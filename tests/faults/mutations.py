"""Seeded damage to studies, layers and results, and what every command must keep to when it meets it."""

import csv
import io
import json
import random
import re
import shutil
import tomllib
from copy import deepcopy
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from solver.cli.group import siting

TEACHING = Path(__file__).parents[2] / "instances/teaching"
STUDIES = sorted(path.parent for path in TEACHING.glob("*/study.toml"))
NONSENSE: list[Any] = [
    *(-1, 0, 2, 0.5, 1e308, -1e308, 10**30, 2**63, 1e-320, float("nan"), float("inf"), True),
    *("", "x", "\u682a\u6d32", "../x", ".", "/", [], [1], [[]], [""], ["a", "a"], {}, {"a": 1}),
]
CELLS = [
    *("", " ", "-1", "nan", "inf", "1e308", "1e400", "abc", "\u682a\u6d32", "0", "1,5", "1 000", "true", "1e-320"),
    *("\x00", '"', "=1+1", "9" * 400, "1.0", "01", "-0"),
]
SHAPES: list[Any] = [
    *(None, {"type": "Point", "coordinates": []}, {"type": "Point", "coordinates": [1, 2, 3]}, {"type": "Nonsense"}),
    {"type": "MultiPoint", "coordinates": [[0, 0], [1, 1]]},
    {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
    {"type": "LineString", "coordinates": [[500000, 3000000], [500000, 3000000]]},
    {"type": "LineString", "coordinates": []},
    {"type": "MultiLineString", "coordinates": [[[500000, 3000000], [501000, 3000000]], [[0, 0], [1, 1]]]},
    {"type": "Point", "coordinates": [1e300, 1e300]},
    {"type": "LineString", "coordinates": [[1e300, 1e300], [1, 1]]},
]
BYTES = ("cut", "bom", "crlf", "gbk", "utf16", "empty", "folder", "gone", "loop", "flip", "twice", "noise")
ODD = re.compile(
    r"Errno|<class|object at 0x|Traceback|Warning:|input should|instance of|numpy(?!\.savez)|pandas|np\.|NoneType"
)
"""Words of programs that no report to a planner may hold."""


def asked(*words: object) -> Any:
    """A command that ended with a report or a result; never with an error of its own."""
    ended = CliRunner().invoke(siting, [str(word) for word in words])
    if ended.exception is not None and not isinstance(ended.exception, SystemExit):
        raise AssertionError(f"{words[0]} ended with {ended.exception!r}") from ended.exception
    assert not ODD.search(ended.stderr), ended.stderr
    return ended


def require_report(ended: Any) -> None:
    """Faults are told each with its place and fact, and with a remedy where the line is not part of a list."""
    lines = [line for line in ended.stderr.splitlines() if line.strip()]
    assert lines, "no report"
    assert "   " in lines[-1].strip() or ": " in lines[-1], lines[-1]


def places_in(node: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every key and position in nested tables and lists."""
    below = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [place for key, value in below for place in ((*at, key), *places_in(value, (*at, key)))]


def damaged(node: Any, rng: random.Random, more: list[str]) -> tuple[Any, str]:
    """Nested tables with one value replaced, taken out, renamed or (a key of `more`) added; and what was done."""
    place = rng.choice(places_in(node))
    inner = node
    for key in place[:-1]:
        inner = inner[key]
    last, what = place[-1], rng.choice(["value", "value", "value", "gone", "name", "more"])
    if what == "value":
        inner[last] = deepcopy(rng.choice(NONSENSE))
    elif what == "gone":
        del inner[last]
    elif what == "name" and isinstance(inner, dict):
        inner[rng.choice(["", "a.b", " ", f"{last}x", str(last).upper()])] = inner.pop(last)
    elif isinstance(inner, dict) and more:
        last = rng.choice(more)
        inner[last] = deepcopy(rng.choice(NONSENSE))
    return node, f"{what} {place} {inner.get(last) if isinstance(inner, dict) else inner!r}"


def as_toml(value: Any) -> str:
    """A value as TOML."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(k)} = {as_toml(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(as_toml(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str | bool) else repr(value)


def damage_study(path: Path, rng: random.Random, more: list[str]) -> str:
    """Damage to a study file, one to three times."""
    raw, said = tomllib.loads(path.read_text(encoding="utf-8")), []
    for _ in range(rng.choice([1, 1, 2, 3])):
        raw, what = damaged(raw, rng, more)
        said.append(what)
        if not raw:
            break
    path.write_text("\n".join(f"{json.dumps(k)} = {as_toml(v)}" for k, v in raw.items()), encoding="utf-8")
    return "; ".join(said)


def damage_table(path: Path, rng: random.Random) -> str:
    """Damage to a CSV table."""
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    j, i = rng.randrange(len(rows[0])), rng.randrange(1, len(rows))
    what = rng.choice(["cell", "cell", "cell", "column", "drop", "again", "twice", "name", "none", "long", "blank"])
    cell = rng.choice(CELLS)
    if what == "cell":
        rows[i][j] = cell
    elif what == "column":
        rows[1:] = [[*row[:j], cell, *row[j + 1 :]] for row in rows[1:]]
    elif what == "drop":
        rows = [[*row[:j], *row[j + 1 :]] for row in rows]
    elif what == "again":
        rows.append(list(rows[i]))
    elif what == "twice":
        rows = [[*row, row[j]] for row in rows]
    elif what == "name":
        rows[0][j] = rng.choice(["x", "", "geometry", "index", "fid", "\u5c42"])
    elif what == "none":
        rows = rows[:1]
    elif what == "long":
        rows[i].append("7")
    else:
        rows.insert(i, [])
    text = io.StringIO()
    csv.writer(text, delimiter=rng.choice(",,,,;\t"), lineterminator=rng.choice(["\n", "\r\n"])).writerows(rows)
    path.write_text(text.getvalue(), encoding=rng.choice(["utf-8", "utf-8", "utf-8-sig"]))
    return f"{path.name} {what} {i},{j} {cell[:20]!r}"


def damage_lines(path: Path, rng: random.Random) -> str:
    """Damage to a GeoJSON layer."""
    layer = json.loads(path.read_text(encoding="utf-8"))
    feature = rng.choice(layer["features"])
    what = rng.choice(["shape", "value", "value", "crs", "none", "drop", "again"])
    if what == "shape":
        feature["geometry"] = rng.choice(SHAPES)
    elif what == "value":
        feature["properties"][rng.choice(list(feature["properties"]))] = rng.choice([None, "", -1, 0, 1e308, [], 1.5])
    elif what == "crs":
        name = rng.choice(["EPSG:4326", "EPSG:4549", "nonsense"])
        layer["crs"] = rng.choice([None, {"type": "name", "properties": {"name": name}}])
    elif what == "none":
        layer["features"] = []
    elif what == "drop":
        layer["features"].remove(feature)
    else:
        layer["features"].append(feature)
    path.write_text(json.dumps(layer), encoding="utf-8")
    return f"{path.name} {what} {feature}"


def damage_bytes(path: Path, rng: random.Random) -> str:
    """Damage to any file: cut, in another encoding, a folder in its place, a link to itself, noise."""
    what, content = rng.choice(BYTES), path.read_bytes()
    text = content.decode("utf-8", errors="replace")
    changed = {
        "cut": content[: rng.randrange(len(content))],
        "bom": b"\xef\xbb\xbf" + content,
        "crlf": content.replace(b"\n", b"\r\n"),
        "gbk": text.encode("gbk", errors="replace"),
        "utf16": text.encode("utf-16"),
        "empty": b"",
        "flip": bytes(b if rng.random() < 0.98 else rng.randrange(256) for b in content),
        "twice": content + content,
        "noise": rng.randbytes(300),
    }
    path.unlink()
    if what == "folder":
        path.mkdir()
    elif what == "loop":
        path.symlink_to(path.name)
    elif what != "gone":
        path.write_bytes(changed[what])
    return f"{path.name} {what}"


def damaged_study(folder: Path, seed: int, more: list[str]) -> str:
    """A teaching study in `folder` with one damage by the seed; says which."""
    rng = random.Random(seed)
    base = rng.choice(STUDIES)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(base, folder)
    kind = rng.choice(["study", "study", "table", "table", "lines", "bytes"])
    if kind == "study":
        said = damage_study(folder / "study.toml", rng, more)
    elif kind == "lines" and (folder / "edges.geojson").is_file():
        said = damage_lines(folder / "edges.geojson", rng)
    elif kind == "bytes":
        said = damage_bytes(rng.choice(sorted(folder.iterdir())), rng)
    else:
        said = damage_table(rng.choice(sorted(folder.glob("*.csv"))), rng)
    return f"seed {seed}, {base.name}: {said}"
