"""`siting network`: from the planner's own roads to a routable network, and a look at it."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import geopandas as gpd

from models.messages import Listed, Message, Share, say, worded
from solver.cli.help import SpokenGroup
from solver.cli.language import LANG, LANG_OF_ALL
from solver.cli.misuse import BadValue
from solver.cli.network_points import junctions_command, times_command
from solver.cli.paths import OVERWRITE, REMOTE, Reading, Writing, guard_of
from solver.cli.text import padded
from solver.errors import LayerError
from solver.files.atomic import require_place
from solver.files.drivers import read_layer, remote_name, require_plain
from solver.inputs.layers import LAYERS, write_layer
from solver.network.graph import MODE_NAMES, MODES
from solver.network.line_columns import LineColumns, LineLayer
from solver.network.load import ImportOptions, load_roads
from solver.network.osm import Imported
from solver.network.store import SUFFIXES, read_edges, write_edges
from solver.words.speech import Speech

if TYPE_CHECKING:
    from solver.network.inspect import NetworkLook

ROLES = ("class", "speed", "oneway", "name", "ref", "level", "bridge", "tunnel")
FIELDS = {"class": "road_class", "speed": "speed_kph"}

IMPORT_EXAMPLES = """\b
Examples:
  siting network import hunan.osm.pbf --out roads.parquet --clip city.gpkg --crs EPSG:4547
  siting network import poa.osm.pbf --out roads.gpkg --mode drive --speed service=15
  siting network import roads.shp --out roads.gpkg --crs EPSG:4547 --column class=等级 \\
      --column speed=时速 --column oneway=单向 --class 主路=primary --split-crossings
  siting network import web.geojson --out roads.gpkg --crs EPSG:4547 --datum gcj02
"""

INFO_EXAMPLES = """\b
Examples:
  siting network info roads.parquet
  siting network info roads.gpkg --mode walk --faults faults.gpkg
"""


class Pair(click.ParamType["tuple[str, Any]"]):
    """An option value KEY=VALUE."""

    name: str = "KEY=VALUE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, Any]:
        """Split at the first equals sign."""
        if isinstance(value, tuple):
            return value
        key, sign, right = str(value).partition("=")
        if not sign or not key or not right:
            self.fail(f"{value!r} is not of the form KEY=VALUE", param, ctx)
        return key.strip(), right.strip()


class Speed(Pair):
    """An option value CLASS=KPH."""

    name = "CLASS=KPH"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, Any]:
        """Split and read the number."""
        key, right = super().convert(value, param, ctx)
        try:
            return key, float(right)
        except ValueError:
            self.fail(f"{right!r} is no speed in km/h", param, ctx)


GROUP_EXAMPLES = """\b
Examples:
  siting network import hunan.osm.pbf --out roads.parquet --clip city.gpkg --crs EPSG:4547
  siting network info roads.parquet
  siting network times roads.parquet --demand places.gpkg --sites clinics.gpkg --out times.csv --limit-min 15
"""


@click.group("network", cls=SpokenGroup, epilog=GROUP_EXAMPLES)
@LANG_OF_ALL
def network() -> None:
    """Roads: import them, look at them, travel on them."""


network.add_command(junctions_command)
network.add_command(times_command)


@network.command("import", epilog=IMPORT_EXAMPLES, short_help="A network from an OSM extract or a line layer.")
@click.argument("file", type=Reading())
@click.option("--out", type=Writing(SUFFIXES), required=True, help="The network to write: .parquet or .gpkg.")
@OVERWRITE
@REMOTE
@click.option("--clip", type=Reading(), help="Polygon layer; roads that touch it are kept, whole.")
@click.option(
    "--mode",
    "modes",
    type=click.Choice(MODES),
    multiple=True,
    help="Keep roads open to it; repeatable.  [default: all]",
)
@click.option(
    "--crs", metavar="EPSG:N", help="Metric coordinate system of the result, such as EPSG:4547.  [default: by place]"
)
@click.option(
    "--speed",
    "speeds",
    type=Speed(),
    multiple=True,
    help="Driving speed in km/h of a class without a limit; repeatable.",
)
@click.option("--ferries", is_flag=True, help="OSM: take ferries as roads.")
@click.option("--layer", metavar="NAME", help="Line layers: which layer of the file.")
@click.option(
    "--encoding", metavar="NAME", help="Line layers: encoding of the texts, such as GBK.  [default: as the file says]"
)
@click.option(
    "--column",
    "columns",
    type=Pair(),
    multiple=True,
    help=f"Line layers: ROLE=COLUMN; repeatable; roles: {', '.join(ROLES)}.",
)
@click.option(
    "--class", "classes", type=Pair(), multiple=True, help="Line layers: WORD=CLASS for its own words; repeatable."
)
@click.option("--forward", multiple=True, metavar="WORD", help="Line layers: a one-way word for as drawn; repeatable.")
@click.option(
    "--backward", multiple=True, metavar="WORD", help="Line layers: a one-way word for against it; repeatable."
)
@click.option("--datum", type=click.Choice(["gcj02", "bd09"]), help="Line layers: undo the shift of Chinese web maps.")
@click.option("--split-crossings", is_flag=True, help="Line layers: cut lines that cross at one level.")
@LANG
@click.pass_context
def import_command(
    ctx: click.Context, /, file: Path, out: Path, clip: Path | None, speech: Speech, **given: Any
) -> None:
    """Make a routable network from an OpenStreetMap extract or a line layer."""
    options = ImportOptions(
        modes=given["modes"] or MODES,
        crs=given["crs"],
        speeds_kph=dict(given["speeds"]),
        ferries=given["ferries"],
        lines=LineLayer(
            layer=given["layer"],
            encoding=given["encoding"],
            columns=_columns(given),
            datum=given["datum"],
            split=given["split_crossings"],
        ),
    )
    guard = guard_of(ctx, "network import")
    require_place(out, guard)
    area = None if clip is None else _clip_layer(clip)
    imported = load_roads(file, options, clip=area, progress=lambda ways: _read(ways, speech))
    write_edges(imported.edges, out, guard)
    click.echo(_import_text(imported, out, speech))


@network.command("info", epilog=INFO_EXAMPLES, short_help="Its size, kilometres by class, and faults.")
@click.argument("net", type=Reading())
@REMOTE
@click.option("--mode", type=click.Choice(MODES), default="drive", show_default=True, help="Whose network.")
@click.option("--faults", type=Writing(LAYERS), help=f"Write the faults as a layer ({', '.join(LAYERS)}).")
@OVERWRITE
@LANG
@click.pass_context
def info_command(ctx: click.Context, /, net: Path, mode: str, faults: Path | None, speech: Speech, **_: bool) -> None:
    """Nodes, edges, kilometres by class, parts, dead ends, islands, odd speeds and other faults."""
    from solver.network.inspect import look_at  # networkx is loaded only where a graph is looked at

    guard = guard_of(ctx, "network info")
    if faults is not None:
        require_place(faults, guard)
    look = look_at(read_edges(net), mode=mode)
    if faults is not None:
        write_layer(look.faults_in(speech), faults, guard)
    click.echo(_look_text(look, speech))
    if faults is not None:
        written = say("{n:,} faults written to {path}", n=len(look.faults), path=faults)
        click.echo(f"\n{worded(written, speech)}")


def _columns(given: Mapping[str, Any]) -> LineColumns:
    roles = dict(given["columns"])
    unknown = sorted(set(roles) - set(ROLES))
    if unknown:
        told = say("{unknown} is no role; roles are {roles}", unknown=Listed(unknown), roles=Listed([*ROLES]))
        raise BadValue(told, param_hint="--column")
    named: dict[str, Any] = {FIELDS.get(str(role), str(role)): column for role, column in roles.items()}
    return LineColumns(
        **named,
        classes=dict(given["classes"]),
        forward=tuple(given["forward"]),
        backward=tuple(given["backward"]),
    )


def _clip_layer(path: Path) -> gpd.GeoDataFrame:
    require_plain(path)
    if remote_name(path) is None and not path.is_file() and path.suffix.lower() != ".gdb":
        raise LayerError(say("{path}: there is no such file (clip layer)", path=path))
    try:
        return gpd.read_parquet(path) if path.suffix.lower() == ".parquet" else read_layer(path)
    except MemoryError:
        raise
    except Exception as error:
        raise LayerError(say("{path}: cannot be read as a clip layer: {error}", path=path, error=error)) from error


def _read(ways: int, speech: Speech) -> None:
    end = "\r" if sys.stderr.isatty() else "\n"
    click.echo(worded(say("read {ways:,} ways", ways=ways), speech) + end, err=True, nl=False)


def _import_text(imported: Imported, out: Path, speech: Speech) -> str:
    edges = imported.edges
    kept = (edges["length_m"].groupby(edges["road_class"]).sum() / 1000).to_dict()
    nodes = len(set(edges["from_node"]) | set(edges["to_node"]))
    crs = edges.crs.to_string()
    size = say("{path}: {edges:,} edges, {nodes:,} nodes, {crs}", path=out, edges=len(edges), nodes=nodes, crs=crs)
    road_class, read_km, kept_km, every = (
        worded(word, speech) for word in (say("class"), say("read km"), say("kept km"), say("all"))
    )
    lines = [
        worded(size, speech),
        f"  {padded(road_class, 16)}{padded(read_km, -12)}{padded(kept_km, -12)}",
        *(f"  {padded(name, 16)}{km:>12,.1f}{kept.get(name, 0.0):>12,.1f}" for name, km in imported.source_km.items()),
        f"  {padded(every, 16)}{sum(imported.source_km.values()):>12,.1f}{sum(kept.values()):>12,.1f}",
    ]
    opened = {mode: float(edges.loc[edges[mode], "length_m"].sum()) / 1000 for mode in MODES}
    said = [say("open to {mode}: {km:,.1f} km", mode=MODE_NAMES[mode], km=km) for mode, km in opened.items()]
    said += [say("note: {note}", note=note) for note in imported.notes]
    return "\n".join([*lines, *(f"  {worded(line, speech)}" for line in said)])


KINDS = {
    "island": say("island"),
    "trap": say("trap"),
    "speed": say("speed"),
    "length": say("length"),
    "double": say("double"),
    "gap": say("gap"),
    "crossing": say("crossing"),
}
"""What a fault of a network is called."""


def _look_text(look: "NetworkLook", speech: Speech) -> str:
    def line(word: Message | str, value: str) -> str:
        return f"  {padded(worded(word, speech), 34)}{value:>12}"

    counts = look.fault_counts()
    lines = [
        worded(say("{mode} network", mode=MODE_NAMES[look.mode]), speech),
        line(say("edges"), f"{look.edges:,}"),
        line(say("nodes"), f"{look.nodes:,}"),
        line(say("kilometres"), f"{look.km:,.1f}"),
        line(say("  of them one-way"), f"{look.one_way_km:,.1f}"),
        line(say("largest part both ways, nodes"), f"{look.main_nodes:,}"),
        line(say("largest part both ways, km"), f"{look.main_km:,.1f}")
        + f"   {worded(Share(look.main_km / look.km), speech)}",
        line(say("parts, counting one-way traps"), f"{look.strong_parts:,}"),
        line(say("islands"), f"{look.islands:,}"),
        line(say("dead ends"), f"{look.dead_ends:,}"),
        worded(say("kilometres by class"), speech),
        *(line(name, f"{km:,.1f}") for name, km in look.km_by_class.items()),
        worded(say("faults"), speech),
        *(line(KINDS[kind], f"{count:,}") for kind, count in counts.items()),
    ]
    return "\n".join(lines if counts else [*lines, f"  {worded(say('none'), speech)}"])
