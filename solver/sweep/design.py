"""Which runs a sweep makes: values of keys of the study and named scenarios, and how they are combined."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from models.arrays import FloatArray
from models.messages import Listed, say
from solver.errors import SweepError

Design = Literal["grid", "one-at-a-time", "lhs", "sobol", "saltelli"]
DESIGNS: tuple[Design, ...] = get_args(Design)
SAMPLED: tuple[Design, ...] = ("lhs", "sobol", "saltelli")
MOST_RUNS = 100_000
"""More than anybody waits for, or a disk holds."""


@dataclass(frozen=True)
class Vary:
    """A key of the study and the values it takes: a list, or a range from `low` to `high` for sampled designs."""

    key: str
    values: tuple[Any, ...] = ()
    low: float | None = None
    high: float | None = None
    whole: bool = False

    def at(self, share: float) -> Any:
        """The value at a share in [0, 1) of the range or of the list."""
        if self.low is None or self.high is None:
            return self.values[min(int(share * len(self.values)), len(self.values) - 1)]
        if self.whole:
            return math.floor(self.low + share * (self.high - self.low + 1))
        return float(f"{self.low + share * (self.high - self.low):.6g}")


@dataclass(frozen=True)
class Scenario:
    """A named future: keys of the study and the values they have in it; none for the study as it is."""

    name: str
    values: tuple[tuple[str, Any], ...] = ()


Point = dict[str, Any]
"""Key -> value of one run; a key that is left out keeps the study's value."""


@dataclass(frozen=True)
class SweepPlan:
    """What a sweep varies and how; `programmes` empty means those that the keys touch.

    Keys of one tuple of `together` change together: the first values, the second values, ... Every scenario is crossed
    with every point of the design.
    """

    vary: tuple[Vary, ...]
    design: Design = "grid"
    samples: int | None = None
    seed: int = 0
    programmes: tuple[str, ...] = ()
    together: tuple[tuple[str, ...], ...] = ()
    scenarios: tuple[Scenario, ...] = ()

    def __post_init__(self) -> None:
        keys = [vary.key for vary in self.vary]
        if not keys and not self.scenarios:
            raise SweepError(say("nothing is varied; give --vary KEY=V1,V2,... or a plan with a table [vary]"))
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise SweepError(say("{key} is varied twice; give all its values at once", key=twice[0]))
        if self.design not in DESIGNS:
            raise SweepError(
                say(
                    "design {design} is not known; designs are {designs}",
                    design=self.design,
                    designs=Listed([*DESIGNS]),
                )
            )
        self._check_samples()
        if self.seed < 0:
            raise SweepError(say("seed is {seed}; write a whole number of at least 0", seed=self.seed))
        self._check_together(keys)
        self._check_scenarios(keys)
        if self.most_runs > MOST_RUNS:
            more = say("samples") if self.design in SAMPLED else say("values")
            raise SweepError(
                say(
                    "asks for {runs:,} runs; at most {most:,} are made: give fewer {more}",
                    runs=self.most_runs,
                    most=MOST_RUNS,
                    more=more,
                )
            )

    def _check_samples(self) -> None:
        sampled = self.design in SAMPLED
        ranges = [vary.key for vary in self.vary if vary.low is not None]
        if ranges and not sampled:
            raise SweepError(
                say(
                    "{key} has a range, which only lhs and sobol sample; list its values for a grid",
                    key=ranges[0],
                )
            )
        if sampled and self.samples is None:
            raise SweepError(say("design {design} needs a number of samples; give --samples N", design=self.design))
        if sampled and not self.vary:
            raise SweepError(
                say("design {design} samples keys and none is varied; give --vary KEY=LOW:HIGH", design=self.design)
            )
        if not sampled and self.samples is not None:
            raise SweepError(
                say(
                    "design {design} makes every run of its values; --samples belongs to lhs and sobol",
                    design=self.design,
                )
            )
        if self.samples is not None and self.samples < 1:
            raise SweepError(say("samples is {samples}; at least 1 is needed", samples=self.samples))

    def _check_together(self, keys: Sequence[str]) -> None:
        grouped = [key for group in self.together for key in group]
        for key in grouped:
            if key not in keys:
                raise SweepError(say("together names {key}, which is not varied; vary it too, or take it out", key=key))
            if grouped.count(key) > 1:
                raise SweepError(say("together names {key} twice; a key belongs to one group", key=key))
        for axis in self.axes:
            if len({vary.low is None for vary in axis}) > 1:
                raise SweepError(
                    say(
                        "{keys} change together: give all of them lists, or all of them ranges",
                        keys=name_of(axis),
                    )
                )
            counts = [len(vary.values) for vary in axis]
            if len(set(counts)) > 1:
                told = [say("{key} has {n}", key=vary.key, n=n) for vary, n in zip(axis, counts, strict=True)]
                raise SweepError(say("keys that change together need as many values each: {told}", told=Listed(told)))

    def _check_scenarios(self, keys: Sequence[str]) -> None:
        names = [scenario.name for scenario in self.scenarios]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise SweepError(say("scenario {name} is named twice", name=twice[0]))
        for scenario in self.scenarios:
            both = sorted({key for key, _ in scenario.values} & set(keys))
            if both:
                raise SweepError(
                    say(
                        "{key} is varied and set by scenario {scenario}; do one of the two",
                        key=both[0],
                        scenario=scenario.name,
                    )
                )

    @property
    def axes(self) -> tuple[tuple[Vary, ...], ...]:
        """The keys in groups that change together, each in the place of its first key."""
        group_of = {key: group for group in self.together for key in group}
        by_key = {vary.key: vary for vary in self.vary}
        groups = dict.fromkeys(group_of.get(vary.key, (vary.key,)) for vary in self.vary)
        return tuple(tuple(by_key[key] for key in group) for group in groups)

    @property
    def most_runs(self) -> int:
        """The number of runs, those counted that turn out to be the same."""
        counts = [len(axis[0].values) for axis in self.axes]
        points = {
            "grid": math.prod(counts),
            "one-at-a-time": 1 + sum(counts),
            "saltelli": (self.samples or 1) * (len(counts) + 2),
        }.get(self.design, self.samples or 1)
        return points * max(1, len(self.scenarios))

    @property
    def keys(self) -> tuple[str, ...]:
        """The varied keys."""
        return tuple(vary.key for vary in self.vary)


def name_of(axis: Sequence[Vary]) -> str:
    """The keys of an axis in one text."""
    return " + ".join(vary.key for vary in axis)


def points_of(plan: SweepPlan) -> list[Point]:
    """Every point of the plan, in order, none twice.

    grid: every combination. one-at-a-time: the study as it is, then every value alone. lhs, sobol: `samples` points
    spread evenly over the ranges (McKay, Beckman and Conover 1979; Sobol' 1967, scrambled), the same for one seed.
    saltelli: the points that variance-based indices need, `samples` times the number of keys and two.
    """
    if plan.design == "grid":
        steps = itertools.product(*(_steps(axis) for axis in plan.axes))
        points = [{key: value for step in chosen for key, value in step.items()} for chosen in steps]
    elif plan.design == "one-at-a-time":
        points = [{}, *(step for axis in plan.axes for step in _steps(axis))]
    else:
        points = sampled_points(plan)
    found: list[Point] = []
    seen: set[str] = set()
    for point in points:
        if repr(point) not in seen:
            seen.add(repr(point))
            found.append(point)
    return found


def sampled_points(plan: SweepPlan) -> list[Point]:
    """The points of a sampled design in the order of its samples; some may be the same where keys have lists."""
    return [
        {vary.key: vary.at(float(share)) for axis, share in zip(plan.axes, row, strict=True) for vary in axis}
        for row in _shares(plan, len(plan.axes))
    ]


def _steps(axis: Sequence[Vary]) -> list[Point]:
    """The values of keys that change together, step by step."""
    return [{vary.key: vary.values[i] for vary in axis} for i in range(len(axis[0].values))]


def _shares(plan: SweepPlan, n_axes: int) -> FloatArray:
    """Shares of the ranges (n_points, n_axes)."""
    from scipy.stats import qmc  # loaded only where it samples: it takes its time

    n = plan.samples or 1
    if plan.design == "lhs":
        return np.asarray(qmc.LatinHypercube(d=n_axes, rng=plan.seed).random(n))
    double = plan.design == "saltelli"
    sampler = qmc.Sobol(d=2 * n_axes if double else n_axes, scramble=True, rng=plan.seed)
    base = np.asarray(sampler.random_base2(math.ceil(math.log2(n)) if n > 1 else 0)[:n])
    return crossed(base[:, :n_axes], base[:, n_axes:]) if double else base


def crossed(first: FloatArray, second: FloatArray) -> FloatArray:
    """Rows ((d + 2) n, d) of two samples (n, d): both, and the first with one column after the other of the second.

    Sample by sample: a, b, a with b's first column, ... (Saltelli et al. 2010), so that more samples only add rows.
    """
    mixed = np.repeat(first[:, None, :], first.shape[1], axis=1)
    for i in range(first.shape[1]):
        mixed[:, i, i] = second[:, i]
    return np.concatenate([first[:, None], second[:, None], mixed], axis=1).reshape(-1, first.shape[1])
