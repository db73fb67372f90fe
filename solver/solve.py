"""Study in, result out: the table of contents of a run."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from models.errors import ProblemError
from models.formulation import Formulated
from models.messages import say
from solver.economy.lexicographic import optimise_in_order, refuse_further
from solver.engines.catalogue import engine as engine_of
from solver.engines.engine import Ask, Engine
from solver.engines.outcome import Outcome
from solver.errors import NetworkError, StudyError
from solver.events import Event, Listener, SolveOptions, Tell
from solver.findings import Findings, findings_of
from solver.inputs.instance import Instance, ProgrammeInputs, collect_instance, load_instance
from solver.inputs.join import Join
from solver.inputs.roads import Roads
from solver.inputs.study_joins import joins_of, note_joins, without_faults
from solver.inputs.travel import Matrix, attribution, travel_source
from solver.joint.ahead import Ahead, look_ahead, note
from solver.joint.run import solve_portfolio
from solver.optimise.anytime import SolvedProgramme
from solver.optimise.options import ask_of
from solver.optimise.posed import PosedProgramme
from solver.pose.programme import pose
from solver.postoptimal.concluded import result_of, with_worth
from solver.postoptimal.further import FurtherOptions, asked_of, look_further
from solver.postoptimal.reasons import reasons_of
from solver.postoptimal.sentences import Reasons, told_of_failure
from solver.results.onroad import with_road_places
from solver.results.result import ProgrammeResult, StudyResult, ended
from solver.results.yearly import with_years
from solver.study.options import general_settings, with_options
from solver.study.read import StudyFile, setting
from solver.study.schema import Study
from solver.study.warnings import warnings_of
from solver.versions import versions
from solver.workers.crew import Crew

LARGE = 5_000
"""Sites and places of a study from which on processes for its programmes are worth their start, 2 s each."""


def solve_study(
    file: StudyFile,
    *,
    programmes: Sequence[str] = (),
    options: SolveOptions | None = None,
    on_event: Listener | None = None,
    jobs: int = 1,
) -> StudyResult:
    """Solve the named programmes of a study (all if none is named), each checked before it is returned.

    Raises StudyError with every fault of the inputs at once, CheckError where a plan does not hold what it claims.
    A programme that has no plan is no error: its result says why. With more than one of `jobs` programmes are solved
    at once, each in a process of its own; the answer is the same, where no limit of time cuts it.
    """
    listen = on_event or (lambda _event: None)
    instance, source = read_inputs(file, programmes, options, listen)
    with Crew(jobs, listen) as crew:
        return solve_instance(instance, source, listen=listen, crew=crew)


def read_inputs(
    file: StudyFile, programmes: Sequence[str], options: SolveOptions | None, listen: Listener
) -> tuple[Instance, Roads | Matrix]:
    """Everything the named programmes need, and where their travel comes from; StudyError with every fault."""
    listen(Event("", "layers", say("reading the layers"), None))
    instance = load_instance(with_options(file, programmes, options or SolveOptions()), programmes)
    return instance, _source(instance, listen)


def solve_instance(
    instance: Instance,
    source: Roads | Matrix,
    *,
    listen: Listener,
    crew: Crew | None = None,
    on_result: Callable[[ProgrammeResult], None] = lambda _result: None,
) -> StudyResult:
    """Solve what an instance asks with travel from `source`, which several instances may share.

    Joins by id that do not match are a StudyError. Where there are several programmes, the faults of all are looked
    for before the first is solved. `on_result` is given each result as soon as it is there.
    """
    joins = joins_of(instance, source)
    require_joined(instance, joins)
    parts, ahead = (*instance.alone, *instance.portfolios), Ahead()
    if len(parts) > 1:
        findings = Findings(instance.file.path.name)
        ahead = look_ahead(instance, source, findings, listen)
        findings.raise_if_any(StudyError)
    results: dict[str, ProgrammeResult] = {}
    if crew is None or crew.jobs == 1 or not worth_a_crew(instance):
        for name in parts:
            found = _solve_part(instance, name, source, listen, ahead)
            for result in found.values():
                on_result(result)
            results |= found
    else:
        results = _solve_at_once(instance, parts, source, crew, ahead, on_result)
    file = instance.file
    about = file.study.study
    return StudyResult(
        study=about.name,
        title=about.title,
        title_zh=about.title_zh,
        crs=instance.crs.to_string() if instance.crs else None,
        inputs=instance.inputs,
        overrides=file.overrides,
        versions=versions(),
        note=about.note,
        note_zh=about.note_zh,
        attribution=attribution(file),
        settings=general_settings(file.study),
        programmes=results,
        study_path=str(file.path.resolve()),
        asked=file.asked,
        joins=tuple(each.as_json() for each in joins),
        warnings=tuple(each.as_json() for each in warnings_of(file.study, instance.programmes)),
        currency=about.money,
    )


def require_joined(instance: Instance, joins: Sequence[Join]) -> None:
    """StudyError with every join by id that does not match as it must."""
    findings = Findings(instance.file.path.name)
    note_joins(joins, findings)
    findings.raise_if_any(StudyError)


def _solve_at_once(
    instance: Instance,
    parts: Sequence[str],
    source: Roads | Matrix,
    crew: Crew,
    ahead: Ahead,
    on_result: Callable[[ProgrammeResult], None],
) -> dict[str, ProgrammeResult]:
    """Every part in a process of its own, those that may take longest first; results in the order of the study."""

    def longest(name: str) -> tuple[float, int]:
        study = instance.file.study
        section = study.portfolio.get(name) or study.programmes[name]
        return float(setting(section, study, "time_limit_s")), ahead.size(name)

    given = {}
    for name in sorted(parts, key=longest, reverse=True):
        travel_s = ahead.travel_s.get(name, 0.0)
        given[name] = crew.later(solve_apart, instance.only(name), name, source, travel_s)
    for later in crew.as_they_end(given.values()):
        for result in later.answer().values():
            on_result(result)
    return {key: result for name in parts for key, result in given[name].answer().items()}


def worth_a_crew(instance: Instance) -> bool:
    """Are there several programmes, large enough that each is solved in a process of its own?"""
    parts = instance.programmes.values()
    size = sum(len(part.sites) + (0 if part.demand is None else len(part.demand)) for part in parts)
    return len(instance.alone) + len(instance.portfolios) > 1 and size >= LARGE


def ready_to_solve(_listen: Listener) -> None:
    """Nothing: that this was asked for has loaded all that a solve needs."""


def solve_apart(
    instance: Instance, name: str, source: Roads | Matrix, travel_s: float, listen: Listener
) -> dict[str, ProgrammeResult]:
    """One part of a study in a process of its own: Ctrl-C before there is a plan is an answer, and costs no other."""
    ahead = Ahead(travel_s={name: travel_s})
    try:
        return _solve_part(instance, name, source, listen, ahead)
    except KeyboardInterrupt:
        if name not in instance.alone:
            raise
        return {name: _interrupted(pose(instance.programmes[name], source), instance.file.study)}


def _interrupted(posed: PosedProgramme, study: Study) -> ProgrammeResult:
    """The result of a programme that was stopped before it had a plan."""
    engine = engine_of(setting(posed.inputs.programme, study, "engine"))
    stopped = Outcome(
        ended="interrupted",
        limit=None,
        holds_plan=False,
        objective=None,
        bound=None,
        seconds=0.0,
        engine=engine.name,
        version=engine.version(),
        raw="stopped before there was a plan",
    )
    whole = Formulated.of(posed.formulation, posed.rules)
    return result_of(posed, SolvedProgramme(whole, None, None, stopped, {}), {}, Reasons())


def _solve_part(
    instance: Instance, name: str, source: Roads | Matrix, listen: Listener, ahead: Ahead
) -> dict[str, ProgrammeResult]:
    """The result of a programme, or of a portfolio and its members."""
    if name in instance.alone:
        return {name: _solve_programme(instance, instance.programmes[name], source, listen, ahead)}
    posed = ahead.portfolios.pop(name, None)
    return solve_portfolio(instance, name, source, listen=listen, make=result_of, ahead=posed)


def _solve_programme(
    instance: Instance, inputs: ProgrammeInputs, source: Roads | Matrix, listen: Listener, ahead: Ahead
) -> ProgrammeResult:
    """One programme: travel, model, plan, check, figures."""
    name, study = inputs.name, instance.file.study
    began = time.perf_counter()
    with _placed(name):
        posed = ahead.programmes.pop(name, None)
        if posed is None:
            if name not in ahead.travel_s:
                listen(Event(name, "travel", say("travel within reach"), None))
            posed = pose(inputs, source)
        travel_s = ahead.travel_s.get(name, time.perf_counter() - began)
        engine, ask = engine_of(setting(inputs.programme, study, "engine")), ask_of(inputs.programme, study)
        asked = asked_of(inputs.programme, ask.time_limit_s)
        result = solve_posed(posed, engine, ask, search_s=study.solve.search_s, asked=asked, listen=listen)
    ahead.programs.pop(name, None)
    result = with_road_places(result, inputs, source)
    result = replace(result, seconds={"travel": travel_s, **result.seconds})
    listen(Event(name, "done", ended(result), 1.0))
    return result


def solve_posed(
    posed: PosedProgramme, engine: Engine, ask: Ask, *, search_s: float, asked: FurtherOptions, listen: Listener
) -> ProgrammeResult:
    """The checked plan of a posed programme, with what is asked beyond it, or the reasons why there is none."""
    name = posed.inputs.name
    if asked:
        refuse_further(posed.inputs.programme)
    tell = Tell(listen, name)
    ordered = optimise_in_order(posed, engine, ask, search_s=search_s, tell=tell)
    since = time.perf_counter()
    solved, worth = look_further(posed, ordered.solved, engine, ask, asked, tell)
    seconds = solved.seconds | ({"further": time.perf_counter() - since} if asked else {})
    posed = replace(posed, facts={**posed.facts, **ordered.facts(posed, solved.plan)})
    reasons = Reasons()
    if solved.outcome.ended == "infeasible":
        listen(Event(name, "explain", say("no plan keeps every rule; looking for the rules in conflict"), None))
        reasons = reasons_of(posed, solved, engine, ask)
    elif solved.outcome.ended == "failed":
        reasons = told_of_failure(solved.outcome)
    result = with_years(with_worth(result_of(posed, solved, seconds, reasons), worth), posed)
    return result if ordered.economy is None else replace(result, ties=ordered.economy.as_json())


@contextmanager
def _placed(name: str) -> Iterator[None]:
    """Faults of numbers and of points off the roads get the programme's name as their place."""
    try:
        yield
    except (ProblemError, NetworkError) as error:
        raise StudyError(*findings_of(error, f"programmes.{name}")) from error


def check_study(file: StudyFile, *, on_event: Listener | None = None) -> Instance:
    """Every fault of study, layers, roads and snapping at once (StudyError), without solving anything."""
    listen = on_event or (lambda _event: None)
    findings = Findings(file.path.name)
    instance = collect_instance(file, findings)
    try:
        source = _source(instance, listen)
        if isinstance(source, Roads):
            source.edges()
    except StudyError as error:
        note(findings, "network", error)
        findings.raise_if_any(StudyError)
        raise
    joins = joins_of(instance, source)
    note_joins(joins, findings)
    look_ahead(without_faults(instance, joins), source, findings)
    findings.raise_if_any(StudyError)
    return replace(instance, joins=joins)


def _source(instance: Instance, listen: Listener) -> Roads | Matrix:
    return travel_source(instance.file, instance.crs, lambda text, share: listen(Event("", "network", text, share)))
