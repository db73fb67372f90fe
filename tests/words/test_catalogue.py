"""The Chinese catalogue is held against the code: every sentence that is said, with the same places, and no other."""

import ast
import string
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from solver.words.chinese import ROOMS, SENTENCES
from tests.verify.checks import NAMES

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "solver/words/chinese"


@cache
def _trees() -> dict[str, ast.Module]:
    paths = [path for room in ("models", "solver") for path in sorted((ROOT / room).rglob("*.py"))]
    found = [path for path in paths if path.parent != CATALOGUE]
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in found}


def _said() -> Iterator[tuple[str, str | None]]:
    """Where something is said, and its key; None where that is not written out in the same file."""
    for file, tree in _trees().items():
        named = dict(_constants(tree))
        for call in _calls(tree, _imported(tree)):
            key = call.args[0]
            text = key.value if isinstance(key, ast.Constant) else named.get(getattr(key, "id", ""))
            yield f"{file}:{call.lineno}", text if isinstance(text, str) else None


def _constants(tree: ast.Module) -> Iterator[tuple[str, object]]:
    """Names that stand for a text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            yield from ((name.id, node.value.value) for name in node.targets if isinstance(name, ast.Name))


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


def _places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_every_key_is_written_out_where_it_is_said() -> None:
    assert not [place for place, key in _said() if key is None]


def test_every_sentence_that_is_said_has_a_chinese_one() -> None:
    wanting = [f"{place}: {key}" for place, key in _said() if key is not None and key not in SENTENCES]
    assert not wanting


def test_no_chinese_sentence_is_of_what_nobody_says() -> None:
    texts = {
        node.value
        for tree in _trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert not [key for key in SENTENCES if key not in texts | {name.replace("_", " ") for name in NAMES}]


def test_a_sentence_stands_in_one_file_of_the_catalogue() -> None:
    counts = Counter(key for room in ROOMS for key in room.SENTENCES)
    assert not [key for key, n in counts.items() if n > 1]


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__.rpartition(".")[2])
def test_a_chinese_sentence_has_the_places_of_its_key(room: object) -> None:
    sentences: dict[str, str] = getattr(room, "SENTENCES")  # noqa: B009 - a module
    wrong = [key for key, sentence in sentences.items() if _places(key) != _places(sentence)]
    assert not wrong
