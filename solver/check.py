"""Every plan is recomputed before anyone sees it: against the program, the problem and the study's rules."""

from models.plan import Plan
from models.program import Program
from solver.anytime import Solved
from solver.errors import CheckError
from solver.pose.posed import Posed

TOLERANCE = 1e-6


def check(posed: Posed, solved: Solved, cost_cny: float) -> None:
    """CheckError with everything that a plan does not hold; silent where all of it does.

    Four independent looks: the values against the program's rows, the plan's worth by the model's own arithmetic
    against the program's objective, the bound against that worth, and every rule against the plan alone.
    """
    plan, values, outcome = solved.plan, solved.values, solved.outcome
    if plan is None or values is None:
        return
    wrong = [f"{v.where} is broken by {v.amount:.6g}" for v in solved.program.violations(values, tolerance=1e-5)]
    wrong += _worth(posed, solved.program, plan, outcome.objective, outcome.bound)
    for rule in posed.rules:
        wrong += rule.faults(posed.formulation.sites, solved.draft.demand, plan, cost_cny)
    status = posed.formulation.sites
    if (plan.open < status.fixed_open).any() or (plan.open & status.fixed_closed).any():
        wrong.append("a required or existing site is closed, or a forbidden one open")
    if wrong:
        name = posed.inputs.name
        raise CheckError(
            f"programmes.{name}   the plan of {outcome.engine} does not hold what it claims:\n  "
            + "\n  ".join(wrong[:20])
            + "\n  try another engine, and report this"
        )


def _worth(posed: Posed, program: Program, plan: Plan, claimed: float | None, bound: float | None) -> list[str]:
    worth = posed.formulation.objective_of(plan)
    size = max(1.0, abs(worth))
    wrong = []
    if claimed is None or abs(worth - claimed) > TOLERANCE * size:
        wrong.append(f"the objective is claimed as {claimed} and is {worth:.10g} when recomputed from the plan")
    sign = 1.0 if program.sense == "max" else -1.0
    if bound is not None and sign * (worth - bound) > TOLERANCE * size:
        wrong.append(f"the bound {bound:.10g} is worse than the plan's worth {worth:.10g}")
    return wrong
