"""Solving from Python: a model with its rules, or a whole study, to solutions with frames; nothing touches disk."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from models.arrays import FloatArray
from models.brief import brief
from models.errors import ProblemError
from models.formulation import Formulation, Rule
from models.given import checked
from models.messages import Listed, say
from models.placed import problem_of
from models.plan import Plan
from solver.api.frames import FramedProblem
from solver.api.from_model import pose_model
from solver.engines.catalogue import engine as engine_of
from solver.engines.outcome import Ended
from solver.events import Event, SolveOptions
from solver.export.folder import write_result
from solver.inputs.instance import ProgrammeInputs
from solver.optimise.options import ask_in_python
from solver.postoptimal.further import asked_of
from solver.results.folder import guard_of
from solver.results.result import Marginal, OtherPlan, ProgrammeResult, StudyResult
from solver.solve import solve_posed, solve_study
from solver.study.read import read_study
from solver.study.scenarios import override
from solver.study.schema import Alternatives, Marginals, Programme, SolveSection
from solver.words import report as words
from solver.words.currency import NAMELESS
from solver.words.speech import ENGLISH, Speech

DEFAULTS = SolveSection()


@dataclass(frozen=True, eq=False, repr=False)
class Solution:
    """The checked plan of one model or programme, with its proof; what is unknown is None.

    `ended` says why solving stopped: `proven` (within the asked gap of `bound`), `limit`, `infeasible` (`reasons` say
    why, in words), `interrupted` and the rest. A plan may be in hand whatever it says, except where none exists.
    """

    result: ProgrammeResult

    @property
    def ended(self) -> Ended:
        """Why solving stopped."""
        return self.result.ended

    @property
    def plan(self) -> Plan | None:
        """What is open, how large, and who is served by whom, as arrays."""
        return self.result.plan

    @property
    def sites(self) -> tuple[str, ...]:
        """Ids of the new sites."""
        return self.result.sites

    @property
    def kept_sites(self) -> tuple[str, ...]:
        """Ids of the open sites that were there before."""
        return self.result.kept_sites

    @property
    def units(self) -> Mapping[str, Mapping[str, int]]:
        """Site -> kind -> number, where sites hold units."""
        return self.result.units

    @property
    def objective(self) -> float | None:
        """Worth of the plan, recomputed from the problem alone."""
        return self.result.objective

    @property
    def bound(self) -> float | None:
        """What no plan can be better than."""
        return self.result.bound

    @property
    def gap(self) -> float | None:
        """|objective - bound| / |objective|."""
        return self.result.gap

    @property
    def cost(self) -> float | None:
        """Cost of the plan, in the study's currency."""
        return self.result.cost

    @property
    def figures(self) -> Mapping[str, Any]:
        """Covered share, mean and worst travel, districts, ..., as in result.json."""
        return self.result.figures

    @property
    def ties(self) -> Mapping[str, Any]:
        """How the thriftiest of equally good plans was found, and what that saved."""
        return self.result.ties

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why there is no plan, in words; empty where there is one."""
        return self.result.reasons

    @property
    def alternatives(self) -> tuple[OtherPlan, ...]:
        """Other plans that are nearly as good, where they were asked for."""
        return self.result.alternatives

    @property
    def marginals(self) -> Mapping[str, Marginal]:
        """Site -> what turning its decision round costs, where it was asked for."""
        return self.result.marginals

    @property
    def phases(self) -> Mapping[str, Mapping[str, Any]]:
        """Year -> what it opens, spends and covers; empty for a model without years."""
        return self.result.phases

    def sites_frame(self) -> pd.DataFrame:
        """One row per site, chosen or not; a GeoDataFrame where places are known. ProblemError without a plan."""
        return self._table(self.result.site_table, "sites")

    def demand_frame(self) -> pd.DataFrame:
        """One row per place: share served, by which site, how far. ProblemError where the model serves no places."""
        return self._table(self.result.demand_table, "places")

    def allocation_frame(self) -> pd.DataFrame:
        """One row per served pair of place and site, and per link between sites; lines where places are known."""
        return self._table(self.result.allocation_table, "allocation")

    def _table(self, table: pd.DataFrame | None, what: str) -> pd.DataFrame:
        if self.plan is None:
            raise ProblemError(
                say(
                    "there is no plan and so no table of {what}: {why}",
                    what=what,
                    why=Listed(self.reasons, by="semicolon") if self.reasons else self.ended,
                )
            )
        if table is None:
            raise ProblemError(say("{model} has no table of {what}", model=self.result.model, what=what))
        return table

    def __repr__(self) -> str:
        head = f"<Solution of {self.result.model}: {self.ended}"
        if self.objective is None:
            return f"{head}, no plan>"
        gap = words.gap(self.gap, ENGLISH)
        unit = f" {self.result.objective_unit}" if self.result.objective_unit else ""
        return f"{head}, {len(self.sites)} new sites, {self.objective:,.6g}{unit}, gap {gap}>"


@brief
@dataclass(frozen=True, eq=False)
class StudySolutions(Mapping[str, Solution]):
    """Programme -> solution, in the order of the study."""

    result: StudyResult

    def __getitem__(self, programme: str) -> Solution:
        return Solution(self.result.programmes[programme])

    def __iter__(self) -> Iterator[str]:
        return iter(self.result.programmes)

    def __len__(self) -> int:
        return len(self.result.programmes)

    def write(
        self, folder: str | os.PathLike[str], *, lang: str = "en", maps: bool = True, overwrite: bool = False
    ) -> None:
        """Write the result directory that `siting run` writes; `overwrite` as its option of that name."""
        guard = replace(guard_of(self.result), overwrite=overwrite)
        write_result(self.result, Path(folder), speech=Speech(lang), maps=maps, guard=guard)


@checked
def solve_model(
    model: Formulation,
    rules: Sequence[Rule] = (),
    *,
    engine: str = DEFAULTS.engine,
    time_limit_s: float = DEFAULTS.time_limit_s,
    gap: float = DEFAULTS.gap,
    seed: int = DEFAULTS.seed,
    alternatives: Alternatives | None = None,
    marginals: Marginals | None = None,
) -> Solution:
    """Solve a model, such as `MaxCover(problem)`, under rules, such as `Count(3, "exactly")`.

    The plan is checked before it is returned (CheckError). A model without a plan is no error: `reasons` say why.
    ProblemError where a rule does not fit the model, EngineError where the engine cannot take it.
    """
    ask = ask_in_python(time_limit_s=time_limit_s, gap=gap, seed=seed, engine=engine)
    programme = Programme(model=model.name, alternatives=alternatives, marginals=marginals)
    posed = pose_model(inputs_of("model", model, programme), model, tuple(rules))
    asked = asked_of(programme, time_limit_s)
    result = solve_posed(
        posed, engine_of(engine), ask, search_s=DEFAULTS.search_s, asked=asked, listen=lambda _event: None
    )
    return Solution(result)


@checked
def run_study(
    study: str | os.PathLike[str],
    *,
    overrides: Mapping[str, Any] | None = None,
    programmes: Sequence[str] = (),
    options: SolveOptions | None = None,
    on_event: Callable[[Event], None] | None = None,
) -> StudySolutions:
    """Solve a study file as `siting run` does; `overrides` are values by dotted key, such as
    `{"programmes.parking.budget": 2e9}`. StudyError with every fault of the inputs at once.
    """
    file = read_study(Path(study), [override(key, value) for key, value in (overrides or {}).items()])
    return StudySolutions(solve_study(file, programmes=programmes, options=options, on_event=on_event))


def inputs_of(name: str, model: Formulation, programme: Programme) -> ProgrammeInputs:
    """The model's problem as a programme's inputs, with the frames it came from."""
    problem = problem_of(model)
    sites, demand = model.sites, None if problem is None else problem.demand
    site_frame = demand_frame = None
    if isinstance(problem, FramedProblem):
        site_frame, demand_frame = problem.site_frame, problem.demand_frame
    if site_frame is None:
        site_frame = _bare(len(sites), sites.xy)
    if demand_frame is None and demand is not None:
        demand_frame = _bare(len(demand), demand.xy)
    return ProgrammeInputs(name, programme, sites, site_frame, demand, demand_frame, currency=NAMELESS)


def _bare(size: int, xy: FloatArray | None) -> pd.DataFrame:
    """A frame without columns; points where places are known, in a system that is not."""
    if xy is None:
        return pd.DataFrame(index=pd.RangeIndex(size))
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy(xy[:, 0], xy[:, 1]), index=pd.RangeIndex(size))
