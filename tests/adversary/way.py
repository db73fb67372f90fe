"""The public way: files to a study, to a solved result, to its folder, to its verification; compared with the truth."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solver.errors import EngineError, StudyError
from solver.export.folder import write_result
from solver.results.result import ProgrammeResult
from solver.solve import solve_study
from solver.study.read import read_study
from solver.verify.run import verify_result
from tests.adversary.town import Town
from tests.adversary.truth import Best, maximises

WITHIN = 1e-6


@dataclass(frozen=True)
class Run:
    """What came of a study on an engine: `refused` is a fault of the study or of the engine, in words."""

    results: dict[str, ProgrammeResult]
    refused: str = ""
    engine_cannot: bool = False


def run(folder: Path, engine: str, *, verify: bool = True) -> Run:
    """Solve, write and verify a study; AssertionError where a check fails."""
    file = read_study(folder, [f'solve.engine="{engine}"'])
    try:
        result = solve_study(file)
    except EngineError as error:
        return Run({}, str(error), engine_cannot=True)
    except StudyError as error:
        return Run({}, str(error))
    if verify:
        out = folder / f"out-{engine}"
        write_result(result, out, maps=False)
        failed = [f"{v.part}: {v.check}: {v.details}" for v in verify_result(out).failed]
        assert not failed, failed
    return Run(dict(result.programmes))


def unit_of(town: Town) -> float:
    """What one whole unit of the town's objective is in the study's numbers."""
    keys: dict[str, Any] = dict(town.keys)
    by_cost = keys.get("objective") == "cost" or town.model == "fixed-charge"
    if by_cost:
        return town.money
    counts = town.model in ("set-cover", "p-center", "p-dispersion") or "target_share" in keys.get("market", {})
    return 1.0 if counts else town.amount


def faults(town: Town, found: ProgrammeResult, truth: Best | None) -> list[str]:
    """Where a result is not the truth."""
    if truth is None:
        return [] if found.ended == "infeasible" else [f"ended {found.ended} with {found.objective}; no plan exists"]
    if found.ended != "proven":
        return [f"ended {found.ended}; {truth} exists; {found.reasons}"]
    objective, cost = (found.objective or 0.0) / unit_of(town), (found.cost or 0.0) / town.money
    said = []
    if abs(objective - truth.worth) > WITHIN * max(1.0, abs(truth.worth)):
        said.append(f"objective {objective}, right {truth.worth}")
    worst = found.figures.get("worst_district_share")
    if truth.floor is not None and (worst is None or abs(float(str(worst)) - truth.floor) > WITHIN):
        said.append(f"worst district {worst}, right {truth.floor}")
    if found.bound is not None:
        bound, sign = found.bound / unit_of(town), 1 if maximises(town) else -1
        if sign * (bound - truth.worth) < -WITHIN * max(1.0, abs(truth.worth)):
            said.append(f"bound {bound} cuts off {truth.worth}")
    if cost > truth.cost + WITHIN * max(1.0, truth.cost):
        said.append(f"cost {cost}, with the same worth {truth.cost}")
    elif cost < truth.cost - 1e-5 * max(1.0, truth.cost):
        said.append(f"cost {cost}, which is below {truth.cost}")
    elif truth.sites >= 0:
        closed = sum(s.status == "closable" and s.id not in found.kept_sites for s in town.sites)
        if len(found.sites) + closed > truth.sites:
            said.append(f"opens or closes {len(found.sites) + closed} sites, {truth.sites} would do: {found.sites}")
    return said
