"""One portfolio from the instance to its results."""

import time
from dataclasses import replace

from models.messages import say
from solver.engines.catalogue import engine as engine_of
from solver.engines.engine import Ask, Engine
from solver.events import Event, Listener, Tell
from solver.inputs.instance import Instance
from solver.inputs.roads import Roads
from solver.inputs.travel import Matrix
from solver.joint.pose import PosedPortfolio, pose_joint
from solver.joint.reasons import joint_reasons
from solver.joint.result import MakeResult, joint_results
from solver.joint.solve import optimise_jointly
from solver.optimise.options import ask_of
from solver.optimise.warm import warm
from solver.postoptimal.reasons import explaining_s
from solver.postoptimal.sentences import Reasons, told_of_failure
from solver.results.onroad import with_road_places
from solver.results.result import ProgrammeResult, ended
from solver.study.read import setting


def solve_portfolio(
    instance: Instance,
    name: str,
    source: Roads | Matrix,
    *,
    listen: Listener,
    make: MakeResult,
    ahead: PosedPortfolio | None = None,
) -> dict[str, ProgrammeResult]:
    """Pose where it was not `ahead`, solve, check and tell one portfolio; `make` makes the result of one programme."""
    study = instance.file.study
    section = study.portfolio[name]
    began = time.perf_counter()
    listen(Event(name, "travel", say("travel within reach of {n} programmes", n=len(section.programmes)), None))
    posed = ahead or pose_joint(name, section, instance.programmes, source)
    seconds = {"travel": time.perf_counter() - began}
    engine, ask = engine_of(setting(section, study, "engine")), ask_of(section, study)

    results = solve_posed_jointly(
        posed, engine, ask, search_s=study.solve.search_s, seconds=seconds, tell=Tell(listen, name), make=make
    )
    for member in section.programmes:
        key = f"{name}.{member}"
        results[key] = with_road_places(results[key], instance.programmes[member], source)
    listen(Event(name, "done", ended(results[name]), 1.0))
    return results


def solve_posed_jointly(
    posed: PosedPortfolio,
    engine: Engine,
    ask: Ask,
    *,
    search_s: float,
    seconds: dict[str, float],
    tell: Tell,
    make: MakeResult,
) -> dict[str, ProgrammeResult]:
    """The checked results of a posed portfolio and its programmes, or why there are none."""
    for member in posed.portfolio.members:
        warm(member.formulation)
    solved = optimise_jointly(posed, engine, ask, search_s=search_s, tell=tell)
    reasons = Reasons()
    if solved.outcome.ended == "infeasible":
        tell("explain", say("no plan keeps every rule; looking for the rules in conflict"))
        left_s = explaining_s(ask.time_limit_s, sum(solved.seconds.values()))
        reasons = joint_reasons(posed, solved.joint.program, engine, replace(ask, time_limit_s=left_s))
    elif solved.outcome.ended == "failed":
        reasons = told_of_failure(solved.outcome)
    return joint_results(posed, solved, seconds | solved.seconds, reasons, make)
