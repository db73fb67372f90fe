"""Published optima of covering and centre instances."""

import csv

import numpy as np
import pytest

from models.problem import Demand, Sites, SitingProblem
from tests.known.posing import solved
from tests.known.test_median_optima import data, stores

pytestmark = pytest.mark.slow

SJC = {
    ("SJC324", 800): [5461, 8790, 11604, 12106, 12152],
    ("SJC500", 800): [7944, 12454, 15730, 17794, 18859, 19525, 19692, 19707],
    ("SJC324", 1200): [9932, 11555, 12152],
    ("SJC500", 1200): [10726, 18070, 19393, 19707],
}


def places(name: str) -> SitingProblem:
    """Demand points that are the sites, with straight distances."""
    folder = data("mclp_sjc")
    path = next(p for p in sorted(folder.iterdir()) if name.lower() in p.name.lower())
    with path.open(encoding="utf-8") as file:
        rows = [[float(word) for word in row[:3]] for row in list(csv.reader(file, delimiter="\t"))[1:] if row]
    x, y, weight = np.array(rows).T
    ids = [str(i + 1) for i in range(len(x))]
    distance = np.hypot(x[:, None] - x[None], y[:, None] - y[None])
    return SitingProblem.dense(Sites.of(ids), Demand.of(ids, weight=weight), distance, unit="m")


@pytest.mark.parametrize(("name", "radius"), list(SJC))
def test_sao_jose_dos_campos(name: str, radius: int) -> None:
    problem = places(name)
    for p, best in enumerate(SJC[name, radius], start=1):
        worth, outcome = solved(problem, "max-cover", limit_m=float(radius), open=p)
        assert outcome.ended == "proven"
        assert worth == pytest.approx(best)


def test_san_francisco() -> None:
    problem = stores()
    for model, keys, best in (
        ("set-cover", {}, 8),
        ("max-cover", {"open": 4}, 875_247),
        ("p-median", {"open": 4, "limit_m": 1e6}, 2_848_268_129.71),
        ("p-center", {"open": 4, "limit_m": 1e6}, 7403.0638),
    ):
        worth, outcome = solved(problem, model, **{"limit_m": 5000.0, **keys})
        assert outcome.ended == "proven"
        assert worth == pytest.approx(best, rel=1e-8)
