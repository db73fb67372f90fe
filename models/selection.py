"""The least of some numbers, for compiled code: sorting takes numba seconds to compile and does more than is asked."""

from models.arrays import FloatArray, IntArray
from models.compiled import inner


@inner()
def least_first(value: FloatArray, size: int, k: int) -> None:
    """Rearrange `value[:size]` so that its `k` least numbers come first (Hoare 1961)."""
    low, high = 0, size - 1
    while low < high:
        pivot = value[(low + high) // 2]
        i, j = low, high
        while i <= j:
            while value[i] < pivot:
                i += 1
            while value[j] > pivot:
                j -= 1
            if i <= j:
                value[i], value[j] = value[j], value[i]
                i += 1
                j -= 1
        if k - 1 <= j:
            high = j
        elif k - 1 >= i:
            low = i
        else:
            return


@inner()
def sorted_distinct(value: IntArray, start: int, end: int) -> int:
    """Sort `value[start:end]` and move its distinct numbers to the front; where they end (Shell 1959)."""
    gap = 1
    while 3 * gap + 1 < end - start:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(start + gap, end):
            this, at = value[i], i
            while at >= start + gap and value[at - gap] > this:
                value[at] = value[at - gap]
                at -= gap
            value[at] = this
        gap //= 3
    kept = start
    for i in range(start, end):
        if kept == start or value[i] != value[kept - 1]:
            value[kept] = value[i]
            kept += 1
    return kept
