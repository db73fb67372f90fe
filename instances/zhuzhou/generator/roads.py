"""All roads of the reference study, from the ground up, as the edge layer of solver.network.store."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from instances.zhuzhou.generator.bridges import with_bridges
from instances.zhuzhou.generator.classes import with_through_roads
from instances.zhuzhou.generator.draft import compacted
from instances.zhuzhou.generator.facts import Facts
from instances.zhuzhou.generator.farms import with_farms
from instances.zhuzhou.generator.highways import make_highways
from instances.zhuzhou.generator.land import Land
from instances.zhuzhou.generator.motorways import with_motorways
from instances.zhuzhou.generator.rural import make_web
from instances.zhuzhou.generator.settle import edge_layer, settled
from instances.zhuzhou.generator.streets import make_streets
from models.arrays import FloatArray, IntArray

VILLAGE_EVERY = 4  # one junction of the web in four is the seat of a village
ORDINARY = ("primary", "secondary", "tertiary", "residential", "unclassified")  # where a site may stand


@dataclass(frozen=True, eq=False)
class Roads:
    """The edge layer, node places (n_nodes, 2) in whole metres, and the nodes of blocks, village groups, villages."""

    edges: gpd.GeoDataFrame
    xy: FloatArray
    block: IntArray
    block_area: IntArray
    group: IntArray
    village: IntArray
    corner: IntArray


def make_roads(facts: Facts, land: Land) -> Roads:
    """Streets, highways, bridges, the rural web, driveways and motorways, in one strongly connected network."""
    streets = make_streets(facts, land)
    base = with_bridges(facts, land, make_highways(facts, land, streets))
    web = make_web(facts, land, base, len(streets.draft.xy))
    village = np.arange(len(base.xy), len(web.xy), VILLAGE_EVERY)
    farms = with_farms(facts, land, with_through_roads(facts, web, web.xy[village]), len(base.edges))
    draft, number = compacted(settled(with_motorways(facts, land, farms.draft), shapely.union_all(land.rivers)))
    block, group, village = number[streets.block], number[farms.group], number[village]
    plain = draft.edges["road_class"].isin(ORDINARY)
    return Roads(
        edges=edge_layer(draft, facts),
        xy=draft.xy,
        block=block[block >= 0],
        block_area=streets.block_area[block >= 0],
        group=group[group >= 0],
        village=village[village >= 0],
        corner=np.unique(draft.edges.loc[plain, ["u", "v"]].to_numpy()).astype(np.int64),
    )
