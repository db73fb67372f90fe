"""`siting network junctions`: places on a network where facilities might be."""

from pathlib import Path

import click

from solver.layers import write_layer
from solver.network.graph import build_network
from solver.network.junctions import junctions
from solver.network.osm_read import MODES
from solver.network.store import read_edges

JUNCTIONS_EXAMPLES = """\b
Examples:
  siting network junctions roads.parquet --out candidates.gpkg --mode walk --every-m 250
  siting network junctions roads.gpkg --out candidates.gpkg --class primary --class secondary --every-m 1000
"""


@click.command("junctions", epilog=JUNCTIONS_EXAMPLES)
@click.argument("net", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help=".gpkg, .geojson, .fgb or .parquet.")
@click.option("--mode", type=click.Choice(MODES), default="drive", show_default=True, help="Whose network.")
@click.option("--class", "classes", multiple=True, help="Road class whose junctions count; repeatable.  [default: all]")
@click.option(
    "--every-m",
    type=click.FloatRange(min=0, min_open=True),
    default=250.0,
    show_default=True,
    help="One junction for each square of this size.",
)
def junctions_command(net: Path, out: Path, mode: str, classes: tuple[str, ...], every_m: float) -> None:
    """Candidate sites where nobody has drawn any: junctions of the main part of a network, evenly thinned.

    They are places one can reach, and nothing more: whether there is land to build on, and at what cost, they do not
    say.
    """
    found = junctions(build_network(read_edges(net), mode=mode), classes=classes, every_m=every_m)
    write_layer(found, out)
    click.echo(f"{out}: {len(found):,} junctions, one for each {every_m:g} m square, {found.crs.to_string()}")
