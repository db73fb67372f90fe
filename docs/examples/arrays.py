"""The two best sites of three, from arrays alone.

Maximal covering (Church & ReVelle 1974) chooses sites x_j and covered places y_i so that the most people are within
reach:

    max   sum_i w_i y_i
    s.t.  y_i <= sum_{j reaches i} x_j      a place is covered only by an open site
          sum_j x_j = 2,   x_j in {0, 1},   0 <= y_i <= 1

Six places of ten people stand in a row, a to f; `left` reaches a, b, c, `middle` b, c, d, e and `right` d, e, f.
Taking the best site first gives `middle` (40 people) and then only ten more: 50. `left` and `right` together cover
all six: 60. That no two sites can do better is not an opinion: the bound is 60 as well.
"""

import numpy as np

import solver

FAR = np.inf
travel_min = np.array(
    [  # left, middle, right
        [5, 14, FAR],
        [6, 7, FAR],
        [10, 3, FAR],
        [11, 3, 10],
        [FAR, 7, 6],
        [FAR, FAR, 5],
    ]
)
sites = solver.Sites.of(["left", "middle", "right"], cost=1e6)
demand = solver.Demand.of(list("abcdef"), weight=10.0)
problem = solver.SitingProblem.dense(sites, demand, travel_min * 60, unit="s").within(10 * 60)

solution = solver.solve_model(
    solver.MaxCover(problem), [solver.Count(2, "exactly")], gap=0.0, marginals=solver.Marginals()
)

if __name__ == "__main__":
    print(solution)
    print(
        "open:",
        ", ".join(solution.sites),
        "- covered:",
        solution.objective,
        "- no plan covers more than",
        solution.bound,
    )
    print(solution.demand_frame()[["demand_id", "site_id", "travel_s"]].to_string(index=False))
    for site, worth in solution.marginals.items():
        print(f"{site}: {worth.lost_at_least:g} people lost " + ("without it" if worth.chosen else "by forcing it in"))
