"""What the tags of an OpenStreetMap way or barrier mean for those who travel.

Access and defaults follow the OpenStreetMap wiki ("Key:access", "Key:oneway", "Key:maxspeed", "Key:barrier").
Everything here is a pure function of tags.
"""

import re
from collections.abc import Mapping, Sequence

Tags = Mapping[str, str]

CLASS_SPEED_KPH: Mapping[str, float] = {
    "motorway": 110,
    "motorway_link": 50,
    "trunk": 80,
    "trunk_link": 45,
    "primary": 60,
    "primary_link": 40,
    "secondary": 50,
    "secondary_link": 35,
    "tertiary": 40,
    "tertiary_link": 30,
    "unclassified": 40,
    "residential": 30,
    "living_street": 15,
    "service": 20,
    "road": 30,
    "track": 15,
    "ferry": 15,
    "pedestrian": 5,
    "footway": 5,
    "path": 5,
    "steps": 5,
    "cycleway": 5,
    "bridleway": 5,
    "corridor": 5,
}
"""Driving speed where no readable maxspeed is given, km/h; a study can replace any of them. Assumed values."""

WALK_ONLY = frozenset({"track", "pedestrian", "footway", "path", "steps", "cycleway", "bridleway", "corridor"})
NO_WALK = frozenset({"motorway", "motorway_link"})

SHUT = frozenset({"no", "private", "agricultural", "forestry", "emergency", "psv", "bus", "military", "restricted"})
SHUT |= {"permit", "use_sidepath", "delivery", "taxi", "bicycle", "foot", "horse", "closed", "staff"}
OPEN = frozenset({"yes", "designated", "permissive", "destination", "customers", "official", "public", "residents"})

ONEWAY_YES = frozenset({"yes", "true", "1"})
ONEWAY_BACK = frozenset({"-1", "reverse"})
ONEWAY_NO = frozenset({"no", "false", "0"})
SHUT_ONEWAY = frozenset({"reversible"})

CAR_BARRIERS = frozenset(
    {"bollard", "block", "jersey_barrier", "cycle_barrier", "motorcycle_barrier", "kissing_gate", "stile", "turnstile"}
    | {"full-height_turnstile", "log", "debris", "chain", "planter", "rope", "horse_stile", "bus_trap", "sump_buster"}
)
"""Barriers on a road that stop cars and lorries unless access tags say otherwise; gates stand open unless tagged."""

KEYS = {
    "drive": ("motorcar", "motor_vehicle", "vehicle", "access"),
    "walk": ("foot", "access"),
    "truck": ("hgv", "goods", "motor_vehicle", "vehicle", "access"),
}
OPENS_CLOSED_CLASS = {"drive": ("motorcar", "motor_vehicle"), "walk": ("foot",), "truck": ("hgv", "motor_vehicle")}

NO_LIMIT_KPH = 130.0
WALKING_PACE_KPH = 7.0
IMPLIED_KPH: Mapping[str, float] = {
    "urban": 50,
    "rural": 80,
    "trunk": 100,
    "motorway": 120,
    "living_street": 15,
    "pedestrian_zone": 7,
    "bicycle_road": 30,
    "nsl_restricted": 48,
    "nsl_single": 97,
    "nsl_dual": 113,
}
HIGHEST_KPH = 200.0
_NUMBER = re.compile(r"(?:[a-z]{2}:)?(?:zone:?)?\s*(\d+(?:[.,]\d+)?)\s*(km/?h|kph|mph|knots)?")
_IMPLIED = re.compile(r"[a-z]{2}(?:-[a-z]+)?:([a-z_]+)")
_LEVEL = re.compile(r"[+-]?\d{1,2}")
_UNIT_KPH = {"mph": 1.609344, "knots": 1.852}


def road_class(tags: Tags, *, ferries: bool = False) -> str | None:
    """The class of a way, None where it is no road: squares, building sites, ferries unless wanted."""
    highway = tags.get("highway")
    if highway is None:
        return "ferry" if ferries and tags.get("route") == "ferry" else None
    return highway if highway in CLASS_SPEED_KPH and tags.get("area") != "yes" else None


def may_use(tags: Tags, way_class: str, mode: str) -> bool:
    """Whether a mode may use a way: the most specific access tag decides, then the class."""
    if mode == "walk":
        by_class = way_class not in NO_WALK and tags.get("motorroad") != "yes"
    else:
        by_class = way_class not in WALK_ONLY
    if mode != "walk" and tags.get("oneway") in SHUT_ONEWAY:
        return False
    for key in KEYS[mode]:
        text = tags.get(key)
        if text is None:
            continue
        value = first_value(text)
        if value in SHUT:
            return mode == "truck" and value == "delivery" and by_class
        if value in OPEN:
            return by_class or key in OPENS_CLOSED_CLASS[mode]
    return by_class


def blocked_at(tags: Tags, mode: str) -> bool:
    """Whether a barrier node stops a mode."""
    for key in KEYS[mode]:
        value = first_value(tags.get(key, ""))
        if value in SHUT:
            return True
        if value in OPEN:
            return False
    return mode != "walk" and tags.get("barrier") in CAR_BARRIERS


def oneway(tags: Tags, way_class: str) -> str:
    """Direction for vehicles: `both`, `forward` or `backward` as the way is drawn."""
    for key in ("oneway:motor_vehicle", "oneway:vehicle", "oneway"):
        value = tags.get(key, "").strip().lower()
        if value in ONEWAY_YES:
            return "forward"
        if value in ONEWAY_BACK:
            return "backward"
        if value in ONEWAY_NO:
            return "both"
    if tags.get("junction") in ("roundabout", "circular") or way_class == "motorway":
        return "forward"
    return "both"


def maxspeed_kph(text: str) -> float | None:
    """A maxspeed in km/h, whatever its spelling; of several values the least; None where it says nothing.

    >>> maxspeed_kph("30 mph"), maxspeed_kph("DE:zone:30"), maxspeed_kph("90;60"), maxspeed_kph("signals")
    (48.28032, 30.0, 60.0, None)
    """
    speeds = [_one_speed_kph(part) for part in re.split(r"[;|]", text.strip().lower())]
    known = [speed for speed in speeds if speed is not None]
    return min(known) if known else None


def _one_speed_kph(text: str) -> float | None:
    text = text.strip()
    if text == "none":
        return NO_LIMIT_KPH
    if text in ("walk", "walking_pace"):
        return WALKING_PACE_KPH
    number = _NUMBER.fullmatch(text)
    if number:
        speed = float(number[1].replace(",", ".")) * _UNIT_KPH.get(number[2] or "", 1.0)
        return speed if 0 < speed <= HIGHEST_KPH else None
    implied = _IMPLIED.fullmatch(text)
    return IMPLIED_KPH.get(implied[1]) if implied else None


def maxspeed_text(tags: Tags) -> str:
    """The tag that limits the speed, both directions together, or ""."""
    both = ";".join(tags[key] for key in ("maxspeed:forward", "maxspeed:backward") if key in tags)
    return tags.get("maxspeed") or both or tags.get("maxspeed:type") or tags.get("source:maxspeed") or ""


def level(tags: Tags) -> int:
    """The level of a way; bridges without one lie above, tunnels below."""
    text = tags.get("layer")
    if text is not None and _LEVEL.fullmatch(first_value(text)):
        return int(first_value(text))
    return 1 if is_bridge(tags) else -1 if is_tunnel(tags) else 0


def is_bridge(tags: Tags) -> bool:
    """Whether a way runs over a bridge."""
    return tags.get("bridge", "no") != "no"


def is_tunnel(tags: Tags) -> bool:
    """Whether a way runs through a tunnel or an underpass."""
    return tags.get("tunnel", "no") != "no"


def first_value(text: str) -> str:
    """Of a list such as `no;destination` the first."""
    return text.split(";")[0].strip().lower()


def blocking_modes(tags: Tags, modes: Sequence[str]) -> tuple[str, ...]:
    """The modes a barrier node stops."""
    return tuple(mode for mode in modes if blocked_at(tags, mode))
