"""What verification knows of a study: every key, and every word that a key may be. What it does not is not checked.

It derives from the records of models and rules, and from the list of what is read here. A key that is added to the
schema and to none of them makes what fails of a programme that uses it "not checked", with the key's name, and never
an accusation: a rule that is unknown here may be why a plan is as it is. Nor is a bound then said to hold.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pydantic import BaseModel

from models.messages import Listed, say
from solver.study.schema import Programme
from solver.verify.case import Case, Record
from solver.verify.models import MODELS
from solver.verify.rules import RULES
from solver.verify.verdict import Check, Unchecked, Verdict

RECORDS: tuple[Record, ...] = (*RULES, *MODELS.values())

OF_EVERY_MODEL = frozenset(
    [
        "model",
        "title",
        "title_zh",
        "sites",
        "existing",
        "alternatives",
        "marginals",
        "engine",
        "time_limit_s",
        "gap",
        "decompose",
    ]
)
"""Keys of a programme that mean the same in every model."""
OF_RULES = frozenset(key for rule in RULES for key in rule.keys)
READ: Mapping[str, str] = {
    "Study": "study network travel solve programmes portfolio scenarios",
    "About": "name title title_zh note note_zh attribution crs base currency",
    "CurrencySection": "code symbol decimals",
    "NetworkSection": "file layer snap_limit_m walk_speed_kph truck_speed_kph access_speed_kph speeds_kph keep turns "
    "datum_guard",
    "Turns": "left_s right_s about_s",
    "TravelSection": "matrix demand site value unit unreachable_value missing_pairs",
    "SolveSection": "engine time_limit_s gap threads seed search_s",
    "Layer": "file layer where x y crs datum encoding",
    "DemandLayer": "id weight load group limit_m limit_min",
    "SiteLayer": "id cost closing_cost cost_unit capacity group status",
    "Titled": "title title_zh",
    "Reach": "mode direction limit_m limit_min access",
    "Alternatives": "count within method time_limit_s",
    "Marginals": "time_limit_s",
    "Phasing": "carry_over years",
    "Year": "name budget open open_at_least open_at_most demand growth floor_share counts",
    "PortfolioSection": "title title_zh budget programmes links engine time_limit_s gap",
    "PortfolioMember": "weight floor_share keep_budget",
    "PortfolioLink": "programme needs same_id column pairs nearest_m within_m unlinked",
}
"""Section -> its keys, beside those of the section that it extends and those of models and rules."""

WORDS: Mapping[str, tuple[str, ...]] = {
    "NetworkSection.keep": ("largest", "all"),
    "TravelSection.unit": ("m", "s", "min"),
    "TravelSection.missing_pairs": ("refuse", "unreachable"),
    "Layer.datum": ("gcj02", "bd09"),
    "SiteLayer.cost_unit": ("thousand", "million", "千元", "万元", "百万元", "亿元"),
    "Reach.mode": ("drive", "walk", "truck", "straight"),
    "Reach.direction": ("to_site", "from_site"),
    "Programme.unreachable": ("refuse", "leave_out"),
    "Alternatives.method": ("farthest", "hsj"),
    "PortfolioLink.unlinked": ("free", "closed"),
}
"""Section and key -> the words that are known, of keys that choose between some, beside those of models and rules."""

STATUSES = ("candidate", "existing", "required", "forbidden", "competitor", "closable")
"""What a site may be."""


def known_keys(section: type) -> frozenset[str]:
    """The keys of a section that verification knows; of a programme, those of any model."""
    told = [READ, *(record.sections for record in RECORDS)]
    found = {key for part in section.__mro__ for keys in told for key in keys.get(part.__name__, "").split()}
    if issubclass(section, Programme):
        found |= OF_EVERY_MODEL | OF_RULES | {key for model in MODELS.values() for key in model.keys}
    return frozenset(found | (OF_RULES if section.__name__ == "RuleKeys" else set()))


def known_words(section: type, key: str) -> tuple[str, ...] | None:
    """The words that a key may be; None where it is no choice between some."""
    told: dict[str, tuple[str, ...]] = dict(WORDS)
    for record in RECORDS:
        told |= record.words
    places = (f"{part.__name__}.{key}" for part in section.__mro__)
    return next((told[place] for place in places if place in told), None)


def unknown_in(section: BaseModel, place: str, keys: frozenset[str] | None = None) -> Iterator[str]:
    """Keys that a section sets beyond those that are known, and words that it chooses that are not."""
    known, fields = known_keys(type(section)) if keys is None else keys, type(section).model_fields
    for key in fields:
        value = getattr(section, key)
        if key not in known:
            if value != fields[key].get_default(call_default_factory=True):
                yield f"{place}.{key}"
            continue
        words = known_words(type(section), key)
        for part in _parts(value):
            if isinstance(part, BaseModel):
                yield from unknown_in(part, f"{place}.{key}")
            elif words is not None and isinstance(part, str) and part not in words:
                yield f"{place}.{key} = {part}"


def _parts(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list) else [value]


def unknown_of(case: Case) -> tuple[str, ...]:
    """What a programme, and the study around it, uses that verification does not know."""
    study, place = case.travel.file.study, f"programmes.{case.name}"
    found = [] if case.known is not None else [f"{place}.model = {case.programme.model}"]
    keys = None if case.known is None else OF_EVERY_MODEL | OF_RULES | case.known.keys
    found += unknown_in(case.programme, place, keys)
    for name in ("network", "travel", "solve"):
        section = getattr(study, name)
        found += [] if section is None else unknown_in(section, name)
    found += [f"status {status}" for status in sorted({*case.sites["status"]} - {*STATUSES})]
    return tuple(dict.fromkeys(found))


def refuse_unknown(case: Case) -> None:
    """Unchecked where the programme uses what is not known: no program written anew holds it."""
    unknown = unknown_of(case)
    if unknown:
        raise Unchecked(say("not known to verification: {unknown}", unknown=Listed(unknown)))


def only_what_is_known(verdicts: Sequence[Verdict], unknown: Sequence[str]) -> list[Verdict]:
    """The verdicts; where something unknown is used, what fails may be its doing, and is not checked."""
    if not unknown:
        return list(verdicts)
    why = say("{unknown} is not known to verification, which finds without it:", unknown=Listed(tuple(unknown)))
    return [replace(v, status="not checked", details=(why, *v.details)) if v.status == "fails" else v for v in verdicts]


def every_key_is_known_here(case: Case) -> None:
    """Names the keys, models and words of the study that no check knows."""
    refuse_unknown(case)
    return


KNOWN: tuple[Check[Case], ...] = (every_key_is_known_here,)
