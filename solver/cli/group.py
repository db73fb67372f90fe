"""The group of all commands; turns every error a user can meet into a report and an exit code."""

from typing import Any

import click

from models._version import __version__
from solver.cli.check import check
from solver.cli.compare import compare
from solver.cli.exits import MEANING, reported
from solver.cli.export import export
from solver.cli.lists import engines, models, versions
from solver.cli.network import network
from solver.cli.new import new
from solver.cli.report import report
from solver.cli.run import run
from solver.cli.sweep import sweep

EPILOG = f"""\b
Examples:
  siting new my-town                     a working study to start from
  siting check my-town                   every fault of the inputs at once
  siting run my-town --out results/a     the best plan and how good it is
  siting compare results/a results/b     what changed

{MEANING}
\b
Completion of commands and options by the Tab key:
  bash   add to ~/.bashrc:   eval "$(_SITING_COMPLETE=bash_source siting)"
  zsh    add to ~/.zshrc:    eval "$(_SITING_COMPLETE=zsh_source siting)"
  fish   _SITING_COMPLETE=fish_source siting > ~/.config/fish/completions/siting.fish
"""


class Siting(click.Group):
    """A group whose commands end with a report, never a traceback, where a user's input is at fault."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; errors of the families in `exits` become reports with their codes."""
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except BaseException as error:
            report_of_it = reported(error)
            if report_of_it is None:
                raise
            raise report_of_it from error


@click.group(cls=Siting, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="siting")
def siting() -> None:
    """Sites for public infrastructure: the best plan on real roads, and a proof of how good it is."""


for command in (new, check, network, run, compare, sweep, export, report, models, engines, versions):
    siting.add_command(command)
