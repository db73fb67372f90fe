"""Rules that fit any model: what a plan must keep, from the study file."""

from models.rules.count import Count, GroupCount
from models.rules.coverage import CoverageFloor
from models.rules.money import Budget
from models.rules.pairs import AtMostOneOf, Needs, Spacing
from models.rules.sites import Decided
from models.rules.units import UnitsTotal
from models.rules.use import MinimumUse

__all__ = [
    "AtMostOneOf",
    "Budget",
    "Count",
    "CoverageFloor",
    "Decided",
    "GroupCount",
    "MinimumUse",
    "Needs",
    "Spacing",
    "UnitsTotal",
]
