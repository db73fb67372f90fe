"""Roads under a map: chains of one class, small enough to carry along, none of the great ones lost."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from solver.results.backdrop import backdrop


def roads_of(*pieces):
    return gpd.GeoDataFrame(
        {"road_class": [name for name, _ in pieces]},
        geometry=[shapely.LineString(line) for _, line in pieces],
        crs="EPSG:4547",
    )


def test_pieces_of_a_road_become_one_line_and_keep_its_length():
    made = backdrop(roads_of(("primary", [(0, 0), (1000, 0)]), ("primary", [(1000, 0), (2000, 500)])))
    assert made["road_class"].tolist() == ["primary"]
    assert shapely.get_num_geometries(made.geometry.to_numpy()).tolist() == [1]
    assert made.length.sum() == pytest.approx(1000 + np.hypot(1000, 500))
    assert made.crs.to_epsg() == 4547


def test_slip_roads_count_as_their_road_and_the_greatest_class_comes_first():
    made = backdrop(
        roads_of(("service", [(0, 0), (9, 9)]), ("motorway_link", [(0, 0), (9, 0)]), ("x", [(0, 0), (1, 0)]))
    )
    assert made["road_class"].tolist() == ["motorway", "service", "x"]


def test_a_bend_of_a_hand_s_breadth_is_left_out_of_a_map_of_ten_kilometres():
    made = backdrop(roads_of(("primary", [(0, 0), (5000, 0.1), (10_000, 0)])))
    assert shapely.get_num_coordinates(made.geometry.to_numpy()).tolist() == [2]


def test_the_smallest_classes_go_first_where_there_is_too_much_and_the_greatest_never():
    bends = [(x, 100 * (x % 2)) for x in range(50)]
    pieces = roads_of(("trunk", bends), ("residential", [(x, y + 9) for x, y in bends]))
    assert backdrop(pieces, most=100)["road_class"].tolist() == ["trunk", "residential"]
    assert backdrop(pieces, most=99)["road_class"].tolist() == ["trunk"]
    assert backdrop(pieces, most=1)["road_class"].tolist() == ["trunk"]


def test_roads_far_apart_lie_in_different_rows_so_that_a_gis_draws_only_those_in_view():
    made = backdrop(roads_of(("trunk", [(0, 0), (10, 0)]), ("trunk", [(90_000, 0), (90_010, 0)])))
    assert len(made) == 2
