"""`siting export`: a result in the formats of others."""

from pathlib import Path

import click

from solver.export.formats import SUFFIXES, export_result
from solver.export.gpkg import KINDS
from solver.store import read_result

EXAMPLES = """\b
Examples:
  siting export results/base --to plan.xlsx
  siting export results/base --to lots.geojson -p parking --chosen
  siting export results/base --to served.shp --layer demand
"""


@click.command("export", epilog=EXAMPLES)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), required=True, help=" ".join(SUFFIXES))
@click.option(
    "--layer",
    type=click.Choice(KINDS),
    default="sites",
    show_default=True,
    help="For formats of one layer: which; all programmes one below the other.",
)
@click.option("-p", "--programme", "programmes", multiple=True, help="Only this programme; repeatable.")
@click.option("--chosen", is_flag=True, help="Only the sites that are chosen.")
def export(folder: Path, to: Path, layer: str, programmes: tuple[str, ...], chosen: bool) -> None:
    """Write the layers of a result for another program; the ending says the format."""
    notes = export_result(read_result(folder), to, kind=layer, chosen=chosen, programmes=programmes)
    click.echo(f"written: {to}")
    for note in notes:
        click.echo(f"note: {note}")
