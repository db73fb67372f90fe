import pickle

import numpy as np
import pytest
from geopandas.testing import assert_geodataframe_equal

from solver.inputs.roads import Points
from solver.inputs.travel import travel_source
from solver.network.store import write_edges
from solver.results.backdrop import kept_under
from solver.study.read import read_study
from solver.study.schema import Reach

STUDY = """
[study]
name = "corner"
crs = "EPSG:4547"
[network]
file = "roads.parquet"
{network}
[programmes.p]
model = "max-cover"
"""


@pytest.fixture
def source_of(tmp_path, edges_of):
    """Travel of a study whose roads are 100 m eastwards (10 s) and, left at a crossing, 100 m northwards."""

    def make(network="", listen=lambda _text, _share: None):
        ends = [(100, 100), (200, 0), (100, -100)]
        rows = [{"from_node": 1, "to_node": 0, "line": [(0, 0), (100, 0)]}]
        rows += [{"from_node": 0, "to_node": i + 2, "line": [(100, 0), end]} for i, end in enumerate(ends)]
        write_edges(edges_of(rows), tmp_path / "roads.parquet")
        (tmp_path / "study.toml").write_text(STUDY.format(network=network))
        return travel_source(read_study(tmp_path), None, listen)

    return make


def at(*xy, prefix="x"):
    return Points(tuple(f"{prefix}{i}" for i in range(len(xy))), np.array(xy, dtype=float))


REACH = Reach(limit_min=2.0)


def test_a_study_may_say_what_turning_costs(source_of):
    west, north = at((0, 0)), at((100, 100))
    assert source_of().between(west, north, REACH).data[0] == pytest.approx(20)
    turning = source_of("turns = {left_s = 9.0}")
    assert turning.between(west, north, REACH).data[0] == pytest.approx(29)
    on_foot = turning.between(west, north, Reach(mode="walk", limit_min=5.0))
    assert on_foot.data[0] == pytest.approx(200 / (4.8 / 3.6))


def test_layers_that_share_ids_are_told_apart_by_their_places(source_of):
    source = source_of()
    assert source.between(at((0, 0)), at((100, 0)), REACH).data[0] == pytest.approx(10)
    assert source.between(at((0, 0)), at((200, 0)), REACH).data[0] == pytest.approx(20)
    assert source.between(at((50, 0)), at((200, 0)), REACH).data[0] == pytest.approx(15)


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Everything is worth keeping; the folder."""
    monkeypatch.delenv("SITING_CACHE", raising=False)
    monkeypatch.setattr("solver.inputs.travel.WORTH_KEEPING_S", 0.0)
    return tmp_path / ".siting-cache"


def test_long_computations_are_kept_beside_the_study_and_progress_is_told(source_of, kept):
    told = []
    first = source_of(listen=lambda text, share: told.append((text, share))).between(at((0, 0)), at((200, 0)), REACH)
    assert ("travel of 1 places and 1 sites", 1.0) in told
    assert len(list(kept.iterdir())) == 3  # the travel, and both ends of it on the roads
    told.clear()
    again = source_of(listen=lambda text, share: told.append((text, share))).between(at((0, 0)), at((200, 0)), REACH)
    assert (again.data == first.data).all()
    assert told == [("travel of 1 places and 1 sites", None)]  # nothing was searched
    for path in kept.iterdir():
        path.write_bytes(path.read_bytes()[:-1])
    source_of(listen=lambda text, share: told.append((text, share))).between(at((0, 0)), at((200, 0)), REACH)
    assert all((f"{p.name} in the travel cache is spoiled; it is computed again", None) in told for p in kept.iterdir())


def test_where_all_is_kept_no_road_is_read_and_points_lie_as_they_did(source_of, kept, monkeypatch):
    ends = at((3, 4)), at((200, 5))
    first = source_of()
    travel, point = first.between(*ends, REACH), first.snapped(ends[0], "drive", on_motorways=False)
    roads, ways = first.edges(), kept_under(first, (0.0, 0.0, 200.0, 100.0))
    assert kept.exists()
    second = source_of()

    def unread(*_args, **_options):
        raise AssertionError("roads are read")

    monkeypatch.setattr("solver.inputs.roads.read_edges", unread)
    assert (second.between(*ends, REACH) != travel).nnz == 0
    again = second.snapped(ends[0], "drive", on_motorways=False)
    assert again.xy.tolist() == point.xy.tolist() == [[3, 0]]
    assert (again.ids, again.distance_m.tolist(), again.point_xy.tolist()) == (("x0",), [4], [[3, 4]])
    under = kept_under(second, (0.0, 0.0, 200.0, 100.0))
    assert under.crs == roads.crs
    assert_geodataframe_equal(under, ways)
    with pytest.raises(AssertionError, match="roads are read"):
        second.snapped(ends[0], "walk", on_motorways=False)


def test_what_is_kept_is_of_these_roads_this_section_and_these_points(source_of, kept):
    west, east = at((0, 0)), at((200, 0))
    asked = [
        (west, east, REACH),
        (east, west, REACH),
        (west, east, Reach(limit_min=3.0)),
        (west, east, Reach(limit_m=900)),
    ]
    keys = set()
    for network in ("", "snap_limit_m = 77", "access_speed_kph = 5", "turns = {left_s = 9.0}"):
        for demand, sites, reach in asked:
            source = source_of(network)
            source.between(demand, sites, reach)
            before = len(keys)
            keys |= {p.stem for p in kept.iterdir()}
            assert len(keys) > before
    assert source_of().between(west, east, REACH).nnz == 1
    assert {p.stem for p in kept.iterdir()} == keys


def test_a_reach_that_runs_share_is_computed_for_the_longest_and_cut(source_of):
    short, long = Reach(limit_min=0.2), Reach(limit_min=2.0)
    ends = at((0, 0)), at((100, 0), (200, 0))
    alone, shared = source_of(), source_of()
    shared.widest = {short: long, long: long}
    assert (shared.between(*ends, short) != alone.between(*ends, short)).nnz == 0
    assert (shared.between(*ends, long) != alone.between(*ends, long)).nnz == 0
    assert alone.between(*ends, short).nnz == 1


def test_another_process_is_given_what_was_computed_and_no_roads(source_of):
    source = source_of()
    travel = source.between(at((0, 0)), at((200, 0)), REACH)
    sent = pickle.loads(pickle.dumps(source))  # noqa: S301
    assert sent._edges is None
    assert (sent.between(at((0, 0)), at((200, 0)), REACH) != travel).nnz == 0
    assert sent._edges is None
    assert sent.between(at((0, 0)), at((100, 0)), REACH).nnz == 1  # reads the roads by itself
