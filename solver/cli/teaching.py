"""The teaching studies as examples to start from: those of the source tree, or those that an installation brings."""

import shutil
import sysconfig
from pathlib import Path

from models.messages import say
from solver.errors import StoreError

TEACHING = {
    "overlap": "the best site first is not the best plan",
    "budget": "what fairness costs",
    "one-way": "who travels decides where",
    "everyone": "the fewest sites are not the cheapest",
    "ambulances": "vehicles that may be out on a call",
    "beds": "sites that are full, capacity in modules",
    "street": "one street, four meanings of best",
    "piles": "whole piles under a grid limit",
    "line": "where a station refuels a trip",
    "post": "centres that feed stations",
    "shops": "customers and a competitor",
    "purse": "two programmes under one budget",
    "years": "build now, or save for something better",
}
"""Folder below `instances/teaching` -> what it teaches. Worked out by hand in the README there."""
README = "README.md"


def copy_teaching(name: str, folder: Path) -> None:
    """Copy a teaching study and how it is worked out by hand; StoreError where this computer has none."""
    found = [place for place in _places() if (place / name / "study.toml").is_file() and (place / README).is_file()]
    if not found:
        raise StoreError(
            say(
                "{name}   the teaching studies are not on this computer; install siting from its wheel "
                "or source folder",
                name=name,
            )
        )
    for file in sorted((found[0] / name).iterdir()):
        if file.is_file():
            shutil.copyfile(file, folder / file.name)
    study = folder / "study.toml"
    study.write_text(study.read_text(encoding="utf-8").replace(f"../{README}", README), encoding="utf-8")
    _, _, section = (found[0] / README).read_text(encoding="utf-8").partition(f"\n## {name}: ")
    (folder / README).write_text(f"# {name}: {section.split(chr(10) + '## ')[0].rstrip()}\n", encoding="utf-8")


def _places() -> tuple[Path, ...]:
    """Where the teaching studies may be: beside the source, or where an installation puts data."""
    data = sysconfig.get_path("data"), sysconfig.get_path("data", sysconfig.get_preferred_scheme("user"))
    source = Path(__file__).resolve().parents[2] / "instances/teaching"
    return (source, *(Path(place) / "share/siting/teaching" for place in data))
