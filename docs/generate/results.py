"""Every field and figure of result.json."""

from typing import get_args

from docs.generate.markdown import code, table
from solver.engines.outcome import Ended, Limit
from solver.results.result import FORMAT
from solver.words.report import FIGURES

Texts = dict[str, str]

INTRO = f"""\
# Every field of result.json

`siting run STUDY --out DIR` writes `DIR/result.json` beside the layers and tables of [results.md](../results.md). What
is unknown is `null`, never 0. Units stand at the end of names: `_min`, `_m`, `_s`; `_share` is a part of 1.
This is format {FORMAT}.
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
    "currency": "money of every cost and budget: `code`, `symbol`, `decimals`",
    "inputs": "file -> sha256 of every file that was read",
    "study_path": "way from the result directory to the study file, `null` where there is none",
    "asked": "the options of the run that stand in `overrides` too, such as `gap`",
    "overrides": "what `--set`, a scenario and options such as `--gap` changed, as `KEY=VALUE`",
    "versions": "this software and the libraries that decide its answers",
    "settings": "sections that hold for every programme: roads or matrix, and how it was solved",
    "joins": "what was joined by id: `place` in the study, `table` and `kind` of ids, how many `matched`, how many "
    "stand `only_in_table` and `only_in_layers`, the first of each, and a `note` where that matters",
    "warnings": "what is likely no intention of the study: its `place`, and `text` and `text_zh`",
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
    "budget": "the programme's budget",
    "cost": "what the plan costs: sites, closing, units, transport where the model pays it",
    "sites": "ids of the new sites",
    "kept_sites": "ids of open sites that were there before",
    "units": "site -> kind -> number, where sites hold piles or modules",
    "figures": "see below; those that the model does not have are `null` or left out",
    "ties": "how the thriftiest of equally good plans was found (`sites`: `exact` or `descent`; "
    "`travel`: the same of who is served by whom), and what that saved; empty without a plan",
    "reasons": "why there is no plan, in words; the first names the rules in conflict",
    "reasons_zh": "the same in Chinese, line by line",
    "alternatives_sought": "`count` and `within` that were asked for, and how the search `ended`; `null` if not asked",
    "alternatives": "other plans: `sites`, `opens`, `leaves_out`, `objective`, `lost_share`, `differs_by`, ...",
    "marginals": "site -> `chosen`, `lost_at_least`, `lost_at_most`, `impossible`, `solved`; empty if not asked",
    "phases": "year -> what it opens, spends and covers; only of a programme with phasing",
    "engine": "engine and version",
    "seconds": "what took how long",
    "settings": "what was asked: the keys of the programme's section that the study sets",
}


def result_page() -> str:
    """The page."""
    parts = [
        INTRO,
        "## The study",
        _table("field", STUDY),
        "## programmes.NAME",
        _table("field", PROGRAMME),
        "`ended`:",
        _table("word", {str(word): meaning for word, meaning in ENDS.items()}),
        "## programmes.NAME.figures",
        table(["figure", "meaning", "含义"], [[code(name), *texts] for name, texts in _figures().items()]),
    ]
    return "\n\n".join(part.rstrip() for part in parts)


def _figures() -> dict[str, tuple[str, str]]:
    """Figure -> what it is in English and Chinese, in whatever money."""
    return {
        name: (english.format(million="million of the currency"), chinese.format(million="百万货币单位"))
        for name, (english, chinese) in FIGURES.items()
        if "." not in name
    }


def _table(head: str, texts: Texts) -> str:
    return table([head, "meaning"], [[code(name), meaning] for name, meaning in texts.items()])
