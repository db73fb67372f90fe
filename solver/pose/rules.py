"""The rules of a programme's section, as the models know them."""

from models.formulation import Rule
from models.rules import AtMostOneOf, Budget, Count, CoverageFloor, GroupCount, MinimumUse, Needs, Spacing, UnitsTotal
from models.rules.count import Side
from solver.inputs.instance import ProgrammeInputs


def rules_of(inputs: ProgrammeInputs) -> tuple[Rule, ...]:
    """Every rule the section states; required and forbidden sites are statuses of the sites already."""
    p = inputs.programme
    rules: list[Rule] = []
    if p.open is not None:
        rules.append(Count(p.open, "exactly"))
    if p.open_at_least is not None:
        rules.append(Count(p.open_at_least, "at least"))
    if p.open_at_most is not None:
        rules.append(Count(p.open_at_most, "at most"))
    if p.budget is not None:
        rules.append(Budget(p.budget))
    if p.at_least_per_group is not None:
        rules.append(GroupCount(p.at_least_per_group, "at least"))
    if p.at_most_per_group is not None:
        rules.append(GroupCount(p.at_most_per_group, "at most"))
    rules += _group_rules(inputs)
    if p.floor_share is not None:
        rules.append(CoverageFloor(p.floor_share))
    if p.spacing_m is not None:
        rules.append(Spacing(p.spacing_m, from_existing=p.spacing_from_existing))
    if p.at_most_one_of:
        rules.append(AtMostOneOf(tuple(tuple(chosen) for chosen in p.at_most_one_of)))
    if p.forbidden_pairs:
        rules.append(AtMostOneOf(tuple(p.forbidden_pairs), key="forbidden_pairs"))
    if p.needs:
        rules.append(Needs(tuple(p.needs)))
    if p.minimum_use is not None:
        rules.append(MinimumUse(inputs.site_numbers(p.minimum_use, "minimum_use", default=0.0)))
    if p.sizes_total is not None:
        rules.append(UnitsTotal(p.sizes_total))
    return tuple(rules)


def _group_rules(inputs: ProgrammeInputs) -> list[Rule]:
    """The rules on groups of any column, in the order of the study."""
    rules: list[Rule] = []
    for section in inputs.programme.group_rules:
        of = inputs.site_texts(section.column, "group_rules")
        sides: tuple[tuple[Side, int | dict[str, int] | None], ...] = (
            ("exactly", section.exactly),
            ("at least", section.at_least),
            ("at most", section.at_most),
        )
        rules += [GroupCount(n, side, of, section.column, section.counts) for side, n in sides if n is not None]
    return rules
