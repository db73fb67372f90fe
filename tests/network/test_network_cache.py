import os
from dataclasses import replace

import numpy as np
import pytest

from solver.network.cache import ArrayCache, cache_folder, key_of

ARRAYS = {
    "data": np.array([1.5, np.inf, 0.0]),
    "indices": np.array([2, 0, 1], dtype=np.int32),
    "names": np.array(["株洲", ""]),
    "none": np.zeros((0, 2)),
}


def same(a, b):
    return list(a) == list(b) and all(a[n].dtype == b[n].dtype and np.array_equal(a[n], b[n]) for n in a)


def test_what_was_kept_is_found_as_it_was(tmp_path):
    cache = ArrayCache(tmp_path / "deep" / "cache")
    assert cache.found("a") is None
    cache.keep("a", ARRAYS, 2.0)
    assert same(cache.found("a"), ARRAYS)
    assert cache.found("b") is None


def test_parts_of_a_key_do_not_run_into_each_other():
    one, two = np.array([1.0]), np.array([2.0])
    keys = [
        key_of("a", "b"),
        key_of("ab"),
        key_of("b", "a"),
        key_of("a", None),
        key_of("a", "None"),
        key_of(one, two),
        key_of(two, one),
        key_of(np.array([1.0, 2.0])),
        key_of(np.array([[1.0, 2.0]])),
        key_of(np.array([1, 2])),
    ]
    assert len(set(keys)) == len(keys)
    assert key_of("a", one) == key_of("a", one.copy())


@pytest.mark.parametrize("how", ["cut short", "one bit", "empty", "another file"])
def test_a_spoiled_file_is_noticed_and_not_taken(tmp_path, how):
    heard = []
    cache = ArrayCache(tmp_path, heard.append)
    cache.keep("a", ARRAYS, 0.0)
    (path,) = tmp_path.iterdir()
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle] ^= 1
    spoiled = {"cut short": content[:middle], "one bit": content, "empty": b"", "another file": b"id,x\n" * 99}[how]
    path.write_bytes(bytes(spoiled))
    assert cache.found("a") is None
    assert heard == [f"{path.name} in the travel cache is spoiled; it is computed again"]
    cache.keep("a", ARRAYS, 0.0)
    assert same(cache.found("a"), ARRAYS)
    assert len(heard) == 1


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    heard = []
    (tmp_path / "taken").write_text("a file where the folder should be")
    ArrayCache(tmp_path / "taken", heard.append).keep("a", ARRAYS, 0.0)
    assert "travel is not kept for the next run" in str(heard[-1])


def test_quick_answers_are_not_kept_and_old_ones_go_when_there_is_too_much(tmp_path):
    ArrayCache(tmp_path / "none", worth_s=1000).keep("a", ARRAYS, 999.0)
    assert not (tmp_path / "none").exists()
    cache = ArrayCache(tmp_path / "some")
    for age, key in enumerate("abc"):
        cache.keep(key, ARRAYS, 0.0)
        for path in (tmp_path / "some").iterdir():
            os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns - 10**9 * (3 - age)))
    room = sum(path.stat().st_size for path in (tmp_path / "some").iterdir())
    replace(cache, most_bytes=room).keep("d", ARRAYS, 0.0)
    assert {path.stem for path in (tmp_path / "some").iterdir()} == {"b", "c", "d"}


def test_the_folder_lies_beside_the_study_unless_told_otherwise(tmp_path, monkeypatch):
    monkeypatch.delenv("SITING_CACHE", raising=False)
    assert cache_folder(tmp_path) == tmp_path / ".siting-cache"
    monkeypatch.setenv("SITING_CACHE", str(tmp_path / "elsewhere"))
    assert cache_folder(tmp_path) == tmp_path / "elsewhere"
    monkeypatch.setenv("SITING_CACHE", "off")
    assert cache_folder(tmp_path) is None
