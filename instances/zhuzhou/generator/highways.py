"""National and provincial roads between the towns in the order the plan gives, outside the built-up areas."""

import itertools

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from instances.zhuzhou.generator.curves import along, smooth
from instances.zhuzhou.generator.draft import RANK, Draft, edges_of, joined
from instances.zhuzhou.generator.facts import Facts
from instances.zhuzhou.generator.land import Land
from instances.zhuzhou.generator.streets import Streets
from models.arrays import IntArray

STEP_M = 320.0
SHORTEST_M = 250.0  # a lesser piece between built-up areas is left to their streets
ENTRY_M = 900.0  # a highway that comes this near to a built-up area ends in its streets


def make_highways(facts: Facts, land: Land, streets: Streets) -> Draft:
    """Streets and highways in one network: highways meet at nodes, end in streets, and span water as bridges."""
    legs = _legs(facts, land)
    noded = shapely.get_parts(shapely.node(shapely.union_all(legs["line"].to_list())))
    tree = shapely.STRtree(legs["line"].to_list())
    core = shapely.union_all([*(a.buffer(60) for a in land.builtup["area"]), _spanned(facts, land)])
    drafts: list[Draft] = []
    for part in noded:
        middle = part.interpolate(0.5, normalized=True)
        leg = legs.iloc[int(tree.nearest(middle))]
        pieces = shapely.get_parts(part.difference(core))
        drafts += [_sampled(piece, leg, land.water) for piece in pieces if _worth(piece, core)]
    return _attached(streets.draft, _welded(joined(*drafts)), core)


def _worth(piece: shapely.Geometry, core: shapely.Geometry) -> bool:
    """Whether a piece is kept: not where it is short and lies between built-up areas."""
    if piece.is_empty or piece.geom_type != "LineString":
        return False
    ends = shapely.distance(core, shapely.points([piece.coords[0], piece.coords[-1]]))
    return bool(piece.length > SHORTEST_M or ends.max() > 1.0)


def _spanned(facts: Facts, land: Land) -> shapely.Geometry:
    """Water near the named bridges, which highways take as well."""
    near = [facts.metric(b["at"])[0] for river in facts.rivers for b in river["bridges"]]
    return shapely.intersection(land.water.buffer(150), shapely.multipoints(near).buffer(2500))


def _legs(facts: Facts, land: Land) -> pd.DataFrame:
    """One curve from town to town for each neighbouring pair on a road; of roads that share one the greater stays."""
    random = facts.random("highways")
    found: dict[tuple[tuple[float, ...], ...], dict[str, object]] = {}
    for road in sorted(facts.roads, key=lambda r: RANK.index(r["class"])):
        points = facts.via(road)
        for a, b in itertools.pairwise(points):
            key = tuple(sorted((tuple(a), tuple(b))))
            if key not in found:
                line = shapely.LineString(smooth(np.array([a, b]), 400.0, random, 0.07))
                found[key] = {"line": line, "ref": road["ref"], "road_class": road["class"]}
    legs = pd.DataFrame(found.values())
    legs["line"] = [shapely.intersection(line, land.frame) for line in legs["line"]]
    legs = legs.assign(line=[shapely.get_parts(g) for g in legs["line"]]).explode("line", ignore_index=True)
    return legs[[not g.is_empty for g in legs["line"]]].reset_index(drop=True)


def _sampled(piece: shapely.LineString, leg: pd.Series, water: shapely.Geometry) -> Draft:
    """Points along a piece, none in the water; the edge over it is a bridge."""
    xy = along(piece, STEP_M)
    wet = shapely.contains_xy(water.buffer(40), xy[:, 0], xy[:, 1])
    wet[[0, -1]] = False
    xy = xy[~wet]
    n = np.arange(len(xy))
    line = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1))
    bridge = shapely.intersects(line, water)
    return Draft(
        xy, edges_of(n[:-1], n[1:], leg["road_class"], ref=leg["ref"], bridge=bridge, level=bridge.astype(int))
    )


def _welded(draft: Draft) -> Draft:
    """Ends of pieces that lie on each other become one node."""
    keys = np.round(draft.xy, 2)
    _, first, number = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    number = number.ravel()
    edges = draft.edges.assign(u=number[draft.edges["u"]], v=number[draft.edges["v"]])
    return Draft(draft.xy[first], edges[edges["u"] != edges["v"]].reset_index(drop=True))


def _attached(streets: Draft, highways: Draft, core: shapely.Geometry) -> Draft:
    """Ends of highways at a built-up area are joined to the nearest corner of its streets."""
    both = joined(streets, highways)
    n = len(streets.xy)
    degree = np.bincount(np.concatenate([highways.edges["u"], highways.edges["v"]]), minlength=len(highways.xy))
    ends = np.flatnonzero(degree == 1)
    shapely.prepare(core)
    ends = ends[shapely.dwithin(core, shapely.points(highways.xy[ends]), 150.0)]
    corner = corners_of(streets)
    distance, nearest = cKDTree(streets.xy[corner]).query(highways.xy[ends])
    fine = distance < ENTRY_M
    road = _edge_at(highways, ends)
    links = edges_of(
        ends[fine] + n, corner[nearest[fine]], road["road_class"].to_numpy()[fine], ref=road["ref"].to_numpy()[fine]
    )
    return Draft(both.xy, pd.concat([both.edges, links], ignore_index=True))


def corners_of(streets: Draft) -> IntArray:
    """Nodes where streets, not only lanes, meet."""
    street = streets.edges[streets.edges["road_class"] != "service"]
    return np.unique(street[["u", "v"]].to_numpy())


def _edge_at(draft: Draft, nodes: IntArray) -> pd.DataFrame:
    """The one edge that ends at each of these nodes."""
    ends = pd.concat([draft.edges.set_index("u"), draft.edges.set_index("v")])
    return ends[~ends.index.duplicated()].loc[nodes, ["road_class", "ref"]]
