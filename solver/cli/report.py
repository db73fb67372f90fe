"""`siting report`: the page of a result, in either language."""

from pathlib import Path

import click

from solver.cli.options import LANG
from solver.export.report import report_html
from solver.store import for_page, pictures_of, read_document, read_result, read_roads
from solver.written import whole

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
    """Write the report of a result directory as one page that needs no internet.

    What was decided and why, how good it is, a map to move in, tables that sort, charts, the rules, the inputs: from
    result.json and plan.gpkg. The pictures in it are drawn anew in the language of the page.
    """
    document, result, roads = read_document(folder), read_result(folder), read_roads(folder)
    page = report_html(document, for_page(pictures_of(result, roads, lang)), lang=lang, result=result, roads=roads)
    target = out if out is not None else folder / "report.html"
    with whole(target) as draft:
        draft.write_text(page, encoding="utf-8")
    click.echo(target)
