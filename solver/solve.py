"""Study in, result out: the table of contents of a run."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from models.errors import ProblemError, SitingError
from models.figures import cost_of, figures_of, unit_costs_of
from models.formulation import formulate
from models.messages import Message, say
from models.plan import Plan
from solver.economy.lexicographic import optimise_in_order, refuse_further
from solver.engines.catalogue import engine as engine_of
from solver.engines.engine import Ask, Engine
from solver.errors import NetworkError, StudyError
from solver.events import Event, Listener, SolveOptions, Tell
from solver.findings import Findings, findings_of
from solver.inputs.instance import Instance, ProgrammeInputs, collect_instance, load_instance
from solver.inputs.join import Join
from solver.inputs.roads import Roads
from solver.inputs.study_joins import joins_of, note_joins, without_faults
from solver.inputs.travel import Matrix, travel_source
from solver.joint.pose import pose_joint
from solver.joint.run import solve_portfolio
from solver.network.store import attribution_of
from solver.optimise.anytime import SolvedProgramme
from solver.optimise.check import check
from solver.optimise.options import ask_of
from solver.optimise.posed import PosedProgramme
from solver.pose.programme import pose
from solver.postoptimal.further import FurtherOptions, Worth, asked_of, look_further, units_of, with_columns
from solver.postoptimal.reasons import reasons_of
from solver.postoptimal.sentences import Reasons, told_of_failure
from solver.results.onroad import with_road_places
from solver.results.result import ProgrammeResult, StudyResult, ended, in_both
from solver.results.tables import allocation_table, demand_table, flow_table, site_table
from solver.results.yearly import with_years
from solver.study.options import general_settings, settings_of, with_options
from solver.study.read import StudyFile, setting
from solver.study.warnings import warnings_of
from solver.versions import versions
from solver.words.speech import CHINESE, ENGLISH


def solve_study(
    file: StudyFile,
    *,
    programmes: Sequence[str] = (),
    options: SolveOptions | None = None,
    on_event: Listener | None = None,
) -> StudyResult:
    """Solve the named programmes of a study (all if none is named), each checked before it is returned.

    Raises StudyError with every fault of the inputs at once, CheckError where a plan does not hold what it claims.
    A programme that has no plan is no error: its result says why.
    """
    listen = on_event or (lambda _event: None)
    file = with_options(file, programmes, options or SolveOptions())
    listen(Event("", "layers", say("reading the layers"), None))
    instance = load_instance(file, programmes)
    return solve_instance(instance, _source(instance, listen), listen=listen)


def solve_instance(instance: Instance, source: Roads | Matrix, *, listen: Listener) -> StudyResult:
    """Solve what an instance asks with travel from `source`, which several instances may share.

    Joins by id that do not match are a StudyError. Where there are several programmes, the faults of all are looked
    for before the first is solved.
    """
    joins = joins_of(instance, source)
    require_joined(instance, joins)
    if len(instance.alone) + len(instance.portfolios) > 1:
        findings = Findings(instance.file.path.name)
        _look_at_programmes(instance, source, findings)
        findings.raise_if_any(StudyError)
    results = {
        name: solve_programme(instance, instance.programmes[name], source, listen=listen) for name in instance.alone
    }
    for name in instance.portfolios:
        results |= solve_portfolio(instance, name, source, listen=listen, make=result_of)
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
        attribution=_attribution(file),
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


def _attribution(file: StudyFile) -> str:
    """Whose data the result shows: as the study says, else as its roads say."""
    said, network = file.study.study.attribution, file.study.network
    if said or network is None or file.study.travel.matrix is not None:
        return said
    return attribution_of(file.resolve(network.file), network.layer)


def solve_programme(
    instance: Instance,
    inputs: ProgrammeInputs,
    source: Roads | Matrix,
    *,
    listen: Listener,
) -> ProgrammeResult:
    """One programme: travel, model, plan, check, figures."""
    name = inputs.name
    began = time.perf_counter()
    listen(Event(name, "travel", say("travel within reach"), None))
    with _placed(name):
        posed = pose(inputs, source)
        travel_s = time.perf_counter() - began
        study = instance.file.study
        engine, ask = engine_of(setting(inputs.programme, study, "engine")), ask_of(inputs.programme, study)
        asked = asked_of(inputs.programme, ask.time_limit_s)
        result = solve_posed(
            posed, engine, ask, search_s=instance.file.study.solve.search_s, asked=asked, listen=listen
        )
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
    result = with_years(_with_worth(result_of(posed, solved, seconds, reasons), worth), posed)
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
        _note(findings, "network", error)
        findings.raise_if_any(StudyError)
        raise
    joins = joins_of(instance, source)
    note_joins(joins, findings)
    _look_at_programmes(without_faults(instance, joins), source, findings)
    findings.raise_if_any(StudyError)
    return replace(instance, joins=joins)


def _look_at_programmes(instance: Instance, source: Roads | Matrix, findings: Findings) -> None:
    """Note the faults that come up when programmes, and portfolios of them, are put into rows and columns."""
    for name, inputs in instance.programmes.items():
        try:
            posed = pose(inputs, source)
            formulate(posed.formulation, posed.rules)
        except (StudyError, ProblemError) as error:
            _note(findings, f"programmes.{name}", error)
    for name in instance.portfolios if not findings else ():
        try:
            pose_joint(name, instance.file.study.portfolio[name], instance.programmes, source).portfolio.formulate()
        except (StudyError, ProblemError) as error:
            _note(findings, f"portfolio.{name}", error)


def _note(findings: Findings, place: str, error: SitingError) -> None:
    """Note the faults that an error carries, each at its own place where it names one."""
    for each in findings_of(error, place):
        findings.add(each.place, each.fact, each.remedy)


def _source(instance: Instance, listen: Listener) -> Roads | Matrix:
    return travel_source(instance.file, instance.crs, lambda text, share: listen(Event("", "network", text, share)))


def result_of(
    posed: PosedProgramme, solved: SolvedProgramme, seconds: dict[str, float], reasons: Reasons
) -> ProgrammeResult:
    """The result of a programme, checked (CheckError)."""
    inputs, plan, outcome = posed.inputs, solved.plan, solved.outcome
    programme = inputs.programme
    empty = ProgrammeResult(
        name=inputs.name,
        model=programme.model,
        title=programme.title,
        title_zh=programme.title_zh,
        ended=outcome.ended,
        limit=outcome.limit,
        objective=outcome.objective,
        objective_unit=posed.unit,
        sense=posed.formulation.sense,
        bound=outcome.bound,
        gap=outcome.gap,
        budget=programme.budget,
        cost=None,
        sites=(),
        kept_sites=(),
        units={},
        figures={},
        engine=f"{outcome.engine} {outcome.version}",
        seconds=seconds,
        settings=settings_of(programme),
        reasons=reasons.worded(ENGLISH.paying(inputs.currency)),
        reasons_zh=reasons.worded(CHINESE.paying(inputs.currency)),
        problem_sites=inputs.sites,
        problem_demand=inputs.demand,
    )
    if plan is None:
        return empty
    cost = cost_of(posed.formulation, plan)
    check(posed, solved, cost)
    sites = inputs.sites
    travel = posed.problem.travel if posed.problem else None
    unit = posed.problem.unit if posed.problem else ""
    return replace(
        empty,
        cost=cost,
        sites=_named(sites.ids, plan.open & sites.is_new),
        kept_sites=_named(sites.ids, plan.open & ~sites.is_new),
        units=units_of(sites.ids, plan),
        figures={**_figures(posed, plan), **_facts(posed.facts), **_exclusions(inputs)},
        plan=plan,
        site_table=site_table(inputs, plan, travel, unit_costs_of(posed.formulation)),
        demand_table=None
        if posed.problem is None or travel is None
        else demand_table(inputs, posed.problem.demand, plan, travel, unit),
        allocation_table=allocation_table(inputs, plan, travel, unit),
        flow_table=flow_table(inputs, plan),
    )


def _with_worth(result: ProgrammeResult, worth: Worth) -> ProgrammeResult:
    return replace(
        result,
        alternatives_sought=worth.sought,
        alternatives=worth.others,
        marginals=worth.sites,
        site_table=with_columns(result.site_table, worth),
    )


def _named(ids: tuple[str, ...], mask: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> tuple[str, ...]:
    return tuple(ids[i] for i in np.flatnonzero(mask))


def _figures(posed: PosedProgramme, plan: Plan) -> dict[str, object]:
    return figures_of(posed.formulation, posed.problem, plan).as_json()


def _facts(known: Mapping[str, object]) -> dict[str, object]:
    """What was known before solving; what is said of it stands in both languages, `NAME` and `NAME_zh`."""
    told: dict[str, object] = {}
    for name, value in known.items():
        told |= in_both(name, value) if isinstance(value, Message) else {name: value}
    return told


def _exclusions(inputs: ProgrammeInputs) -> dict[str, object]:
    """How many candidates an exclusion forbids, and why each."""
    if not inputs.programme.exclusion:
        return {}
    return {
        "excluded_sites": len(inputs.excluded),
        "excluded": {site: str(why) for site, why in inputs.excluded.items()},
    }
