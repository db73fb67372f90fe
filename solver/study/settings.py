"""What a study asked for, as plain values that stand in its result."""

from typing import Any

from solver.study.joint import PortfolioSection
from solver.study.schema import Programme, Study


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
