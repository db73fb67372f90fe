"""Charging in a real city under a short limit: a good share of the energy, and a bound that makes sense."""

import os
import time
from pathlib import Path

import pytest

from models.rules import Budget, Count
from solver.api.solution import solve_model
from tests.known.charging_city import charging_city

DATA = Path(os.environ.get("SITING_DATA", Path(__file__).parents[3] / "shared" / "data")) / "osm"
LIMIT_S = 60.0

pytestmark = [pytest.mark.slow]


def test_thirty_car_parks_of_columbus_serve_most_of_what_they_can_reach() -> None:
    extract = DATA / "columbus.osm.pbf"
    if not extract.is_file():
        pytest.skip(f"{extract} is not there; set SITING_DATA to the folder of test data")
    model = charging_city(extract)
    began = time.monotonic()
    found = solve_model(model, [Count(30, "at most"), Budget(2e7)], time_limit_s=LIMIT_S)
    assert time.monotonic() - began <= 1.05 * LIMIT_S
    assert found.plan is not None
    assert found.objective >= 0.9 * model.known_bound  # 84,526 kWh are within reach of any car park
    assert found.bound <= model.known_bound
    assert found.gap <= 0.08
    # one site alone never does better: the plan is worth more than the best of them
    assert found.objective > float(model.most_by_site.max())
