"""`siting report`: the plain page of a result, in either language."""

from pathlib import Path

import click

from solver.cli.options import LANG
from solver.export.report import report_html
from solver.store import read_document

EXAMPLES = """\b
Examples:
  siting report results/base
  siting report results/base --lang zh --out 报告.html
"""


@click.command("report", epilog=EXAMPLES)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The page.  [default: DIR/report.html]")
@LANG
def report(folder: Path, out: Path | None, lang: str) -> None:
    """Write the report of a result directory as one page that needs no internet."""
    document = read_document(folder)
    pictures = {name: folder / f"map-{name}.png" for name in document["programmes"]}
    page = report_html(document, {n: p.read_bytes() for n, p in pictures.items() if p.is_file()}, lang=lang)
    target = out if out is not None else folder / "report.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page, encoding="utf-8")
    click.echo(target)
