"""`siting run`: the best plan, how good it is, and the files to open."""

from pathlib import Path
from typing import Any

import click

from models.messages import say
from solver.cli.exits import code_of
from solver.cli.help import Spoken
from solver.cli.language import LANG, paying
from solver.cli.misuse import BadValue
from solver.cli.options import (
    STUDY,
    looking_further,
    options_of,
    require_alternatives,
    require_programmes,
    solving,
)
from solver.cli.paths import OVERWRITE, Writing, guard_of
from solver.cli.progress import progress
from solver.cli.summary import run_summary
from solver.export.atlas import Atlas, ready_to_draw
from solver.export.folder import write_result
from solver.inputs.reads import named_in
from solver.results.folder import RUN, Whose, entries_of, require_free
from solver.solve import read_inputs, ready_to_solve, solve_instance, worth_a_crew
from solver.study.scenarios import BASE, read_scenario
from solver.words.speech import Speech
from solver.workers.crew import Crew, cores
from solver.workers.where import on_scheduler

EXAMPLES = """\b
Examples:
  siting run study.toml --out results/base
  siting run study.toml -p parking --time-limit 60 --gap 0.005
  siting run study.toml --set programmes.parking.budget=2e9 --out results/rich
  siting run study.toml --scenario growth
  siting run study.toml --engine cbc --lang zh
  siting run study.toml -p parking --alternatives 3 --within 2%
  siting run study.toml -p parking --marginals
  siting run study.toml --jobs 4
  siting run country.toml --scheduler tcp://10.0.0.5:8786

\b
Ctrl-C keeps the best plan found so far; a second Ctrl-C stops at once.
"""


@click.command("run", cls=Spoken, epilog=EXAMPLES)
@STUDY
@click.option("--out", type=Writing(), help="The result directory.  [default: results/<study>]")
@OVERWRITE
@click.option("--scenario", metavar="NAME", help="The study as it is in this scenario of it.")
@click.option("--scheduler", metavar="ADDRESS", help="A Dask scheduler, whose workers solve districts (decompose).")
@solving
@looking_further
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    envvar="SITING_JOBS",
    metavar="N",
    help="Programmes solved at once.  [default: number of cores]",
)
@LANG
@click.pass_context
def run(
    ctx: click.Context,
    /,
    study: Path,
    out: Path | None,
    scenario: str | None,
    jobs: int | None,
    scheduler: str | None,
    speech: Speech,
    **given: Any,
) -> None:
    """Solve a study (its file or its folder) and write its result directory.

    The directory holds report.html, plan.gpkg for QGIS and ArcGIS (plan.qgz opens all of it in QGIS), sites.csv, maps
    and result.json; it is written whole or not at all. Files of your own in it stay.
    """
    file = read_scenario(study, scenario or BASE, given["overrides"])
    require_programmes(file, given["programmes"])
    require_alternatives(file, given)
    speech = paying(ctx, file.study.study.money)
    name = file.study.study.name if scenario is None else f"{file.study.study.name}-{scenario}"
    folder = out if out is not None else Path("results") / name
    guard = guard_of(ctx, RUN, named_in(file.raw, file.folder))
    require_free(folder, Whose(file.study.study.name, file.path), guard, entries_of(file.study, given["programmes"]))
    if scheduler is not None and not any(each.decompose for each in file.study.programmes.values()):
        told = say(
            "no programme of the study is solved district by district; say decompose = true in one, or leave it out"
        )
        raise BadValue(told, param_hint="--scheduler")
    at_once = 1 if scheduler is not None else jobs or cores()
    with (
        on_scheduler(scheduler),
        progress(file.study.study.name, speech=speech) as listen,
        Crew(at_once, listen) as crew,
    ):
        crew.prepare(ready_to_draw, 1)
        instance, source = read_inputs(file, given["programmes"], options_of(given), listen)
        if worth_a_crew(instance):
            crew.prepare(ready_to_solve, len(instance.programmes))
        atlas = Atlas(crew, instance, source, speech)
        result = solve_instance(instance, source, listen=listen, crew=crew, on_result=atlas.add)
        write_result(result, folder, drawing=atlas, speech=speech, guard=guard)
    click.echo(run_summary(result.as_json(), folder, speech))
    ctx.exit(code_of(result.programmes.values()))
