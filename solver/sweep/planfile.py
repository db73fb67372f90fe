"""What a sweep varies, as planners write it: options of the command and sweep.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from models.magnitude import LARGEST
from models.messages import say
from solver.errors import SweepError
from solver.files.system import of_system
from solver.study.faults import nearest
from solver.study.read import DEEPEST, toml_value, too_deep
from solver.study.scenarios import BASE, flat, scenario_of
from solver.study.schema import Study
from solver.sweep.design import Scenario, SweepPlan, Vary

PLAN_KEYS = ("vary", "together", "scenarios", "design", "samples", "seed", "programmes")
ALL = "all"


def vary_of(text: str) -> Vary:
    """`KEY=V1,V2,...` or `KEY=LOW:HIGH`; values as TOML reads them."""
    key, sign, right = text.partition("=")
    key, right = key.strip(), right.strip()
    if not sign or not key or not right:
        raise SweepError(
            say(
                "--vary {text}   is not KEY=V1,V2,...; write for example programmes.parking.open=100,135,170", text=text
            )
        )
    ends = right.split(":")
    if len(ends) == 2 and all(isinstance(toml_value(end), int | float) for end in ends):
        return _range(key, toml_value(ends[0]), toml_value(ends[1]))
    listed = toml_value(f"[{right}]")
    values = listed if isinstance(listed, list) else [toml_value(part.strip()) for part in right.split(",")]
    return Vary(key, tuple(values))


def together_of(text: str) -> tuple[str, ...]:
    """`KEY,KEY,...`: keys that change together."""
    keys = tuple(key.strip() for key in text.split(",") if key.strip())
    if len(keys) < 2:
        raise SweepError(say("--together {text}   names one key; name at least two, with a comma between", text=text))
    return keys


def scenarios_of(study: Study, names: Sequence[str]) -> tuple[Scenario, ...]:
    """The named scenarios of a study; `all` is the study as it is and every scenario it has."""
    wanted = [one for name in names for one in ([BASE, *study.scenarios] if name == ALL else [name])]
    if ALL in names and not study.scenarios:
        raise SweepError(
            say('the study has no scenarios; write for example [scenarios.growth] and "KEY" = VALUE into it')
        )
    return tuple(Scenario(name, tuple(scenario_of(study, name).items())) for name in dict.fromkeys(wanted))


def read_plan(path: Path, study: Study | None = None) -> SweepPlan:
    """A sweep plan from TOML: `vary` (key -> list, or {low, high}), `together`, `scenarios` (a table of them, or names
    of the study's), `design`, `samples`, `seed`, `programmes`.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SweepError(say("{path}   does not exist", path=path)) from None
    except OSError as error:
        raise SweepError(
            say(
                "{path}   cannot be read ({said}); name a file that you may read",
                path=path,
                said=of_system(error),
            )
        ) from None
    except (ValueError, RecursionError) as error:
        raise SweepError(say("{path}   is not valid TOML: {error}", path=path, error=error)) from None
    deep = too_deep(raw)
    if deep is not None:
        raise SweepError(
            say(
                "{path}   has a key of more than {most} parts ({deep}...); write it flat",
                path=path,
                most=DEEPEST,
                deep=deep,
            )
        )
    for key in raw:
        if key not in PLAN_KEYS:
            near = nearest(key, PLAN_KEYS)
            raise SweepError(
                say(
                    "{name}: {key}   is not a known key; {remedy}",
                    name=path.name,
                    key=key,
                    remedy=say("did you mean {near}?", near=near) if near else say("remove it"),
                )
            )
    table = raw.get("vary", {})
    if not isinstance(table, Mapping):
        raise SweepError(
            say(
                '{name}: vary   must be a table, for example [vary] and "programmes.parking.open" = [1]', name=path.name
            )
        )
    listed: dict[str, Any] = {key: raw[key] for key in ("design", "samples", "seed") if key in raw}
    for key in ("samples", "seed"):
        if not isinstance(listed.get(key, 0), int) or isinstance(listed.get(key), bool):
            raise SweepError(
                say("{name}: {key}   is {value!r}; write a whole number", name=path.name, key=key, value=listed[key])
            )
    programmes = raw.get("programmes", [])
    if not isinstance(programmes, list):
        raise SweepError(say("{name}: programmes   must be a list of names", name=path.name))
    return SweepPlan(
        tuple(_planned(path.name, key, value) for key, value in flat(table)),
        programmes=tuple(programmes),
        together=_together(path.name, raw.get("together", [])),
        scenarios=_scenarios(path.name, raw.get("scenarios", []), study),
        **listed,
    )


def _range(key: str, low: float, high: float) -> Vary:
    if not all(-LARGEST < end < LARGEST for end in (low, high)):
        raise SweepError(
            say(
                "{key}   runs from {low:g} to {high:g}; write numbers between {least:g} and {most:g}",
                key=key,
                low=low,
                high=high,
                least=-LARGEST,
                most=LARGEST,
            )
        )
    if not low < high:
        raise SweepError(
            say("{key}   runs from {low:g} to {high:g}; the first must be the smaller", key=key, low=low, high=high)
        )
    return Vary(key, low=low, high=high, whole=isinstance(low, int) and isinstance(high, int))


def _planned(file: str, key: str, value: Any) -> Vary:
    if isinstance(value, Mapping):
        ends = [value.get("low"), value.get("high")]
        if set(value) != {"low", "high"} or not all(isinstance(e, int | float) for e in ends):
            raise SweepError(
                say("{file}: vary.{key}   needs numbers low and high and nothing else", file=file, key=key)
            )
        return _range(key, value["low"], value["high"])
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        raise SweepError(say("{file}: vary.{key}   needs a list of values, or low and high", file=file, key=key))
    return Vary(key, tuple(value))


def _together(file: str, value: Any) -> tuple[tuple[str, ...], ...]:
    groups = value if isinstance(value, list) else None
    if groups is None or not all(
        isinstance(g, list) and len(g) > 1 and all(isinstance(k, str) for k in g) for g in groups
    ):
        raise SweepError(say("{file}: together   must be a list of lists of keys, such as [[KEY, KEY]]", file=file))
    return tuple(tuple(group) for group in groups)


def _scenarios(file: str, value: Any, study: Study | None) -> tuple[Scenario, ...]:
    """A table of scenarios, with the study as it is before them, or names of the study's own."""
    if isinstance(value, Mapping):
        for name, table in value.items():
            if not isinstance(table, Mapping):
                raise SweepError(
                    say('{file}: scenarios.{name}   must be a table, for example "KEY" = VALUE', file=file, name=name)
                )
        if BASE in value:
            raise SweepError(
                say("{file}: scenarios.{name}   is the study as it is; give it another name", file=file, name=BASE)
            )
        own = tuple(Scenario(name, tuple(flat(table))) for name, table in value.items())
        return (Scenario(BASE), *own) if own else ()
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise SweepError(
            say("{file}: scenarios   must be a table of scenarios, or a list of names of the study's", file=file)
        )
    if value and study is None:
        raise SweepError(say("{file}: scenarios   names scenarios of a study, and no study was given", file=file))
    return () if study is None else scenarios_of(study, value)
