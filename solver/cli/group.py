"""The group of all commands; turns every error a user can meet into a report and an exit code."""

from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click
from click.shell_completion import CompletionItem

from models._version import __version__
from models.messages import say, worded
from solver.cli.exits import MEANING, reported
from solver.cli.help import SpokenGroup, chinese
from solver.cli.language import LANG_OF_ALL, speech_of
from solver.cli.misuse import in_language

COMMANDS = {
    "new": ("new", "A working study to start from."),
    "check": ("check", "Every fault of the inputs at once."),
    "network": ("network", "Roads: import them, look at them."),
    "run": ("run", "The best plan, how good it is, and the files to open."),
    "verify": ("verify", "Everything in a result recomputed by other code."),
    "compare": ("compare", "Plans side by side: figures, sites gained and lost, districts."),
    "sweep": ("sweep", "Many runs over values of a study, one table."),
    "export": ("export", "A plan for other programs: .gpkg .shp .kml .xlsx and more."),
    "report": ("report", "The report of a result as one page, in English or Chinese."),
    "models": ("lists", "The models a programme can name."),
    "engines": ("lists", "The engines that solve, and how to get more."),
    "versions": ("lists", "Versions of siting and its libraries."),
}
"""Name -> module of solver.cli that holds the command of that name, and what it is for; loaded when it is called."""

EPILOG = f"""\b
Examples:
  siting new my-town                     a working study to start from
  siting check my-town                   every fault of the inputs at once
  siting run my-town --out results/a     the best plan and how good it is
  siting verify results/a                is all of it so? by other code
  siting compare results/a results/b     what changed
  siting export results/a --to plan.xlsx for other programs

\b
STUDY is a study file, or the folder with its study.toml. `siting COMMAND --help` has the options of a command, and
examples.

{MEANING}
\b
Completion of commands and options by the Tab key:
  bash   add to ~/.bashrc:   eval "$(_SITING_COMPLETE=bash_source siting)"
  zsh    add to ~/.zshrc:    eval "$(_SITING_COMPLETE=zsh_source siting)"
  fish   _SITING_COMPLETE=fish_source siting > ~/.config/fish/completions/siting.fish
"""


class Siting(SpokenGroup):
    """A group whose commands end with a report, never a traceback, where a user's input is at fault."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The commands in the order of a planner's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name, its module loaded now."""
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = getattr(import_module(f"solver.cli.{COMMANDS[cmd_name][0]}"), cmd_name)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the words begin with; the nearest is named where there is none."""
        near = get_close_matches(args[0], list(COMMANDS), n=1) if args[0] not in COMMANDS else []
        if near:
            told = say("No such command '{name}'; did you mean '{near}'?", name=args[0], near=near[0])
            ctx.fail(worded(told, speech_of(ctx)))
        return super().resolve_command(ctx, args)

    def commands_in_short(self, ctx: click.Context) -> list[tuple[str, str]]:  # noqa: ARG002
        """Every command and what it is for, without loading any."""
        return [(name, what) for name, (_, what) in COMMANDS.items()]

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Names of commands, without loading any, and options."""
        told = chinese if speech_of(ctx).zh else str
        found = [CompletionItem(n, help=told(what)) for n, (_, what) in COMMANDS.items() if n.startswith(incomplete)]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """The context of a call; what is wrong with its options is said in the language of the call."""
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            raise in_language(error) from error

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; errors of the families in `exits` become reports with their codes."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            raise in_language(error) from error
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except BaseException as error:
            report = reported(error, speech_of(ctx))
            if report is None:
                raise
            raise report from error


@click.group(cls=Siting, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="siting")
@LANG_OF_ALL
def siting() -> None:
    """Sites for public infrastructure: the best plan on real roads, and a proof of how good it is."""
