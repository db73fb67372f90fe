"""How many sites open, in all and in every group: `open`, `at_least_per_group`, `group_rules` and so on."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from models.arrays import FloatArray
from models.messages import Message, say
from solver.inputs.columns import id_text
from solver.study.schema import Programme
from solver.verify.bounds import Draft, Terms
from solver.verify.case import Case
from solver.verify.rule import Rule

SIDES = {"at least": say("at least"), "at most": say("at most"), "exactly": say("exactly")}


def as_many_new_sites_open_as_asked(case: Case) -> list[Message] | None:
    """open, open_at_least, open_at_most."""
    p = case.programme
    if p.open is None and p.open_at_least is None and p.open_at_most is None:
        return None
    n = int((case.sites["open"] & case.sites["new"]).sum())
    found = (
        [say("{n} new sites are open; {asked} are asked for (open)", n=n, asked=p.open)]
        if p.open not in (None, n)
        else []
    )
    if p.open_at_least is not None and n < p.open_at_least:
        found.append(
            say("{n} new sites are open; at least {least} are asked for (open_at_least)", n=n, least=p.open_at_least)
        )
    if p.open_at_most is not None and n > p.open_at_most:
        found.append(say("{n} new sites are open; at most {most} are allowed (open_at_most)", n=n, most=p.open_at_most))
    return found


def _number_rows(draft: Draft, case: Case, terms: Terms) -> bool:
    p = case.programme
    least = [n for n in (p.open, p.open_at_least) if n is not None]
    most = [n for n in (p.open, p.open_at_most) if n is not None]
    new = terms.opened[case.sites["new"].to_numpy()]
    draft.total(new, 1.0, most=min(most, default=None), least=max(least, default=None))
    return True


def every_group_has_as_many_sites_as_asked(case: Case) -> list[Message] | None:
    """at_least_per_group, at_most_per_group, group_rules."""
    p, table = case.programme, case.sites
    wanted: list[tuple[str, pd.Series, pd.Series, int | dict[str, int] | None, str]] = []
    for key, side in (("at_least_per_group", "at least"), ("at_most_per_group", "at most")):
        wanted.append((key, table["group"], table["new"], getattr(p, key), side))
    for rule in p.group_rules:
        of = case.inputs.site_frame[rule.column].map(lambda v: "" if pd.isna(v) else id_text(v))
        counted = table["new"] if rule.counts == "new" else table["status"] != "competitor"
        for key, side in (("at_least", "at least"), ("at_most", "at most"), ("exactly", "exactly")):
            wanted.append((f"group_rules.{rule.column}.{key}", of, counted, getattr(rule, key), side))
    if all(number is None for *_, number, _ in wanted):
        return None
    found = []
    for key, of, counted, number, side in wanted:
        if number is None:
            continue
        groups = of.to_numpy(dtype=object)
        there = sorted({g for g, one in zip(groups, counted, strict=True) if one and g})
        numbers = number if isinstance(number, Mapping) else dict.fromkeys(there, number)
        for group, limit in numbers.items():
            n = int((table["open"].to_numpy() & counted.to_numpy() & (groups == group)).sum())
            short, over = side != "at most" and n < limit, side != "at least" and n > limit
            if short or over:
                found.append(
                    say(
                        "{group} has {n} sites; {side} {limit} are asked for ({key})",
                        group=group,
                        n=n,
                        side=SIDES[side],
                        limit=limit,
                        key=key,
                    )
                )
    return found


def _group_rows(draft: Draft, case: Case, terms: Terms) -> bool:
    table, p = case.sites, case.programme
    rules: list[tuple[FloatArray, FloatArray, object, object]] = [
        (table["group"].to_numpy(dtype=object), table["new"].to_numpy(), p.at_least_per_group, p.at_most_per_group)
    ]
    for rule in p.group_rules:
        of = case.inputs.site_frame[rule.column].map(lambda v: "" if pd.isna(v) else id_text(v)).to_numpy(dtype=object)
        counted = table["new"] if rule.counts == "new" else table["status"] != "competitor"
        rules.append((of, counted.to_numpy(), rule.at_least, rule.at_most))
        rules.append((of, counted.to_numpy(), rule.exactly, rule.exactly))
    for of, counted, least, most in rules:
        for group in sorted({g for g, one in zip(of, counted, strict=True) if one and g}):
            at = terms.opened[(of == group) & counted]
            draft.total(at, 1.0, most=_of(most, group), least=_of(least, group))
    return True


def _of(number: object, group: str) -> float | None:
    if isinstance(number, Mapping):
        return float(number[group]) if group in number else None
    return float(number) if isinstance(number, int) else None


def _at_most_only(programme: Programme) -> Mapping[str, Any]:
    """Before the last year groups are still short of what they shall have."""
    rules = [
        rule.model_copy(update={"at_least": None, "exactly": None})
        for rule in programme.group_rules
        if rule.at_most is not None
    ]
    return {"at_least_per_group": None, "group_rules": rules}


NUMBERS = Rule(
    keys=("open", "open_at_least", "open_at_most"),
    check=as_many_new_sites_open_as_asked,
    rows=_number_rows,
    every_year=False,
    needs_service=False,
    asks=("open", "open_at_least"),
    binds=(),
)
GROUPS = Rule(
    keys=("at_least_per_group", "at_most_per_group", "group_rules"),
    check=every_group_has_as_many_sites_as_asked,
    rows=_group_rows,
    sections={"GroupRule": "column at_least at_most exactly counts"},
    words={"GroupRule.counts": ("new", "open")},
    every_year=True,
    before_the_end=_at_most_only,
    needs_service=False,
    asks=("at_least_per_group", "group_rules"),
    binds=(),
)
RECORDS = (NUMBERS, GROUPS)
