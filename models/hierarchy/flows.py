"""The flow through the tiers as columns and rows, and the way back to a plan; shared by both objectives."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp

from models.arrays import FloatArray, IntArray, Sparse, pairs_of, sparse_from_pairs
from models.demand_classes import PlaceClasses, merge_places
from models.formulation import Draft, open_block, opening_cost
from models.hierarchy.tiers import TierProblem
from models.labels import PairLabels
from models.plan import Plan
from models.program import Block, ProgramBuilder, Term, row_of
from models.service import Served

DUST = 1e-9
"""Shares and relative amounts below this are rounding of an engine, not service."""


@dataclass(frozen=True, eq=False)
class TierFlows:
    """Pairs that can carry flow: class to site (n_serve,) and site to site (n_feed,), and what each site can carry.

    `limit` (n_sites,): the least of a site's capacity and of all that it could pass on.
    """

    problem: TierProblem
    single_feeder: bool = False
    single_source: bool = False

    @cached_property
    def classes(self) -> PlaceClasses:
        """Places merged where that is exact: never across districts, not at all where a place has one server."""
        problem = self.problem
        numbers = {g: i for i, g in enumerate(dict.fromkeys(problem.demand.group))}
        key = np.array([numbers[g] for g in problem.demand.group], dtype=np.int64)
        if self.single_source:
            key = np.arange(len(problem.demand), dtype=np.int64)
        return merge_places(
            problem.access, np.asarray(problem.access_cost), problem.demand.weight, key, problem.demand.load
        )

    @cached_property
    def serve_pairs(self) -> tuple[IntArray, IntArray, FloatArray]:
        problem, classes = self.problem, self.classes
        access = problem.access
        access_cost = sp.csr_array((problem.access_cost, access.indices, access.indptr), shape=access.shape)
        rows = sp.csr_array(access_cost[classes.first])
        group, site, price = pairs_of(rows)
        keep = problem.chained()[site]
        return group[keep], site[keep], price[keep]

    @cached_property
    def feed_pairs(self) -> tuple[IntArray, IntArray, FloatArray]:
        upper, lower, _ = pairs_of(self.problem.feed)
        chained = self.problem.chained()
        keep = chained[upper] & chained[lower]
        return upper[keep], lower[keep], np.asarray(self.problem.feed_cost)[keep]

    @cached_property
    def potential(self) -> FloatArray:
        """What each site (n_sites,) could pass on if only the sites below had capacities."""
        problem = self.problem
        group, site, _ = self.serve_pairs
        upper, lower, _ = self.feed_pairs
        carried = self.classes.load[group]
        most = np.bincount(site, weights=carried, minlength=len(problem.sites)).astype(np.float64)
        total = float(self.classes.load.sum())
        for tier in range(problem.n_tiers - 1, -1, -1):
            limit = np.minimum(most, problem.sites.capacity)
            below = np.bincount(upper, weights=limit[lower], minlength=len(problem.sites))
            here = problem.tier == tier
            most[here] = np.minimum(most + below, total)[here]
        return most

    @cached_property
    def limit(self) -> FloatArray:
        """Most that each site (n_sites,) can carry in any plan."""
        return np.minimum(self.potential, self.problem.sites.capacity)

    def draft(self, builder: ProgramBuilder, *, all_served: bool) -> Draft:
        """Columns and rows of opening, serving and feeding; the objective is left to the caller."""
        problem, sites, classes = self.problem, self.problem.sites, self.classes
        n, n_classes = len(sites), len(classes.weight)
        group, site, serve_cost = self.serve_pairs
        upper, lower, feed_cost = self.feed_pairs
        carried = classes.load[group]
        opened = open_block(builder, sites)
        serve = builder.columns("serve", len(site), upper=1.0, integer=self.single_source, labels=self._serve_labels())
        feed = builder.columns("feed", len(lower), labels=self._feed_labels())
        by_class = _incidence(group, n_classes)
        builder.rows(
            "every_place_is_served" if all_served else "a_place_is_served_at_most_once",
            [(by_class, serve)],
            lower=1.0 if all_served else -np.inf,
            upper=1.0,
            labels=[problem.demand.ids[k] for k in classes.first],
        )
        served_by = _incidence(site, n, carried)
        sent, received = _incidence(upper, n), _incidence(lower, n)
        below = np.flatnonzero(~problem.is_source)
        builder.rows(
            "a_site_passes_on_what_it_receives",
            [(served_by[below], serve), (sp.csr_array((sent - received)[below]), feed)],
            lower=0.0,
            upper=0.0,
            labels=[sites.ids[j] for j in below],
        )
        load: list[Term] = [(served_by, serve), (sent, feed)]
        builder.rows(
            "an_open_site_carries_at_most_its_capacity",
            [*load, (sp.csr_array(sp.diags_array(-self.limit)), opened)],
            upper=0.0,
            labels=sites.ids,
        )
        self._strengthen(builder, opened, serve, feed)
        blocks = {"open": opened, "serve": serve, "feed": feed}
        if self.single_feeder:
            blocks["feeds"] = self._single_feeder(builder, opened, feed)
        cost = opening_cost(sites, opened)
        if serve_cost.any():
            cost.append((row_of(serve_cost * carried), serve))
        if feed_cost.any():
            cost.append((row_of(feed_cost), feed))
        return Draft(
            builder=builder,
            sites=sites,
            open=opened,
            cost=cost,
            base_cost=sites.base_cost(),
            demand=problem.demand,
            covered_terms=[(self._covered(by_class), serve)],
            load_terms=load,
            blocks=blocks,
        )

    def _strengthen(self, builder: ProgramBuilder, opened: Block, serve: Block, feed: Block) -> None:
        """Pair by pair, only open sites serve and feed; implied for whole sites, it tightens the linear relaxation.

        Left out where a capacity binds (it is below what could be passed on): the capacity row says nearly as much,
        and `implied_rows` has them all for those who add what a solution breaks.
        """
        n = len(self.problem.sites)
        loose = (self.problem.sites.capacity >= self.potential) & ~self.problem.sites.fixed_open
        serve_site, serve_most, feed_site, feed_most = self._pairwise()
        for name, block, owner, most, labels in (
            ("a_place_is_served_only_by_open_sites", serve, serve_site, serve_most, self._serve_labels()),
            ("a_site_is_fed_only_by_open_sites", feed, feed_site, feed_most, self._feed_labels()),
        ):
            at = np.flatnonzero(loose[owner])
            ones = _picked(at, block.size, np.ones(len(at)))
            builder.rows(
                name,
                [(ones, block), (_picked(owner[at], n, -most[at]), opened)],
                upper=0.0,
                labels=[labels[int(k)] for k in at],
            )

    def _pairwise(self) -> tuple[IntArray, FloatArray, IntArray, FloatArray]:
        """The serving site of every serving pair and the largest share it can serve; the feeder and amount likewise."""
        group, site, _ = self.serve_pairs
        upper, lower, _ = self.feed_pairs
        with np.errstate(over="ignore"):  # next to no load: the site can serve all of it
            most = np.minimum(1.0, self.limit[site] / self.classes.load[group])
        return site, most, upper, np.minimum(self.limit[upper], self.limit[lower])

    def implied_rows(self, draft: Draft, n_columns: int) -> Sparse:
        """Rows (n_rows, n_columns) that are at most 0 in every plan: by pairs, only open sites serve, feed and are fed.

        Shares, so that what a solution breaks can be compared between rows; they follow for whole sites and tighten
        the linear relaxation.
        """
        _, lower, _ = self.feed_pairs
        serve_site, serve_most, upper, feed_most = self._pairwise()
        some = np.flatnonzero(feed_most > 0)
        opened, serve, feed = draft.open.index, draft.blocks["serve"].index, draft.blocks["feed"].index[some]
        share = np.ones(len(some)) / feed_most[some]
        left = np.concatenate([serve, feed, feed])
        right = opened[np.concatenate([serve_site, upper[some], lower[some]])]
        row = np.arange(len(left))
        one, most = (
            np.concatenate([np.ones(len(serve)), share, share]),
            np.concatenate([serve_most, np.ones(2 * len(some))]),
        )
        entries = (np.concatenate([one, -most]), (np.concatenate([row, row]), np.concatenate([left, right])))
        return sp.csr_array(sp.coo_array(entries, shape=(len(left), n_columns)))

    def _single_feeder(self, builder: ProgramBuilder, opened: Block, feed: Block) -> Block:
        """Every site below the highest tier takes all it gets from one site."""
        upper, lower, _ = self.feed_pairs
        through = np.minimum(self.limit[upper], self.limit[lower])
        n = len(self.problem.sites)
        feeds = builder.columns("feeds", len(lower), upper=1.0, integer=True, labels=self._feed_labels())
        each = _incidence(np.arange(len(lower)), len(lower))
        builder.rows(
            "a_site_gets_only_from_its_feeder",
            [(each, feed), (sp.csr_array(sp.diags_array(-through)), feeds)],
            upper=0.0,
            labels=self._feed_labels(),
        )
        below = np.flatnonzero(~self.problem.is_source)
        builder.rows(
            "a_site_has_at_most_one_feeder",
            [(_incidence(lower, n)[below], feeds), (_picked(below, n, -np.ones(len(below))), opened)],
            upper=0.0,
            labels=[self.problem.sites.ids[j] for j in below],
        )
        builder.rows(
            "a_feeder_is_open",
            [(each, feeds), (_picked(upper, n, -np.ones(len(upper))), opened)],
            upper=0.0,
            labels=self._feed_labels(),
        )
        return feeds

    @property
    def serve_weight(self) -> FloatArray:
        """Weight (n_serve,) that each column of `serve` serves at value one."""
        group, _, _ = self.serve_pairs
        return self.classes.weight[group]

    def read_plan(self, draft: Draft, values: FloatArray) -> Plan:
        """Open sites, shares of every place served by each site, amounts from site to site."""
        problem, n = self.problem, len(self.problem.sites)
        opened = draft.open.of(values) > 0.5
        group, site, _ = self.serve_pairs
        upper, lower, _ = self.feed_pairs
        share = draft.blocks["serve"].of(values)
        keep = (share > DUST) & opened[site]
        by_class = sparse_from_pairs(
            group[keep], site[keep], np.minimum(share[keep], 1.0), (len(self.classes.weight), n)
        )
        over = np.maximum(1.0, np.asarray(by_class.sum(axis=1)).ravel())
        by_class.data /= np.repeat(over, np.diff(by_class.indptr))
        amount = draft.blocks["feed"].of(values)
        flows = (amount > DUST * max(1.0, float(self.classes.load.sum()))) & opened[upper] & opened[lower]
        return Plan(
            open=opened,
            served=_spread(by_class, self.classes.of, len(problem.demand)),
            links=sparse_from_pairs(upper[flows], lower[flows], amount[flows], (n, n)),
        )

    def values_of(self, draft: Draft, plan: Plan, values: FloatArray) -> None:
        """Column values of a plan; places merged into one class get the mean share of their weight."""
        problem = self.problem
        group, site, _ = self.serve_pairs
        upper, lower, _ = self.feed_pairs
        values[draft.open.index] = plan.open
        n = len(problem.sites)
        if plan.served is not None:
            place, server, share = pairs_of(plan.served)
            of = self.classes.of[place]
            kept = of >= 0
            amount = sp.coo_array(
                ((share * problem.demand.weight[place])[kept], (of[kept], server[kept])),
                shape=(len(self.classes.weight), n),
            ).tocsr()
            values[draft.blocks["serve"].index] = _at(amount, group, site) / self.classes.weight[group]
        if plan.links is not None:
            amounts = _at(plan.links, upper, lower)
            values[draft.blocks["feed"].index] = amounts
            if self.single_feeder:
                values[draft.blocks["feeds"].index] = amounts > 0

    def with_service(self, draft: Draft) -> Served:
        """The draft's own columns: from the places to their sites, and from tier to tier."""
        problem, classes = self.problem, self.classes
        group, site, _ = self.serve_pairs
        upper, lower, _ = self.feed_pairs
        access = _at(problem.access, classes.first[group], site) * classes.load[group]
        travel: list[Term] = [(row_of(access), draft.blocks["serve"])]
        if len(upper):
            travel.append((row_of(_at(problem.feed, upper, lower)), draft.blocks["feed"]))
        return Served(draft, travel)

    def _covered(self, by_class: Sparse) -> Sparse:
        """Rows (n_demand, n_serve): a place is covered as its class is; places left out never are."""
        of = self.classes.of
        pick = _picked(of[of >= 0], len(self.classes.weight), np.ones(int((of >= 0).sum())))
        rows, columns, ones = pairs_of(sp.csr_array(pick @ by_class))
        return sparse_from_pairs(np.flatnonzero(of >= 0)[rows], columns, ones, (len(of), by_class.shape[1]))

    def _serve_labels(self) -> PairLabels:
        group, site, _ = self.serve_pairs
        return PairLabels(site, self.classes.first[group], self.problem.sites.ids, self.problem.demand.ids)

    def _feed_labels(self) -> PairLabels:
        upper, lower, _ = self.feed_pairs
        return PairLabels(upper, lower, self.problem.sites.ids, self.problem.sites.ids)


def _incidence(row: IntArray, n_rows: int, values: FloatArray | None = None) -> Sparse:
    """Matrix (n_rows, len(row)) with an entry of each column in its row."""
    data = np.ones(len(row)) if values is None else values
    return sp.csr_array(sp.coo_array((data, (row, np.arange(len(row)))), shape=(n_rows, len(row))))


def _picked(column: IntArray, n_columns: int, values: FloatArray) -> Sparse:
    """Matrix (len(column), n_columns) with one entry in each row."""
    return sp.csr_array((values, column, np.arange(len(column) + 1)), shape=(len(column), n_columns))


def _spread(by_class: Sparse, of: IntArray, n_demand: int) -> Sparse:
    """The rows of classes handed to their places."""
    placed = np.flatnonzero(of >= 0)
    rows, columns, share = pairs_of(sp.csr_array(by_class[of[placed]]))
    return sparse_from_pairs(placed[rows], columns, share, (n_demand, by_class.shape[1]))


def _at(matrix: Sparse, rows: IntArray, columns: IntArray) -> FloatArray:
    if not len(rows):
        return np.empty(0)
    return np.asarray(matrix[rows, columns]).ravel().astype(np.float64)
