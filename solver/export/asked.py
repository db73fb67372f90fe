"""What a study asked for, from the settings in its result: one row for every key, in words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from solver.words import report as words
from solver.words.keys import CHOICES, KEYS
from solver.words.names import names_in
from solver.words.speech import Speech

MOST = 12
"""So many values of a list are named."""
TITLES = ("title", "title_zh")
"""Keys that say what something is called: the rows go by those names."""
Path = tuple[str | int, ...]
"""Keys, and positions in lists whose parts have no names."""
Row = tuple[str, str, str]
"""What the key is in words, its value in words, the key itself."""


def asked_rows(settings: Mapping[str, Any], speech: Speech) -> list[Row]:
    """A row for every value that was set, nested keys joined by points."""
    names = names_in(settings, speech)
    flat = [(path, ".".join(map(str, path)), value) for path, value in _flat(settings, ()) if path[-1] not in TITLES]
    return [(_name(path, names, speech), _value(key, value, speech), key) for path, key, value in flat]


def _flat(node: Mapping[str, Any], before: Path) -> Iterator[tuple[Path, Any]]:
    for key, value in node.items():
        path = (*before, key)
        if isinstance(value, Mapping):
            yield from _flat(value, path) if value else ()
        elif isinstance(value, Sequence) and not isinstance(value, str) and any(isinstance(v, Mapping) for v in value):
            for i, part in enumerate(value):
                yield from _flat(part, (*path, part.get("name", i)))
        elif value is not None and value != []:
            yield path, value


def _name(path: Path, names: Mapping[str, str], speech: Speech) -> str:
    """The parts of a key in words; kinds and tiers by their titles, positions in a list count from 1."""
    parts = [str(part + 1) if isinstance(part, int) else part for part in path]
    return speech.colon.join(
        speech.with_currency(KEYS[part][speech.zh]) if part in KEYS else names.get(part, part) for part in parts
    )


def _value(key: str, value: Any, speech: Speech) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        shown = [_value(key, part, speech) for part in value[:MOST]]
        more = f" (+ {len(value) - MOST:,})" if len(value) > MOST else ""
        return speech.comma.join(shown) + more
    if (str(value) in CHOICES and not isinstance(value, float | int)) or isinstance(value, bool):
        return CHOICES[str(value)][speech.zh]
    last = key.rpartition(".")[2]
    if isinstance(value, float | int):
        return (
            words.share(value, speech)
            if last in {"gap", "within", "order_tolerance"}
            else words.figure(last, value, speech)
        )
    return str(value)
