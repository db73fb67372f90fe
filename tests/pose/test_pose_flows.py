"""Trips of a study on its roads: road classes, terminals at motorways, ways round for a station on one carriageway."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from models.flow.drive import refuelled
from models.formulation import formulate
from models.problem import Sites
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from solver.errors import LayerError, StudyError
from solver.inputs.instance import FlowInputs, ProgrammeInputs
from solver.inputs.roads import Roads
from solver.inputs.travel import Matrix
from solver.pose.flows import pose_flow_refuelling
from solver.study.schema import NetworkSection, Programme

KM = 1000.0


def roads(rows: list[tuple[int, int, list[tuple[float, float]], str, str]]) -> Roads:
    """Edges as (from, to, line in km, class, oneway) behind a study's road source."""
    lines = [shapely.LineString(np.array(line) * KM) for _, _, line, _, _ in rows]
    n = len(rows)
    frame = gpd.GeoDataFrame(
        {
            "edge_id": np.arange(n),
            "from_node": [r[0] for r in rows],
            "to_node": [r[1] for r in rows],
            "road_class": [r[3] for r in rows],
            "name": "",
            "ref": "",
            "length_m": [line.length for line in lines],
            "speed_kph": 60.0,
            "oneway": [r[4] for r in rows],
            "drive": True,
            "walk": True,
            "truck": True,
            "bridge": False,
            "tunnel": False,
            "level": np.zeros(n, dtype=np.int8),
        },
        geometry=lines,
        crs="EPSG:4547",
    )
    return Roads(NetworkSection(file="roads.parquet"), Path("roads.parquet"), None, _edges=frame)


def inputs_of(
    terminals: list[tuple[float, float]], sites: list[tuple[float, float]], **vehicle: object
) -> ProgrammeInputs:
    programme = Programme.model_validate(
        {
            "model": "flow-refuelling",
            "sites": {"file": "sites.csv", "id": "id"},
            "flows": {"file": "flows.csv", "terminals": {"file": "terminals.csv"}},
            "vehicle": {"range_km": 40.0} | vehicle,
        }
    )
    flows = FlowInputs(
        tuple(f"t{i}" for i in range(len(terminals))),
        np.array(terminals) * KM,
        np.array([0]),
        np.array([1]),
        np.array([7.0]),
    )
    named = Sites.of([f"s{j}" for j in range(len(sites))], xy=np.array(sites) * KM)
    return ProgrammeInputs("h2", programme, named, pd.DataFrame({"id": named.ids}), flows=flows)


STREET = [(0, 1, [(0.0, 0.0), (30.0, 0.0)], "primary", "both")]


def worth(inputs: ProgrammeInputs, source: Roads) -> float:
    posed = pose_flow_refuelling(inputs, source)
    answer = Highs().run(formulate(posed.formulation, posed.rules)[1], Ask(gap=0.0))
    assert answer.outcome.objective is not None
    return answer.outcome.objective


@pytest.mark.parametrize(("at_km", "refuels"), [(9.0, False), (10.0, True), (20.0, True), (21.0, False)])
def test_a_station_refuels_where_half_a_tank_reaches_it_and_a_tank_the_way_on_and_back(
    at_km: float, refuels: bool
) -> None:
    # 30 km there and back on 40 km, half of it at the start: at 10 km the way to the end and back to it is 40 km; at
    # 20 km half a tank is used up; between them it works
    inputs = inputs_of([(0.0, 0.0), (30.0, 0.0)], [(at_km, 0.05)])
    assert worth(inputs, roads(STREET)) == (7.0 if refuels else 0.0)


CARRIAGEWAYS = [
    (0, 1, [(0.0, 0.0), (5.0, 0.0)], "primary", "both"),
    (1, 2, [(5.0, 0.0), (6.0, 0.1), (24.0, 0.1), (25.0, 0.0)], "motorway", "forward"),
    (2, 1, [(25.0, 0.0), (24.0, -0.1), (6.0, -0.1), (5.0, 0.0)], "motorway", "forward"),
    (2, 3, [(25.0, 0.0), (30.0, 0.0)], "primary", "both"),
    (1, 2, [(5.0, 0.0), (5.0, 9.0), (25.0, 9.0), (25.0, 0.0)], "service", "both"),
]


def test_a_station_on_one_carriageway_serves_one_way_only() -> None:
    # at 15 km on the way there: filled there, the way on to the end and home to the start is 15 + 30 km, 45 > 40 - 20
    there, back = (15.0, 0.12), (15.0, -0.12)
    ends = [(0.0, 0.0), (30.0, 0.0)]
    assert worth(inputs_of(ends, [there]), roads(CARRIAGEWAYS)) == 0.0
    assert worth(inputs_of(ends, [there, back]), roads(CARRIAGEWAYS)) == 7.0


def test_only_the_road_classes_of_the_vehicle_are_driven() -> None:
    # without the motorway only the service road, 18 km longer, leads from one end to the other
    inputs = inputs_of([(0.0, 0.0), (30.0, 0.0)], [(15.0, 9.0)], road_classes=["primary", "service"])
    posed = pose_flow_refuelling(inputs, roads(CARRIAGEWAYS))
    problem = posed.formulation.problem  # type: ignore[attr-defined]
    assert problem.distance_m[problem.origin[0], problem.destination[0]] == pytest.approx(48.0 * KM)


def test_a_terminal_near_another_road_is_not_on_the_motorway() -> None:
    # the terminal lies 30 m from the motorway and 70 m from the primary road beside it
    beside = [*CARRIAGEWAYS, (1, 5, [(5.0, 0.0), (5.0, 0.2), (15.0, 0.2)], "primary", "both")]
    posed = pose_flow_refuelling(inputs_of([(14.0, 0.13), (30.0, 0.0)], [(0.0, 0.0)]), roads(beside))
    problem = posed.formulation.problem  # type: ignore[attr-defined]
    # back along the primary road to the junction (9.2 km), the motorway (20.01) and the last 5 km
    way = problem.distance_m[problem.origin[0], problem.destination[0]]
    assert way == pytest.approx(9.2 * KM + 2 * np.hypot(1, 0.1) * KM + 18 * KM + 5 * KM, abs=1.0)


def test_a_terminal_far_from_other_roads_may_lie_on_the_motorway() -> None:
    posed = pose_flow_refuelling(inputs_of([(15.0, 0.1), (30.0, 0.0)], [(0.0, 0.0)]), roads(CARRIAGEWAYS[:4]))
    problem = posed.formulation.problem  # type: ignore[attr-defined]
    way = problem.distance_m[problem.origin[0], problem.destination[0]]
    assert way == pytest.approx(9 * KM + np.hypot(1, 0.1) * KM + 5 * KM, abs=1.0)


def test_facts_say_what_all_sites_could_refuel_and_the_convention() -> None:
    posed = pose_flow_refuelling(inputs_of([(0.0, 0.0), (30.0, 0.0)], [(9.0, 0.0)]), roads(STREET))
    assert posed.facts == {
        "total_flow": 7.0,
        "flow_refuelled_with_all_sites_open": 0.0,
        "tank_convention": "0.5 of a tank at the origin; round trip, ends with at least what it began with; "
        "any shortest path",
    }
    assert posed.unit == "vehicles_per_day"


def test_missing_flows_and_vehicle_are_both_named() -> None:
    inputs = inputs_of([(0.0, 0.0), (30.0, 0.0)], [(9.0, 0.0)])
    bare = ProgrammeInputs("h2", inputs.programme.model_copy(update={"vehicle": None}), inputs.sites, inputs.site_frame)
    with pytest.raises(StudyError) as error:
        pose_flow_refuelling(bare, roads(STREET))
    assert str(error.value).splitlines() == [
        "programmes.h2.flows   is missing; flow-refuelling needs it",
        "programmes.h2.vehicle   is missing; flow-refuelling needs it",
    ]


def test_a_study_with_a_matrix_is_refused() -> None:
    matrix = Matrix(pd.DataFrame({"demand": [], "site": [], "value": []}), "m", "times.csv")
    with pytest.raises(StudyError, match=r"flow-refuelling needs the roads between stations; give the study"):
        pose_flow_refuelling(inputs_of([(0.0, 0.0), (30.0, 0.0)], [(9.0, 0.0)]), matrix)


def test_a_road_class_that_the_layer_lacks_is_named() -> None:
    inputs = inputs_of([(0.0, 0.0), (30.0, 0.0)], [(9.0, 0.0)], road_classes=["primary", "motorwya"])
    with pytest.raises(LayerError, match=r"motorwya is not in the road layer; it has primary"):
        pose_flow_refuelling(inputs, roads(STREET))


def test_terminals_without_a_way_between_them_are_named() -> None:
    apart = [*STREET, (7, 8, [(0.0, 50.0), (30.0, 50.0)], "primary", "both")]
    source = roads(apart)
    source.section = NetworkSection(file="roads.parquet", keep="all")
    with pytest.raises(StudyError, match=r"no way on the vehicle's roads between t0 - t1"):
        pose_flow_refuelling(inputs_of([(0.0, 0.0), (0.0, 50.0)], [(9.0, 0.0)]), source)


def test_driving_agrees_with_the_program_on_the_posed_problem() -> None:
    inputs = inputs_of([(0.0, 0.0), (30.0, 0.0)], [(12.0, 0.0), (28.0, 0.0)])
    posed = pose_flow_refuelling(inputs, roads(STREET))
    model = posed.formulation
    assert refuelled(model.problem, model.vehicle, np.array([True, False])).all()  # type: ignore[attr-defined]
    assert not refuelled(model.problem, model.vehicle, np.array([False, True])).any()  # type: ignore[attr-defined]
