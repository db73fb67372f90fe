"""Every command with its arguments, options, examples and exit codes, from click itself."""

import inspect
from collections.abc import Iterator

import click

from docs.generate.markdown import code, table
from solver.cli.exits import MEANING
from solver.cli.group import siting

INTRO = """\
# Every command

Progress goes to standard error, results to standard output. `siting COMMAND --help` says the same as this page.
"""
PLAIN = {"FLOAT RANGE": "NUMBER", "INTEGER RANGE": "N", "FLOAT": "NUMBER", "INTEGER": "N"}
CODES = """\
## Exit codes

For scripts. Of several programmes the gravest end counts.
"""


def commands_page() -> str:
    """The page."""
    parts = [INTRO, "\n".join(f"- [siting {name}](#siting-{name.replace(' ', '-')})" for name, _ in commands())]
    for name, command in commands():
        parts.append(_command(name, command))
    rows = [line.split(maxsplit=1) for line in MEANING.splitlines() if line.strip()[:1].isdigit()]
    parts += [CODES.rstrip(), table(["code", "meaning"], rows)]
    return "\n\n".join(part.rstrip() for part in parts)


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command by its words, those of a group after each other."""
    context = click.Context(siting, info_name="siting")
    for name in siting.list_commands(context):
        command = siting.get_command(context, name)
        if isinstance(command, click.Group):
            for sub, inner in command.commands.items():
                yield f"{name} {sub}", inner
        elif command is not None:
            yield name, command


def _command(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=f"siting {name}")
    arguments = " ".join(p.make_metavar(context) for p in command.params if isinstance(p, click.Argument))
    options = [_option(p, context) for p in command.params if isinstance(p, click.Option)]
    usage = " ".join(part for part in ("siting", name, arguments, "[OPTIONS]" if options else "") if part)
    parts = [f"## siting {name}", f"    {usage}", inspect.cleandoc(command.help or "").replace("\b\n", "")]
    if options:
        parts.append(table(["option", "meaning", "default"], options))
    blocks = [block.strip("\n") for block in (command.epilog or "").split("\b\n") if block.strip()]
    parts += [f"```\n{block}\n```" for block in blocks]
    return "\n\n".join(parts)


def _option(option: click.Option, context: click.Context) -> list[str]:
    names = ", ".join(code(name) for name in (*option.opts, *option.secondary_opts))
    value = "" if option.is_flag else f" {code(_value(option, context))}"
    help_text, said = (option.help or "").strip(), ""
    if "[default: " in help_text:
        help_text, _, said = help_text.partition("[default: ")
    default = said.rstrip("]") or (str(option.default) if option.show_default and option.default is not None else "")
    marks = ["must be given"] if option.required else []
    marks += ["may be repeated"] if option.multiple and "repeatable" not in help_text else []
    meaning = help_text.strip() + "".join(f" ({mark})" for mark in marks)
    return [names + value, meaning.strip(), code(default) if " " not in default else default]


def _value(option: click.Option, context: click.Context) -> str:
    """What follows an option."""
    if isinstance(option.type, click.Choice) and option.metavar is None:
        return ", ".join(str(choice) for choice in option.type.choices)
    return PLAIN.get(option.make_metavar(context), option.make_metavar(context))
