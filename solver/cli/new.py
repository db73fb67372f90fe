"""`siting new`: a working study to start from."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from models.messages import say, worded
from solver.cli.help import Spoken
from solver.cli.language import LANG
from solver.cli.paths import Writing
from solver.cli.town import EXAMPLES
from solver.errors import StoreError
from solver.files.atomic import failing_plainly, require_writable
from solver.words.speech import Speech

LIST = "\n".join(f"  {name:<8}  {example.what}" for name, example in EXAMPLES.items())
EPILOG = f"""\b
Examples to start from (--from); all but the first two are worked out by hand:
{LIST}

\b
Examples:
  siting new my-town
  siting new my-times --from matrix
  siting new my-piles --from piles
  siting run my-town --out results/my-town
"""


@click.command("new", cls=Spoken, epilog=EPILOG)
@click.argument("folder", metavar="DIR", type=Writing())
@click.option(
    "--from",
    "example",
    type=click.Choice(list(EXAMPLES)),
    default="town",
    show_default=True,
    metavar="EXAMPLE",
    help="Which of the examples below.",
)
@LANG
def new(folder: Path, example: str, speech: Speech) -> None:
    """Write a small study that runs, to be changed into your own."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StoreError(say("{folder}   is there already; name a new folder", folder=folder))
    require_writable(folder)
    folder.mkdir(parents=True, exist_ok=True)
    place = Path(os.path.realpath(folder))
    with TemporaryDirectory(prefix=".new-", dir=place.parent) as draft, failing_plainly(folder):
        EXAMPLES[example].write(Path(draft))
        for path in sorted(Path(draft).iterdir()):
            path.rename(place / path.name)
    for path in sorted(folder.iterdir()):
        click.echo(path)
    after = say("next:  siting run {folder} --out results/{name}", folder=folder, name=folder.name)
    click.echo(f"\n{worded(after, speech)}")
