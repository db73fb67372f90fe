"""A small result made by hand: what runs give, without running."""

import geopandas as gpd
import pandas as pd
import shapely

from solver.results.result import ProgrammeResult, StudyResult


def programme_result(name="parking", **changes):
    """Two of four sites open (one of them existing), three places of which two are served."""
    crs = "EPSG:4547"
    xy = [(500000.0, 3080000.0), (501000.0, 3080000.0), (500000.0, 3081000.0), (502000.0, 3082000.0)]
    sites = gpd.GeoDataFrame(
        {
            "site_id": ["P-1", "P-2", "P-3", "P-4"],
            "programme": name,
            "chosen": [True, False, False, False],
            "open": [True, False, True, False],
            "status": ["candidate", "candidate", "existing", "candidate"],
            "group": ["天元区", "天元区", "荷塘区", "荷塘区"],
            "cost": [1e6, 2e6, 0.0, 3e6],
            "capacity": [float("nan")] * 4,
            "name": ["株洲站", None, "B", "C"],
        },
        geometry=shapely.points(xy),
        crs=crs,
    )
    demand = gpd.GeoDataFrame(
        {
            "demand_id": ["D-1", "D-2", "D-3"],
            "programme": name,
            "group": ["天元区", "荷塘区", "荷塘区"],
            "weight": [60.0, 30.0, 10.0],
            "served_share": [1.0, 1.0, 0.0],
            "site_id": ["P-1", "P-3", None],
            "travel_m": [120.0, 80.0, float("nan")],
        },
        geometry=shapely.points([(500100.0, 3080000.0), (500000.0, 3081080.0), (502500.0, 3080500.0)]),
        crs=crs,
    )
    lines = [shapely.LineString([demand.geometry[i].coords[0], xy[j]]) for i, j in ((0, 0), (1, 2))]
    allocation = gpd.GeoDataFrame(
        {
            "programme": name,
            "link": "place-site",
            "from_id": ["D-1", "D-2"],
            "to_id": ["P-1", "P-3"],
            "share": [1.0, 1.0],
            "amount": [60.0, 30.0],
            "travel_m": [120.0, 80.0],
        },
        geometry=lines,
        crs=crs,
    )
    values = {
        "name": name,
        "model": "max-cover",
        "title": "New lots",
        "title_zh": "新建停车场",
        "ended": "proven",
        "limit": None,
        "objective": 90.0,
        "objective_unit": "spaces",
        "bound": 90.0,
        "gap": 0.0,
        "budget": 2e6,
        "cost": 1e6,
        "sites": ("P-1",),
        "kept_sites": ("P-3",),
        "units": {},
        "figures": {
            "covered_share": 0.9,
            "mean_travel_min": None,
            "by_district": {"天元区": {"covered_share": 1.0}, "荷塘区": {"covered_share": 0.75}},
        },
        "engine": "highs 1.12",
        "seconds": {"travel": 0.25, "solve": 1.5},
        "site_table": sites,
        "demand_table": demand,
        "allocation_table": allocation,
    }
    return ProgrammeResult(**{**values, **changes})


def no_plan(name="clinics"):
    """A programme whose budget is too small."""
    return programme_result(
        name,
        ended="infeasible",
        objective=None,
        bound=None,
        gap=None,
        cost=None,
        sites=(),
        kept_sites=(),
        figures={},
        reasons=("budget: at most 2 CNY; would have to be 5 CNY",),
        reasons_zh=("预算：至多 2 元；至少需要 5 元",),
        site_table=None,
        demand_table=None,
        allocation_table=None,
    )


def study_result(*programmes, **changes):
    """A study of the given programmes (one if none is given)."""
    programmes = programmes or (programme_result(),)
    values = {
        "study": "hand",
        "title": "A study by hand",
        "title_zh": "手工算例",
        "crs": "EPSG:4547",
        "inputs": {"study.toml": "sha256:00"},
        "overrides": (),
        "versions": {"siting": "0.1.0"},
        "programmes": {p.name: p for p in programmes},
    }
    return StudyResult(**{**values, **changes})


def matrix_programme(name="stores"):
    """The same plan without geometry, as a study with a matrix of its own has it."""
    made = programme_result(name)
    tables = {
        key: pd.DataFrame(getattr(made, key).drop(columns="geometry"))
        for key in ("site_table", "demand_table", "allocation_table")
    }
    return programme_result(name, **tables)
