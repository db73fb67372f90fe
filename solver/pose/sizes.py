"""Modules of capacity from a study's `sizes`."""

from collections.abc import Callable

import numpy as np

from models.formulation import Formulation
from models.messages import Listed, say
from models.modular import Module, modular
from models.problem import SitingProblem
from solver.errors import StudyError
from solver.findings import Finding
from solver.inputs.instance import ProgrammeInputs


def with_sizes(
    inputs: ProgrammeInputs,
    problem: SitingProblem,
    build: Callable[[SitingProblem], Formulation],
    *,
    in_objective: bool = False,
) -> Formulation:
    """The model that `build` makes, with modules at new sites where the study has `sizes`.

    `in_objective`: the model minimises cost, so that modules count. StudyError where a site that is there already has
    no capacity: it takes no modules.
    """
    sizes = inputs.programme.sizes
    if not sizes:
        return build(problem)
    sites = problem.sites
    endless = [sites.ids[j] for j in np.flatnonzero(~sites.is_new & np.isinf(sites.capacity))]
    if endless:
        fact = say("sites that are there take no modules and need a capacity of their own")
        remedy = say("none at {sites}: name the column of capacity in their layer", sites=Listed(endless[:5]))
        raise StudyError(Finding(f"programmes.{inputs.name}.sizes", fact, remedy))
    modules = [
        Module(
            name=name,
            capacity=size.capacity,
            cost=inputs.site_money(size.cost, f"sizes.{name}.cost"),
            max_per_site=inputs.site_numbers(size.max_per_site, f"sizes.{name}.max_per_site", default=0.0),
        )
        for name, size in sizes.items()
    ]
    return modular(build, problem, modules, in_objective=in_objective)
