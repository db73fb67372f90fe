"""Models over sites that serve places: what follows from their problem, and how anyone asks a model for it."""

from dataclasses import dataclass, replace
from typing import Protocol, Self, runtime_checkable

from models.errors import ProblemError
from models.formulation import Formulation
from models.messages import say
from models.problem import Sites, SitingProblem


@dataclass(frozen=True, eq=False)
class OverPlaces:
    """Base of the models that are stated over sites, places and travel."""

    problem: SitingProblem

    @property
    def sites(self) -> Sites:
        """The sites it decides about."""
        return self.problem.sites

    @property
    def places(self) -> SitingProblem:
        """Sites, places and travel."""
        return self.problem

    def with_sites(self, sites: Sites) -> Self:
        """The same model over the same sites of another status or capacity."""
        return replace(self, problem=replace(self.problem, sites=sites))


@runtime_checkable
class Placed(Protocol):
    """A model that serves places, or is made of one that does."""

    @property
    def places(self) -> SitingProblem | None:
        """Sites, places and travel, of the last year where there are several; None where a part serves no places."""
        ...


@runtime_checkable
class Resited(Protocol):
    """A model that can be stated anew over its sites with another status."""

    def with_sites(self, sites: Sites) -> Formulation:
        """The same model over the same sites of another status or capacity; ProblemError where a part cannot."""
        ...


@runtime_checkable
class Fed(Protocol):
    """A model whose sites are fed by others before they serve."""

    @property
    def single_feeder(self) -> bool:
        """Is a site fed by one other alone?"""
        ...


def resited(model: Formulation, sites: Sites) -> Formulation:
    """A model over its sites with another status; ProblemError where it cannot be stated anew."""
    if not isinstance(model, Resited):
        raise ProblemError(say("{name} cannot be stated over other sites", name=model.name))
    return model.with_sites(sites)


def problem_of(model: Formulation) -> SitingProblem | None:
    """Sites, places and travel of a model; None where it serves no places."""
    return model.places if isinstance(model, Placed) else None
