"""Travel matrices kept on disk under the hash of everything they depend on; a spoiled file is noticed and remade."""

import hashlib
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from models._version import __version__
from models.messages import Message, say
from solver.network.roadnetwork import RoadNetwork
from solver.network.snapping import SnappedPoints
from solver.network.travel import k_nearest, travel_times

FORMAT = b"siting travel 3\n"
"""Goes into every key too: another number where the same inputs have another travel, by another rule."""
DIGEST_BYTES = 32
SUFFIX = ".travel"
VARIABLE = "SITING_CACHE"
DEFAULTS = {"impedance": "time_s", "direction": "to_site", "access": True, "cutoff": np.inf}
BESIDE_THE_POINT = ("jobs", "progress")


@dataclass(frozen=True)
class TravelCache:
    """A folder of travel matrices. Any file in it may be deleted at any time; `notice` is told of spoiled ones.

    Matrices computed in less than `worth_s` seconds are not kept; beyond `most_bytes` those written longest ago go.
    """

    folder: Path
    notice: Callable[[Message], None] = lambda _: None
    worth_s: float = 0.0
    most_bytes: float = 4e9

    def travel_times(
        self, network: RoadNetwork, sites: SnappedPoints, demand: SnappedPoints, **options: Any
    ) -> csr_array:
        """As `solver.network.travel.travel_times`, computed only when the same was not computed before."""
        return self._kept(travel_times, network, sites, demand, options)

    def k_nearest(self, network: RoadNetwork, sites: SnappedPoints, demand: SnappedPoints, **options: Any) -> csr_array:
        """As `solver.network.travel.k_nearest`, computed only when the same was not computed before."""
        return self._kept(k_nearest, network, sites, demand, options)

    def _kept(
        self,
        compute: Callable[..., csr_array],
        network: RoadNetwork,
        sites: SnappedPoints,
        demand: SnappedPoints,
        options: Mapping[str, Any],
    ) -> csr_array:
        path = self.folder / f"{travel_key(network, sites, demand, **options)}{SUFFIX}"
        kept = self._read(path)
        if kept is not None:
            return kept
        begun = time.perf_counter()
        matrix = compute(network, sites, demand, **options)
        if time.perf_counter() - begun >= self.worth_s:
            try:
                _write(matrix, path)
                self._tidy(path)
            except OSError as error:
                self.notice(say("travel is not kept for the next run: {why}", why=str(error)))
        return matrix

    def _read(self, path: Path) -> csr_array | None:
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            told = {"file": path.name, "why": str(error)}
            self.notice(say("{file} in the travel cache cannot be read ({why}); it is computed again", **told))
            return None
        body, digest = memoryview(content)[:-DIGEST_BYTES], content[-DIGEST_BYTES:]
        if body[: len(FORMAT)] != FORMAT or _digest(body) != digest:
            self.notice(say("{file} in the travel cache is spoiled; it is computed again", file=path.name))
            return None
        return _unpacked(body[len(FORMAT) :])

    def _tidy(self, newest: Path) -> None:
        """Delete the matrices written longest ago until the folder is small enough; never the newest."""
        files = sorted((p for p in self.folder.glob(f"*{SUFFIX}") if p != newest), key=lambda p: p.stat().st_mtime)
        excess = sum(p.stat().st_size for p in (*files, newest)) - self.most_bytes
        for path in files:
            if excess <= 0:
                return
            excess -= path.stat().st_size
            path.unlink(missing_ok=True)


def cache_folder(study_folder: Path) -> Path | None:
    """Where a study keeps its matrices: what SITING_CACHE names, else `.siting-cache` beside it; None for `off`."""
    said = os.environ.get(VARIABLE, "")
    if said.lower() in ("off", "0", "no"):
        return None
    return Path(said) if said else study_folder / ".siting-cache"


def travel_key(network: RoadNetwork, sites: SnappedPoints, demand: SnappedPoints, **options: Any) -> str:
    """The hash of everything a matrix depends on: arcs, their costs, both sets of points, options, format."""
    asked = {**DEFAULTS, **{key: value for key, value in options.items() if key not in BESIDE_THE_POINT}}
    state = hashlib.blake2b(FORMAT, digest_size=DIGEST_BYTES)
    state.update(__version__.encode())
    state.update(repr(sorted(asked.items())).encode())
    state.update(repr(network.turns).encode())
    arrays = [network.tail, network.head, network.arc_edge, network.arc_forward, network.weight(asked["impedance"])]
    if network.turns is not None:
        arrays.append(network.node_xy)
    for points in (sites, demand):
        arrays += [points.edge, points.fraction, points.distance_m, points.access_s]
        arrays += [] if points.point_xy is None else [points.point_xy]
    for array in arrays:
        state.update(f"{array.dtype}{array.shape}".encode())
        state.update(np.ascontiguousarray(array).data)
    return state.hexdigest()


def _digest(body: memoryview) -> bytes:
    return hashlib.blake2b(body, digest_size=DIGEST_BYTES).digest()


def _write(matrix: csr_array, path: Path) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sizes = np.array([*matrix.shape, matrix.nnz], dtype=np.int64)
    arrays = (sizes, matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32), matrix.data)
    state = hashlib.blake2b(digest_size=DIGEST_BYTES)
    draft = path.with_name(f".{path.stem}-{uuid4().hex}")
    try:
        with draft.open("wb") as file:
            for part in (FORMAT, *(np.ascontiguousarray(array).tobytes() for array in arrays)):
                state.update(part)
                file.write(part)
            file.write(state.digest())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _unpacked(body: memoryview) -> csr_array:
    rows, columns, stored = (int(n) for n in np.frombuffer(body, dtype=np.int64, count=3))
    place = 3 * 8
    arrays: list[NDArray[Any]] = []
    for dtype, count in ((np.int64, rows + 1), (np.int32, stored), (np.float64, stored)):
        arrays.append(np.frombuffer(body, dtype=dtype, count=count, offset=place).copy())
        place += arrays[-1].nbytes
    indptr, indices, data = arrays
    matrix = csr_array((data, indices, indptr), shape=(rows, columns))
    matrix.has_sorted_indices = True
    return matrix
