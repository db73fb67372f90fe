"""Every file of a result directory, every field of result.json and every column of its layers."""

from typing import get_args

from docs.generate.markdown import code, table
from solver.cli.summary import FILES
from solver.engines.outcome import Ended, Limit
from solver.export.fields import FIELDS, UNITS
from solver.export.gpkg import KINDS
from solver.export.words import FIGURES
from solver.result import FORMAT

Texts = dict[str, str]

INTRO = f"""\
# Every field of a result

`siting run STUDY --out DIR` writes `DIR` whole or not at all. A figure that is unknown is `null` (an empty cell in
tables), never 0. Units stand at the end of names: `_cny`, `_min`, `_m`, `_s`; `_share` is a part of 1.
The form of `result.json` below is format {FORMAT}.
"""
ENDS: dict[Ended, str] = {
    "proven": "the plan is within the asked gap of the bound",
    "limit": "stopped at a limit, named by `limit`, with or without a plan",
    "infeasible": "proven that no plan keeps every rule; `reasons` say why",
    "unbounded": "the objective has no limit, a fault of the study",
    "interrupted": "stopped by Ctrl-C; the best plan until then is kept",
    "failed": "the engine failed or its answer did not hold; nothing is claimed",
}
STUDY: Texts = {
    "study": "name of the study",
    "title": "title in English",
    "title_zh": "title in Chinese",
    "note": "what the study says of its data, in English",
    "note_zh": "the same in Chinese",
    "attribution": "whose data it is; stands under every map",
    "format": "form of this file",
    "crs": "coordinate system of the layers, `null` without places",
    "inputs": "file -> sha256 of every file that was read",
    "study_path": "way from the result directory to the study file, `null` where there is none",
    "asked": "what the run was asked in place of the study's settings, such as `gap`",
    "overrides": "what `--set` changed",
    "versions": "this software and the libraries that decide its answers",
    "settings": "sections that hold for every programme: roads or matrix, and how it was solved",
    "programmes": "name -> one entry each; of a portfolio its own and `portfolio.programme` for each member",
}
PROGRAMME: Texts = {
    "model": "model of the study, or `portfolio`",
    "title": "title in English",
    "title_zh": "title in Chinese",
    "ended": "why solving stopped, see below",
    "limit": f"which limit: {', '.join(code(word) for word in get_args(Limit))}; `null` unless `ended` is `limit`",
    "objective": "what the plan is worth, recomputed from the inputs; `null` without a plan",
    "objective_unit": "its unit in words",
    "sense": "`max` or `min`: whether more or less of the objective is better",
    "bound": "what no plan can be better than; `null` where nothing is proven",
    "gap": "difference of objective and bound, as a share of the objective",
    "budget_cny": "the programme's budget",
    "cost_cny": "what the plan costs: sites, closing, units, transport where the model pays it",
    "sites": "ids of the new sites",
    "kept_sites": "ids of open sites that were there before",
    "units": "site -> kind -> number, where sites hold piles or modules",
    "figures": "see below; those that the model does not have are `null` or left out",
    "reasons": "why there is no plan, in words; the first names the rules in conflict",
    "alternatives_sought": "`count` and `within` that were asked for, and how the search `ended`; `null` if not asked",
    "alternatives": "other plans: `sites`, `opens`, `leaves_out`, `objective`, `lost_share`, `differs_by`, ...",
    "marginals": "site -> `chosen`, `lost_at_least`, `lost_at_most`, `impossible`, `solved`; empty if not asked",
    "phases": "year -> what it opens, spends and covers; only of a programme with phasing",
    "engine": "engine and version",
    "seconds": "what took how long",
    "settings": "what was asked: the keys of the programme's section that the study sets",
}
LAYERS: Texts = {
    "sites": "every site, chosen or not, with the layer's own columns after those below",
    "demand": "every place: how much of it is served, by whom, how far",
    "allocation": "a line for each pair of place and site that serves it, and of sites that feed each other",
    "flows": "a line for each trip",
}


def result_page() -> str:
    """The page."""
    files = {**{name: said[0] for name, said in FILES.items()}, "map-PROGRAMME.png": "a map of each programme"}
    parts = [
        INTRO,
        "## Files",
        _table("file", files),
        "## result.json",
        _table("field", STUDY),
        "## result.json: programmes.NAME",
        _table("field", PROGRAMME),
        "`ended`:",
        _table("word", {str(word): meaning for word, meaning in ENDS.items()}),
        "## result.json: programmes.NAME.figures",
        table(["figure", "meaning", "含义"], [[code(n), en, zh] for n, (en, zh) in FIGURES.items() if "." not in n]),
    ]
    assert tuple(LAYERS) == KINDS, "the layers of plan.gpkg have changed"
    parts += ["## plan.gpkg", "A layer has those of the columns below that mean something in it."]
    parts.append(table(["layer", "rows"], [[code(f"PROGRAMME_{kind}"), rows] for kind, rows in LAYERS.items()]))
    columns = {**FIELDS, f"KIND{UNITS}": ("number of piles or modules of a kind", "各类单元数量")}
    parts.append(table(["column", "meaning", "含义"], [[code(name), en, zh] for name, (en, zh) in columns.items()]))
    return "\n\n".join(part.rstrip() for part in parts)


def _table(head: str, texts: Texts) -> str:
    return table([head, "meaning"], [[code(name), meaning] for name, meaning in texts.items()])
