"""The Chinese catalogue is held against the code: every sentence that is said, with the same places, and no other."""

import ast
import string
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from solver.words.chinese import ROOMS, SENTENCES

ROOT = Path(__file__).parents[2]
OPEN = ("models/", "solver/study/", "solver/inputs/", "solver/network/", "solver/pose/")
"""Rooms that do not speak Chinese yet."""


def _said() -> Iterator[tuple[str, ast.expr]]:
    """Every key that the code says, and where."""
    for room in ("models", "solver"):
        for path in sorted((ROOT / room).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for call in _calls(tree, _imported(tree)):
                yield f"{path.relative_to(ROOT)}:{call.lineno}", call.args[0]


def _imported(tree: ast.Module) -> set[str]:
    """The names of messages that a file has from where they are made."""
    froms = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module == "models.messages"]
    return {alias.name for n in froms for alias in n.names} & {"say", "Message"}


def _calls(node: ast.AST, names: set[str]) -> Iterator[ast.Call]:
    """Calls of the names, but not where an argument of the function has that name."""
    if isinstance(node, ast.FunctionDef):
        names = names - {a.arg for a in (*node.args.args, *node.args.kwonlyargs)}
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
        yield node
    for child in ast.iter_child_nodes(node):
        yield from _calls(child, names)


def _keys() -> dict[str, str]:
    return {n.value: place for place, n in _said() if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def _places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_every_key_is_written_out_where_it_is_said() -> None:
    assert not [place for place, node in _said() if not isinstance(node, ast.Constant)]


def test_every_sentence_that_is_said_has_a_chinese_one() -> None:
    assert not [
        f"{place}: {key}" for key, place in _keys().items() if key not in SENTENCES and not place.startswith(OPEN)
    ]


def test_no_chinese_sentence_is_of_what_nobody_says() -> None:
    said = _keys()
    assert not [key for key in SENTENCES if key not in said]


def test_a_sentence_stands_in_one_file_of_the_catalogue() -> None:
    counts = Counter(key for room in ROOMS for key in room.SENTENCES)
    assert not [key for key, n in counts.items() if n > 1]


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__.rpartition(".")[2])
def test_a_chinese_sentence_has_the_places_of_its_key(room: object) -> None:
    sentences: dict[str, str] = getattr(room, "SENTENCES")  # noqa: B009 - a module
    wrong = [key for key, sentence in sentences.items() if _places(key) != _places(sentence)]
    assert not wrong
