"""`--help` and wrong use in the language of who asks: the English of commands and options is a key to Chinese."""

import inspect
import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

import click

from solver.cli.language import SPOKEN, speech_of
from solver.words.language import LANGUAGES
from solver.words.speech import Speech

RAW = "\b"
"""Alone on the first line of a paragraph it keeps the paragraph's lines as they are."""
APART = re.compile(r"(\s{2,})")
"""Between a command and what it does, in lines of examples."""
AFTER, BEFORE = "，。；：、）》”！？", "（《“"
"""Signs that begin no line, and signs that end none."""


class Spoken(click.Command):
    """A command whose help and whose faults of use are in the language that is asked for."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does; a language that is asked for holds for what is said of all other arguments too."""
        said = [after for word, after in pairwise(args) if word == "--lang"]
        said += [word.removeprefix("--lang=") for word in args if word.startswith("--lang=")]
        for lang in said:
            if lang in LANGUAGES:
                ctx.meta[SPOKEN] = Speech(lang)
        return super().parse_args(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The line of how it is used."""
        if not speech_of(ctx).zh:
            return super().format_usage(ctx, formatter)
        pieces = " ".join(self.collect_usage_pieces(ctx))
        for english, chinese in (("[OPTIONS]", "[选项]"), ("COMMAND [ARGS]...", "命令 [参数]...")):
            pieces = pieces.replace(english, chinese)
        formatter.write_usage(ctx.command_path, pieces, prefix="用法：")
        return None

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What the command does."""
        if not speech_of(ctx).zh:
            return super().format_help_text(ctx, formatter)
        return _write(self.help or "", formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Examples and what else there is to know."""
        if not speech_of(ctx).zh:
            return super().format_epilog(ctx, formatter)
        return _write(self.epilog or "", formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options."""
        if not speech_of(ctx).zh:
            return super().format_options(ctx, formatter)
        rows = [(p, p.get_help_record(ctx)) for p in self.get_params(ctx) if isinstance(p, click.Option)]
        return _list("选项", [(found[0], _option(p, found[1])) for p, found in rows if found is not None], formatter)


class SpokenGroup(Spoken, click.Group):
    """A group of such commands."""

    command_class = Spoken

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, then the commands."""
        super().format_options(ctx, formatter)
        if speech_of(ctx).zh:
            self.format_commands(ctx, formatter)

    def commands_in_short(self, ctx: click.Context) -> list[tuple[str, str]]:
        """Every command and what it is for."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        return [(name, command.get_short_help_str(limit=100)) for name, command in found if command is not None]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands."""
        rows = self.commands_in_short(ctx)
        if speech_of(ctx).zh:
            return _list("命令", [(name, chinese(what)) for name, what in rows], formatter)
        with formatter.section("Commands"):
            formatter.write_dl(rows)
        return None


@cache
def _catalogue() -> dict[str, str]:
    from solver.words.chinese.help import HELP  # read only where Chinese is asked for

    return HELP


def chinese(text: str) -> str:
    """The Chinese of a text of the help, the text itself where there is none."""
    return _catalogue().get(text, text)


def paragraphs(text: str) -> Iterator[tuple[bool, list[str]]]:
    """The paragraphs of a text: whether its lines are kept as they are, as those of examples, and the lines."""
    for part in re.split(r"\n\s*\n", inspect.cleandoc(text)):
        lines = [line for line in part.split("\n") if line.strip() != RAW]
        kept = len(lines) < len(part.split("\n")) and any(APART.search(line) for line in lines)
        yield kept, lines if kept else [" ".join(line.strip() for line in lines)]


def keys_of(text: str) -> Iterator[str]:
    """The keys of a text: paragraphs, and in paragraphs whose lines are kept what stands apart in them."""
    for kept, lines in paragraphs(text):
        for line in lines:
            yield from (part for part in APART.split(line.strip()) if part.strip()) if kept else [line]


def _write(text: str, formatter: click.HelpFormatter) -> None:
    if not text:
        return
    parts = []
    for kept, lines in paragraphs(text):
        said = ["".join(chinese(part) for part in APART.split(line)) for line in lines] if kept else []
        said = said or _wrapped(chinese(lines[0]), formatter.width - 2)
        parts.append("\n".join([RAW, *said]))
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text("\n\n".join(parts))


def _list(head: str, rows: Sequence[tuple[str, str]], formatter: click.HelpFormatter) -> None:
    """A head, and names with what they are; click's columns, lines broken between Chinese signs."""
    first = min(max((len(name) for name, _ in rows), default=0), 30) + 2
    width = max(formatter.width - first - 2, 10)
    formatter.write_paragraph()
    formatter.write(f"{head}：\n")
    with formatter.indentation():
        formatter.write_dl([(name, "\n".join([RAW, *_wrapped(what, width)])) for name, what in rows])


def _option(option: click.Option, record: str) -> str:
    """What an option is, with its default and limits as click tells them."""
    own = option.help or ""
    limits = record[len(own) :]
    for english, word in (("default: ", "默认："), ("required", "必填"), ("; ", "；")):
        limits = limits.replace(english, word)
    return chinese(own) + limits


def _wrapped(text: str, width: int) -> list[str]:
    """Lines of at most so many columns; Latin words stay whole, a sign that closes begins no line."""
    from rich.cells import cell_len

    lines, line = [], ""
    for word in re.findall(rf"[{BEFORE}]*(?:[!-~]+|\s+|[^!-~\s])[{AFTER}]*", text):
        if line and cell_len(line + word.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += word if line else word.lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines
