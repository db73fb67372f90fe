"""The map of a plan shows what the plan says."""

from dataclasses import replace
from io import BytesIO

import geopandas as gpd
import numpy as np
import pytest
import shapely
from matplotlib.colors import to_rgb
from matplotlib.image import imread

from solver.maps.extents import crowded_part, round_length_m
from solver.maps.fonts import readable
from solver.maps.palette import MAP
from solver.maps.plan_map import map_png, smaller
from solver.words.speech import CHINESE
from tests.made_results import matrix_programme, programme_result


def pixels_of(png, key):
    """Number of pixels of the full colour of a thing."""
    image = imread(BytesIO(png), format="png")[:, :, :3]
    return int((np.abs(image - np.array(to_rgb(MAP[key]))).max(axis=2) < 0.02).sum())


def test_chosen_and_kept_sites_are_seen():
    png = map_png(programme_result())
    assert pixels_of(png, "chosen") > 50
    assert pixels_of(png, "kept") > 50


def test_a_plan_that_opens_nothing_new_shows_no_chosen_site():
    made = programme_result()
    png = map_png(replace(made, site_table=made.site_table.assign(chosen=False)))
    assert pixels_of(png, "chosen") == 0


def test_links_between_sites_are_drawn():
    made = programme_result()
    png = map_png(replace(made, allocation_table=made.allocation_table.assign(link="site-site")))
    without = map_png(made)
    assert png != without


def test_roads_lie_under_the_map():
    line = shapely.linestrings([(499000, 3080500), (503000, 3080500)])
    roads = gpd.GeoDataFrame({"road_class": ["primary"]}, geometry=[line], crs="EPSG:4547")
    assert map_png(programme_result(), roads=roads) != map_png(programme_result())


def test_a_programme_without_places_is_drawn_and_one_without_geometry_is_not():
    assert map_png(replace(programme_result(), demand_table=None, allocation_table=None)) is not None
    assert map_png(matrix_programme()) is None


def test_chinese_is_asked_for_on_a_computer_without_its_signs_and_still_drawn_without_a_warning(monkeypatch):
    made = programme_result(title="", title_zh="停车场")
    made = replace(made, site_table=made.site_table.assign(tier=["县", "乡", "县", "乡"]))
    assert map_png(made, speech=CHINESE, attribution="某单位") is not None  # warnings are errors here
    for module in ("plan_map", "fonts"):
        monkeypatch.setattr(f"solver.maps.{module}.cjk_font", lambda: None)
    assert map_png(made, speech=CHINESE, attribution="某单位") is not None
    assert (readable("停车场", "parking"), readable("a", "b")) == ("parking", "a")


def test_a_map_says_whose_data_it_shows_and_fewer_colours_make_it_smaller():
    plain, said = map_png(programme_result()), map_png(programme_result(), attribution="© OpenStreetMap contributors")
    assert plain != said
    assert len(smaller(said)) < len(said)
    assert imread(BytesIO(smaller(said)), format="png").shape[:2] == imread(BytesIO(said), format="png").shape[:2]


@pytest.mark.parametrize(("most", "length"), [(1, 1), (999, 500), (1000, 1000), (4999, 2000), (0.3, 0.2), (7.2e5, 5e5)])
def test_the_scale_bar_is_a_round_length(most, length):
    assert round_length_m(most) == pytest.approx(length)


def test_the_crowded_part_holds_the_crowd():
    rng = np.random.default_rng(0)
    crowd, rest = rng.uniform(2000, 5000, (40, 2)), rng.uniform(0, 100_000, (30, 2))
    x0, y0, x1, y1 = crowded_part(np.concatenate([crowd, rest]), (0, 0, 100_000, 100_000))
    assert ((crowd > (x0, y0)) & (crowd < (x1, y1))).all()
    assert x1 - x0 == y1 - y0 == pytest.approx(100_000 / 7)


def test_scattered_sites_have_no_crowded_part():
    xy = np.stack(np.meshgrid(np.arange(10), np.arange(10)), axis=-1).reshape(-1, 2) * 10_000.0
    assert crowded_part(xy, (0, 0, 100_000, 100_000)) is None
    assert crowded_part(xy[:3], (0, 0, 100_000, 100_000)) is None
