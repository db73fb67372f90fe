"""The named bridges of the city and the county seats, each from a street corner on one bank to one on the other."""

import numpy as np
import shapely
from scipy.spatial import cKDTree

from instances.zhuzhou.generator.draft import Draft, edges_of, more
from instances.zhuzhou.generator.facts import Facts
from instances.zhuzhou.generator.highways import corners_of
from instances.zhuzhou.generator.land import Land


def with_bridges(facts: Facts, land: Land, draft: Draft) -> Draft:
    """Add the bridges the facts name; a bridge whose banks have no corner within 1.5 km is an error of the facts."""
    corner = corners_of(draft)
    tree = cKDTree(draft.xy[corner])
    water = shapely.buffer(land.water, 5)
    rows: list[tuple[int, int, str]] = []
    for line, river in zip(land.rivers, facts.rivers, strict=True):
        for bridge in river["bridges"]:
            at = line.project(shapely.Point(facts.metric(bridge["at"])[0]))
            ahead = np.array(line.interpolate(at + 50).coords[0]) - np.array(line.interpolate(at - 50).coords[0])
            across = np.array([-ahead[1], ahead[0]]) / np.hypot(*ahead)
            middle = np.array(line.interpolate(at).coords[0])
            banks = [middle + side * across * (river["width_m"] / 2 + 60) for side in (1, -1)]
            ends = []
            for bank in banks:
                near = tree.query(bank, k=40)[1]
                dry = ~shapely.intersects(water, [shapely.LineString([bank, xy]) for xy in draft.xy[corner[near]]])
                if not dry.any() or np.hypot(*(draft.xy[corner[near[dry][0]]] - bank)) > 1500:
                    raise ValueError(f"rivers.toml: {bridge['name']} has no street on one bank within 1.5 km")
                ends.append(int(corner[near[dry][0]]))
            rows.append((ends[0], ends[1], bridge["name"]))
    u, v, name = (list(column) for column in zip(*rows, strict=True))
    return more(draft, edges_of(np.array(u), np.array(v), "primary", name=name, bridge=True, level=1))
