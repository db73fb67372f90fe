"""`siting compare`: plans side by side."""

from pathlib import Path

import click
import pandas as pd

from models.messages import Listed, Message, say, worded
from solver.cli.help import Spoken
from solver.cli.language import LANG
from solver.cli.misuse import BadUse
from solver.cli.paths import OVERWRITE, Reading, Writing, guard_of
from solver.cli.text import fitted, table
from solver.compare.page import ENDINGS, district_rows, figure_rows, label, notes_of, shown, write_comparison
from solver.compare.plans import Comparison, plan_names
from solver.compare.plans import compare as compared
from solver.errors import StoreError
from solver.files.atomic import require_place, whole
from solver.files.csvtext import read_texts
from solver.results.store import read_document
from solver.words.speech import ENGLISH, Speech

EXAMPLES = """\b
Examples:
  siting compare results/base results/rich
  siting compare results/1bn results/2bn results/3bn --out comparison.xlsx
  siting compare results/base results/rich --out comparison.html --lang zh
  siting compare results/sweep:1 results/sweep:4     runs of a sweep by their number

\b
The first plan is what the others are compared with. A figure a plan does not have is left empty.
"""
SHOWN = 12


@click.command("compare", cls=Spoken, epilog=EXAMPLES)
@click.argument("folders", metavar="DIR...", nargs=-1, required=True, type=Reading())
@click.option(
    "--out",
    type=Writing(ENDINGS),
    metavar="FILE",
    help="Also write it: .html with maps, .md, .xlsx, .csv or .json.",
)
@OVERWRITE
@LANG
@click.pass_context
def compare(ctx: click.Context, /, folders: tuple[Path, ...], out: Path | None, speech: Speech, **_: bool) -> None:
    """Compare two or more results: figures, sites gained and lost, coverage by district."""
    if len(folders) < 2:
        raise BadUse(say("name at least two result directories"))
    places = [run_folder(folder) for folder in folders]
    sweeps = [place.parent.parent for folder, place in zip(folders, places, strict=True) if place != folder]
    guard = guard_of(ctx, "compare", [*places, *sweeps])
    if out is not None:
        require_place(out, guard)
    named_runs = [str(folder.name) if place != folder else "" for folder, place in zip(folders, places, strict=True)]
    names = [run or name for run, name in zip(named_runs, plan_names(places), strict=True)]
    names = names if len(set(names)) == len(names) else [str(folder) for folder in folders]
    by_name = dict(zip(names, places, strict=True))
    comparison = compared({name: read_document(folder) for name, folder in by_name.items()})
    click.echo(comparison_text(comparison, speech))
    if out is not None:
        with whole(out, guard) as draft:
            write_comparison(comparison, draft, by_name, speech=speech)
        click.echo(f"\n{worded(say('written: {path}', path=out), speech)}")


def run_folder(folder: Path) -> Path:
    """The folder of a result; `SWEEP:3` is that of run 3 of a sweep. StoreError where the sweep has no such run."""
    head, sign, number = str(folder).rpartition(":")
    sweep = Path(head)
    if folder.exists() or not sign or not number.isdigit() or not (sweep / "table.csv").is_file():
        return folder
    runs = read_texts(pd.read_csv(sweep / "table.csv", encoding="utf-8-sig"))
    found = runs[runs["run"] == int(number)]
    if "folder" not in runs.columns or found.empty or found["folder"].isna().all():
        raise StoreError(
            say(
                "{folder}   the sweep has no result of run {number}; {table} lists its runs",
                folder=folder,
                number=number,
                table=sweep / "table.csv",
            )
        )
    return sweep / str(found["folder"].iloc[0])


def comparison_text(comparison: Comparison, speech: Speech = ENGLISH) -> str:
    """The comparison as text, programme by programme: by the names of result.json, in Chinese in words."""
    plans, parts, speech = list(comparison.plans), [], speech.paying(comparison.currency)
    right = range(1, len(plans) + 1)
    for name in comparison.figures["programme"].unique():
        parts += [name, _figures(comparison, name, speech)]
        parts += notes_of(comparison, speech).get(name, [])
        parts += _site_lines(comparison, name, speech)
        rows = district_rows(comparison, name, speech)
        if rows:
            parts += ["", table([worded(say("covered, by district"), speech), *plans], rows, right=right)]
        parts.append("")
    for plan, said in comparison.changed.items():
        changed = worded(say("{plan}, changed from the study file:", plan=plan), speech)
        parts += [changed, *(f"  {line}" for line in said)] if said else []
    return "\n".join(parts).rstrip()


def _figures(comparison: Comparison, name: str, speech: Speech) -> str:
    plans = list(comparison.plans)
    right = range(1, len(plans) + 1)
    if speech.zh:
        return fitted([label("figure", speech), *plans], figure_rows(comparison, name, speech), right=right)
    frame = comparison.figures[comparison.figures["programme"] == name]
    rows = [[r["figure"], *(shown(r["figure"], r[plan], speech) for plan in plans)] for _, r in frame.iterrows()]
    return fitted(["figure", *plans], rows, right=right)


def _site_lines(comparison: Comparison, name: str, speech: Speech) -> list[str]:
    sites = comparison.sites[comparison.sites["programme"] == name]
    lines = []
    for plan in comparison.plans[1:]:
        of_plan = sites[sites["plan"] == plan]
        gained, lost, units = (of_plan[of_plan["change"] == change] for change in ("gained", "lost", "units"))
        said = [
            say("{plan}: sites gained: {sites}", plan=plan, sites=_counted(gained)),
            say("{plan}: sites lost: {sites}", plan=plan, sites=_counted(lost)),
        ]
        if len(units):
            said.append(say("{plan}: other units at {sites}", plan=plan, sites=_counted(units)))
        lines += [worded(line, speech) for line in said]
    return ["", *lines] if lines else []


def _counted(sites: pd.DataFrame) -> Message:
    which = Listed(sites["site_id"].tolist(), SHOWN)
    return say("{n}: {which}", n=len(sites), which=which) if len(sites) else say("{n}", n=0)
