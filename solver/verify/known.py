"""What verification knows of a study: every key, and every word that a key may be. What it does not is not checked.

A key that is added to the schema and not here makes what fails of a programme that uses it "not checked", with the
key's name, and never an accusation: a rule that is unknown here may be why a plan is as it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pydantic import BaseModel

from solver.verify.case import Case
from solver.verify.objectives import WORTH
from solver.verify.verdict import Check, Unchecked, Verdict

KEYS: Mapping[str, str] = {
    "Study": "study network travel solve programmes portfolio scenarios",
    "About": "name title title_zh note note_zh attribution crs base currency",
    "CurrencySection": "code symbol decimals",
    "NetworkSection": "file layer snap_limit_m walk_speed_kph truck_speed_kph access_speed_kph speeds_kph keep turns "
    "datum_guard",
    "Turns": "left_s right_s about_s",
    "TravelSection": "matrix demand site value unit unreachable_value missing_pairs",
    "SolveSection": "engine time_limit_s gap threads seed search_s",
    "Programme": "model title title_zh demand sites existing reach decay impedance backup piles flows vehicle tiers "
    "nested objective unreachable single_source assignment market transport_per_km transport_per_min "
    "alternatives marginals phasing engine time_limit_s gap",
    "RuleKeys": "open open_at_least open_at_most budget required forbidden existing_sites closable competitors "
    "exclusion at_least_per_group at_most_per_group group_rules floor_share spacing_m spacing_from_existing "
    "at_most_one_of needs forbidden_pairs minimum_use sizes sizes_total objective_order order_tolerance",
    "Layer": "file layer where x y crs datum encoding",
    "DemandLayer": "id weight load group limit_m limit_min",
    "SiteLayer": "id cost closing_cost cost_unit capacity group status",
    "Titled": "title title_zh",
    "Tier": "name reach transport_per_km",
    "Exclusion": "distance_m id",
    "GroupRule": "column at_least at_most exactly counts",
    "Size": "capacity cost max_per_site",
    "Reach": "mode direction limit_m limit_min access",
    "Decay": "shape full_m full_min steps rate",
    "Impedance": "shape exponent rate",
    "Piles": "total at_least_where_open grid_limit_kw min_share kinds",
    "PileKind": "power_kw energy_kwh_per_day cost max_per_site",
    "Flows": "file origin destination weight terminals terminal_id",
    "Vehicle": "range_km start_fraction round_trip max_detour_km kg_per_refuel mode road_classes",
    "Market": "attractiveness attractiveness_power distance_power least_travel_m least_travel_min stay_away_m "
    "stay_away_min target_share",
    "Alternatives": "count within method time_limit_s",
    "Marginals": "time_limit_s",
    "Phasing": "carry_over years",
    "Year": "name budget open open_at_least open_at_most demand growth floor_share counts",
    "PortfolioSection": "title title_zh budget programmes links engine time_limit_s gap",
    "PortfolioMember": "weight floor_share keep_budget",
    "PortfolioLink": "programme needs same_id column pairs nearest_m within_m unlinked",
}
"""Section -> its keys, beside those of the section that it extends."""

VALUES: Mapping[str, tuple[str, ...]] = {
    "NetworkSection.keep": ("largest", "all"),
    "TravelSection.unit": ("m", "s", "min"),
    "TravelSection.missing_pairs": ("refuse", "unreachable"),
    "Layer.datum": ("gcj02", "bd09"),
    "SiteLayer.cost_unit": ("thousand", "million", "千元", "万元", "百万元", "亿元"),
    "GroupRule.counts": ("new", "open"),
    "RuleKeys.objective_order": ("floor", "coverage"),
    "Reach.mode": ("drive", "walk", "truck", "straight"),
    "Reach.direction": ("to_site", "from_site"),
    "Decay.shape": ("linear", "exponential", "gaussian", "power", "steps"),
    "Impedance.shape": ("power", "exponential"),
    "Vehicle.mode": ("drive", "walk", "truck"),
    "Programme.objective": ("coverage", "cost"),
    "Programme.unreachable": ("refuse", "leave_out"),
    "Programme.assignment": ("best", "nearest"),
    "Alternatives.method": ("farthest", "hsj"),
    "PortfolioLink.unlinked": ("free", "closed"),
}
"""Section and key -> the words that are known, of keys that choose between some."""

STATUSES = ("candidate", "existing", "required", "forbidden", "competitor", "closable")
"""What a site may be."""


def known_keys(section: type) -> frozenset[str]:
    """The keys of a section that verification knows."""
    return frozenset(key for part in section.__mro__ for key in KEYS.get(part.__name__, "").split())


def known_words(section: type, key: str) -> tuple[str, ...] | None:
    """The words that a key may be; None where it is no choice between some."""
    places = (f"{part.__name__}.{key}" for part in section.__mro__)
    return next((VALUES[place] for place in places if place in VALUES), None)


def unknown_in(section: BaseModel, place: str) -> Iterator[str]:
    """Keys that a section sets, and words that it chooses, of which verification knows nothing."""
    known, fields = known_keys(type(section)), type(section).model_fields
    for key in fields:
        value = getattr(section, key)
        if key not in known:
            if value != fields[key].get_default(call_default_factory=True):
                yield f"{place}.{key}"
            continue
        words = known_words(type(section), key)
        parts = list(value.values()) if isinstance(value, Mapping) else value if isinstance(value, list) else [value]
        for part in parts:
            if isinstance(part, BaseModel):
                yield from unknown_in(part, f"{place}.{key}")
            elif words is not None and isinstance(part, str) and part not in words:
                yield f"{place}.{key} = {part}"


def unknown_of(case: Case) -> tuple[str, ...]:
    """What a programme, and the study around it, uses that verification does not know."""
    study, place = case.travel.file.study, f"programmes.{case.name}"
    found = [] if case.programme.model in WORTH else [f"{place}.model = {case.programme.model}"]
    found += unknown_in(case.programme, place)
    for name in ("network", "travel", "solve"):
        section = getattr(study, name)
        found += [] if section is None else unknown_in(section, name)
    found += [f"status {status}" for status in sorted({*case.sites["status"]} - {*STATUSES})]
    return tuple(dict.fromkeys(found))


def only_what_is_known(verdicts: Sequence[Verdict], unknown: Sequence[str]) -> list[Verdict]:
    """The verdicts; where something unknown is used, what fails may be its doing, and is not checked."""
    if not unknown:
        return list(verdicts)
    why = f"{', '.join(unknown)} is not known to verification, which finds without it:"
    return [replace(v, status="not checked", details=(why, *v.details)) if v.status == "fails" else v for v in verdicts]


def every_key_is_known_here(case: Case) -> list[str] | None:
    """Names the keys, models and words of the study that no check knows."""
    unknown = unknown_of(case)
    if not unknown:
        return None
    raise Unchecked(f"not known to verification: {', '.join(unknown)}")


KNOWN: tuple[Check[Case], ...] = (every_key_is_known_here,)
