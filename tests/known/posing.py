"""An instance with a published optimum as a programme of a study: posed and solved as `siting run` does."""

from dataclasses import dataclass

import pandas as pd

from models.arrays import Sparse
from models.problem import SitingProblem
from solver.engines.engine import Ask
from solver.engines.highs import Highs
from solver.engines.outcome import Outcome
from solver.events import SILENT
from solver.inputs.instance import ProgrammeInputs
from solver.inputs.roads import Points
from solver.optimise.anytime import optimise
from solver.optimise.check import check
from solver.pose.programme import pose
from solver.study.schema import Programme, Reach


@dataclass(frozen=True)
class Given:
    """The travel of a problem, cut at the reach."""

    problem: SitingProblem

    def between(self, demand: Points, sites: Points, reach: Reach) -> Sparse:
        """The pairs within the limit."""
        return self.problem.within(reach.limit).travel


def solved(problem: SitingProblem, model: str, *, limit_m: float, seconds: float = 150.0, **keys: object):  # type: ignore[no-untyped-def]
    """The plan's worth recomputed from the plan, and how the run ended."""
    section = {
        "model": model,
        "demand": {"file": "places.csv", "id": "id", "weight": "weight"},
        "sites": {"file": "sites.csv", "id": "id"},
        "reach": {"limit_m": limit_m},
        **keys,
    }
    programme = Programme.model_validate(section)
    inputs = ProgrammeInputs("known", programme, problem.sites, pd.DataFrame({"id": problem.sites.ids}), problem.demand)
    posed = pose(inputs, Given(problem))
    found = optimise(posed, Highs(), Ask(time_limit_s=seconds, gap=0.0), search_s=20.0, tell=SILENT)
    assert found.plan is not None
    check(posed, found, 0.0)
    outcome: Outcome = found.outcome
    return posed.formulation.objective_of(found.plan), outcome
