"""How far single places may be served from, where a column of the demand layer says it."""

import numpy as np
import pandas as pd

from models.arrays import FloatArray
from models.limits import within
from models.messages import say
from models.problem import Demand
from solver.findings import Findings, named
from solver.inputs.columns import numbers_of
from solver.study.schema import DemandLayer, Reach


def own_limits(
    frame: pd.DataFrame, demand: Demand, layer: DemandLayer, reach: Reach | None, place: str, findings: Findings
) -> FloatArray | None:
    """The places' own limits (n_demand,) in m or s, None where no column gives them; faults go to `findings`."""
    key = "limit_m" if layer.limit_m is not None else "limit_min"
    column = getattr(layer, key)
    if column is None:
        return None
    before = len(findings.found)
    limit = numbers_of(frame, column, layer.file, f"{place}.{key}", findings)
    if len(findings.found) == before:
        _note_faults(limit, demand.ids, key, reach, place, findings)
    return limit if key == "limit_m" else 60.0 * limit


def _note_faults(
    limit: FloatArray, ids: tuple[str, ...], key: str, reach: Reach | None, place: str, findings: Findings
) -> None:
    """Faults of places' own limits (n_demand,) in the unit of `key`: other than the reach's, 0, or beyond it."""
    if reach is None:
        findings.add(
            f"{place}.{key}", say("has no reach beside it"), say("say in reach how far any place may be served from")
        )
        return
    theirs = "limit_m" if reach.unit == "m" else "limit_min"
    if key != theirs:
        findings.add(
            f"{place}.{key}",
            say("does not fit a reach with {theirs}", theirs=theirs),
            say("use demand.{theirs}", theirs=theirs),
        )
        return
    most = reach.limit_m if reach.unit == "m" else reach.limit_min
    none, beyond = np.flatnonzero(limit == 0), np.flatnonzero(~within(limit, most or 0.0))
    if len(none):
        findings.add(
            f"{place}.{key}", say("is 0 at {none}", none=named([ids[i] for i in none])), say("must be above 0")
        )
    if len(beyond):
        shown = named([f"{ids[i]} ({limit[i]:g})" for i in beyond])
        findings.add(
            f"{place}.{key}",
            say("is beyond reach.{key} = {most:g} at {shown}", key=key, most=most, shown=shown),
            say("raise reach.{key}, or mend them", key=key),
        )
