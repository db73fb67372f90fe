"""`siting compare`: plans side by side."""

from pathlib import Path
from typing import Any

import click
import pandas as pd

from solver.cli.text import table
from solver.compare import Comparison, plan_names
from solver.compare import compare as compared
from solver.export import words
from solver.findings import named
from solver.store import read_document

EXAMPLES = """\b
Examples:
  siting compare results/base results/rich
  siting compare results/1bn results/2bn results/3bn --out comparison.xlsx

\b
The first plan is what the others are compared with. A figure a plan does not have is left empty.
"""
SHOWN = 12


@click.command("compare", epilog=EXAMPLES)
@click.argument("folders", metavar="DIR...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Also write it: .xlsx, .csv or .json.")
def compare(folders: tuple[Path, ...], out: Path | None) -> None:
    """Compare two or more results: figures, sites gained and lost, coverage by district."""
    if len(folders) < 2:
        raise click.UsageError("name at least two result directories")
    if out is not None and out.suffix.lower() not in WRITERS:
        raise click.BadParameter(f"{out.name} ends in none of {', '.join(WRITERS)}", param_hint="--out")
    names = plan_names(list(folders))
    comparison = compared({name: read_document(folder) for name, folder in zip(names, folders, strict=True)})
    click.echo(comparison_text(comparison))
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        WRITERS[out.suffix.lower()](comparison, out)
        click.echo(f"\nwritten: {out}")


def comparison_text(comparison: Comparison) -> str:
    """The comparison as text, programme by programme."""
    parts = []
    for name in comparison.figures["programme"].unique():
        parts += [name, _figures(comparison, name)]
        parts += _site_lines(comparison, name)
        districts = comparison.districts
        shares = districts[(districts["programme"] == name) & (districts["figure"] == "covered_share")]
        if len(shares):
            plans = list(comparison.plans)
            rows = [[str(r["district"]), *(_shown("covered_share", r[p]) for p in plans)] for _, r in shares.iterrows()]
            parts += ["", table(["covered, by district", *plans], rows, right=range(1, len(plans) + 1))]
        parts.append("")
    return "\n".join(parts).rstrip()


def _figures(comparison: Comparison, name: str) -> str:
    plans = list(comparison.plans)
    frame = comparison.figures[comparison.figures["programme"] == name]
    rows = [[r["figure"], *(_shown(r["figure"], r[plan]) for plan in plans)] for _, r in frame.iterrows()]
    return table(["figure", *plans], rows, right=range(1, len(plans) + 1))


def _site_lines(comparison: Comparison, name: str) -> list[str]:
    sites = comparison.sites[comparison.sites["programme"] == name]
    lines = []
    for plan in comparison.plans[1:]:
        for change in ("gained", "lost", "units"):
            found = sites[(sites["plan"] == plan) & (sites["change"] == change)]
            if change == "units" and found.empty:
                continue
            which = f": {named(found['site_id'].tolist(), most=SHOWN)}" if len(found) else ""
            word = "other units at" if change == "units" else f"sites {change}:"
            lines.append(f"{plan}: {word} {len(found)}{which}")
    return ["", *lines] if lines else []


def _shown(figure: str, value: Any) -> str:
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return ""
    return words.gap(value, "en") if figure == "gap" else words.figure(figure, value, "en")


def _xlsx(comparison: Comparison, path: Path) -> None:
    with pd.ExcelWriter(path, engine="openpyxl") as book:
        for sheet in ("figures", "sites", "districts"):
            getattr(comparison, sheet).to_excel(book, sheet_name=sheet, index=False)


def _csv(comparison: Comparison, path: Path) -> None:
    """One table: figures, then districts' figures, then the changes of sites, told apart by the column `part`."""
    parts = [getattr(comparison, part).assign(part=part) for part in ("figures", "districts", "sites")]
    joined = pd.concat([p for p in parts if len(p)], ignore_index=True)
    order = ["part", "programme", "district", "figure", "plan", "change", "site_id", "detail", *comparison.plans]
    joined.reindex(columns=order).to_csv(path, index=False, encoding="utf-8-sig")


def _json(comparison: Comparison, path: Path) -> None:
    parts = ",\n".join(
        f'"{part}": {getattr(comparison, part).to_json(orient="records", force_ascii=False)}'
        for part in ("figures", "districts", "sites")
    )
    path.write_text("{" + parts + "}\n", encoding="utf-8")


WRITERS = {".xlsx": _xlsx, ".csv": _csv, ".json": _json}
