"""The road network while it is being made: nodes in metres and edges as plain columns."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from instances.zhuzhou.generator.curves import segments
from models.arrays import FloatArray, IntArray

PLAIN: dict[str, object] = {"name": "", "ref": "", "oneway": "both", "bridge": False, "level": 0, "bend_m": 0.0}
RANK = ("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "service")


@dataclass(frozen=True, eq=False)
class Draft:
    """`xy` (n_nodes, 2); `edges` with columns u, v, road_class and PLAIN's; `bend_m` is the bow of the middle."""

    xy: FloatArray
    edges: pd.DataFrame

    def ends(self, rows: IntArray | slice = slice(None)) -> tuple[FloatArray, FloatArray]:
        """Places (n, 2) of both ends of the edges."""
        return self.xy[self.edges["u"].to_numpy()[rows]], self.xy[self.edges["v"].to_numpy()[rows]]

    def lines(self) -> np.ndarray:
        """The edges as straight lines."""
        return segments(*self.ends())

    def length(self) -> FloatArray:
        """Straight length (n_edges,) in metres."""
        a, b = self.ends()
        return np.hypot(*(b - a).T)


def edges_of(u: IntArray, v: IntArray, road_class: object, **columns: object) -> pd.DataFrame:
    """Edges from arrays; what is not given is plain."""
    return pd.DataFrame({"u": u, "v": v, "road_class": road_class, **PLAIN, **columns})


def joined(*drafts: Draft) -> Draft:
    """Drafts side by side, nodes of the later ones numbered on."""
    start = np.cumsum([0, *(len(d.xy) for d in drafts)])
    frames = [d.edges.assign(u=d.edges["u"] + s, v=d.edges["v"] + s) for d, s in zip(drafts, start, strict=False)]
    return Draft(np.concatenate([d.xy for d in drafts]), pd.concat(frames, ignore_index=True))


def more(draft: Draft, edges: pd.DataFrame) -> Draft:
    """A draft with further edges between its nodes."""
    return Draft(draft.xy, pd.concat([draft.edges, edges], ignore_index=True))


def unwet(draft: Draft, river: shapely.Geometry) -> Draft:
    """Without the edges that meet a river and are no bridge."""
    shapely.prepare(river)
    wet = shapely.intersects(river, draft.lines()) & ~draft.edges["bridge"].to_numpy(dtype=bool)
    return Draft(draft.xy, draft.edges[~wet].reset_index(drop=True))


def compacted(draft: Draft) -> tuple[Draft, IntArray]:
    """Without nodes no edge ends at; also the new number (n_nodes,) of each node, -1 = gone."""
    used = np.zeros(len(draft.xy), dtype=bool)
    used[draft.edges["u"]] = used[draft.edges["v"]] = True
    number = np.where(used, np.cumsum(used) - 1, -1)
    edges = draft.edges.assign(u=number[draft.edges["u"]], v=number[draft.edges["v"]])
    return Draft(draft.xy[used], edges), number
