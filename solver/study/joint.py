"""Sections of programmes together and of years: `[portfolio.NAME]` and `[programmes.NAME.phasing]`."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from models.messages import Listed, say
from solver.study.section import MONEY, Column, NotNegative, Pair, Positive, Section, Share, same_names

WAYS = ("same_id", "column", "pairs", "nearest_m", "within_m")


class PortfolioMember(Section):
    """One of `programmes` of a portfolio."""

    weight: Annotated[Positive, Field(description="what a share of its full value counts beside the others'")] = 1.0
    floor_share: Annotated[Share, Field(description="least share of its full value")] = 0.0
    keep_budget: Annotated[bool, Field(description="its own budget holds as well as the joint one")] = False


class PortfolioLink(Section):
    """One of `links`: new sites of `programme` that open only where a site of `needs` is open."""

    programme: Annotated[str, Field(description="whose sites wait")]
    needs: Annotated[str, Field(description="whose sites they wait for")]
    same_id: Annotated[bool, Field(description="the site of the same id")] = False
    column: Annotated[
        Column | None, Field(description="column of the waiting sites that names the other; empty: free")
    ] = None
    pairs: Annotated[list[Pair], Field(description="(waiting site, other site); several others: any of them")] = Field(
        default_factory=list
    )
    nearest_m: Annotated[
        Positive | None, Field(description="the nearest other site in a straight line, at most so far, m")
    ] = None
    within_m: Annotated[
        Positive | None, Field(description="any of the other sites in a straight line at most so far, m")
    ] = None
    unlinked: Annotated[Literal["free", "closed"], Field(description="what waiting sites without another may do")] = (
        "free"
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        given = [way for way in WAYS if getattr(self, way)]
        if len(given) != 1:
            raise ValueError(
                say("needs exactly one of {ways}; it has {given}", ways=Listed(WAYS), given=Listed(given, by="both"))
                if given
                else say("needs exactly one of {ways}", ways=Listed(WAYS))
            )
        return self


class PortfolioSection(Section):
    """`[portfolio.NAME]`: programmes of the study decided together under one budget."""

    title: Annotated[str, Field(description="title in English")] = ""
    title_zh: Annotated[str, Field(description="title in Chinese")] = ""
    budget: Annotated[NotNegative, Field(description="what all of them may cost together", json_schema_extra=MONEY)]
    programmes: Annotated[
        dict[str, PortfolioMember], Field(min_length=1, description="programme -> its weight and floor")
    ]
    links: Annotated[
        list[PortfolioLink], Field(description="sites of one programme that wait for sites of another")
    ] = Field(default_factory=list)

    engine: Annotated[str | None, Field(description="in place of the study's")] = None
    time_limit_s: Annotated[Positive | None, Field(description="in place of the study's, s")] = None
    gap: Annotated[Share | None, Field(description="in place of the study's")] = None


class Year(Section):
    """One of `phasing.years`, in their order."""

    name: Annotated[str, Field(min_length=1, description='the year or period, such as "2026"')]
    budget: Annotated[NotNegative | None, Field(description="money of this year", json_schema_extra=MONEY)] = None
    open: Annotated[int | None, Field(ge=0, description="exactly this many sites open newly in this year")] = None
    open_at_least: Annotated[int | None, Field(ge=0, description="at least this many open newly in this year")] = None
    open_at_most: Annotated[int | None, Field(ge=0, description="at most this many open newly in this year")] = None
    demand: Annotated[Column | None, Field(description="column of this year's weights, in place of the layer's")] = None
    growth: Annotated[Positive, Field(description="this year's weights against the layer's or the column's")] = 1.0
    floor_share: Annotated[Share | None, Field(description="least covered share in every district in this year")] = None
    counts: Annotated[Positive, Field(description="what this year counts in the objective")] = 1.0


class Phasing(Section):
    """`phasing`: a programme over several years."""

    carry_over: Annotated[bool, Field(description="money left at the end of a year is there in the next")] = True
    years: Annotated[list[Year], Field(min_length=1, description="the years in their order")]

    @model_validator(mode="after")
    def _years_differ(self) -> Self:
        names = [year.name for year in self.years]
        twice = same_names(names)
        if twice:
            raise ValueError(say("years has {twice} more than once", twice=Listed(twice)))
        return self
