"""The longest reach of the runs of a sweep: travel is computed for it once, and cut to each run's reach."""

from collections.abc import Iterable

from solver.study.schema import Reach, Study


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
