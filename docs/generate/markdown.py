"""Tables and code in Markdown."""

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; bars within cells are escaped."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def code(text: str) -> str:
    """A word of code, nothing where there is none."""
    return f"`{text}`" if text else ""


def sentence(text: str) -> str:
    """The first sign as a capital where it is a plain word."""
    return text[:1].upper() + text[1:] if text[:2].isascii() and not text.startswith("`") else text
