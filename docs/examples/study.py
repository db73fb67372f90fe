"""A study file with other values, and the plans that are nearly as good.

The teaching study `budget` has 10 million CNY for three sites: a (6 million, 70 people), b (5 million, 50) and c (5
million, 40); a facility that is there already covers 20 more. The sets that can be paid for cover, with those 20,

    {} 20    {a} 90    {b} 70    {c} 60    {b, c} 110,

so b and c are best. Planning by a single best plan hides what else would do. Modelling to generate alternatives (Brill,
Chang & Hopkins 1982) asks for the plan that differs most among all that lose at most a given share:

    max   d
    s.t.  sum_i |x_i - x_i*| >= d,    coverage >= (1 - 0.2) 110 = 88.

Only {a} keeps 88; it differs at all three sites. With 6 million CNY instead, {a} itself is best.
"""

from pathlib import Path

import solver

STUDY = Path(__file__).parents[2] / "instances/teaching/budget"

solution = solver.run_study(
    STUDY,
    programmes=["free"],
    overrides={
        "programmes.free.alternatives": {"count": 3, "within": 0.2},
        "programmes.free.marginals": True,
    },
)["free"]
poorer = solver.run_study(STUDY, programmes=["free"], overrides={"programmes.free.budget": 6e6})["free"]

if __name__ == "__main__":
    print("10 million CNY:", solution, solution.sites)
    for other in solution.alternatives:
        print(f"  or {', '.join(other.sites)}: {other.objective:g} people for {other.cost:,.0f} CNY")
    print("6 million CNY:", poorer, poorer.sites)
