"""A layer of a study file: where it is and which of its rows count."""

from typing import Annotated, Literal

from pydantic import Field

from solver.study.section import Column, Section


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
