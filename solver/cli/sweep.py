"""`siting sweep`: many runs of one study, one table."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pandas as pd

from solver.cli.exits import DONE, FAULTY_STUDY, LIMIT_WITH_PLAN, NOTHING
from solver.cli.options import LANG, STUDY, options_of, solving
from solver.cli.progress import progress
from solver.cli.text import table
from solver.errors import SweepError
from solver.export import words
from solver.sweep.design import DESIGNS, SweepPlan, read_plan, vary_of
from solver.sweep.execute import TABLE, Swept, run_sweep
from solver.sweep.runs import require_sweep_folder, runs_of, write_plan

EXAMPLES = """\b
Examples:
  siting sweep study.toml --vary programmes.parking.budget_cny=1e9,1.2e9,1.5e9 \\
      --vary programmes.parking.reach.limit_m=300,400,500 --jobs 2 --out results/sweep
  siting sweep study.toml --vary solve.seed=1,2,3 -p parking --out results/seeds
  siting sweep study.toml --vary programmes.parking.open=100:170 --design sobol --samples 16 --out results/sobol
  siting sweep study.toml --plan sweep.toml --out results/sweep

\b
sweep.toml:
  design = "grid"
  programmes = ["parking"]
  [vary]
  "programmes.parking.budget_cny" = [1e9, 1.2e9]
  "programmes.parking.reach.limit_m" = [300, 500]      # or { low = 300, high = 500 } for lhs and sobol

\b
Every run is on disk as soon as it ends. The same command started again runs only what is missing.
Two runs that differ by less than their gaps may be equally good; ask for a smaller --gap to tell them apart.
Programmes that no varied key belongs to are left out, unless -p names them.
"""


@click.command("sweep", epilog=EXAMPLES)
@STUDY
@click.option("--vary", multiple=True, metavar="KEY=V1,V2,...", help="Values of a key, or LOW:HIGH; repeatable.")
@click.option("--plan", "plan_file", type=click.Path(path_type=Path), help="A file that says what is varied.")
@click.option("--design", type=click.Choice(DESIGNS), help="How values are combined.  [default: grid]")
@click.option("--samples", type=click.IntRange(min=1), metavar="N", help="Number of runs of lhs and sobol.")
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Of lhs and sobol.  [default: 0]")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Runs at a time.  [default: number of cores]")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The folder of the sweep.")
@click.option("--maps", is_flag=True, help="Draw the maps of every run.")
@solving
@LANG
@click.pass_context
def sweep(
    ctx: click.Context,
    /,
    study: Path,
    vary: tuple[str, ...],
    plan_file: Path | None,
    jobs: int | None,
    out: Path,
    maps: bool,
    lang: str,
    **given: Any,
) -> None:
    """Run a study over values of its keys: a grid, one at a time, or samples of ranges."""
    plan = _plan(vary, plan_file, given)
    require_sweep_folder(out)
    runs = runs_of(study, plan, out, overrides=given["overrides"], options=options_of(given))
    write_plan(plan, study, out)
    with progress("sweep") as listen:
        jobs = jobs if jobs is not None else os.cpu_count() or 1
        swept = run_sweep(runs, out, jobs=jobs, maps=maps, lang=lang, on_event=listen)
    click.echo(_text(swept, plan, out))
    ctx.exit(_code(swept))


def _plan(vary: tuple[str, ...], plan_file: Path | None, given: dict[str, Any]) -> SweepPlan:
    """The plan of the file, or of the options; options beside a file change what it says."""
    if plan_file is not None and vary:
        raise SweepError("--vary and --plan both say what is varied; give one of them")
    said = {key: given[key] for key in ("design", "samples", "seed") if given[key] is not None}
    if given["programmes"]:
        said["programmes"] = given["programmes"]
    if plan_file is not None:
        return replace(read_plan(plan_file), **said)
    return SweepPlan(tuple(vary_of(text) for text in vary), **said)


def _text(swept: Swept, plan: SweepPlan, out: Path) -> str:
    keys = [vary.key for vary in plan.vary]
    shown = [*keys, "programme", "ended", "new_sites", "cost_cny", "covered_share", "gap", "fault"]
    there = [column for column in shown if column in swept.table.columns and swept.table[column].notna().any()]
    rows = [[_cell(column, row[column]) for column in there] for _, row in swept.table.iterrows()]
    right = [i for i, column in enumerate(there) if column not in ("programme", "ended", "fault")]
    heads = [column.split(".")[-1] if keys.count(column) else column for column in there]
    parts = [table(heads, rows, right=right), ""] if rows else []
    news = swept.runs - swept.kept - swept.missing
    parts.append(f"{swept.runs} runs: {news} done now, {swept.kept} were there already, {swept.faults} with faults")
    if swept.missing:
        parts.append(f"stopped with {swept.missing} runs missing; the same command runs them")
    if rows:
        parts += ["", f"{out}:", f"  {TABLE:<12}  one row per run and programme", f"  {'runs/':<12}  a result of each"]
    return "\n".join(parts)


def _cell(column: str, value: Any) -> str:
    if pd.isna(value):
        return ""
    if column == "fault":
        return str(value).splitlines()[0]
    return words.gap(value, "en") if column == "gap" else words.figure(column, value, "en")


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
