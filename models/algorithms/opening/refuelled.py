"""A first plan of stations: opened by the trips that each completes, then exchanged.

A station may complete no trip and yet be needed: increments do not fall (Kuby and Lim 2005 exchange for that reason),
so that a site also counts, a little, by the trips that it brings nearer to their end. Capacities are for the caller.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.algorithms.opening import refuelled_kernel
from models.algorithms.opening.interchange import search_opening
from models.arrays import BoolArray, FloatArray
from models.flow.refuelling import FlowRefuelling
from models.formulation import Rule
from models.plan import Plan

LEAST_HOPS = 50_000
"""A program with fewer hops is an engine's own at once, which then does not stop at a plan near this search's."""
NEARER = 1e-4
"""What a trip counts that a site brings nearer to its end, beside one that it completes."""


def search_refuelled(model: FlowRefuelling, rules: Sequence[Rule], *, seconds: float) -> Plan | None:
    """A plan that keeps the rows of rules on open sites.

    None where none was found, where stations have limits, and where the program is small.
    """
    if model.vehicle.kg_per_refuel is not None or model.hops.n_hops < LEAST_HOPS:
        return None
    return stations_opened(model, rules, seconds=seconds)


def stations_opened(model: FlowRefuelling, rules: Sequence[Rule], *, seconds: float) -> Plan | None:
    """The same for a program of any size."""
    best = search_opening(model, rules, Trips(model), until=time.monotonic() + seconds)
    return None if best is None else Plan(open=best, flow_share=model.best_share(Plan(open=best)))


@dataclass(frozen=True, eq=False)
class Trips:
    """The trips of a model, as what open stations are worth to them."""

    model: FlowRefuelling

    def worth(self, is_open: BoolArray) -> float:
        """Weight of the trips that open stations (n_sites,) refuel."""
        return float(refuelled_kernel.completed(self._trips, is_open))

    def gains(self, is_open: BoolArray) -> FloatArray:
        """Weight that each further station (n_sites,) completes, and a little of what it brings nearer."""
        completes, nearer = refuelled_kernel.gains(self._trips, is_open)
        return np.asarray(completes + NEARER * nearer)

    @cached_property
    def _trips(self) -> refuelled_kernel.Trips:
        return refuelled_kernel.trips_of(self.model.flows.classes)
