"""All layers of the reference study from its facts, and writing them."""

from pathlib import Path

import geopandas as gpd
import pandas as pd

from instances.zhuzhou.generator.areas import make_areas
from instances.zhuzhou.generator.charging import make_charging
from instances.zhuzhou.generator.facts import Facts, read_facts
from instances.zhuzhou.generator.further import make_cold_chain, make_services, make_shelters, make_stations_5g
from instances.zhuzhou.generator.hydrogen import make_hydrogen
from instances.zhuzhou.generator.land import make_land
from instances.zhuzhou.generator.parking import make_parking
from instances.zhuzhou.generator.people import make_places
from instances.zhuzhou.generator.roads import make_roads
from instances.zhuzhou.generator.services import make_clinics, make_logistics
from solver.network.store import write_edges

Layers = dict[str, gpd.GeoDataFrame | pd.DataFrame]


def build_layers(facts: Facts) -> Layers:
    """Every layer by name: frames with geometry, and plain tables. The same facts and seed give the same values."""
    land = make_land(facts)
    roads = make_roads(facts, land)
    places = make_places(facts, land, roads)
    hydrogen, flows = make_hydrogen(facts, land, roads, places)
    return {
        "roads": roads.edges,
        **make_areas(facts, land),
        "places": places,
        **make_parking(facts, land, roads, places),
        "charging_candidates": make_charging(facts, land, roads, places),
        **hydrogen,
        "hydrogen_flows": flows,
        **make_logistics(facts, land, roads, places),
        **make_clinics(facts, land, roads, places),
        **make_stations_5g(facts, land, roads, places, hydrogen["hydrogen_terminals"]),
        **make_shelters(facts, land, roads, places),
        **make_services(facts, land, roads, places),
        **make_cold_chain(facts, land, roads, places),
    }


def rebuild(folder: Path, out: Path | None = None) -> dict[str, int]:
    """Build the study in FOLDER and write its layers to OUT (FOLDER/layers); rows of each layer by file name."""
    out = out or folder / "layers"
    out.mkdir(parents=True, exist_ok=True)
    written: dict[str, int] = {}
    for name, frame in build_layers(read_facts(folder)).items():
        if name == "roads":
            write_edges(frame, out / f"{name}.parquet")
        elif isinstance(frame, gpd.GeoDataFrame):
            frame.to_parquet(out / f"{name}.parquet", compression="zstd", index=False)
        else:
            frame.to_csv(out / f"{name}.csv", index=False, lineterminator="\n")
        written[name] = len(frame)
    return written
