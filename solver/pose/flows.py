"""Posing `flow-refuelling`: trips between terminals on the roads that the vehicles use."""

import numpy as np

from models.flow.drive import refuelled
from models.flow.problem import FlowProblem, Vehicle, shortest_ways
from models.flow.refuelling import FlowRefuelling
from models.limits import within
from models.messages import Listed, Message, say
from solver.errors import StudyError
from solver.findings import Finding
from solver.inputs.instance import FlowInputs, ProgrammeInputs
from solver.inputs.roads import NO_STOPPING, Points, Roads
from solver.inputs.travel import TravelSource
from solver.network.cache import Arrays
from solver.network.snapping import SnappedPoints, nearest
from solver.optimise.methods import posed
from solver.optimise.posed import PosedProgramme
from solver.pose.faults import is_missing
from solver.pose.rules import rules_of
from solver.pose.trunk import graph_with_points
from solver.study import schema
from solver.study.section import Mode


def pose_flow_refuelling(inputs: ProgrammeInputs, source: TravelSource) -> PosedProgramme:
    """`flow-refuelling`: the most vehicles refuelled on their trips; StudyError where flows, vehicle or roads lack."""
    place = f"programmes.{inputs.name}"
    programme = inputs.programme
    missing = [key for key, value in (("flows", inputs.flows), ("vehicle", programme.vehicle)) if value is None]
    if inputs.flows is None or programme.vehicle is None:
        raise StudyError(*(is_missing(inputs, key) for key in missing))
    if not isinstance(source, Roads):
        fact = say("{model} needs the roads between stations", model=programme.model)
        raise StudyError(Finding(place, fact, say("give the study a [network]")))
    problem = flow_problem(inputs, inputs.flows, programme.vehicle, source)
    vehicle = vehicle_of(programme.vehicle)
    with_all = refuelled(problem, vehicle, ~problem.sites.fixed_closed)
    total = float(problem.weight.sum())
    return posed(
        inputs,
        FlowRefuelling(problem, vehicle),
        rules_of(inputs),
        unit=_unit(inputs),
        facts={
            "total_flow": total,
            "flow_refuelled_with_all_sites_open": float(problem.weight @ with_all),
            "tank_convention": _convention(vehicle),
        },
    )


def vehicle_of(section: schema.Vehicle) -> Vehicle:
    """The study's vehicle in metres."""
    return Vehicle(
        range_m=1000.0 * section.range_km,
        start_fraction=section.start_fraction,
        round_trip=section.round_trip,
        max_detour_m=1000.0 * section.max_detour_km,
        kg_per_refuel=section.kg_per_refuel,
    )


def flow_problem(inputs: ProgrammeInputs, flows: FlowInputs, vehicle: schema.Vehicle, source: Roads) -> FlowProblem:
    """Flows, sites and the ways between them along the vehicle's road classes."""
    classes = tuple(vehicle.road_classes)

    def compute() -> Arrays:
        points = Points(inputs.sites.ids, inputs.sites.xy)
        snapped = source.snapped(points, vehicle.mode, on_motorways=True, classes=classes)
        ends = _terminals(flows, vehicle.mode, classes, source)
        graph = graph_with_points(source.network(vehicle.mode, classes), (ends, snapped))
        nodes, position = np.unique(np.concatenate(graph.node_of), return_inverse=True)
        return {"position": position, "distance_m": shortest_ways((graph.tail, graph.head, graph.length_m), nodes)}

    ways = source.kept("ways", (vehicle.mode, repr(classes), flows.terminal_xy, inputs.sites.xy), compute)
    position = ways["position"]
    of_terminal = position[: len(flows.terminal_ids)]
    problem = FlowProblem(
        sites=inputs.sites,
        site_point=position[len(flows.terminal_ids) :],
        origin=of_terminal[flows.origin],
        destination=of_terminal[flows.destination],
        weight=flows.weight,
        distance_m=ways["distance_m"],
    )
    _refuse_flows_without_way(inputs.name, flows, problem)
    return problem


def _terminals(flows: FlowInputs, mode: Mode, classes: tuple[str, ...], source: Roads) -> SnappedPoints:
    """Terminals on the road: off motorways where another road is near enough, on them where the trip comes from
    outside the study by motorway."""
    points = Points(flows.terminal_ids, flows.terminal_xy)
    on_any = source.snapped(points, mode, on_motorways=True, classes=classes)
    network = source.network(mode, classes)
    if np.isin(network.road_class.astype(str), NO_STOPPING).all():
        return on_any
    off = nearest(
        network,
        points.ids,
        flows.terminal_xy,
        access_speed_kph=source.section.access_speed_kph,
        avoid=NO_STOPPING,
    )
    far = ~within(off.distance_m, source.section.snap_limit_m)
    return SnappedPoints(
        ids=off.ids,
        edge=np.where(far, on_any.edge, off.edge),
        fraction=np.where(far, on_any.fraction, off.fraction),
        distance_m=np.where(far, on_any.distance_m, off.distance_m),
        access_s=np.where(far, on_any.access_s, off.access_s),
        xy=np.where(far[:, None], on_any.xy, off.xy),
        point_xy=off.point_xy,
    )


def _refuse_flows_without_way(name: str, flows: FlowInputs, problem: FlowProblem) -> None:
    there = np.isfinite(problem.distance_m[problem.origin, problem.destination])
    back = np.isfinite(problem.distance_m[problem.destination, problem.origin])
    lost = np.flatnonzero(~(there & back))
    if len(lost):
        named = [f"{flows.terminal_ids[flows.origin[f]]} - {flows.terminal_ids[flows.destination[f]]}" for f in lost]
        fact = say("no way on the vehicle's roads between {pairs}", pairs=Listed(named, 10))
        raise StudyError(Finding(f"programmes.{name}.flows", fact, say("add road_classes, or take these flows out")))


def _convention(vehicle: Vehicle) -> Message:
    trip = say("round trip, ends with at least what it began with") if vehicle.round_trip else say("one way")
    ties = say("any shortest path")
    if vehicle.max_detour_m:
        ties = say("any path up to {detour_m:g} m longer", detour_m=vehicle.max_detour_m)
    return say("{start:g} of a tank at the origin; {trip}; {ties}", start=vehicle.start_fraction, trip=trip, ties=ties)


def _unit(inputs: ProgrammeInputs) -> str:
    return inputs.programme.flows.weight if inputs.programme.flows else "vehicles"
