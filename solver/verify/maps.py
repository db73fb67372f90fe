"""The maps of a result, drawn anew and compared point by point."""

import base64
from io import BytesIO

import numpy as np
from PIL import Image, UnidentifiedImageError

from models.arrays import IntArray
from models.messages import Listed, Message, say
from solver.export.folder import for_page, pictures_of
from solver.export.pages import HTML_LANG
from solver.maps.plan_map import drawn_by
from solver.verify.files import Files
from solver.verify.made import PICTURE, Made, made_of, page_of
from solver.verify.verdict import Check, Unchecked
from solver.words.speech import Speech

FAINT = 8
"""Shades (of 256) that two processors may draw a point apart."""
SOFTWARE, SOURCE = "Software", "Source"


def the_maps_show_the_plan(files: Files) -> list[Message] | None:
    """Every map-NAME.png, against the map that the layers of the plan make, in either language.

    Where a map was drawn by other versions or with other fonts than those at hand, it cannot be compared.
    """
    made, found, unmade = made_of(files), [], []
    wanted = {name: files.folder / f"map-{name}.png" for name in made.placed}
    there = {name: path for name, path in wanted.items() if path.is_file()}
    if not there:
        if PICTURE.search(page_of(files)):
            raise Unchecked(say("no map-NAME.png is there, only the pictures in the page"))
        return None
    found += [say("{name} is missing", name=path.name) for name, path in wanted.items() if name not in there]
    for name, path in there.items():
        told = path.read_bytes()
        if any(alike(told, drawn(files, made, lang).get(name)) for lang in _first(made.lang)):
            continue
        by = origin(told)
        if by is None:
            found.append(say("{name} is no map that siting drew", name=path.name))
        elif by == origin(drawn(files, made, made.lang)[name]):
            found.append(say("{name} {how}", name=path.name, how=_unlike(told, drawn(files, made, made.lang)[name])))
        else:
            unmade.append(say("{name} was drawn by {by}", name=path.name, by=by or say("an earlier version")))
    if unmade and not found:
        raise Unchecked(
            say("{unmade}; here it would be {here}", unmade=Listed(tuple(unmade), by="semicolon"), here=drawn_by())
        )
    return found


def pictures_in_the_page_show_the_plan(files: Files) -> list[Message] | None:
    """The pictures in report.html, against the same maps in fewer colours."""
    made, codes = made_of(files), PICTURE.findall(page_of(files))
    if not codes:
        return None
    right = for_page(drawn(files, made, made.lang))
    found = (
        []
        if len(codes) == len(right)
        else [say("the page has {n} pictures; there are {right} maps", n=len(codes), right=len(right))]
    )
    for code, (name, content) in zip(codes, right.items(), strict=False):
        told = base64.b64decode(code)
        if not alike(told, content):
            found.append(say("the picture of {name} in the page {how}", name=name, how=_unlike(told, content)))
    if found and not _drawn_here(files, made):
        raise Unchecked(
            say("{fault}; it may have been drawn by other versions or with other fonts than those here", fault=found[0])
        )
    return found


def _first(lang: str) -> tuple[str, ...]:
    """The languages, the likeliest first."""
    return (lang, *(other for other in HTML_LANG if other != lang))


def drawn(files: Files, made: Made, lang: str) -> dict[str, bytes]:
    """Programme -> map, drawn once for each language."""
    known: dict[str, dict[str, bytes]] = files.memory.setdefault("maps", {})
    if lang not in known:
        known[lang] = pictures_of(made.result, made.roads, Speech(lang))
    return known[lang]


def _drawn_here(files: Files, made: Made) -> bool:
    """Whether the maps beside the page were drawn by what is at hand, as far as they say."""
    maps = [files.folder / f"map-{name}.png" for name in made.placed]
    told = {origin(path.read_bytes()) for path in maps if path.is_file()}
    return told <= {origin(content) for content in drawn(files, made, made.lang).values()}


def alike(told: bytes, anew: bytes | None) -> bool:
    """Whether two pictures show the same, but for a shade."""
    if told == anew:
        return True
    a, b = points(told), None if anew is None else points(anew)
    return a is not None and b is not None and a.shape == b.shape and int(np.abs(a - b).max(initial=0)) <= FAINT


def points(content: bytes) -> IntArray | None:
    """Red, green and blue (height, width, 3) of a picture; None where it is none."""
    try:
        return np.asarray(Image.open(BytesIO(content)).convert("RGB"), dtype=np.int64)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return None


def origin(content: bytes) -> str | None:
    """What drew a map, as its file says; None where it was not drawn by this software."""
    try:
        info = Image.open(BytesIO(content)).info
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return None
    return str(info.get(SOURCE, "")) if info.get(SOFTWARE) == "siting" else None


def _unlike(told: bytes, anew: bytes) -> Message:
    a, b = points(told), points(anew)
    if a is None or b is None:
        return say("cannot be read")
    if a.shape != b.shape:
        return say(
            "is {width} x {height} points large; drawn anew it is {own_width} x {own_height}",
            width=a.shape[1],
            height=a.shape[0],
            own_width=b.shape[1],
            own_height=b.shape[0],
        )
    differ = (np.abs(a - b).max(axis=2) > FAINT).sum()
    return say(
        "differs from the map of the plan in {differ:,} of {points:,} points",
        differ=differ,
        points=a.shape[0] * a.shape[1],
    )


MAPS: tuple[Check[Files], ...] = (the_maps_show_the_plan, pictures_in_the_page_show_the_plan)
