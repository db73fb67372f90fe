"""What two or more sites have to do with each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import scipy.sparse as sp
from scipy.spatial import cKDTree

from models.arrays import IntArray
from models.brief import brief
from models.cliques import clique_rows
from models.errors import ProblemError
from models.formulation import Draft
from models.given import checked
from models.limits import nearer
from models.messages import Listed, Message, say
from models.plan import Plan
from models.problem import Demand, Sites, SiteStatus

NAMED = 5
"""So many of a rule's sets are named in words."""
WITHOUT = " without "


@checked
@brief
@dataclass(frozen=True)
class AtMostOneOf:
    """sum of x_j over each set <= 1. `key` is `at_most_one_of` or, for sets of two, `forbidden_pairs`."""

    sets: tuple[tuple[str, ...], ...]
    key: str = "at_most_one_of"
    about_service: ClassVar[bool] = False

    def __post_init__(self) -> None:
        _refuse_repeats(self.sets, self.key)

    def apply(self, draft: Draft) -> None:
        """One row per set."""
        rows, columns = _members(draft.sites, self.sets, self.key)
        matrix = sp.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(self.sets), len(draft.sites)))
        draft.builder.rows(
            f"at_most_one_of_a_set_{self.key}" if self.key != "at_most_one_of" else "at_most_one_of_a_set",
            [(matrix, draft.open)],
            upper=1.0,
            labels=[_joined(chosen) for chosen in self.sets],
            rule=self.key,
        )

    def remedy(self, label: str, works: float, by: float) -> Message:
        """What would do in place of one row."""
        return say("{n:g} of {sites} open", n=works, sites=label)

    def violations(self, sites: Sites, demand: Demand | None, plan: Plan, cost: float) -> list[Message]:
        """Sets of which more than one site is open."""
        opened = {sites.ids[i] for i in np.flatnonzero(plan.open)}
        both = [[s for s in chosen if s in opened] for chosen in self.sets]
        return [
            say("{sites} are open together ({key})", sites=Listed(found, by="both"), key=self.key)
            for found in both
            if len(found) > 1
        ]

    def describe(self) -> Message:
        """In words."""
        sets = Listed([Listed(chosen) for chosen in self.sets], NAMED, by="semicolon")
        return say("at most one site of {sets} ({key})", sets=sets, key=self.key)


@checked
@brief
@dataclass(frozen=True)
class Needs:
    """x_a <= x_b for every pair (a, b): a opens only with b."""

    pairs: tuple[tuple[str, str], ...]
    about_service: ClassVar[bool] = False

    def __post_init__(self) -> None:
        _refuse_repeats(self.pairs, self.key)

    @property
    def key(self) -> str:
        """Name in the study."""
        return "needs"

    def apply(self, draft: Draft) -> None:
        """One row per pair."""
        rows, columns = _members(draft.sites, self.pairs, self.key)
        sign = np.tile([1.0, -1.0], len(self.pairs))
        matrix = sp.csr_array((sign, (rows, columns)), shape=(len(self.pairs), len(draft.sites)))
        labels = [f"{a}{WITHOUT}{b}" for a, b in self.pairs]
        draft.builder.rows(
            "opens_only_with_what_it_needs", [(matrix, draft.open)], upper=0.0, labels=labels, rule=self.key
        )

    def remedy(self, label: str, works: float, by: float) -> Message:
        """What would do in place of one row."""
        first, _, second = label.partition(WITHOUT)
        return say("{site} without {other} open", site=first, other=second)

    def violations(self, sites: Sites, demand: Demand | None, plan: Plan, cost: float) -> list[Message]:
        """Pairs of which the first is open and the second is not."""
        opened = {sites.ids[i] for i in np.flatnonzero(plan.open)}
        return [
            say("{site} is open without {other} ({key})", site=a, other=b, key=self.key)
            for a, b in self.pairs
            if a in opened and b not in opened
        ]

    def describe(self) -> Message:
        """In words."""
        pairs = [say("{site} only with {other}", site=a, other=b) for a, b in self.pairs]
        return say("{pairs} ({key})", pairs=Listed(pairs, NAMED), key=self.key)


@checked
@brief
@dataclass(frozen=True)
class Spacing:
    """x_j + x_k <= 1 for new sites less than `distance_m` apart in a straight line.

    Sites that are all within the distance of one another, found greedily, share a row (a clique), which bounds far
    better than pairs do (Erkut 1990; Moon & Chaudhry 1984, Management Science 30(3), anti-covering). New sites keep
    the distance from existing ones too where `from_existing` is set.
    """

    distance_m: float
    from_existing: bool = False
    about_service: ClassVar[bool] = False

    @property
    def key(self) -> str:
        """Name in the study."""
        return "spacing_m"

    def apply(self, draft: Draft) -> None:
        """One row per clique; every pair too close is in one."""
        first, second = self._close(draft.sites)
        matrix = clique_rows(first, second, len(draft.sites))
        cliques = np.split(matrix.indices, matrix.indptr[1:-1])
        labels = [_joined([draft.sites.ids[j] for j in clique]) for clique in cliques] if matrix.nnz else []
        draft.builder.rows(
            "new_sites_keep_their_distance", [(matrix, draft.open)], upper=1.0, labels=labels, rule=self.key
        )

    def remedy(self, label: str, works: float, by: float) -> Message:
        """What would do in place of one row."""
        return say(
            "{n:g} of {sites} open, which are nearer than {distance_m:g} m",
            n=works,
            sites=label,
            distance_m=self.distance_m,
        )

    def violations(self, sites: Sites, demand: Demand | None, plan: Plan, cost: float) -> list[Message]:
        """Open pairs too close to each other, by plain arithmetic."""
        if sites.xy is None:
            return [say("{key} cannot be checked: the sites have no coordinates", key=self.key)]
        chosen = np.flatnonzero(plan.open & (sites.is_new | self.from_existing))
        xy = sites.xy[chosen]
        apart = np.hypot(xy[:, None, 0] - xy[None, :, 0], xy[:, None, 1] - xy[None, :, 1])
        near = np.triu(nearer(apart, self.distance_m), 1)
        if self.from_existing:
            near &= sites.is_new[chosen][:, None] | sites.is_new[chosen][None, :]
        return [
            say(
                "{site} and {other} are {apart_m:.0f} m apart; at least {distance_m:g} is asked for ({key})",
                site=sites.ids[chosen[a]],
                other=sites.ids[chosen[b]],
                apart_m=float(apart[a, b]),
                distance_m=self.distance_m,
                key=self.key,
            )
            for a, b in zip(*np.nonzero(near), strict=True)
        ]

    def describe(self) -> Message:
        """In words."""
        told = {"distance_m": self.distance_m, "key": self.key}
        if self.from_existing:
            return say("new sites at least {distance_m:g} m from one another and from existing ones ({key})", **told)
        return say("new sites at least {distance_m:g} m apart ({key})", **told)

    def _close(self, sites: Sites) -> tuple[IntArray, IntArray]:
        if sites.xy is None:
            raise ProblemError(
                say("{key} needs the coordinates of the sites; a study with a matrix has none", key=self.key)
            )
        there = sites.is_(SiteStatus.EXISTING, SiteStatus.CLOSABLE)
        able = np.flatnonzero((sites.is_new & ~sites.fixed_closed) | (self.from_existing & there))
        pairs = cKDTree(sites.xy[able]).query_pairs(self.distance_m, output_type="ndarray")
        first, second = able[pairs[:, 0]], able[pairs[:, 1]]
        apart = np.hypot(*(sites.xy[first] - sites.xy[second]).T)
        keep = nearer(apart, self.distance_m) & (sites.is_new[first] | sites.is_new[second])
        return first[keep].astype(np.int64), second[keep].astype(np.int64)


def _members(sites: Sites, sets: Sequence[Sequence[str]], key: str) -> tuple[IntArray, IntArray]:
    """Row and column of every named site; ProblemError that lists all that are unknown."""
    position = {site: i for i, site in enumerate(sites.ids)}
    unknown = sorted({site for chosen in sets for site in chosen if site not in position})
    if unknown:
        raise ProblemError(
            say("{key} names {unknown}, which are not sites of the programme", key=key, unknown=Listed(unknown[:10]))
        )
    rows = np.repeat(np.arange(len(sets)), [len(chosen) for chosen in sets])
    return rows, np.array([position[site] for chosen in sets for site in chosen], dtype=np.int64)


def _refuse_repeats(sets: Sequence[Sequence[str]], key: str) -> None:
    """ProblemError where a set has fewer than two sites or one of them twice."""
    wrong = [f"[{', '.join(chosen)}]" for chosen in sets if len(chosen) < 2 or len(set(chosen)) < len(chosen)]
    if wrong:
        raise ProblemError(
            say(
                "{key} needs two or more different sites in every set; not so in {wrong}",
                key=key,
                wrong=Listed(wrong[:NAMED]),
            )
        )


def _joined(ids: Sequence[str]) -> str:
    return ", ".join(ids[:NAMED]) + _more(len(ids))


def _more(n: int) -> str:
    return f" and {n - NAMED} more" if n > NAMED else ""
