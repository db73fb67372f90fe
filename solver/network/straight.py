"""Straight lengths within a limit, for what does not travel on roads: radio, sirens, noise."""

import numpy as np
from scipy.spatial import cKDTree

from models.arrays import FloatArray, Sparse, sparse_from_pairs
from models.limits import reaching


def straight_lengths(demand_xy: FloatArray, site_xy: FloatArray, limit_m: float) -> Sparse:
    """Sparse (n_demand, n_sites): metres as the crow flies, stored where they are at most `limit_m`."""
    if not (len(demand_xy) and len(site_xy)):
        return sparse_from_pairs(np.empty(0, int), np.empty(0, int), np.empty(0), (len(demand_xy), len(site_xy)))
    near = cKDTree(site_xy).query_ball_point(demand_xy, reaching(limit_m), return_sorted=True)
    rows = np.repeat(np.arange(len(near)), [len(found) for found in near])
    columns = np.concatenate([*(np.asarray(found, dtype=np.int64) for found in near)])
    length = np.hypot(*(demand_xy[rows] - site_xy[columns]).T)
    return sparse_from_pairs(rows, columns, length, (len(demand_xy), len(site_xy)))
