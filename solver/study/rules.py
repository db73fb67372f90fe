"""Keys of a programme that are rules: what every plan must keep, whatever the model."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from models.messages import say
from solver.study.section import (
    MONEY,
    Column,
    Layer,
    NotNegative,
    NumberOrColumn,
    Pair,
    Positive,
    Section,
    Share,
    Titled,
    in_unit,
)


class Exclusion(Layer):
    """One of `exclusion`: candidates nearer than this to any feature of a layer may not open."""

    distance_m: Annotated[Positive, Field(description="least straight distance from every feature, m")]
    id: Annotated[Column | None, Field(description="column that names a feature; without it its row does")] = None


class GroupRule(Section):
    """One of `group_rules`: how many sites of every group open; a group is a value of any column of the sites."""

    column: Annotated[Column, Field(description="column of the site layers that names the group")]
    at_least: Annotated[int | dict[str, int] | None, Field(description="fewest in every group, or by group")] = None
    at_most: Annotated[int | dict[str, int] | None, Field(description="most in every group, or by group")] = None
    exactly: Annotated[int | dict[str, int] | None, Field(description="so many in every group, or by group")] = None
    counts: Annotated[Literal["new", "open"], Field(description="new sites only, or all that are open")] = "new"

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.at_least is None and self.at_most is None and self.exactly is None:
            raise ValueError(say("needs one of at_least, at_most and exactly"))
        return self


class Size(Titled):
    """One of `sizes`: a module of capacity that new sites take in whole numbers."""

    capacity: Annotated[
        Positive,
        Field(description="demand one module serves", json_schema_extra=in_unit("that of the demand's load or weight")),
    ]
    cost: Annotated[NumberOrColumn, Field(description="cost of one module", json_schema_extra=MONEY)] = 0.0
    max_per_site: Annotated[NumberOrColumn, Field(description="most modules of this kind at one site")]


class RuleKeys(Section):
    """The rules of a programme's section."""

    open: Annotated[int | None, Field(ge=0, description="exactly this many new sites")] = None
    open_at_least: Annotated[int | None, Field(ge=0, description="at least this many new sites")] = None
    open_at_most: Annotated[int | None, Field(ge=0, description="at most this many new sites")] = None
    budget: Annotated[NotNegative | None, Field(description="most the plan may cost", json_schema_extra=MONEY)] = None
    money_share_per_group: Annotated[
        Share | dict[str, Share] | None,
        Field(description="greatest share of the money paid at sites that any district may get, or by district"),
    ] = None
    required: Annotated[list[str], Field(description="sites that must open")] = Field(default_factory=list)
    forbidden: Annotated[list[str], Field(description="sites that must not open")] = Field(default_factory=list)
    existing_sites: Annotated[list[str], Field(description="sites that are there and stay")] = Field(
        default_factory=list
    )
    closable: Annotated[list[str], Field(description="sites that are there and may close")] = Field(
        default_factory=list
    )
    competitors: Annotated[list[str], Field(description="sites that others hold")] = Field(default_factory=list)
    exclusion: Annotated[list[Exclusion], Field(description="layers to keep away from")] = Field(default_factory=list)
    at_least_per_group: Annotated[
        int | dict[str, int] | None, Field(description="fewest new sites in every district, or by district")
    ] = None
    at_most_per_group: Annotated[
        int | dict[str, int] | None, Field(description="most new sites in every district, or by district")
    ] = None
    group_rules: Annotated[list[GroupRule], Field(description="numbers of sites by any column")] = Field(
        default_factory=list
    )
    floor_share: Annotated[
        Share | dict[str, Share] | None, Field(description="least covered share in every district, or by district")
    ] = None
    spacing_m: Annotated[Positive | None, Field(description="least straight distance between new sites, m")] = None
    spacing_from_existing: Annotated[bool, Field(description="keep `spacing_m` from existing sites too")] = False
    at_most_one_of: Annotated[list[list[str]], Field(description="sets of sites of which at most one may open")] = (
        Field(default_factory=list)
    )
    needs: Annotated[list[Pair], Field(description="pairs: the first may open only with the second")] = Field(
        default_factory=list
    )
    forbidden_pairs: Annotated[list[Pair], Field(description="pairs of sites that may not open together")] = Field(
        default_factory=list
    )
    minimum_use: Annotated[
        NumberOrColumn | None,
        Field(
            description="least load of an open site", json_schema_extra=in_unit("that of the demand's load or weight")
        ),
    ] = None
    sizes: Annotated[dict[str, Size], Field(description="modules of capacity at new sites")] = Field(
        default_factory=dict
    )
    sizes_total: Annotated[int | None, Field(ge=0, description="exactly this many modules in all")] = None
    objective_order: Annotated[
        list[Literal["floor", "coverage"]],
        Field(description="the worst district's covered share and the model's objective, in their order"),
    ] = Field(default_factory=list)
    order_tolerance: Annotated[Share, Field(description="share of the first objective that the second may cost")] = 0.0

    @model_validator(mode="after")
    def _rules_make_sense(self) -> Self:
        named = [(rule.column, rule.counts) for rule in self.group_rules]
        twice = sorted({column for column, counts in named if named.count((column, counts)) > 1})
        if twice:
            raise ValueError(
                say("group_rules has column {column} more than once; put its numbers into one rule", column=twice[0])
            )
        if self.spacing_from_existing and self.spacing_m is None:
            raise ValueError(say("spacing_from_existing needs spacing_m"))
        if self.objective_order and sorted(self.objective_order) != ["coverage", "floor"]:
            raise ValueError(say('objective_order must be ["floor", "coverage"] or ["coverage", "floor"]'))
        if self.order_tolerance and not self.objective_order:
            raise ValueError(say("order_tolerance needs objective_order"))
        return self
