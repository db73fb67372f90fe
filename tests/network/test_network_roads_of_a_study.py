import numpy as np
import pytest

from solver.inputs.travel import Points, travel_source
from solver.network.store import write_edges
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


def test_long_computations_are_kept_beside_the_study_and_progress_is_told(source_of, tmp_path, monkeypatch):
    monkeypatch.delenv("SITING_CACHE", raising=False)
    monkeypatch.setattr("solver.inputs.travel.WORTH_KEEPING_S", 0.0)
    told = []
    first = source_of(listen=lambda text, share: told.append((text, share))).between(at((0, 0)), at((200, 0)), REACH)
    assert ("travel of 1 places and 1 sites", 1.0) in told
    (kept,) = (tmp_path / ".siting-cache").iterdir()
    told.clear()
    again = source_of(listen=lambda text, share: told.append((text, share))).between(at((0, 0)), at((200, 0)), REACH)
    assert (again.data == first.data).all()
    assert ("travel of 1 places and 1 sites", 1.0) not in told  # nothing was searched
    kept.write_bytes(kept.read_bytes()[:-1])
    source_of(listen=lambda text, share: told.append((text, share))).between(at((0, 0)), at((200, 0)), REACH)
    assert (f"{kept.name} in the travel cache is spoiled; it is computed again", None) in told
