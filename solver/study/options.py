"""What a run asks in place of the study's own settings, as overrides of the study: kept, told, verified like them."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any

from models.messages import say
from solver.errors import StudyError
from solver.events import SolveOptions
from solver.study.joint import PortfolioSection
from solver.study.read import StudyFile, dotted, read_study
from solver.study.scenarios import override
from solver.study.schema import Programme, Study

SOLVING = ("engine", "time_limit_s", "gap")
"""Options that stand in `[solve]`, and that a programme or portfolio may have of its own."""


def with_options(file: StudyFile, programmes: Sequence[str], options: SolveOptions) -> StudyFile:
    """The study as the options change it, for the named programmes and portfolios (all that a run solves if none is).

    What the options say stands over the study, its scenario and other overrides. StudyError where they do not fit.
    """
    changed = [override(key, value) for key, value in changes_of(file.study, programmes, options)]
    if not changed:
        return file
    given = {key: value for key, value in asdict(options).items() if value is not None and value is not False}
    return replace(read_study(file.path, [*file.overrides, *changed]), asked=given)


def changes_of(study: Study, programmes: Sequence[str], options: SolveOptions) -> Iterator[tuple[str, Any]]:
    """Dotted key of the study and the value that the options give it."""
    names = tuple(programmes) or study.solved()
    alone = [(dotted("programmes", name), section) for name, section in study.programmes.items() if name in names]
    joint = [(dotted("portfolio", name), section) for name, section in study.portfolio.items() if name in names]
    for key in SOLVING:
        value = getattr(options, key)
        if value is None:
            continue
        yield dotted("solve", key), _plain(value)
        own = [place for place, section in (*alone, *joint) if getattr(section, key) is not None]
        yield from ((f"{place}.{key}", _plain(value)) for place in own)
    if options.alternatives is not None or options.marginals:
        _refuse_further(study, names)
    for place, section in alone:
        if options.alternatives is not None:
            yield f"{place}.alternatives.count", options.alternatives
        if options.within is not None and (section.alternatives is not None or options.alternatives is not None):
            yield f"{place}.alternatives.within", _plain(options.within)
        if options.marginals and section.marginals is None:
            yield f"{place}.marginals", True


def _refuse_further(study: Study, names: Sequence[str]) -> None:
    """StudyError where other plans and the worth of sites are asked for and cannot be told."""
    faults = [
        say(
            "portfolio.{name}   other plans and the worth of sites are not told of a joint plan; ask "
            "for them of one programme, for example with -p {first}",
            name=name,
            first=next(iter(section.programmes)),
        )
        for name, section in study.portfolio.items()
        if name in names
    ]
    faults += [
        say(
            "programmes.{name}   alternatives and marginals are not told of a programme over years; "
            "take phasing out to ask for them",
            name=name,
        )
        for name, programme in study.programmes.items()
        if name in names and programme.phasing is not None
    ]
    if faults:
        raise StudyError(*faults)


def _plain(value: Any) -> Any:
    """A whole number as the study would have it: 60, not 60.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def settings_of(section: Programme | PortfolioSection) -> dict[str, Any]:
    """The keys that a programme or portfolio sets, without its titles; its reach and vehicle with their defaults."""
    told = section.model_dump(mode="json", exclude_unset=True, exclude_none=True, exclude={"title", "title_zh"})
    for key in {"reach", "vehicle"} & told.keys():
        told[key] = getattr(section, key).model_dump(mode="json", exclude_none=True)
    return told


def general_settings(study: Study) -> dict[str, Any]:
    """What holds for every programme, defaults included: the roads or the matrix, and how it is solved."""
    sections = {"network", "travel"} if study.travel.matrix is not None or study.network is None else {"network"}
    return study.model_dump(mode="json", exclude_none=True, include={*sections, "solve"})
