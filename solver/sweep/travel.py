"""Travel that the runs of a sweep share: computed once for the longest reach, kept on disk, cut to each run's reach."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4
from zipfile import BadZipFile

import scipy.sparse as sp

from models._version import __version__
from models.arrays import Sparse, pairs_of, sparse_from_pairs
from models.limits import within as is_within
from solver.inputs.identity import identity_of
from solver.inputs.travel import Points, Roads
from solver.network.cache import FORMAT
from solver.study.schema import Reach, Study


@dataclass(eq=False)
class SharedRoads(Roads):
    """Roads whose matrices lie in `folder` for every process of a sweep; `widest` gives each reach's longest sibling.

    A matrix on disk makes reading and building the road network unnecessary.
    """

    folder: Path = field(default_factory=Path)
    widest: Mapping[Reach, Reach] = field(default_factory=dict)
    _shared: dict[str, Sparse] = field(default_factory=dict)
    _network_hash: str = ""

    def between(self, demand: Points, sites: Points, reach: Reach) -> Sparse:
        """Travel within the reach."""
        wide = self.widest.get(reach, reach)
        key = self._key(demand, sites, wide)
        if key not in self._shared:
            kept = self._kept(key)
            self._shared[key] = self._computed(key, demand, sites, wide) if kept is None else kept
        return within(self._shared[key], reach.limit)

    def _computed(self, key: str, demand: Points, sites: Points, wide: Reach) -> Sparse:
        travel = super().between(demand, sites, wide)
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.folder / f".{key}-{uuid4().hex}.npz"
        try:
            sp.save_npz(draft, travel, compressed=False)
            draft.replace(self._path(key))
        finally:
            draft.unlink(missing_ok=True)
        return travel

    def _kept(self, key: str) -> Sparse | None:
        """The matrix on disk; None where there is none or it is spoiled."""
        try:
            with self._path(key).open("rb") as file:
                return sp.csr_array(sp.load_npz(file))
        except (OSError, BadZipFile, ValueError, KeyError, EOFError):
            return None

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.npz"

    def _key(self, demand: Points, sites: Points, reach: Reach) -> str:
        """The hash of everything the matrix depends on."""
        if not self._network_hash:
            self._network_hash = identity_of(self.path)
        state = hashlib.blake2b(digest_size=16)
        crs = self.crs.to_string() if self.crs is not None else ""
        section, asked = self.section.model_dump_json(), reach.model_dump_json()
        for text in (__version__, FORMAT.decode(), self._network_hash, crs, section, asked):
            state.update(text.encode() + b"\0")
        for points in (demand, sites):
            state.update("\n".join(points.ids).encode() + b"\0")
            state.update(b"" if points.xy is None else points.xy.tobytes())
        return state.hexdigest()


def within(travel: Sparse, limit: float) -> Sparse:
    """The pairs whose impedance is at most `limit`."""
    rows, columns, values = pairs_of(travel)
    keep = is_within(values, limit)
    return travel if keep.all() else sparse_from_pairs(rows[keep], columns[keep], values[keep], travel.shape)


def widest_reaches(studies: Iterable[Study]) -> dict[Reach, Reach]:
    """Every reach of the studies -> the longest at the same place with the same mode, unit and direction."""
    longest: dict[tuple[object, ...], Reach] = {}
    for place, reach in _placed(studies):
        kind = (place, reach.mode, reach.direction, reach.unit, reach.access)
        if kind not in longest or reach.limit > longest[kind].limit:
            longest[kind] = reach
    found: dict[Reach, Reach] = {}
    for place, reach in _placed(studies):
        wide = longest[place, reach.mode, reach.direction, reach.unit, reach.access]
        if reach not in found or wide.limit > found[reach].limit:
            found[reach] = wide
    return found


def _placed(studies: Iterable[Study]) -> list[tuple[str, Reach]]:
    """Every reach of the studies with the place where it stands."""
    found = []
    for study in studies:
        for name, programme in study.programmes.items():
            reaches = [programme.reach, *(tier.reach for tier in programme.tiers)]
            found += [(f"{name}.{i}", reach) for i, reach in enumerate(reaches) if reach is not None]
    return found
