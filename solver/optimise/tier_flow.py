"""What it costs to serve everybody through given open sites of tiers, as a flow; and plans of least cost by it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp

from models.algorithms.hierarchy.exchange import Exchange
from models.algorithms.hierarchy.slopes import Scaling
from models.arrays import BoolArray, FloatArray, IntArray, Sparse
from models.formulation import Draft
from models.hierarchy.hierarchical import HierarchicalCost, HierarchicalCoverage
from models.incumbent import Incumbent
from models.program import Program
from solver.engines.ortools_flow import least_cost
from solver.engines.safebound import LpBound
from solver.optimise.benders import budget_row

IDLE = 1e-9
"""A site that carries no more than this part of what it can stays closed."""

DEAREST = 1e3
"""Prices of a unit go no higher than so many times what it is worth: beyond, they all keep it away."""

THROUGH = 2.0
"""Money is worth at first what it would be if a unit paid so many times the mean price at every tier."""

USED = 1e-6
"""A site open to this degree in a linear relaxation is used."""

SLACK = 1e-9
"""Relative rounding of sums over a row."""


@dataclass(frozen=True, eq=False)
class _Flow:
    """Pairs of sites and of classes with sites, by number, and what they carry; what flows through each site; cost."""

    fed: IntArray
    served: IntArray
    amount_fed: FloatArray
    amount_served: FloatArray
    through: FloatArray
    cost: float


@dataclass(frozen=True, eq=False)
class OpenFlow:
    """The flows of a model whose sites are open or closed; its program must have no other whole columns."""

    model: HierarchicalCoverage | HierarchicalCost
    draft: Draft
    program: Program

    @property
    def able(self) -> bool:
        """Is a plan no more than open sites and a flow between them?"""
        return int(self.program.integer.sum()) == self.draft.open.size

    @cached_property
    def _whole(self) -> tuple[Sparse, FloatArray, FloatArray]:
        """Rows about open sites alone, over the sites, with their bounds."""
        matrix = self.program.matrix
        others = np.ones(self.program.n_columns)
        others[self.draft.open.index] = 0.0
        rows = np.flatnonzero((abs(matrix) @ others == 0) & (np.diff(matrix.indptr) > 0))
        slack = SLACK * np.asarray(abs(matrix[rows]).sum(axis=1)).ravel()
        own = sp.csr_array(matrix[rows][:, self.draft.open.index])
        return own, self.program.row_lower[rows] - slack, self.program.row_upper[rows] + slack

    @cached_property
    def _speaks_of_flows(self) -> bool:
        """Does a rule ask something of who is served, or of what transport costs?"""
        rows = [family.index for family in self.program.families if family.rule is not None]
        index = np.concatenate([np.empty(0, dtype=np.int64), *rows])
        others = np.ones(self.program.n_columns)
        others[self.draft.open.index] = 0.0
        return bool((abs(self.program.matrix[index]) @ others > 0).any())

    @cached_property
    def _load(self) -> FloatArray:
        return self.model.flows.classes.load

    def cost(self, opened: BoolArray) -> float:
        """What everything costs with these sites (n_sites,) open; inf where they cannot serve all or break a rule."""
        matrix, lower, upper = self._whole
        activity = matrix @ opened.astype(np.float64)
        if (activity < lower).any() or (activity > upper).any() or not self._carries(opened):
            return np.inf
        if self._speaks_of_flows:
            values = self.values(opened)
            return np.inf if values is None or self.program.violations(values) else self.program.objective_at(values)
        found = self._flow(opened, np.zeros(len(opened)), 0.0)
        return np.inf if found is None else found.cost + float(self._opening @ opened) + self.program.offset

    @cached_property
    def _opening(self) -> FloatArray:
        return self.draft.open.of(self.program.objective)

    def _carries(self, opened: BoolArray) -> bool:
        """Have the sources, and the lowest tier where it alone serves, capacity for all?"""
        problem, limit = self.model.problem, self.model.flows.limit
        passed = (0,) if problem.nested else range(problem.n_tiers)
        enough = float(self._load.sum()) * (1 - SLACK)
        return all(float(limit[opened & (problem.tier == tier)].sum()) >= enough for tier in passed)

    def values(self, opened: BoolArray) -> FloatArray | None:
        """The columns (n_columns,) of the cheapest flow through open sites; None where there is none."""
        found = self._flow(opened, np.zeros(len(opened)), 0.0)
        return None if found is None else self._values_of(found, opened)

    def _values_of(self, found: _Flow, opened: BoolArray) -> FloatArray:
        group, _, _ = self.model.flows.serve_pairs
        values = np.zeros(self.program.n_columns)
        values[self.draft.open.index] = opened
        values[self.draft.blocks["feed"].index[found.fed]] = found.amount_fed
        values[self.draft.blocks["serve"].index[found.served]] = found.amount_served / self._load[group[found.served]]
        return values

    @cached_property
    def _spent(self) -> FloatArray:
        """Money (n_columns,) that the budget counts for each column; none where there is no budget."""
        row = budget_row(self.program)
        if row is None:
            return np.zeros(self.program.n_columns)
        return np.asarray(self.program.matrix[[row]].todense()).ravel()

    @cached_property
    def _unit_costs(self) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Per unit of load: costs of feeding and serving by pairs, and the money that the budget counts for them."""
        group, _, serve_cost = self.model.flows.serve_pairs
        _, _, feed_cost = self.model.flows.feed_pairs
        spent = self.draft.blocks["feed"].of(self._spent), self.draft.blocks["serve"].of(self._spent)
        return feed_cost, serve_cost, spent[0], spent[1] / self._load[group]

    def _flow(self, opened: BoolArray, price: FloatArray, money: float) -> "_Flow | None":
        """The cheapest flow through open sites with a price (n_sites,) of a unit at each; None where there is none.

        Who maximises leaves out what is worth less than its price, `money` being what the budget's money is worth;
        who minimises serves everybody.
        """
        flows, load, n = self.model.flows, self._load, len(opened)
        group, site, _ = flows.serve_pairs
        upper, lower, _ = flows.feed_pairs
        feed_cost, serve_cost, feed_spent, serve_spent = self._unit_costs
        fed, served = np.flatnonzero(opened[upper] & opened[lower]), np.flatnonzero(opened[site])
        sites = np.flatnonzero(opened)
        sources = sites[self.model.problem.is_source[sites]]
        sink, source = 2 * n + len(load), 2 * n + len(load) + 1
        places = 2 * n + np.arange(len(load))
        tail = np.concatenate(
            [sites, n + upper[fed], n + site[served], np.full(len(sources), source), places, [source]]
        )
        head = np.concatenate([n + sites, lower[fed], 2 * n + group[served], sources, np.full(len(load), sink), [sink]])
        limit = flows.limit
        between = np.minimum(limit[upper[fed]], limit[lower[fed]])
        amount, out, worth = float(load.sum()), 0.0, np.zeros(len(load))
        if self.model.sense == "max":
            worth = flows.classes.weight / load
            amount = out = min(amount, float(limit[sources].sum()))
            feed_cost, serve_cost = money * feed_spent, money * serve_spent
        most = np.concatenate([limit[sites], between, load[group[served]], limit[sources], load, [out]])
        best = worth.max(initial=0.0)
        cost = np.concatenate(
            [price[sites], feed_cost[fed], serve_cost[served], np.zeros(len(sources)), best - worth, [best]]
        )
        amounts = least_cost(tail, head, most, cost, (source, sink), amount)
        if amounts is None:
            return None
        first, last = len(sites), len(sites) + len(fed)
        through = np.zeros(n)
        through[sites] = amounts[:first]
        return _Flow(
            fed, served, amounts[first:last], amounts[last : last + len(served)], through, float(cost @ amounts)
        )

    def first(self, hand: Incumbent[FloatArray]) -> None:
        """Plans by flows in which opening is paid by the unit; sites that carry nothing stay closed."""
        flows, opened = self.model.flows, self.draft.open
        lower, upper = opened.of(self.program.lower), opened.of(self.program.upper)
        row = budget_row(self.program)
        cost = np.where(lower > 0, 0.0, np.maximum(0.0, self.model.sites.opening_cost()))
        usable = (upper > 0) & (flows.limit > 0)
        budget = float(self.program.row_upper[row]) if self.model.sense == "max" and row is not None else np.inf

        def flow(price: FloatArray, money: float) -> tuple[FloatArray, float]:
            found = self._flow(usable, np.minimum(price, DEAREST * self._worth), money)
            if found is None:
                return np.zeros(len(usable)), 0.0
            values = self._values_of(found, (found.through > IDLE * flows.limit) | (lower > 0))
            hand.found(values)
            return found.through, float(self._spent @ values)

        if usable.any() and len(self._load):
            price = 1.0
            if self.model.sense == "max":
                unit = cost[usable] / flows.limit[usable]
                price = self._worth / max(1e-300, THROUGH * self.model.problem.n_tiers * float(unit.mean()))
                price = 0.0 if row is None else price
            Scaling(cost, flows.limit, budget, flow, hand.clock).run(price)

    @property
    def _worth(self) -> float:
        """The most that a unit of load counts, in the unit of the objective."""
        if self.model.sense == "max":
            return float((self.model.flows.classes.weight / self._load).max())
        return float(np.inf)

    def better(self, hand: Incumbent[FloatArray], root: LpBound, seed: int) -> None:
        """Better what is in hand by exchanging sites, from the sites that a linear relaxation uses at all."""
        opened = self.draft.open
        level, prices = opened.of(root.values), opened.of(root.reduced_costs)
        size = float(np.abs(self.model.sites.opening_cost()).max(initial=0.0))
        lower, upper = opened.of(self.program.lower), opened.of(self.program.upper)
        wanted = level - prices / size if size > 0 else level

        def found(sites: BoolArray) -> bool:
            values = self.values(sites)
            hand.found(values)
            return hand.over

        start = (level > USED) & (upper > 0)
        hand.found(self.values(start))
        Exchange(lower < upper, self.model.problem.tier, wanted, self.cost, hand.clock).search(
            start, np.random.default_rng(seed), found
        )
