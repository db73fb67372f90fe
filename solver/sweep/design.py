"""Which runs a sweep makes: values of keys of the study, and how they are combined."""

import itertools
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np

from solver.errors import SweepError
from solver.study.read import nearest, toml_value

Design = Literal["grid", "one-at-a-time", "lhs", "sobol"]
DESIGNS: tuple[Design, ...] = get_args(Design)
PLAN_KEYS = ("vary", "design", "samples", "seed", "programmes")


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
class SweepPlan:
    """What a sweep varies and how; `programmes` empty means those that the keys touch."""

    vary: tuple[Vary, ...]
    design: Design = "grid"
    samples: int | None = None
    seed: int = 0
    programmes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        keys = [vary.key for vary in self.vary]
        if not keys:
            raise SweepError("nothing is varied; give --vary KEY=V1,V2,... or a plan with a table [vary]")
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise SweepError(f"{twice[0]} is varied twice; give all its values at once")
        if self.design not in DESIGNS:
            raise SweepError(f"design {self.design} is not known; designs are {', '.join(DESIGNS)}")
        sampled = self.design in ("lhs", "sobol")
        ranges = [vary.key for vary in self.vary if vary.low is not None]
        if ranges and not sampled:
            raise SweepError(f"{ranges[0]} has a range, which only lhs and sobol sample; list its values for a grid")
        if sampled and self.samples is None:
            raise SweepError(f"design {self.design} needs a number of samples; give --samples N")
        if not sampled and self.samples is not None:
            raise SweepError(f"design {self.design} makes every run of its values; --samples belongs to lhs and sobol")
        if self.samples is not None and self.samples < 1:
            raise SweepError(f"samples is {self.samples}; at least 1 is needed")


Point = dict[str, Any]
"""Key -> value of one run; a key that is left out keeps the study's value."""


def points_of(plan: SweepPlan) -> list[Point]:
    """Every run of the plan, in order, none twice.

    grid: every combination. one-at-a-time: the study as it is, then every value alone. lhs, sobol: `samples` points
    spread evenly over the ranges (McKay, Beckman and Conover 1979; Sobol' 1967, scrambled), the same for one seed.
    """
    keys = [vary.key for vary in plan.vary]
    if plan.design == "grid":
        points = [dict(zip(keys, c, strict=True)) for c in itertools.product(*(v.values for v in plan.vary))]
    elif plan.design == "one-at-a-time":
        points = [{}, *({vary.key: value} for vary in plan.vary for value in vary.values)]
    else:
        shares = _sampled(plan, len(keys))
        points = [{v.key: v.at(float(s)) for v, s in zip(plan.vary, row, strict=True)} for row in shares]
    found: list[Point] = []
    for point in points:
        if point not in found:
            found.append(point)
    return found


def _sampled(plan: SweepPlan, n_keys: int) -> "np.ndarray[Any, Any]":
    from scipy.stats import qmc  # loaded only where it samples: it takes its time

    n = plan.samples or 1
    if plan.design == "lhs":
        return qmc.LatinHypercube(d=n_keys, rng=plan.seed).random(n)
    sampler = qmc.Sobol(d=n_keys, scramble=True, rng=plan.seed)
    return sampler.random_base2(math.ceil(math.log2(n)) if n > 1 else 0)[:n]


def vary_of(text: str) -> Vary:
    """`KEY=V1,V2,...` or `KEY=LOW:HIGH`; values as TOML reads them."""
    key, sign, right = text.partition("=")
    key, right = key.strip(), right.strip()
    if not sign or not key or not right:
        raise SweepError(f"--vary {text}   is not KEY=V1,V2,...; write for example programmes.parking.open=100,135,170")
    ends = right.split(":")
    if len(ends) == 2 and all(isinstance(toml_value(end), int | float) for end in ends):
        return _range(key, toml_value(ends[0]), toml_value(ends[1]))
    listed = toml_value(f"[{right}]")
    values = listed if isinstance(listed, list) else [toml_value(part.strip()) for part in right.split(",")]
    return Vary(key, tuple(values))


def _range(key: str, low: float, high: float) -> Vary:
    if not low < high:
        raise SweepError(f"{key}   runs from {low:g} to {high:g}; the first must be the smaller")
    return Vary(key, low=low, high=high, whole=isinstance(low, int) and isinstance(high, int))


def read_plan(path: Path) -> SweepPlan:
    """A sweep plan from TOML: `vary` (key -> list, or {low, high}), `design`, `samples`, `seed`, `programmes`."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SweepError(f"{path}   does not exist") from None
    except (OSError, ValueError) as error:
        raise SweepError(f"{path}   is not valid TOML: {error}") from None
    for key in raw:
        if key not in PLAN_KEYS:
            near = nearest(key, PLAN_KEYS)
            raise SweepError(
                f"{path.name}: {key}   is not a known key; {f'did you mean {near}?' if near else 'remove it'}"
            )
    table = raw.pop("vary", {})
    if not isinstance(table, Mapping):
        raise SweepError(f'{path.name}: vary   must be a table, for example [vary] and "programmes.parking.open" = [1]')
    listed: dict[str, Any] = {key: raw[key] for key in ("design", "samples", "seed") if key in raw}
    for key in ("samples", "seed"):
        if not isinstance(listed.get(key, 0), int):
            raise SweepError(f"{path.name}: {key}   is {listed[key]!r}; write a whole number")
    programmes = raw.get("programmes", [])
    if not isinstance(programmes, list):
        raise SweepError(f"{path.name}: programmes   must be a list of names")
    return SweepPlan(
        tuple(_planned(path.name, key, value) for key, value in _flat(table)), programmes=tuple(programmes), **listed
    )


def _flat(table: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    """Dotted keys and their values; {low, high} is a value."""
    found: list[tuple[str, Any]] = []
    for key, value in table.items():
        if isinstance(value, Mapping) and not {"low", "high"} & set(value):
            found += _flat(value, f"{prefix}{key}.")
        else:
            found.append((f"{prefix}{key}", value))
    return found


def _planned(file: str, key: str, value: Any) -> Vary:
    if isinstance(value, Mapping):
        ends = [value.get("low"), value.get("high")]
        if set(value) != {"low", "high"} or not all(isinstance(e, int | float) for e in ends):
            raise SweepError(f"{file}: vary.{key}   needs numbers low and high and nothing else")
        return _range(key, value["low"], value["high"])
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        raise SweepError(f"{file}: vary.{key}   needs a list of values, or low and high")
    return Vary(key, tuple(value))


def override(key: str, value: Any) -> str:
    """`KEY=VALUE` with the value as TOML reads it."""
    return f"{key}={as_toml(value)}"


def as_toml(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{as_toml(str(k))} = {as_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(as_toml(v) for v in value) + "]"
    return repr(value)
