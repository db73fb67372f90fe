"""Arrays that took long to compute, kept on disk under the hash of all that they depend on; spoiled ones are remade."""

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from models._version import __version__
from models.messages import Message, say

FORMAT = b"siting travel 4\n"
"""Goes into every key too: another number where the same inputs have another travel, by another rule."""
DIGEST_BYTES = 32
LENGTH_BYTES = 8
"""The length of the head, a whole number, stands before it."""
SUFFIX = ".travel"
VARIABLE = "SITING_CACHE"

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class ArrayCache:
    """A folder of arrays. Any file in it may be deleted at any time; `notice` is told of spoiled ones.

    What was computed in less than `worth_s` seconds is not kept; beyond `most_bytes` what was written longest ago goes.
    """

    folder: Path
    notice: Callable[[Message], None] = lambda _: None
    worth_s: float = 0.0
    most_bytes: float = 4e9

    def found(self, key: str) -> Arrays | None:
        """The arrays kept under a key; None where there are none or they are spoiled."""
        path = self._path(key)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            told = {"file": path.name, "why": str(error)}
            self.notice(say("{file} in the travel cache cannot be read ({why}); it is computed again", **told))
            return None
        body, digest = memoryview(content)[:-DIGEST_BYTES], content[-DIGEST_BYTES:]
        if body[: len(FORMAT)] != FORMAT or hashlib.blake2b(body, digest_size=DIGEST_BYTES).digest() != digest:
            self.notice(say("{file} in the travel cache is spoiled; it is computed again", file=path.name))
            return None
        return _unpacked(body[len(FORMAT) :])

    def keep(self, key: str, arrays: Arrays, spent_s: float) -> None:
        """Keep arrays that took so many seconds, where that is worth it."""
        if spent_s < self.worth_s:
            return
        path = self._path(key)
        try:
            _write(arrays, path)
            self._tidy(path)
        except OSError as error:
            self.notice(say("travel is not kept for the next run: {why}", why=str(error)))

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}{SUFFIX}"

    def _tidy(self, newest: Path) -> None:
        """Delete the files written longest ago until the folder is small enough; never the newest."""
        files = sorted((p for p in self.folder.glob(f"*{SUFFIX}") if p != newest), key=lambda p: p.stat().st_mtime)
        excess = sum(p.stat().st_size for p in (*files, newest)) - self.most_bytes
        for path in files:
            if excess <= 0:
                return
            excess -= path.stat().st_size
            path.unlink(missing_ok=True)


def cache_folder(study_folder: Path) -> Path | None:
    """Where a study keeps what took long: what SITING_CACHE names, else `.siting-cache` beside it; None for `off`."""
    said = os.environ.get(VARIABLE, "")
    if said.lower() in ("off", "0", "no"):
        return None
    return Path(said) if said else study_folder / ".siting-cache"


def key_of(*parts: str | NDArray[Any] | None) -> str:
    """The hash of everything that arrays depend on, and of the version that computes them."""
    state = hashlib.blake2b(FORMAT + __version__.encode(), digest_size=DIGEST_BYTES)
    for part in parts:
        if part is None or isinstance(part, str):
            content = repr(part).encode()
            state.update(f"text {len(content)}\0".encode() + content)
        else:
            state.update(f"{part.dtype}{part.shape}\0".encode())
            state.update(np.ascontiguousarray(part).data)
    return state.hexdigest()


def _write(arrays: Arrays, path: Path) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    head = json.dumps([[name, array.dtype.str, array.shape] for name, array in plain.items()]).encode()
    length = len(head).to_bytes(LENGTH_BYTES, "little")
    state = hashlib.blake2b(digest_size=DIGEST_BYTES)
    draft = path.with_name(f".{path.stem}-{uuid4().hex}")
    try:
        with draft.open("wb") as file:
            for part in (FORMAT, length, head, *(array.tobytes() for array in plain.values())):
                state.update(part)
                file.write(part)
            file.write(state.digest())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _unpacked(body: memoryview) -> Arrays:
    place = LENGTH_BYTES + int.from_bytes(body[:LENGTH_BYTES], "little")
    arrays: dict[str, NDArray[Any]] = {}
    for name, dtype, shape in json.loads(bytes(body[LENGTH_BYTES:place])):
        count = int(np.prod(shape, dtype=np.int64))
        arrays[name] = np.frombuffer(body, dtype=np.dtype(dtype), count=count, offset=place).reshape(shape).copy()
        place += arrays[name].nbytes
    return arrays
