"""Every plan is recomputed before anyone sees it: against the program, the problem and the study's rules."""

from models.messages import Message, Said, say
from models.placed import problem_of
from models.plan import Plan
from models.problem import Demand
from solver.errors import CheckError
from solver.optimise.anytime import SolvedProgramme
from solver.optimise.posed import PosedProgramme

TOLERANCE = 1e-6


def check(posed: PosedProgramme, solved: SolvedProgramme, cost: float) -> None:
    """CheckError with everything that a plan does not hold; silent where all of it does.

    Four independent looks: the values against the program's rows, the plan's worth by the model's own arithmetic
    against the program's objective, the bound against that worth, and every rule against the plan alone.
    """
    plan, values, outcome = solved.plan, solved.values, solved.outcome
    if plan is None:
        return
    wrong: list[Said | str] = []
    if values is not None:
        wrong = [
            say("{where} is broken by {amount:.6g}", where=v.where, amount=v.amount)
            for v in solved.program.violations(values, tolerance=1e-5)
        ]
    wrong += _worth(posed, plan, outcome.objective, outcome.bound)
    demand = _demand(solved)
    for rule in posed.rules:
        wrong += rule.violations(posed.formulation.sites, demand, plan, cost)
    status = posed.formulation.sites
    if (plan.open < status.fixed_open).any() or (plan.open & status.fixed_closed).any():
        wrong.append(say("a required or existing site is closed, or a forbidden one open"))
    if wrong:
        name = posed.inputs.name
        raise CheckError(
            say(
                "programmes.{name}   the plan of {engine} does not hold what it claims:",
                name=name,
                engine=outcome.engine,
            ),
            *(say("  {fault}", fault=fault) for fault in wrong[:20]),
            say("  try another engine, and report this"),
        )


def _demand(solved: SolvedProgramme) -> Demand | None:
    """The places of the model, without building its program for that."""
    if solved.whole.is_built:
        return solved.draft.demand
    problem = problem_of(solved.whole.model)
    return None if problem is None else problem.demand


def _worth(posed: PosedProgramme, plan: Plan, claimed: float | None, bound: float | None) -> list[Message]:
    worth = posed.formulation.objective_of(plan)
    size = max(1.0, abs(worth))
    wrong = []
    if claimed is None or abs(worth - claimed) > TOLERANCE * size:
        wrong.append(
            say(
                "the objective is claimed as {claimed} and is {worth:.10g} when recomputed from the plan",
                claimed=claimed,
                worth=worth,
            )
        )
    sign = 1.0 if posed.formulation.sense == "max" else -1.0
    if bound is not None and sign * (worth - bound) > TOLERANCE * size:
        wrong.append(
            say("the bound {bound:.10g} is worse than the plan's worth {worth:.10g}", bound=bound, worth=worth)
        )
    return wrong
