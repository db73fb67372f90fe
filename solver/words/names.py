"""What a study calls its kinds of units and its tiers: by their titles in the language of who reads, where it has them.

Names that keys, columns and files have stay as the study writes them.
"""

from collections.abc import Mapping
from typing import Any

from solver.words.speech import Speech


def names_in(settings: Mapping[str, Any], speech: Speech) -> dict[str, str]:
    """Name in the study file -> title in the language, of the kinds, modules and tiers of a programme that have one."""
    key = "title_zh" if speech.zh else "title"
    kinds = (settings.get("piles") or {}).get("kinds") or {}
    tiers = {tier["name"]: tier for tier in settings.get("tiers") or ()}
    parts = {**kinds, **(settings.get("sizes") or {}), **tiers, **_vehicles(settings)}
    return {name: part[key] for name, part in parts.items() if part.get(key)}


def _vehicles(settings: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Vehicles are a kind that no study names."""
    vehicles = settings.get("vehicles")
    if not vehicles:
        return {}
    called = {"title": "vehicles", "title_zh": "车辆"}
    return {"vehicles": {key: vehicles.get(key) or word for key, word in called.items()}}


def counted(units: Mapping[str, int], names: Mapping[str, str], speech: Speech) -> list[str]:
    """How many of every kind."""
    said = {names.get(kind, kind): number for kind, number in units.items()}
    return [f"{kind} {number:,}" if speech.zh else f"{number:,} {kind}" for kind, number in said.items()]
