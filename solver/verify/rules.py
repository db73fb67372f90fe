"""The records of rules, and what holds of every plan. A rule that is not here is not checked, and that is said."""

from collections import Counter

from models.messages import Message, say
from solver.verify import rule_budget, rule_numbers, rule_pairs, rule_service, rule_statuses, rule_units
from solver.verify.case import Case
from solver.verify.rule import Rule
from solver.verify.verdict import Check

RULES: tuple[Rule, ...] = (
    *rule_statuses.RECORDS,
    *rule_numbers.RECORDS,
    *rule_pairs.RECORDS,
    *rule_service.RECORDS,
    *rule_units.RECORDS,
    *rule_budget.RECORDS,
)
"""Every key of a rule stands in one of them."""


def every_site_of_the_plan_is_in_the_study(case: Case) -> list[Message]:
    """Ids of sites and of units are known and named once."""
    told = [*case.entry["sites"], *case.entry["kept_sites"]]
    unknown = sorted({site for site in (*told, *case.entry["units"]) if site not in case.row_of})
    twice = sorted(site for site, n in Counter(told).items() if n > 1)
    return [say("{site} is no site of the study", site=site) for site in unknown] + [
        say("{site} is named twice", site=site) for site in twice
    ]


def new_sites_and_kept_sites_are_told_apart(case: Case) -> list[Message]:
    """What is listed as new is new; what is listed as kept was there."""
    status = dict(zip(case.sites["id"], case.sites["status"], strict=True))
    new = dict(zip(case.sites["id"], case.sites["new"], strict=True))
    return [
        say(
            "{site} is listed as {listed} and is {status} in the study",
            site=site,
            listed=say("new") if wanted else say("kept"),
            status=status.get(site),
        )
        for key, wanted in (("sites", True), ("kept_sites", False))
        for site in case.entry[key]
        if new.get(site) != wanted
    ]


OF_EVERY_PLAN: tuple[Check[Case], ...] = (
    every_site_of_the_plan_is_in_the_study,
    new_sites_and_kept_sites_are_told_apart,
)
RULE_CHECKS: tuple[Check[Case], ...] = (*OF_EVERY_PLAN, *(rule.check for rule in RULES if rule.check is not None))


def checks_without_service() -> tuple[Check[Case], ...]:
    """Those that can be made where it is not known who serves whom."""
    known = (rule.check for rule in RULES if rule.check is not None and not rule.needs_service)
    return (*OF_EVERY_PLAN, *known)


def keys_that(part: str, case: Case) -> list[str]:
    """Keys of a programme's rules that ask for idle sites (`asks`) or bind service (`binds`)."""
    return [key for rule in RULES for key in rule.asked(case.programme) if key in getattr(rule, part)]
