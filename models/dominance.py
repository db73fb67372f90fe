"""Sets that say no more than others: a row that holds all of another's sites, a site that reaches less than another.

Rows and columns of a set covering that dominate each other (Garfinkel and Nemhauser 1972, Integer programming, 8.2):
what covers a set covers every set that holds it, and a site that reaches no more than another can be left closed.
"""

import numpy as np
import numpy.typing as npt

from models.arrays import BoolArray, IntArray

Words = npt.NDArray[np.uint64]
WORD = 64


def packed(sets: BoolArray) -> Words:
    """The sets (n_sets, n_members) as words of bits (n_sets, n_words)."""
    n_sets, n_members = sets.shape
    bytes_ = np.zeros((n_sets, 8 * max(1, -(-n_members // WORD))), dtype=np.uint8)
    bits = np.packbits(sets, axis=1)
    bytes_[:, : bits.shape[1]] = bits
    return bytes_.view(np.uint64)


def unpacked(words: Words, n_members: int) -> BoolArray:
    """The inverse of `packed`."""
    return np.unpackbits(words.view(np.uint8), axis=1, count=n_members).astype(bool)


def least_sets(words: Words) -> IntArray:
    """Positions, rising, of the sets that hold no other one; of equal sets the first."""
    if not len(words):
        return np.empty(0, dtype=np.int64)
    members = np.bitwise_count(words)
    outside, last = np.ascontiguousarray(~words.T), members.argsort(axis=1)
    alive, kept = np.ones(len(words), dtype=bool), []
    for k in np.argsort(members.sum(axis=1, dtype=np.int64), kind="stable"):
        if alive[k]:
            kept.append(k)
            alive[_holding(words[k], outside, last[k, ::-1])] = False
    return np.sort(np.array(kept, dtype=np.int64))


def _holding(own: Words, outside: Words, order: IntArray) -> IntArray:
    """Positions of the sets that hold a set, by its words in some order, the fullest first; `outside` (n_words, n)."""
    found = np.flatnonzero((outside[order[0]] & own[order[0]]) == 0)
    for word in order[1:]:
        if len(found) == 1 or not own[word]:
            break
        found = found[(outside[word][found] & own[word]) == 0]
    return found


def greatest_sets(words: Words) -> IntArray:
    """Positions, rising, of the sets that no other one holds; of equal sets the first."""
    return least_sets(~words)
