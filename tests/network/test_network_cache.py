import os
from dataclasses import replace

import numpy as np
import pytest

from solver.network import cache as cache_module
from solver.network.cache import TravelCache, cache_folder, travel_key
from solver.network.graph import build_network
from solver.network.roadnetwork import TurnCosts


@pytest.fixture
def town(random_edges_of, random_points_on):
    rng = np.random.default_rng(3)
    network = build_network(random_edges_of(rng, 60, 160))
    return network, random_points_on(rng, network, 8), random_points_on(rng, network, 30)


@pytest.fixture
def counted(monkeypatch):
    """How often travel was really computed."""
    calls = []
    for name in ("travel_times", "k_nearest"):
        real = getattr(cache_module, name)

        def counting(*args, real=real, **options):
            calls.append(options)
            return real(*args, **options)

        monkeypatch.setattr(cache_module, name, counting)
    return calls


def same(a, b):
    return a.shape == b.shape and all((getattr(a, n) == getattr(b, n)).all() for n in ("data", "indices", "indptr"))


def test_the_same_question_is_computed_once(town, tmp_path, counted):
    cache = TravelCache(tmp_path / "deep" / "cache")
    first = cache.travel_times(*town, cutoff=200.0, jobs=1)
    again = cache.travel_times(*town, cutoff=200.0, jobs=2, direction="to_site")
    assert same(first, again)
    assert first.nnz > 20
    assert len(counted) == 1
    assert cache.k_nearest(*town, k=2).nnz == 60
    assert same(cache.k_nearest(*town, k=2), cache.k_nearest(*town, k=2))
    assert len(counted) == 2


def test_everything_that_matters_changes_the_key(town):
    network, sites, demand = town
    asked = {"cutoff": 200.0}
    arc = network.arc_edge[0]
    slower = replace(network, time_s=np.where(network.arc_edge == arc, 1.5, 1.0) * network.time_s)
    moved = replace(sites, fraction=np.append(sites.fraction[:-1], 0.123))
    farther = replace(demand, access_s=demand.access_s + 1)
    keys = [
        travel_key(network, sites, demand, **asked),
        travel_key(network, sites, demand, cutoff=201.0),
        travel_key(network, sites, demand, **asked, direction="from_site"),
        travel_key(network, sites, demand, **asked, impedance="length_m"),
        travel_key(network, sites, demand, **asked, access=False),
        travel_key(network, sites, demand, **asked, k=3),
        travel_key(network, demand, sites, **asked),
        travel_key(slower, sites, demand, **asked),
        travel_key(replace(network, turns=TurnCosts(1, 0, 0)), sites, demand, **asked),
        travel_key(network, moved, demand, **asked),
        travel_key(network, sites, farther, **asked),
    ]
    assert len(set(keys)) == len(keys)
    assert travel_key(network, sites, demand, **asked, jobs=2, progress=print) == keys[0]


@pytest.mark.parametrize("how", ["cut short", "one bit", "empty", "another file"])
def test_a_spoiled_file_is_noticed_and_made_again(town, tmp_path, counted, how):
    heard = []
    cache = TravelCache(tmp_path, heard.append)
    right = cache.travel_times(*town, cutoff=200.0)
    (path,) = tmp_path.iterdir()
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle] ^= 1
    spoiled = {"cut short": content[:middle], "one bit": content, "empty": b"", "another file": b"id,x\n" * 99}[how]
    path.write_bytes(bytes(spoiled))
    assert same(cache.travel_times(*town, cutoff=200.0), right)
    assert heard == [f"{path.name} in the travel cache is spoiled; it is computed again"]
    assert same(cache.travel_times(*town, cutoff=200.0), right)
    assert len(counted) == 2
    assert len(heard) == 1


def test_a_folder_that_cannot_be_written_is_said_and_the_answer_still_comes(town, tmp_path):
    heard = []
    (tmp_path / "taken").write_text("a file where the folder should be")
    found = TravelCache(tmp_path / "taken", heard.append).travel_times(*town, cutoff=200.0)
    assert found.nnz > 20
    assert "travel is not kept for the next run" in str(heard[-1])


def test_quick_answers_are_not_kept_and_old_ones_go_when_there_is_too_much(town, tmp_path):
    assert TravelCache(tmp_path / "none", worth_s=1000).travel_times(*town, cutoff=200.0).nnz
    assert not (tmp_path / "none").exists()
    cache = TravelCache(tmp_path / "some")
    for age, cutoff in enumerate([200.0, 150.0, 100.0]):
        cache.travel_times(*town, cutoff=cutoff)
        for path in (tmp_path / "some").iterdir():
            os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns - 10**9 * (3 - age)))
    oldest = travel_key(*town, cutoff=200.0)
    room = sum(path.stat().st_size for path in (tmp_path / "some").iterdir())
    replace(cache, most_bytes=room).travel_times(*town, cutoff=120.0)
    names = {path.stem for path in (tmp_path / "some").iterdir()}
    assert len(names) == 3
    assert oldest not in names


def test_the_folder_lies_beside_the_study_unless_told_otherwise(tmp_path, monkeypatch):
    monkeypatch.delenv("SITING_CACHE", raising=False)
    assert cache_folder(tmp_path) == tmp_path / ".siting-cache"
    monkeypatch.setenv("SITING_CACHE", str(tmp_path / "elsewhere"))
    assert cache_folder(tmp_path) == tmp_path / "elsewhere"
    monkeypatch.setenv("SITING_CACHE", "off")
    assert cache_folder(tmp_path) is None
