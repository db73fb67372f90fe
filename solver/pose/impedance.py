"""What travel counts as: limits of single places, and impedances that grow faster or slower than the way."""

from models.arrays import FloatArray, Sparse, pairs_of, sparse_from_pairs
from models.limits import within
from models.messages import say
from solver.errors import StudyError
from solver.findings import Finding
from solver.network.transforms import exponential, power, transformed
from solver.study.schema import Impedance

PER = {"m": (1000.0, "km"), "s": (60.0, "min")}
"""Unit of a reach -> how many of them make the unit of an impedance, and its name."""
LARGEST_POWER = 50.0
"""Impedances beyond e to this are no longer told apart by an engine."""


def within_own_limits(travel: Sparse, limit: FloatArray | None) -> Sparse:
    """Travel (n_demand, n_sites) without the pairs beyond the place's own limit (n_demand,), in the same unit."""
    if limit is None:
        return travel
    place, site, value = pairs_of(travel)
    keep = within(value, limit[place])
    return sparse_from_pairs(place[keep], site[keep], value[keep], travel.shape)


def impedance_unit(impedance: Impedance | None, unit: str) -> str:
    """What impedances of travel in m or s are counted in."""
    if impedance is None:
        return unit
    per = PER[unit][1]
    return f"{per}^{impedance.exponent:g}" if impedance.shape == "power" else f"exp({impedance.rate:g} {per})"


def as_impedance(travel: Sparse, impedance: Impedance | None, unit: str, place: str) -> Sparse:
    """Travel (n_demand, n_sites) in m or s as what it counts as; StudyError where that grows beyond all numbers."""
    if impedance is None:
        return travel
    scale, per = PER[unit]
    if impedance.shape == "power":
        return transformed(travel, lambda t: power(impedance.exponent)(t / scale))
    rate = impedance.rate or 0.0
    farthest = float(travel.data.max(initial=0.0)) / scale
    if rate * farthest > LARGEST_POWER:
        told = {"rate": rate, "farthest": farthest, "per": per, "power": rate * farthest}
        fact = say("is {rate:g}; at {farthest:.6g} {per} the impedance is e^{power:.0f}, too large to add up", **told)
        remedy = say("use at most {most:.3g}, or a shorter reach", most=LARGEST_POWER / farthest)
        raise StudyError(Finding(f"{place}.impedance.rate", fact, remedy))
    return transformed(travel, lambda t: exponential(rate)(t / scale))
