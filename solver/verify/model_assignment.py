"""Assignment: `p-median` (Hakimi 1964), `fixed-charge` (Balinski 1965), `capacitated-cover` (Pirkul et al. 1991)."""

import numpy as np

from models.arrays import FloatArray, IntArray
from solver.verify.bounds import Draft, Terms
from solver.verify.case import Case, Model, always, money_name, never, of_all_places, of_none, travel_name, weight_name
from solver.verify.money import plan_cost
from solver.verify.program_assignment import assignment
from solver.verify.proven import proven_of_pairs
from solver.verify.service import allocated_weight

PER = {"m": "km", "s": "min"}


def _counted(case: Case) -> FloatArray:
    """What the travel of every pair counts as."""
    return np.array([case.counted(t) for t in case.pairs.travel.tolist()], dtype=np.float64)


def _p_median(draft: Draft, case: Case, opened: IntArray) -> Terms:
    return assignment(draft, case, opened, price_of_unit=_counted(case), must_serve=True, pays=False)


def _fixed_charge(draft: Draft, case: Case, opened: IntArray) -> Terms:
    price = price_of_travel(case) * _counted(case)
    return assignment(draft, case, opened, price_of_unit=price, must_serve=True, pays=True)


def _capacitated_cover(draft: Draft, case: Case, opened: IntArray) -> Terms:
    return assignment(draft, case, opened, price_of_unit=None, must_serve=False, pays=False)


def _sized(case: Case) -> bool:
    """Do capacities, modules or a least use decide who is served?"""
    p = case.programme
    limited = bool(np.isfinite(case.sites["capacity"][case.sites["may_open"]]).any())
    return limited or p.minimum_use is not None or bool(p.sizes)


def weighted_travel(case: Case) -> float:
    """Weight times travel: to the nearest open site, or as allocated within capacities."""
    weight = case.wanted
    if _sized(case):
        rows = zip(case.served["place"], case.served["site"], case.served["share"], strict=True)
        return float(sum(weight[i] * s * case.counted(case.travel_of[i, j]) for i, j, s in rows if weight[i] > 0))
    least, _ = case.nearest()
    return float(sum(weight[i] * case.counted(least[i]) for i in np.flatnonzero(weight > 0).tolist()))


def _travel_unit(case: Case) -> str:
    """Weight times what travel counts as."""
    travel, impedance = travel_name(case), case.programme.impedance
    if impedance is not None and impedance.shape == "power":
        travel = f"{PER[travel]}^{impedance.exponent:g}"
    elif impedance is not None:
        travel = f"exp({impedance.rate:g} {PER[travel]})"
    return f"{weight_name(case)} x {travel}"


def price_of_travel(case: Case) -> float:
    """Money per unit of weight and metre, second, or unit of what travel counts as."""
    p, in_metres = case.programme, case.pairs.unit == "m"
    price = (p.transport_per_km if in_metres else p.transport_per_min) or 0.0
    return price if p.impedance is not None else price / (1000.0 if in_metres else 60.0)


def carrying(case: Case) -> float:
    """What carrying from the sites costs."""
    price, weight = price_of_travel(case), case.wanted
    rows = zip(case.served["place"], case.served["site"], case.served["share"], strict=True)
    return float(sum(price * weight[i] * s * case.counted(case.travel_of[i, j]) for i, j, s in rows if weight[i] > 0))


P_MEDIAN = Model(
    keys=frozenset({"demand", "reach", "impedance", "unreachable", "single_source"}),
    sections={"Impedance": "shape exponent rate"},
    words={"Impedance.shape": ("power", "exponential")},
    maximises=never,
    unit=_travel_unit,
    worth=weighted_travel,
    bound=proven_of_pairs,
    program=_p_median,
    assigns=_sized,
    loaded=True,
    serves_all=always,
    leaves_out=False,
    goes_to_best=True,
    chooses=False,
    idle_is_waste=True,
    asks=of_none,
    full_value=of_all_places,
)
FIXED_CHARGE = Model(
    keys=frozenset(
        {"demand", "reach", "impedance", "unreachable", "single_source", "transport_per_km", "transport_per_min"}
    ),
    sections={"Impedance": "shape exponent rate"},
    words={"Impedance.shape": ("power", "exponential")},
    maximises=never,
    unit=money_name,
    worth=plan_cost,
    bound=proven_of_pairs,
    program=_fixed_charge,
    transport=carrying,
    assigns=always,
    loaded=True,
    serves_all=always,
    leaves_out=False,
    goes_to_best=False,
    chooses=False,
    idle_is_waste=True,
    asks=of_none,
    full_value=of_all_places,
)
CAPACITATED_COVER = Model(
    keys=frozenset({"demand", "reach", "single_source", "assignment", "phasing"}),
    words={"Programme.assignment": ("best", "nearest")},
    maximises=always,
    unit=weight_name,
    worth=allocated_weight,
    bound=proven_of_pairs,
    program=_capacitated_cover,
    lacks=("assignment",),
    assigns=always,
    loaded=True,
    serves_all=never,
    leaves_out=True,
    goes_to_best=False,
    chooses=True,
    idle_is_waste=True,
    asks=of_none,
    full_value=of_all_places,
)
