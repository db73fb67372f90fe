"""`siting sweep`: many runs of one study, one table."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pandas as pd

from models.messages import say, worded
from solver.cli.exits import DONE, FAULTY_STUDY, LIMIT_WITH_PLAN, NOTHING
from solver.cli.help import Spoken
from solver.cli.language import LANG, paying
from solver.cli.options import STUDY, options_of, roads_under, solving
from solver.cli.paths import OVERWRITE, Reading, Writing, guard_of
from solver.cli.progress import progress
from solver.cli.text import fitted
from solver.errors import SweepError
from solver.events import Event
from solver.files.protect import Guard
from solver.inputs.reads import named_in
from solver.study.read import read_study
from solver.study.schema import Study
from solver.sweep.decide import PAGE, Decision, decide, write_decision
from solver.sweep.design import DESIGNS, SweepPlan
from solver.sweep.execute import TABLE, Swept, run_sweep, shared_of
from solver.sweep.folder import PLAN, SWEEP, WRITTEN, described, forget, held, require_sweep_folder, write_plan
from solver.sweep.page import write_page
from solver.sweep.planfile import read_plan, scenarios_of, together_of, vary_of
from solver.sweep.runs import Run, runs_of
from solver.sweep.short import short_lines
from solver.words import report as words
from solver.words.keys import key_name
from solver.words.speech import Speech
from solver.words.sweep import label

EXAMPLES = """\b
Examples:
  siting sweep study.toml --vary programmes.parking.budget=1e9,1.2e9,1.5e9 \\
      --vary programmes.parking.reach.limit_m=300,400,500 --jobs 2 --out results/sweep
  siting sweep study.toml --vary solve.seed=1,2,3 -p parking --out results/seeds
  siting sweep study.toml --vary programmes.parking.open=100:170 --design sobol --samples 16 --out results/sobol
  siting sweep study.toml --scenario all -p parking --out results/scenarios
  siting sweep study.toml --vary programmes.parking.open=100,135 --vary programmes.parking.budget=1e9,1.3e9 \\
      --together programmes.parking.open,programmes.parking.budget --out results/steps
  siting sweep study.toml --plan sweep.toml --out results/sweep
  siting sweep study.toml --plan sweep.toml --scheduler tcp://10.0.0.5:8786 --out results/sweep

\b
sweep.toml:
  design = "grid"
  programmes = ["parking"]
  [vary]
  "programmes.parking.budget" = [1e9, 1.2e9]
  "programmes.parking.reach.limit_m" = [300, 500]      # or { low = 300, high = 500 } for lhs and sobol
  [scenarios.growth]                                   # a name for values that come together
  "programmes.parking.demand.weight" = "need_2030"

\b
Designs:
  grid            every combination of the values
  one-at-a-time   the study as it is, then every value alone: a tornado
  lhs, sobol      --samples N points spread over ranges: rank correlations
  saltelli        --samples N times (keys + 2) runs: first and total order indices

\b
Scenarios stand in the study ([scenarios.NAME]) or the plan file; base is the study as it is. Every plan is then valued
in every other scenario, and the one of the least greatest regret is named.
With --scheduler the workers read the study and write the results: both must lie in a folder that all of them see.

\b
Every run is on disk as soon as it ends. The same command started again runs only what is missing.
Two runs that differ by less than their gaps may be equally good; ask for a smaller --gap to tell them apart.
Programmes that no varied key belongs to are left out, unless -p names them.
"""


@click.command("sweep", cls=Spoken, epilog=EXAMPLES)
@STUDY
@click.option("--vary", multiple=True, metavar="KEY=V1,V2,...", help="Values of a key, or LOW:HIGH; repeatable.")
@click.option("--together", multiple=True, metavar="KEY,KEY", help="Varied keys that change together; repeatable.")
@click.option(
    "--scenario", "scenarios", multiple=True, metavar="NAME", help="A scenario of the study, base, or all; repeatable."
)
@click.option("--plan", "plan_file", type=Reading(), help="A file that says what is varied.")
@click.option("--design", type=click.Choice(DESIGNS), help="How values are combined.  [default: grid]")
@click.option("--samples", type=click.IntRange(min=1), metavar="N", help="Samples of lhs, sobol and saltelli.")
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Of sampled designs.  [default: 0]")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Runs at a time.  [default: number of cores]")
@click.option("--scheduler", metavar="ADDRESS", help="A Dask scheduler, whose workers do the runs.")
@click.option("--out", type=Writing(), required=True, help="The folder of the sweep.")
@OVERWRITE
@click.option("--maps", is_flag=True, help="Draw the maps of every run.")
@solving
@LANG
@click.pass_context
def sweep(
    ctx: click.Context,
    /,
    study: Path,
    jobs: int | None,
    scheduler: str | None,
    out: Path,
    maps: bool,
    speech: Speech,
    **given: Any,
) -> None:
    """Run a study over values of its keys: a grid, one at a time, or samples of ranges; and over its scenarios."""
    if jobs is not None and scheduler is not None:
        raise SweepError(say("--jobs and --scheduler both say where runs are done; give one of them"))
    overrides, options = given["overrides"], options_of(given)
    plan = _plan(read_study(study, overrides).study, given)
    if scheduler is not None:
        study, out = study.resolve(), out.resolve()  # workers start in other folders
    said = described(plan, study.name, overrides, options)
    require_sweep_folder(out, said, overwrite=given["overwrite"])
    runs = runs_of(study, plan, out, overrides=overrides, options=options)
    speech = paying(ctx, runs[0].file.study.study.money)
    guard = guard_of(ctx, SWEEP, {path for run in runs for path in named_in(run.file.raw, run.file.folder)})
    guard.require_all(out / name for name in (PLAN, TABLE, *WRITTEN))
    write_plan(said, out, guard)
    jobs = jobs if jobs is not None else os.cpu_count() or 1
    where: dict[str, Any] = {"jobs": jobs, "scheduler": scheduler}
    with held(out), progress(worded(say("sweep"), speech), speech=speech) as listen:
        if not all(run.is_done() for run in runs):
            forget(out)
        swept = run_sweep(runs, out, **where, maps=maps, speech=speech, on_event=listen, guard=guard)
        decided = None
        if not swept.missing:
            listen(Event("", "decide", say("what all runs say together"), 1.0))
            decided = _decided(runs, plan, swept, out, where, speech, guard)
    click.echo(_text(swept, plan, out, decided, speech))
    ctx.exit(_code(swept))


def _decided(
    runs: Sequence[Run], plan: SweepPlan, swept: Swept, out: Path, where: dict[str, Any], speech: Speech, guard: Guard
) -> tuple[Decision, list[str]] | None:
    """What all runs say together, written; and the names of the files. None where Ctrl-C stopped it."""
    try:
        decision = decide(runs, plan, shared_of(runs, out), out, **where)
        files = write_decision(decision, swept.table, runs, out, guard)
        file = runs[0].file
        title = words.title_of(file.study.study.model_dump(), file.study.study.name, speech)
        roads = roads_under(file) if decision.robust else None
        write_page(decision, out / PAGE, guard, title=title, speech=speech, roads=roads)
    except KeyboardInterrupt:
        forget(out)
        return None
    return decision, [PAGE, *files]


def _plan(study: Study, given: dict[str, Any]) -> SweepPlan:
    """The plan of the file, or of the options; options beside a file change what it says."""
    if given["plan_file"] is not None and given["vary"]:
        raise SweepError(say("--vary and --plan both say what is varied; give one of them"))
    said = {key: given[key] for key in ("design", "samples", "seed") if given[key] is not None}
    if given["programmes"]:
        said["programmes"] = given["programmes"]
    if given["together"]:
        said["together"] = tuple(together_of(text) for text in given["together"])
    if given["scenarios"]:
        said["scenarios"] = scenarios_of(study, given["scenarios"])
    if given["plan_file"] is not None:
        return replace(read_plan(given["plan_file"], study), **said)
    return SweepPlan(tuple(vary_of(text) for text in given["vary"]), **said)


FILES = {
    PAGE: say("charts and findings; opens in any browser"),
    TABLE: say("one row per run and programme"),
    "robust_sites.csv": say("in how many plans each site is chosen"),
    "robust_sites.gpkg": say("the same as a layer for QGIS and ArcGIS"),
    "tornado.csv": say("what every value alone changes"),
    "sensitivity.csv": say("how much each key explains"),
    "regret.csv": say("what each plan may lose over the scenarios"),
    "regret_matrix.csv": say("every plan in every scenario"),
    "runs/": say("a result of each"),
}


def _text(swept: Swept, plan: SweepPlan, out: Path, decided: tuple[Decision, list[str]] | None, speech: Speech) -> str:
    parts = [*_rows(swept, list(plan.keys), speech)]
    said = [
        say(
            "{runs} runs: {news} done now, {kept} were there already, {faults} with faults",
            runs=swept.runs,
            news=swept.runs - swept.kept - swept.missing,
            kept=swept.kept,
            faults=swept.faults,
        )
    ]
    if swept.missing:
        said.append(say("stopped with {n} runs missing; the same command runs them", n=swept.missing))
    elif decided is None:
        said.append(say("stopped before the runs were looked at together; the same command does that"))
    parts += [worded(line, speech) for line in said]
    files = [TABLE]
    if decided is not None:
        decision, found = decided
        if decision.changed:
            head = worded(say("Changed from the study file:"), speech)
            parts += ["", head, *(f"  {change}" for change in decision.changed)]
        for name in decision.cases:
            parts += ["", name, *(f"  {line}" for line in short_lines(decision, name, speech))]
        parts += ["", *(note.worded(speech) for note in decision.notes)] if decision.notes else []
        files = [PAGE, TABLE, *found[1:]]
    if len(swept.table):
        lines = [f"  {name:<17}  {worded(FILES[name], speech)}" for name in [*files, "runs/"]]
        parts += ["", f"{out}:", *lines]
    return "\n".join(parts)


def _rows(swept: Swept, keys: list[str], speech: Speech) -> list[str]:
    """One row per run and programme: by the names of table.csv, in Chinese in words."""
    if not len(swept.table):
        return []
    shown = ["scenario", *keys, "programme", "ended", "new_sites", "cost", "covered_share", "gap", "fault"]
    there = [column for column in shown if column in swept.table.columns and swept.table[column].notna().any()]
    rows = [[_cell(column, row[column], speech) for column in there] for _, row in swept.table.iterrows()]
    right = [i for i, column in enumerate(there) if column not in ("scenario", "programme", "ended", "fault")]
    heads = [column.split(".")[-1] if keys.count(column) else column for column in there]
    if speech.zh:
        heads = [_head(column, keys, speech) for column in there]
    return [fitted(heads, rows, right=right), ""]


def _head(column: str, keys: list[str], speech: Speech) -> str:
    if column in keys:
        return key_name(column, speech)
    known = {"scenario": label("scenario", speech), "fault": worded(say("fault"), speech)} | words.WORDS[speech.lang]
    return known[column] if column in known else words.figure_name(column, speech)


def _cell(column: str, value: Any, speech: Speech) -> str:
    if pd.isna(value):
        return ""
    if column == "fault":
        return str(value).splitlines()[0]
    if column == "ended" and speech.zh:
        return words.WORDS[speech.lang].get(str(value), str(value))
    return words.gap(value, speech) if column == "gap" else words.figure(column, value, speech)


def _code(swept: Swept) -> int:
    """Done when every run has its proven answer, which may be that no plan exists."""
    if swept.missing:
        return LIMIT_WITH_PLAN if swept.missing < swept.runs else NOTHING
    if swept.faults:
        return FAULTY_STUDY
    ended = set(swept.table["ended"])
    if ended <= {"proven", "infeasible"}:
        return DONE
    in_hand = swept.table.loc[~swept.table["ended"].isin(["proven", "infeasible"]), "objective"].notna()
    return LIMIT_WITH_PLAN if in_hand.all() else NOTHING
