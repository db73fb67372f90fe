"""`siting network junctions` and `siting network times`: points on a network, and the travel between them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd
from pyproj import CRS
from scipy.sparse import csr_array

from models.messages import say, worded
from solver.cli.help import Spoken
from solver.cli.language import LANG
from solver.cli.misuse import BadUse
from solver.cli.paths import OVERWRITE, REMOTE, Reading, Writing, guard_of
from solver.cli.progress import progress
from solver.errors import LayerError, NetworkError
from solver.events import Event
from solver.files.atomic import require_place, whole
from solver.files.csvtext import write_csv
from solver.files.protect import Guard
from solver.findings import Findings
from solver.inputs.columns import ids_of
from solver.inputs.layers import LAYERS, read_points, write_layer, xy_of
from solver.network.datumguard import suspicion
from solver.network.graph import MODES, build_network
from solver.network.junctions import junctions
from solver.network.roadnetwork import RoadNetwork
from solver.network.snapping import SnappedPoints, snap
from solver.network.store import read_edges
from solver.study.schema import Layer
from solver.words.speech import Speech

JUNCTIONS_EXAMPLES = """\b
Examples:
  siting network junctions roads.parquet --out candidates.gpkg --mode walk --every-m 250
  siting network junctions roads.gpkg --out candidates.gpkg --class primary --class secondary --every-m 1000
"""


@click.command("junctions", cls=Spoken, epilog=JUNCTIONS_EXAMPLES, short_help="Junctions as candidate sites.")
@click.argument("net", type=Reading())
@click.option("--out", type=Writing(LAYERS), required=True, help=f"{', '.join(LAYERS)}.")
@OVERWRITE
@REMOTE
@click.option("--mode", type=click.Choice(MODES), default="drive", show_default=True, help="Whose network.")
@click.option(
    "--class",
    "classes",
    multiple=True,
    metavar="CLASS",
    help="Road class whose junctions count; repeatable.  [default: all]",
)
@click.option(
    "--every-m",
    type=click.FloatRange(min=0, min_open=True),
    metavar="M",
    default=250.0,
    show_default=True,
    help="One junction for each square of this size.",
)
@LANG
@click.pass_context
def junctions_command(
    ctx: click.Context,
    /,
    net: Path,
    out: Path,
    mode: str,
    classes: tuple[str, ...],
    every_m: float,
    speech: Speech,
    **_: bool,
) -> None:
    """Candidate sites where nobody has drawn any: junctions of the main part of a network, evenly thinned.

    They are places one can reach, and nothing more: whether there is land to build on, and at what cost, they do not
    say.
    """
    guard = guard_of(ctx, "network junctions")
    require_place(out, guard)
    found = junctions(build_network(read_edges(net), mode=mode), classes=classes, every_m=every_m)
    write_layer(found, out, guard)
    written = say(
        "{path}: {n:,} junctions, one for each {every_m:g} m square, {crs}",
        path=out,
        n=len(found),
        every_m=every_m,
        crs=found.crs.to_string(),
    )
    click.echo(worded(written, speech))


TIMES_EXAMPLES = """\b
Examples:
  siting network times roads.parquet --demand places.gpkg --sites clinics.gpkg --out times.csv --limit-min 15
  siting network times roads.gpkg --demand homes.csv --sites shops.csv --x lon --y lat --crs EPSG:4326 \\
      --demand-id home --site-id shop --mode walk --limit-m 2000 --nearest 3 --out nearest.parquet
"""

MATRIX_SUFFIXES = (".csv", ".parquet", ".npz")


@click.command("times", cls=Spoken, epilog=TIMES_EXAMPLES, short_help="A table of travel for any program.")
@click.argument("net", type=Reading())
@click.option("--demand", type=Reading(), required=True, help="Layer or table of places.")
@click.option("--sites", type=Reading(), required=True, help="Layer or table of facilities.")
@click.option("--out", type=Writing(MATRIX_SUFFIXES), required=True, help=f"{', '.join(MATRIX_SUFFIXES)}.")
@OVERWRITE
@REMOTE
@click.option("--demand-id", default="id", show_default=True, metavar="COLUMN", help="Column of the places' ids.")
@click.option("--site-id", default="id", show_default=True, metavar="COLUMN", help="Column of the facilities' ids.")
@click.option("--x", metavar="COLUMN", help="Column of x or longitude, for tables.")
@click.option("--y", metavar="COLUMN", help="Column of y or latitude, for tables.")
@click.option("--crs", metavar="EPSG:N", help="Coordinate system of x and y, such as EPSG:4326.")
@click.option("--mode", type=click.Choice(MODES), default="drive", show_default=True, help="Who travels.")
@click.option(
    "--direction",
    type=click.Choice(["to_site", "from_site"]),
    default="to_site",
    show_default=True,
    help="Which way: people to the facility, or from it to them.",
)
@click.option("--limit-min", type=click.FloatRange(min=0, min_open=True), metavar="MIN", help="Within so many minutes.")
@click.option(
    "--limit-m", type=click.FloatRange(min=0, min_open=True), metavar="M", help="Within so many metres along the road."
)
@click.option(
    "--nearest", type=click.IntRange(min=1), metavar="N", help="Only so many nearest facilities of each place."
)
@click.option(
    "--snap-limit-m",
    type=click.FloatRange(min=0),
    default=500.0,
    show_default=True,
    metavar="M",
    help="How far from a road a point may lie.",
)
@click.option("--no-access", is_flag=True, help="Leave out the way between a point and its road.")
@LANG
@click.pass_context
def times_command(
    ctx: click.Context, /, net: Path, demand: Path, sites: Path, out: Path, speech: Speech, **given: Any
) -> None:
    """Travel between places and facilities within a limit, as a table `demand`, `site`, `value` for any program.

    Values are seconds with --limit-min and metres with --limit-m. A study takes the table in place of roads:
    [travel] matrix = "times.csv", unit = "s".
    """
    if (given["limit_min"] is None) == (given["limit_m"] is None):
        raise BadUse(say("give exactly one of --limit-min and --limit-m"))
    guard = guard_of(ctx, "network times")
    require_place(out, guard)
    network = build_network(read_edges(net), mode=given["mode"])
    findings = Findings(net.name)
    points = {
        role: _points(path, given[f"{role}_id"], role, network, given, findings)
        for role, path in (("demand", demand), ("site", sites))
    }
    findings.raise_if_any(LayerError)
    places = _snapped(network, *points["demand"], given, on_motorways=False)
    facilities = _snapped(network, *points["site"], given, on_motorways=given["mode"] != "walk")
    matrix = _matrix(network, facilities, places, given, speech)
    _write_matrix(matrix, places.ids, facilities.ids, out, guard)
    unit = say("m") if given["limit_min"] is None else say("s")
    alone = int((np.diff(matrix.indptr) == 0).sum())
    written = say(
        "{path}: {pairs:,} pairs of {places:,} places and {facilities:,} facilities, in {unit}",
        path=out,
        pairs=matrix.nnz,
        places=len(places),
        facilities=len(facilities),
        unit=unit,
    )
    click.echo(worded(written, speech))
    click.echo(f"  {worded(say('{n:,} places have no facility within the limit', n=alone), speech)}")


def _points(
    path: Path, column: str, place: str, network: RoadNetwork, given: Mapping[str, Any], findings: Findings
) -> tuple[tuple[str, ...], Any]:
    """Ids and coordinates (n, 2) in the network's system; faults go to `findings`."""
    layer = Layer(file=str(path.absolute()), x=given["x"], y=given["y"], crs=given["crs"])
    frame = read_points(Path(), layer, CRS.from_user_input(network.crs), place, findings, needs_geometry=True)
    if frame is None:
        return (), None
    return ids_of(frame, column, path.name, place, findings), xy_of(frame)


def _snapped(
    network: RoadNetwork, ids: tuple[str, ...], xy: Any, given: Mapping[str, Any], *, on_motorways: bool
) -> SnappedPoints:
    from solver.inputs.roads import NO_STOPPING  # loads the compiler

    suspected = suspicion(network, xy)
    if suspected is not None:
        raise NetworkError(suspected.fact)
    return snap(network, ids, xy, limit_m=given["snap_limit_m"], avoid=() if on_motorways else NO_STOPPING)


def _matrix(
    network: RoadNetwork, facilities: SnappedPoints, places: SnappedPoints, given: Mapping[str, Any], speech: Speech
) -> csr_array:
    from solver.network.travel import k_nearest, travel_times

    by_length = given["limit_min"] is None
    with progress(worded(say("travel"), speech), speech=speech) as listen:
        asked: dict[str, Any] = {
            "cutoff": given["limit_m"] if by_length else 60 * given["limit_min"],
            "impedance": "length_m" if by_length else "time_s",
            "direction": given["direction"],
            "access": not given["no_access"],
            "progress": lambda done, total: listen(Event("", "travel", say("searches"), done / total)),
        }
        if given["nearest"]:
            return k_nearest(network, facilities, places, k=given["nearest"], **asked)
        return travel_times(network, facilities, places, **asked)


def _write_matrix(matrix: csr_array, demand: tuple[str, ...], sites: tuple[str, ...], path: Path, guard: Guard) -> None:
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    table = pd.DataFrame(
        {
            "demand": np.array(demand, dtype=object)[rows],
            "site": np.array(sites, dtype=object)[matrix.indices],
            "value": matrix.data.round(3),
        }
    )
    with whole(path, guard) as draft:
        if path.suffix.lower() == ".csv":
            write_csv(table, draft, encoding="utf-8")
        elif path.suffix.lower() == ".parquet":
            table.to_parquet(draft, index=False)
        else:
            ids = {name: table[name].to_numpy(str) for name in ("demand", "site")}
            np.savez_compressed(draft, **ids, value=table["value"])
