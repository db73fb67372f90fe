"""`flow-refuelling`: trips that can be driven over the open stations (Kuby and Lim 2005)."""

import numpy as np

from models.messages import Message, say
from solver.verify.case import Case, Model, always, never, of_none
from solver.verify.flows import drives_of, flow_weights, weight_refuelled
from solver.verify.verdict import TOLERANCE, Unchecked, apart, shown
from solver.verify.years import year_case


def refuelled(case: Case) -> float:
    """Vehicles a day refuelled: the trips that can be driven, or with capacities the shares that are told of them."""
    if not np.isfinite(case.sites["capacity"]).any():
        return weight_refuelled(case, case.open)
    table = case.layers.get("flows")
    if table is None:
        raise Unchecked(say("stations have capacities, and the result does not say which flows they refuel"))
    return float(flow_weights(case) @ table["refuelled_share"].to_numpy(dtype=np.float64))


def flows_are_refuelled_as_they_can_be_driven(case: Case) -> list[Message] | None:
    """The layer of flows: ends, vehicles and shares; a trip that cannot be driven is not refuelled, one that can is."""
    flows, table = case.inputs.flows, case.layers.get("flows")
    if flows is None or table is None:
        return None
    found = apart(say("rows of the layer of flows"), len(table), len(flows.weight))
    if found:
        return found
    ids, limited = flows.terminal_ids, np.isfinite(case.sites["capacity"]).any()
    driven = drives_of(case).refuelled(case.open)
    weights = flow_weights(case)
    for i, row in enumerate(table.itertuples()):
        name = f"{ids[flows.origin[i]]} - {ids[flows.destination[i]]}"
        found += apart(say("flow {n}", n=i + 1), f"{row.from_id} - {row.to_id}", name)
        found += apart(say("vehicles of {name}", name=name), float(row.weight), float(weights[i]))
        share = float(row.refuelled_share)
        if share > driven[i] + TOLERANCE or share < -TOLERANCE or (not limited and share < driven[i] - TOLERANCE):
            found.append(
                say("{name} is refuelled to {share:.4%}; its trip can be driven", name=name, share=share)
                if driven[i]
                else say("{name} is refuelled to {share:.4%}; its trip cannot be driven", name=name, share=share)
            )
    return found


def no_more_is_refuelled_than_stations_can(case: Case) -> list[Message] | None:
    """With capacities: no more than trips that can be driven, and than what the stations have in stock."""
    vehicle = case.programme.vehicle
    if vehicle is None or vehicle.kg_per_refuel is None or case.programme.phasing is not None:
        return None
    told, most = case.entry["objective"], weight_refuelled(case, case.open)
    slack = TOLERANCE * max(1.0, told)
    found = (
        [say("{told} are refuelled; at most {most} can be driven", told=shown(told), most=shown(most))]
        if told > most + slack
        else []
    )
    stock = case.sites["capacity"][case.sites["open"]].sum() / vehicle.kg_per_refuel
    needless = weight_refuelled(case, np.zeros(len(case.sites), dtype=bool))
    if told - needless > stock + slack:
        found.append(
            say(
                "{told} need a stop; the stations have {stock} stops a day",
                told=shown(told - needless),
                stock=shown(float(stock)),
            )
        )
    return found


def all_stations_are_a_bound(case: Case, bound: float) -> list[Message]:
    """No plan refuels more than all stations at once."""
    most = _with_all(case)
    if bound >= most - TOLERANCE * max(1.0, most):
        return []
    raise Unchecked(
        say(
            "with every site open {most} are refuelled; that fewer refuel at most {bound} is not proven",
            most=shown(most),
            bound=shown(bound),
        )
    )


def _year(case: Case, year: int) -> tuple[float, float | None]:
    """Value of one year, and its share of all trips."""
    flows, phasing = case.inputs.flows, case.programme.phasing
    if flows is None or phasing is None or np.isfinite(case.sites["capacity"]).any():
        raise Unchecked(say("the result does not say which flows are refuelled"))
    one = year_case(case, year)
    weight = flows.weight * phasing.years[year].growth
    total, value = float(weight.sum()), float(weight @ drives_of(one).refuelled(one.open))
    return value, value / total if total > 0 else None


def _unit(case: Case) -> str:
    flows = case.programme.flows
    return "vehicles" if flows is None else flows.weight


def _total(case: Case) -> float:
    return float(flow_weights(case).sum())


def _refuelled_share(case: Case) -> float:
    if case.programme.phasing is not None:
        raise Unchecked(say("the objective is summed over the years"))
    return float(case.entry["objective"] / _total(case))


def _with_all(case: Case) -> float:
    return weight_refuelled(case, case.sites["may_open"].to_numpy(dtype=bool))


FLOW_REFUELLING = Model(
    keys=frozenset({"flows", "vehicle", "phasing"}),
    sections={
        "Flows": "file origin destination weight terminals terminal_id",
        "Vehicle": "range_km start_fraction round_trip max_detour_km kg_per_refuel mode road_classes",
    },
    words={"Vehicle.mode": ("drive", "walk", "truck")},
    maximises=always,
    unit=_unit,
    worth=refuelled,
    bound=all_stations_are_a_bound,
    program=None,
    assigns=never,
    loaded=False,
    serves_all=never,
    leaves_out=False,
    goes_to_best=False,
    chooses=False,
    idle_is_waste=False,
    asks=of_none,
    full_value=_total,
    year=_year,
    share_of_year="refuelled_share",
    figures={
        "refuelled_share": _refuelled_share,
        "total_flow": _total,
        "flow_refuelled_with_all_sites_open": _with_all,
    },
    checks=(flows_are_refuelled_as_they_can_be_driven, no_more_is_refuelled_than_stations_can),
)
