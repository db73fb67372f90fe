"""Maximal covering of a whole country: its districts solved apart, wherever there is room, under common prices.

The prices come from an ascent over all places (`models.algorithms.covering.districts`), which is cheap; every district
is then a small program of its own that an engine proves, in another process or on another machine. What the districts
prove adds up to a bound on every plan, what they open is nearly a plan: it is filled up to what all share, and then
each district decides anew what to open with what it uses, given the others, until nothing is gained.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.algorithms.covering.districts import (
    District,
    Districts,
    Prices,
    ascent,
    bound_of,
    districts_of,
    filled,
    left_by_others,
    moved,
    neighbours,
    turns,
    worth_of_classes,
)
from models.apart import InDistricts, SharedUse, Use
from models.arrays import BoolArray, FloatArray, Sparse
from models.clock import Clock
from models.coverage.max_cover import MaxCover
from models.errors import ProblemError
from models.formulation import Rule
from models.incumbent import Incumbent
from models.messages import say
from models.problem import SiteStatus
from models.program import Program, ProgramBuilder, identity, row_of
from solver.engines.catalogue import engine as engine_of
from solver.engines.engine import Ask
from solver.optimise.posed import Reduced, StoppedWith
from solver.workers.where import each_where

STEPS = 400
"""Steps of the ascent at most: on made cities the bound moves by less than a thousandth after 300."""
ASCENT, DISTRICT = 0.3, 0.25
"""Shares of the time for the ascent, and of what is left for one round of districts."""
FINER = 0.1
"""Each district is solved to this part of the gap that is asked of the whole."""
ROUNDS, TOWARDS = 5, 0.3
"""Rounds of prices at most, and the length of a step as a part of Polyak's."""
PASSES = 3
"""Times that every district decides anew at most."""


@dataclass(frozen=True, eq=False)
class Piece:
    """One district's own program: cover `weight` (n,) of `sets` (n, n_sites) less the `price` (n_sites,) of sites.

    At least `least` and at most `most` sites; of every use (n_sites,) at most its amount.
    """

    sets: Sparse
    weight: FloatArray
    price: FloatArray
    least: int
    most: int
    uses: tuple[Use, ...]
    engine: str
    ask: Ask


@dataclass(frozen=True, eq=False)
class Settled:
    """What a district proved: no choice of its sites gives more than `bound`; and the sites (n_sites,) it opens."""

    bound: float
    is_open: BoolArray | None


Each = Callable[[Callable[[Piece], Settled], Sequence[tuple[Piece]]], Iterable[tuple[int, "Settled | Exception"]]]
"""Does all pieces, here or elsewhere, and gives position and answer as they end."""


def by_district(model: MaxCover, view: Districts, ask: Ask, engine: str, *, each: Each = each_where) -> Reduced:
    """The best plan and bound within the time, from the model by its districts (`districts_of_model`).

    Ctrl-C with a plan in hand raises `StoppedWith`.
    """

    def judged(is_open: BoolArray) -> float | None:
        return view.worth(is_open) if keeps(view, is_open) else None

    known: Incumbent[BoolArray] = Incumbent("max", judged, Clock.of(ask.time_limit_s), ask.gap)
    known.bounded(float(view.weight.sum()))
    known.found(filled(view, view.fixed_open))
    try:
        _Rounds(view, known, engine, ask, each).solve()
    except KeyboardInterrupt:
        if known.plan is None:
            raise
        raise StoppedWith(model.plan_of(known.plan), known.bound) from None
    return Reduced(model, None if known.plan is None else model.plan_of(known.plan), known.bound)


def solve_piece(piece: Piece) -> Settled:
    """The best sites of one district and the bound that the engine proves."""
    answer = engine_of(piece.engine).run(_program(piece), piece.ask)
    n = piece.sets.shape[1]
    bound = answer.outcome.bound
    known = float(np.maximum(piece.weight, 0.0).sum())
    is_open = None if answer.values is None else answer.values[:n] > 0.5
    return Settled(known if bound is None else min(bound, known), is_open)


def _program(piece: Piece) -> Program:
    n_classes, n = piece.sets.shape
    builder = ProgramBuilder("one district", "max")
    opened = builder.columns("open", n, upper=1.0, integer=True, objective=-piece.price)
    covered = builder.columns("covered", n_classes, upper=1.0, objective=piece.weight)
    builder.rows("covered_only_by_an_open_site", [(identity(n_classes), covered), (-piece.sets, opened)], upper=0.0)
    builder.rows("sites", [(row_of(np.ones(n)), opened)], lower=piece.least, upper=piece.most)
    for number, use in enumerate(piece.uses):
        lower = use.amount if use.exactly else -np.inf
        builder.rows(f"use_{number}", [(row_of(use.of), opened)], lower=lower, upper=use.amount)
    return builder.build()


class _Rounds:
    """Rounds of districts under prices that move, each with a plan made of what the districts open."""

    def __init__(self, view: Districts, known: Incumbent[BoolArray], engine: str, ask: Ask, each: Each) -> None:
        self._view, self._known, self._ask = view, known, ask
        self._engine, self._each = engine, each
        self._parts = districts_of(view)
        self._tied = view.tied()

    def solve(self) -> None:
        """Prices, then rounds until plan and bound are near enough or the time is over."""
        view, known = self._view, self._known
        rising = known.clock.part(ASCENT)
        prices = ascent(view, known.objective or 0.0, over=lambda: rising.over, gap=FINER * self._ask.gap, steps=STEPS)
        known.bounded(prices.bound)
        step = TOWARDS
        for number in range(ROUNDS):
            if known.clock.over:
                break
            settled = self._settled(prices)
            bound = bound_of(view, prices, self._tied, sum(one.bound for one in settled))
            better = known.bounded(bound)
            self._planned(settled)
            if known.over:
                break
            step = step if better or number == 0 else step / 2
            prices = self._moved(prices, settled, bound, step)

    def _settled(self, prices: Prices) -> list[Settled]:
        """Every district under the prices."""
        view = self._view
        worth = worth_of_classes(view, prices, self._tied)
        price = sum((s * use.of for s, use in zip(prices.shared, view.uses, strict=True)), np.zeros(len(view.of_site)))
        seconds = self._known.some(DISTRICT)
        pieces = [self._piece(part, part.weight(worth), price[part.sites], (), seconds) for part in self._parts]
        return self._answers(pieces)

    def _planned(self, settled: list[Settled]) -> None:
        """A plan from what the districts open, filled up, then bettered district by district."""
        view = self._view
        is_open = view.fixed_open.copy()
        for part, one in zip(self._parts, settled, strict=True):
            if one.is_open is not None:
                is_open[part.sites] = one.is_open
        known = self._known
        known.found(filled(view, is_open))
        for _ in range(PASSES):
            before = known.plan
            if before is None or known.over:
                return
            for turn in turns(neighbours(view, self._tied)):
                self._decided_anew(turn)
            if known.plan is not None:
                known.found(filled(view, known.plan))
            if known.plan is before:
                return

    def _decided_anew(self, turn: list[int]) -> None:
        """Districts that are no neighbours choose again with what they use, given what all others open."""
        view, best = self._view, self._known.plan
        assert best is not None
        count = np.asarray(view.sets @ best.astype(np.float64))
        pieces = []
        for number in turn:
            part = self._parts[number]
            mine = best[part.sites]
            uses = tuple(replace(u, of=u.of[part.sites], amount=float(u.of[part.sites][mine].sum())) for u in view.uses)
            weight = left_by_others(view, part, best, count)
            pieces.append(self._piece(part, weight, np.zeros(len(mine)), uses, self._known.some(DISTRICT)))
        changed = best.copy()
        for number, one in zip(turn, self._answers(pieces), strict=True):
            if one.is_open is not None:
                changed[self._parts[number].sites] = one.is_open
        self._known.found(changed)

    def _piece(
        self, part: District, weight: FloatArray, price: FloatArray, uses: tuple[Use, ...], seconds: float
    ) -> Piece:
        view = self._view
        least, most = int(view.least[part.number]), int(view.most[part.number])
        ask = Ask(time_limit_s=seconds, gap=FINER * self._ask.gap, threads=1, seed=self._ask.seed)
        return Piece(part.sets, weight, price, least, most, uses, self._engine, ask)

    def _answers(self, pieces: list[Piece]) -> list[Settled]:
        answers: list[Settled | None] = [None] * len(pieces)
        for position, answer in self._each(solve_piece, [(piece,) for piece in pieces]):
            if isinstance(answer, Exception):
                raise answer
            answers[position] = answer
        return [answer for answer in answers if answer is not None]

    def _moved(self, prices: Prices, settled: list[Settled], bound: float, step: float) -> Prices:
        view = self._view
        covers, used = np.zeros(len(view.weight)), np.zeros(len(view.uses))
        for part, one in zip(self._parts, settled, strict=True):
            if one.is_open is None:
                continue
            hit = np.asarray(part.sets @ one.is_open.astype(np.float64)) > 0
            covers[part.classes] += hit[part.of_class]
            used += [use.of[part.sites][one.is_open].sum() for use in view.uses]
        used += [use.of[view.fixed_open].sum() for use in view.uses]
        return moved(
            view, prices, self._tied, covers, used, bound, step * max(0.0, bound - (self._known.objective or 0.0))
        )


def keeps(view: Districts, is_open: BoolArray) -> bool:
    """Does a plan keep the numbers of the districts, and what all share?"""
    number = np.bincount(view.of_site[is_open & view.free], minlength=len(view.most))
    if (number < view.least).any() or (number > view.most).any():
        return False
    used = [(use, float(use.of[is_open].sum())) for use in view.uses]
    room = 1e-9
    return all(
        n <= use.amount * (1 + room) + room and (not use.exactly or n >= use.amount * (1 - room) - room)
        for use, n in used
    )


def districts_of_model(model: MaxCover, rules: Sequence[Rule]) -> Districts:
    """The model by districts; ProblemError with all that ties districts otherwise than by places and what they use."""
    sites = model.sites
    uses, numbers, faults = [], [], []
    for rule in rules:
        use = rule.use_of(sites) if isinstance(rule, SharedUse) else None
        own = rule.numbers_of(sites) if isinstance(rule, InDistricts) and any(sites.group) else None
        uses += [] if use is None else [use]
        numbers += [] if own is None else [own]
        if use is None and own is None:
            faults.append(
                say(
                    "{key} ties districts in a way that cannot be taken apart; leave it out or solve the whole",
                    key=rule.key,
                )
            )
    if model.backup > 1:
        faults.append(say("backup above 1 cannot be taken apart by districts"))
    if sites.is_(SiteStatus.CLOSABLE).any():
        faults.append(say("closable sites cannot be taken apart by districts"))
    if not any(sites.group):
        faults.append(say("the sites have no district; name its column in sites.group"))
    if faults:
        raise ProblemError(*faults)
    names, of_site = np.unique(np.array(sites.group, dtype=object).astype(str), return_inverse=True)
    free = ~sites.fixed_open & ~sites.fixed_closed
    least, most = np.zeros(len(names), dtype=np.int64), np.bincount(of_site[free], minlength=len(names))
    required = np.bincount(of_site[sites.is_(SiteStatus.REQUIRED)], minlength=len(names))
    place = {name: k for k, name in enumerate(names)}
    for fewest, greatest in numbers:
        for name, fewer in fewest.items():
            least[place[name]] = max(least[place[name]], fewer - required[place[name]])
        for name, more in greatest.items():
            most[place[name]] = min(most[place[name]], more - required[place[name]])
    classes = model.classes
    return Districts(
        sets=classes.sets,
        weight=classes.weight(model.problem.demand.weight),
        of_site=of_site.astype(np.int64),
        least=least,
        most=most,
        uses=tuple(uses),
        fixed_open=sites.fixed_open,
        fixed_closed=sites.fixed_closed,
    )
