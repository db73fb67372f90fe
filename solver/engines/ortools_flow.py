"""Flows of least cost through open sites: OR-Tools' cost-scaling push-relabel (Goldberg 1997).

Goldberg (1997), An efficient implementation of a scaling minimum-cost flow algorithm, Journal of Algorithms 22.
"""

import numpy as np
from ortools.graph.python import min_cost_flow

from models.arrays import FloatArray, IntArray

AMOUNT_BITS, COST_BITS, ROUGH_COST_BITS = 40, 32, 20
"""Amounts and costs are whole numbers to the solver: all demand, and the largest cost, have about so many bits."""


def most_at_least_cost(
    row: IntArray, column: IntArray, cost: FloatArray, supply: FloatArray, limit: FloatArray
) -> FloatArray | None:
    """Amounts (n_pairs,) from rows to columns: as much as can be, and of all such amounts the cheapest.

    `supply` (n_rows,) and `limit` (n_columns,) are the most that a row gives and a column takes, inf for any amount;
    `cost` (n_pairs,) is per unit. Amounts are right to 2^-40 of all supply. None where the solver fails.
    """
    amounts = np.zeros(len(row))
    total = float(supply.sum())
    if not len(row) or total <= 0:
        return amounts
    unit = 2.0 ** (AMOUNT_BITS - np.ceil(np.log2(total)))
    most = float(cost.max(initial=0.0))
    price = 2.0 ** (COST_BITS - np.ceil(np.log2(most))) if most > 0 else 1.0
    n_rows, n_columns = len(supply), len(limit)
    given = np.floor(supply * unit).astype(np.int64)
    taken = np.floor(np.minimum(limit, total) * unit + 1e-6).astype(np.int64)
    source, sink = n_rows + n_columns, n_rows + n_columns + 1
    tail = np.concatenate([np.full(n_rows, source), row, n_rows + np.arange(n_columns)])
    head = np.concatenate([np.arange(n_rows), n_rows + column, np.full(n_columns, sink)])
    room = np.concatenate([given, np.minimum(given[row], taken[column]), taken])
    each = np.concatenate([np.zeros(n_rows), np.round(cost * price), np.zeros(n_columns)]).astype(np.int64)
    solver = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(tail, head, room, each)
    solver.set_node_supply(source, int(given.sum()))
    solver.set_node_supply(sink, -int(given.sum()))
    if solver.solve_max_flow_with_min_cost() != solver.OPTIMAL:
        return None
    flow = np.asarray(solver.flows(arcs[n_rows : n_rows + len(row)]), dtype=np.float64)
    whole = given[row] > 0
    amounts[whole] = flow[whole] * supply[row[whole]] / given[row[whole]]
    return amounts


def least_cost(
    tail: IntArray, head: IntArray, most: FloatArray, cost: FloatArray, ends: tuple[int, int], amount: float
) -> FloatArray | None:
    """Flows (n_arcs,) that bring an amount from one node to another at the least cost; None where they cannot.

    `most` (n_arcs,) is what each arc carries, `cost` (n_arcs,) is per unit and at least 0. Amounts are whole numbers
    of 2^-40 of all, costs of 2^-20 of the largest where they are not whole themselves.
    """
    if amount <= 0:
        return np.zeros(len(tail))
    unit = 2.0 ** (AMOUNT_BITS - np.ceil(np.log2(amount)))
    price = 1.0
    if not np.array_equal(cost, np.round(cost)):
        price = 2.0 ** (ROUGH_COST_BITS - np.ceil(np.log2(float(cost.max()))))
    solver = min_cost_flow.SimpleMinCostFlow()
    room = np.floor(np.minimum(most, amount) * unit + 1e-6).astype(np.int64)
    arcs = solver.add_arcs_with_capacity_and_unit_cost(tail, head, room, np.round(cost * price).astype(np.int64))
    supply = int(np.floor(amount * unit))
    solver.set_node_supply(ends[0], supply)
    solver.set_node_supply(ends[1], -supply)
    if solver.solve() != solver.OPTIMAL:
        return None
    return np.asarray(solver.flows(arcs), dtype=np.float64) / unit
