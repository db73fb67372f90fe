"""`siting export`: a result in the formats of others."""

from dataclasses import replace
from pathlib import Path

import click

from solver.cli.options import require_programmes
from solver.cli.progress import progress
from solver.events import Event
from solver.export.formats import SUFFIXES, export_result
from solver.export.gpkg import KINDS
from solver.result import StudyResult
from solver.store import read_result
from solver.study.read import read_study

EXAMPLES = """\b
Examples:
  siting export results/base --to plan.xlsx
  siting export results/base --to lots.geojson -p parking --chosen
  siting export results/base --to served.shp --layer demand
  siting export results/base --to lines.parquet --layer allocation -p parking
  siting export results/base --to roads.gpkg --study study.toml --routes --areas
"""


@click.command("export", epilog=EXAMPLES)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--to", type=click.Path(path_type=Path, dir_okay=False), required=True, help=f"File to write: {' '.join(SUFFIXES)}"
)
@click.option(
    "--layer",
    type=click.Choice(KINDS),
    default="sites",
    show_default=True,
    help="For formats of one layer: which; flows are trips to be refuelled.",
)
@click.option("-p", "--programme", "programmes", multiple=True, metavar="NAME", help="Only this programme; repeatable.")
@click.option("--chosen", is_flag=True, help="Only the sites that are chosen.")
@click.option("--study", type=click.Path(path_type=Path), help="The study of the result, for the three options below.")
@click.option("--routes", is_flag=True, help="The ways between places and their sites as road lines.")
@click.option("--areas", is_flag=True, help="Areas within a third, two thirds and all of the reach of each site.")
@click.option("--streets", is_flag=True, help="The streets within the reach of each site.")
def export(
    folder: Path,
    to: Path,
    layer: str,
    programmes: tuple[str, ...],
    chosen: bool,
    study: Path | None,
    **roads: bool,
) -> None:
    """Write the layers of a result for another program; the ending says the format.

    .gpkg holds every layer of every programme, styled for QGIS; .xlsx a summary, the sites decided on, and the sites
    and places of every programme. The others hold one kind of layer (--layer): all programmes one below the other,
    told apart by the column programme; -p takes one alone. .geojson and .kml are in degrees (WGS 84), the others in
    the system of the study; .csv has the coordinates as columns x and y, lines as text. Texts are UTF-8 everywhere
    (.shp says so in its .cpg, .csv by its first bytes), so that Chinese opens as it is.

    With --routes, --areas or --streets, write these in their place, drawn on the roads of the study.
    """
    result = read_result(folder)
    views = [view for view, asked in roads.items() if asked]
    if views:
        notes = _on_roads(result, study, to, views, programmes)
    else:
        notes = export_result(result, to, kind=layer, chosen=chosen, programmes=programmes)
    click.echo(f"written: {to}")
    for note in notes:
        click.echo(f"note: {note}")


def _on_roads(
    result: StudyResult, study: Path | None, to: Path, views: list[str], programmes: tuple[str, ...]
) -> list[str]:
    from solver.roadviews import road_views, write_views  # loaded only where roads are drawn: it takes its time

    if study is None:
        raise click.UsageError(f"--{views[0]} needs --study, the study file of the result")
    file = read_study(study, result.overrides)
    require_programmes(file, programmes)
    wanted = {n: p for n, p in result.programmes.items() if not programmes or n in programmes}
    with progress(result.study) as listen:
        layers = road_views(
            file,
            replace(result, programmes=wanted),
            views,
            on_progress=lambda text, share: listen(Event("", "roads", text, share)),
        )
    return write_views(layers, to)
