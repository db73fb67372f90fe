"""`siting report`: the page of a result, in either language."""

from dataclasses import replace
from pathlib import Path

import click

from solver.cli.help import Spoken
from solver.cli.language import LANG
from solver.cli.paths import OVERWRITE, Reading, Writing, guard_of
from solver.export.folder import REPORT, for_page, pictures_of
from solver.export.report import report_html
from solver.files.atomic import require_place, whole
from solver.files.owned import record_of
from solver.files.protect import spelled
from solver.results.folder import RUN, own_files
from solver.results.store import read_document, read_result, read_roads
from solver.words.speech import Speech

EXAMPLES = """\b
Examples:
  siting report results/base
  siting report results/base --lang zh --out 报告.html
"""
PAGES = (".html", ".htm")


@click.command("report", cls=Spoken, epilog=EXAMPLES)
@click.argument("folder", metavar="DIR", type=Reading())
@click.option("--out", type=Writing(PAGES), help="The page, .html.  [default: DIR/report.html]")
@OVERWRITE
@LANG
@click.pass_context
def report(ctx: click.Context, /, folder: Path, out: Path | None, speech: Speech, **_: bool) -> None:
    """Write the report of a result directory as one page that needs no internet.

    What was decided and why, how good it is, a map to move in, tables that sort, charts, the rules, the inputs: from
    result.json and plan.gpkg. The pictures in it are drawn anew in the language of the page.
    """
    document, result, roads = read_document(folder), read_result(folder), read_roads(folder)
    target = out if out is not None else folder / REPORT
    own = spelled(target) == spelled(folder / REPORT)
    guard = guard_of(ctx, RUN if own else "report", but=target if own else None)
    if own and REPORT in own_files(folder) and REPORT not in record_of(folder):  # by an earlier version
        guard = replace(guard, overwrite=True)
    require_place(target, guard)
    page = report_html(
        document, for_page(pictures_of(result, roads, speech)), speech=speech, result=result, roads=roads
    )
    with whole(target, guard) as draft:
        draft.write_text(page, encoding="utf-8")
    click.echo(target)
