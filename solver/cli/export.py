"""`siting export`: a result in the formats of others."""

from dataclasses import replace
from pathlib import Path

import click

from models.messages import Message, say, worded
from solver.cli.help import Spoken
from solver.cli.language import LANG
from solver.cli.misuse import BadUse
from solver.cli.options import require_programmes
from solver.cli.paths import OVERWRITE, REMOTE, Reading, Writing, guard_of
from solver.cli.progress import progress
from solver.events import Event
from solver.export.formats import SUFFIXES, export_result
from solver.files.atomic import require_place
from solver.files.protect import Guard
from solver.results.result import StudyResult
from solver.results.store import KINDS, read_result
from solver.study.read import read_study
from solver.words.speech import Speech

EXAMPLES = """\b
Examples:
  siting export results/base --to plan.xlsx
  siting export results/base --to lots.geojson -p parking --chosen
  siting export results/base --to served.shp --layer demand
  siting export results/base --to lines.parquet --layer allocation -p parking
  siting export results/base --to roads.gpkg --study study.toml --routes --areas
"""


@click.command("export", cls=Spoken, epilog=EXAMPLES)
@click.argument("folder", metavar="DIR", type=Reading())
@click.option("--to", type=Writing(SUFFIXES), required=True, help=f"File to write: {' '.join(SUFFIXES)}")
@REMOTE
@OVERWRITE
@click.option(
    "--layer",
    type=click.Choice(KINDS),
    default="sites",
    show_default=True,
    help="For formats of one layer: which; flows are trips to be refuelled.",
)
@click.option("-p", "--programme", "programmes", multiple=True, metavar="NAME", help="Only this programme; repeatable.")
@click.option("--chosen", is_flag=True, help="Only the sites that are chosen.")
@click.option("--study", type=Reading(), help="The study of the result, for the three options below.")
@click.option("--routes", is_flag=True, help="The ways between places and their sites as road lines.")
@click.option("--areas", is_flag=True, help="Areas within a third, two thirds and all of the reach of each site.")
@click.option("--streets", is_flag=True, help="The streets within the reach of each site.")
@LANG
@click.pass_context
def export(
    ctx: click.Context,
    /,
    folder: Path,
    to: Path,
    layer: str,
    programmes: tuple[str, ...],
    chosen: bool,
    study: Path | None,
    overwrite: bool,  # noqa: ARG001 - the guard looks for it
    speech: Speech,
    **roads: bool,
) -> None:
    """Write the layers of a result for another program; the ending says the format.

    .gpkg holds every layer of every programme, styled for QGIS; .xlsx a summary, the sites decided on, and the sites
    and places of every programme. The others hold one kind of layer (--layer): all programmes one below the other,
    told apart by the column programme; -p takes one alone. .geojson and .kml are in degrees (WGS 84), the others in
    the system of the study; .csv has the coordinates as columns x and y, lines as text. Texts are UTF-8 everywhere
    (.shp says so in its .cpg, .csv by its first bytes), so that Chinese opens as it is.

    A GeoPackage that is there keeps the layers of others: only those of the same name that siting wrote are replaced.

    With --routes, --areas or --streets, write these in their place, drawn on the roads of the study.
    """
    result = read_result(folder)
    guard = guard_of(ctx, "export")
    require_place(to, guard)
    views = [view for view, asked in roads.items() if asked]
    if views:
        notes = _on_roads(result, study, to, views, programmes, guard, speech)
    else:
        notes = export_result(result, to, kind=layer, chosen=chosen, programmes=programmes, guard=guard)
    for line in (say("written: {path}", path=to), *(say("note: {note}", note=note) for note in notes)):
        click.echo(worded(line, speech))


def _on_roads(
    result: StudyResult,
    study: Path | None,
    to: Path,
    views: list[str],
    programmes: tuple[str, ...],
    guard: Guard,
    speech: Speech,
) -> list[Message]:
    from solver.export.road_views import road_views, write_views  # loaded only where roads are drawn: it takes its time

    if study is None:
        raise BadUse(say("--{view} needs --study, the study file of the result", view=views[0]))
    file = read_study(study, result.overrides)
    require_programmes(file, programmes)
    wanted = {n: p for n, p in result.programmes.items() if not programmes or n in programmes}
    with progress(result.study, speech=speech) as listen:
        layers = road_views(
            file,
            replace(result, programmes=wanted),
            views,
            on_progress=lambda text, share: listen(Event("", "roads", text, share)),
        )
    return write_views(layers, to, guard)
