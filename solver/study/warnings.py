"""What is no fault of a study and likely no intention either: told by `check` and `run`, and kept in the result."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from models.messages import Message, say
from solver.study.money import unit_in_name
from solver.study.schema import Programme, Study
from solver.words.currency import Currency
from solver.words.speech import CHINESE, ENGLISH


@dataclass(frozen=True)
class Warned:
    """Where in the study, and what."""

    place: str
    text: Message

    @property
    def message(self) -> Message:
        """Both in one line."""
        return say("{place}   {fact}", place=self.place, fact=self.text)

    def as_json(self) -> dict[str, str]:
        """The warning as result.json keeps it, in both languages."""
        return {"place": self.place, "text": self.text.worded(ENGLISH), "text_zh": self.text.worded(CHINESE)}


def warnings_of(study: Study, programmes: Iterable[str]) -> tuple[Warned, ...]:
    """Columns of money of some programmes whose name says a unit and whose layer says none."""
    money = study.study.money
    return tuple(
        warned for name in programmes for warned in _of_programme(study.programmes[name], f"programmes.{name}", money)
    )


def _of_programme(programme: Programme, place: str, money: Currency) -> Iterator[Warned]:
    unsaid = {key: layer for key, layer in programme.site_layers().items() if layer.cost_unit is None}
    for key, layer in unsaid.items():
        for column in ("cost", "closing_cost"):
            yield from _of_column(f"{place}.{key}.{column}", getattr(layer, column), f"{key}.cost_unit", money)
    if not unsaid:
        return
    first = f"{next(iter(unsaid))}.cost_unit"
    for kind in programme.unit_kinds.values():
        yield from _of_column(f"{place}.{kind.place}.cost", kind.section.cost, first, money)


def _of_column(place: str, spec: float | str, key: str, money: Currency) -> Iterator[Warned]:
    unit = unit_in_name(spec) if isinstance(spec, str) else None
    if unit is not None:
        told = say(
            "column {column} sounds like {unit}, and its amounts are taken as whole {currency}; "
            'write {key} = "{unit}", or {key} = 1 if they are',
            column=spec,
            unit=unit,
            currency=money.code,
            key=key,
        )
        yield Warned(place, told)
