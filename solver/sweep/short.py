"""What a sweep says in a few sentences."""

import pandas as pd

from models.messages import worded
from solver.findings import named
from solver.sweep.decide import Decision
from solver.words import report as words
from solver.words.speech import Speech
from solver.words.sweep import axis_name, label

SITES_NAMED = 12


def short_lines(decision: Decision, name: str, speech: Speech) -> list[str]:
    """The findings about a programme in sentences."""
    cases, robust = decision.cases[name], decision.robust.get(name)
    plans, proven = sum(c.has_plan for c in cases), sum(c.entry["ended"] == "proven" for c in cases)
    counts = {"runs": len(cases), "with_plan": plans, "proven": proven}
    lines = [speech.semicolon.join(f"{label(key, speech)}{speech.colon}{count}" for key, count in counts.items())]
    if robust is not None and plans > 1:
        always = robust[robust["share"] >= 1.0]["site_id"].astype(str).tolist()
        shared = worded(named(always, most=SITES_NAMED), speech)
        all_have = f"{label('always', speech)}{speech.colon}{shared}"
        lines.append(all_have if always else _most_often(robust, speech))
    top = most_of(decision, name)
    if top:
        lines.append(f"{label('matters', speech)}{speech.colon}{axis_name(top.split(' + '), speech)}")
    return lines + _robust_plans(decision, name, speech)


def _most_often(robust: pd.DataFrame, speech: Speech) -> str:
    best = robust.iloc[0]
    if best["share"] <= 0:
        return label("none_opens", speech)
    share = words.share(float(best["share"]), speech)
    most_often = f"{label('most_often', speech)}{speech.colon}{best['site_id']}{words.bracketed(share, speech)}"
    return f"{label('none_always', speech)}{'' if speech.zh else ' '}{most_often}"


def _robust_plans(decision: Decision, name: str, speech: Speech) -> list[str]:
    plans = decision.regret.plans
    if not len(plans):
        return []
    mine = plans[plans["programme"] == name]
    lines = []
    for _, row in mine[mine["robust"].astype(bool)].iterrows():
        values = f"{axis_name(decision.plan.keys, speech)} {row['values']}"
        at = words.bracketed(values, speech) if isinstance(row["values"], str) else ""
        most, mean = (words.number(float(row[key]), speech) for key in ("max_regret", "mean_regret"))
        lost = words.listed([f"{label('loses_at_most', speech)} {most}", f"{label('mean', speech)} {mean}"], speech)
        lines.append(f"{label('robust_plan', speech)}{at}{speech.colon}{row['plan_of']}{speech.semicolon}{lost}")
    if len(mine) and not lines:
        lines.append(label("no_robust", speech))
    return lines


def most_of(decision: Decision, name: str) -> str | None:
    """The key that matters most to the measure: of the widest swing, or of the greatest index that can be relied on."""
    measure = decision.measures[name]
    if measure is None:
        return None
    for table, column in ((decision.tornado, "swing"), (decision.sensitivity, "value")):
        if not len(table):
            continue
        mine = table[(table["programme"] == name) & (table["figure"] == measure.figure)]
        if "index" in mine.columns:
            mine = mine[mine["index"].isin(["total", "rank_correlation"]) & mine["enough"].astype(bool)]
        if len(mine) and mine[column].abs().max() > 0:
            return str(mine["key"][mine[column].abs().idxmax()])
    return None
