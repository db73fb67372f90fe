"""What every section of a study file is made of: kinds of values, and the refusal of unknown keys."""

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError
from pydantic._internal._model_construction import ModelMetaclass

from solver.errors import StudyError
from solver.study.faults import report_of

Column = str
"""The name of a column of the layer."""
NumberOrColumn = float | Column
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9._-]*[A-Za-z0-9][A-Za-z0-9._-]*$")]
"""A name that files, layers and keys of a result are called by."""
Mode = Literal["drive", "walk", "truck"]
ReachMode = Literal[Mode, "straight"]
Pair = Annotated[tuple[str, str], Field(strict=False)]
"""Two ids; TOML has lists only."""
Step = Annotated[tuple[float, Share], Field(strict=False)]
"""A limit and a share."""


def same_names(names: Iterable[str]) -> list[str]:
    """The names that another is equal to when capital and small letters count as one, as many disks and GIS have it."""
    listed = list(names)
    counted = Counter(name.strip().casefold() for name in listed)
    return sorted({name for name in listed if counted[name.strip().casefold()] > 1})


def in_unit(unit: str) -> dict[str, JsonValue]:
    """Of a key whose unit is not in its name: the unit, for the reference."""
    return {"unit": unit}


MONEY = in_unit("the study's currency")
MONEY_PER_KM = in_unit("the study's currency per unit of demand and km")
MONEY_PER_MIN = in_unit("the study's currency per unit of demand and minute")


class Told(ModelMetaclass):
    """What makes a section in Python: faults are a StudyError there, as they are in a study file."""

    def __call__(self, *args: Any, **given: Any) -> Any:
        """The section, or one StudyError with every fault of what was given for it."""
        try:
            return super().__call__(*args, **given)
        except ValidationError as error:
            raise StudyError(report_of(error, cast("type[BaseModel]", self))) from None


class Section(BaseModel, metaclass=Told):
    """Base of all sections: frozen, no unknown keys, no silent conversion of text to numbers."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Titled(Section):
    """A part of a study that people read of: what it is called there, in both languages."""

    title: Annotated[str, Field(description="what it is called in English; without it by its name")] = ""
    title_zh: Annotated[str, Field(description="what it is called in Chinese; without it by its name")] = ""


class Layer(Section):
    """A file geopandas or pandas reads, and the rows of it that count."""

    file: Annotated[str, Field(description="path relative to the study file")]
    layer: Annotated[str | None, Field(description="layer inside the file, where it has several")] = None
    where: Annotated[
        dict[str, str | float | bool | list[str | float]],
        Field(description="column -> value or values a row must have to count"),
    ] = Field(default_factory=dict)
    x: Annotated[Column | None, Field(description="column of x or longitude, for tables without geometry")] = None
    y: Annotated[Column | None, Field(description="column of y or latitude, for tables without geometry")] = None
    crs: Annotated[str | None, Field(description="system of x and y, or of a layer that does not say")] = None
    datum: Annotated[
        Literal["gcj02", "bd09"] | None, Field(description="undo the shift of Chinese web maps or of Baidu")
    ] = None
    encoding: Annotated[
        str | None,
        Field(description="encoding of a table's or Shapefile's texts, such as GBK; else found by its bytes"),
    ] = None
