"""One clinic on one-way streets, from GeoDataFrames, with the roads built here.

A square A, B, C, D of one-way streets, 1,000 m each, driven A -> B -> C -> D -> A. 30 people live at B and 50 at D; a
clinic may open at A or C, and counts for those who reach it within 1,500 m of driving. With d(i, j) the shortest way
from place i to site j along the direction of travel, site j covers

    w(j) = sum of w_i over all i with d(i, j) <= 1500.

From B to C is 1,000 m, but to A 3,000 m; from D to A 1,000 m, to C 3,000 m. So w(A) = 50 and w(C) = 30: open A. If an
ambulance drives from the clinic to the people, the ways turn round and so does the answer: C, for the same 50. On
streets without direction both sites would cover everybody.
"""

from typing import Literal

import geopandas as gpd
from shapely import LineString, Point

import solver

SYSTEM = "EPSG:4547"  # CGCS2000, 3-degree zone around 114 E: metres
X, Y = 500_000.0, 3_080_000.0
corner = {"A": Point(X, Y), "B": Point(X + 1000, Y), "C": Point(X + 1000, Y + 1000), "D": Point(X, Y + 1000)}

streets = gpd.GeoDataFrame(
    {"oneway": "yes"},
    index=range(4),
    geometry=[LineString([corner[a], corner[b]]) for a, b in ("AB", "BC", "CD", "DA")],
    crs=SYSTEM,
)
roads = solver.roads_from_lines(streets, columns=solver.LineColumns(oneway="oneway"))
homes = gpd.GeoDataFrame({"place": ["B", "D"], "people": [30, 50]}, geometry=[corner["B"], corner["D"]], crs=SYSTEM)
plots = gpd.GeoDataFrame({"plot": ["at A", "at C"]}, geometry=[corner["A"], corner["C"]], crs=SYSTEM)

demand = solver.demand_from_frame(homes, id="place", weight="people")
sites = solver.sites_from_frame(plots, id="plot", cost=2e6)


def best(direction: Literal["to_site", "from_site"]) -> solver.Solution:
    """The best single clinic for people who drive to it, or for its ambulance."""
    problem = solver.problem_on_roads(demand, sites, roads, solver.Reach(limit_m=1500, direction=direction))
    return solver.solve_model(solver.MaxCover(problem), [solver.Count(1, "exactly")])


visit, ambulance = best("to_site"), best("from_site")

if __name__ == "__main__":
    print("people drive to the clinic:", visit, visit.sites)
    print("an ambulance drives to the people:", ambulance, ambulance.sites)
    print(visit.sites_frame().drop(columns="geometry").to_string(index=False))
    # visit.sites_frame().to_file("plan.gpkg") opens in QGIS
