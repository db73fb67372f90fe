"""The teaching studies as examples to start from: those of the source tree, or those that an installation brings."""

import shutil
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from solver.errors import StoreError


@dataclass(frozen=True)
class Teaching:
    """A teaching study by what it teaches and the models it has."""

    what: str
    models: tuple[str, ...]


TEACHING = {
    "overlap": Teaching("the best site first is not the best plan", ("max-cover",)),
    "budget": Teaching("what fairness costs", ("max-cover",)),
    "one-way": Teaching("who travels decides where", ("max-cover",)),
    "everyone": Teaching("the fewest sites are not the cheapest", ("set-cover",)),
    "beds": Teaching("sites that are full, capacity in modules", ("capacitated-cover",)),
    "street": Teaching("one street, four meanings of best", ("p-median", "p-center", "fixed-charge", "p-dispersion")),
    "piles": Teaching("whole piles under a grid limit", ("charging",)),
    "line": Teaching("where a station refuels a trip", ("flow-refuelling",)),
    "post": Teaching("centres that feed stations", ("hierarchical",)),
    "shops": Teaching("customers and a competitor", ("market-share",)),
    "purse": Teaching("two programmes under one budget", ("max-cover", "portfolio")),
    "years": Teaching("build now, or save for something better", ("max-cover",)),
}
"""Folder below `instances/teaching` -> what it teaches. Worked out by hand in the README there."""
README = "README.md"


def copy_teaching(name: str, folder: Path) -> None:
    """Copy a teaching study and how it is worked out by hand; StoreError where this computer has none."""
    found = [place for place in _places() if (place / name / "study.toml").is_file() and (place / README).is_file()]
    if not found:
        raise StoreError(
            f"{name}   the teaching studies are not on this computer; install siting from its wheel or source folder"
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
