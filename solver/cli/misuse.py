"""Wrong use of commands, in the language of who uses them."""

from typing import Any

import click

from models.messages import Message, worded
from solver.cli.language import speech_of
from solver.words.speech import CHINESE


class BadUse(click.UsageError):
    """Arguments that make no sense together."""

    def __init__(self, said: Message) -> None:
        super().__init__(str(said))
        self.said = said


class BadValue(click.BadParameter):
    """A value that an argument or an option does not take."""

    def __init__(self, said: Message, **where: Any) -> None:
        super().__init__(str(said), **where)
        self.said = said


class WrongUse(click.UsageError):
    """A fault of use that says in Chinese where help is."""

    def __init__(self, error: click.UsageError) -> None:
        super().__init__(_of_click(error), error.ctx)

    def show(self, file: Any = None) -> None:
        """Usage, where help is, and the fault, on standard error."""
        said = [] if self.ctx is None else [self.ctx.get_usage(), f"用 {self.ctx.command_path} --help 查看帮助。", ""]
        click.echo("\n".join([*said, f"错误：{self.message}"]), file=file, err=file is None)


def in_language(error: click.UsageError) -> click.UsageError:
    """A fault of use in the language of its command."""
    return WrongUse(error) if speech_of(error.ctx).zh and not isinstance(error, WrongUse) else error


def _of_click(error: click.UsageError) -> str:
    """The fault; what click says of values it does not take stays as it is."""
    if isinstance(error, BadUse):
        return worded(error.said, CHINESE)
    if isinstance(error, click.MissingParameter):
        return f"缺少 {_place(error)}"
    if isinstance(error, click.NoSuchOption):
        near = f"；是否为 {'、'.join(sorted(error.possibilities))}？" if error.possibilities else ""
        return f"没有选项 {error.option_name}{near}"
    if isinstance(error, BadValue):
        return f"{_place(error)} 的值无效：{worded(error.said, CHINESE)}"
    if isinstance(error, click.BadParameter):
        return f"{_place(error)} 的值无效：{error.message}"
    return error.format_message()


def _place(error: click.BadParameter) -> str:
    """The argument or option."""
    hint = error.param_hint or (error.param.get_error_hint(error.ctx) if error.param and error.ctx else "")
    return hint if isinstance(hint, str) else " / ".join(hint)
