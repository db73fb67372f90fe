"""Every programme and portfolio of a study posed before the first is solved, so that all their faults come at once.

What was posed, and what was put into rows and columns, is kept for the solve. A model of very many pairs is put into
rows with its places' nearest sites alone, which shows the same faults of rules in no time; its whole program is built
when a solve asks for it, which a search or a reduction of its own may never do.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, is_dataclass, replace

import numpy as np

from models.arrays import IntArray, pairs_of, sparse_from_pairs
from models.errors import ProblemError, SitingError
from models.formulation import Formulated, Formulation, Rule, formulate
from models.messages import say
from models.placed import OverPlaces, problem_of
from models.problem import SitingProblem
from solver.errors import StudyError
from solver.events import Event, Listener
from solver.findings import Findings, findings_of
from solver.inputs.instance import Instance
from solver.inputs.travel import TravelSource
from solver.joint.pose import PosedPortfolio, pose_joint
from solver.optimise.posed import PosedProgramme
from solver.pose.programme import pose

MANY_PAIRS = 1_000_000
"""Pairs from which on a program takes seconds to build: 3.5 s and 1.2 GB at 4,000,000."""


@dataclass(frozen=True, eq=False)
class Ahead:
    """What was posed ahead by name, the programs that are kept while this is, and the seconds that travel took."""

    programmes: dict[str, PosedProgramme] = field(default_factory=dict)
    portfolios: dict[str, PosedPortfolio] = field(default_factory=dict)
    programs: dict[str, Formulated] = field(default_factory=dict)
    travel_s: dict[str, float] = field(default_factory=dict)

    def size(self, name: str) -> int:
        """Columns of the program of a programme or portfolio, its pairs where that is not built."""
        if name in self.portfolios:
            return self.portfolios[name].joint.program.n_columns
        held = self.programs[name]
        places = problem_of(held.model)
        return held.built[1].n_columns if held.is_built or places is None else int(places.travel.nnz)


def look_ahead(
    instance: Instance, source: TravelSource, findings: Findings, listen: Listener = lambda _event: None
) -> Ahead:
    """Pose all that is solved, and note the faults that come up when it is put into rows and columns."""
    ahead = Ahead()
    for name, inputs in instance.programmes.items():
        try:
            since = time.perf_counter()
            listen(Event(name, "travel", say("travel within reach"), None))
            posed = pose(inputs, source)
            ahead.travel_s[name] = time.perf_counter() - since
            if name in instance.alone:
                ahead.programmes[name] = posed
            ahead.programs[name] = _stated(posed.formulation, posed.rules)
        except (StudyError, ProblemError) as error:
            note(findings, f"programmes.{name}", error)
    for name in instance.portfolios if not findings else ():
        try:
            section = instance.file.study.portfolio[name]
            ahead.portfolios[name] = pose_joint(name, section, instance.programmes, source)
            ahead.portfolios[name].joint  # noqa: B018 - its faults come up as it is built
        except (StudyError, ProblemError) as error:
            note(findings, f"portfolio.{name}", error)
    return ahead


def note(findings: Findings, place: str, error: SitingError) -> None:
    """Note the faults that an error carries, each at its own place where it names one."""
    for each in findings_of(error, place):
        findings.add(each.place, each.fact, each.remedy)


def _stated(model: Formulation, rules: Sequence[Rule]) -> Formulated:
    """The model under its rules, built where that is quick; ProblemError where a rule does not fit."""
    held = Formulated.of(model, rules)
    if isinstance(model, OverPlaces) and model.problem.travel.nnz > MANY_PAIRS and is_dataclass(model):
        try:
            formulate(replace(model, problem=_thinned(model.problem)), rules)
        except (ProblemError, ValueError, IndexError):  # it may be for lack of the other pairs: the whole will tell
            held.built  # noqa: B018
    else:
        held.built  # noqa: B018
    return held


def _thinned(problem: SitingProblem) -> SitingProblem:
    """The same places and sites, with each place's nearest site that may open alone within reach."""
    place, site, travel = pairs_of(problem.travel)
    kept = _first_of_each(place, np.lexsort((travel, problem.sites.fixed_closed[site], place)))
    thin = sparse_from_pairs(place[kept], site[kept], travel[kept], problem.travel.shape)
    return replace(problem, travel=thin)


def _first_of_each(place: IntArray, order: IntArray) -> IntArray:
    """Of positions in an order by place, the first of each place."""
    first = np.ones(len(order), dtype=bool)
    first[1:] = place[order][1:] != place[order][:-1]
    return order[first]
