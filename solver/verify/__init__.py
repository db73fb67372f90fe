"""Everything that a result claims, recomputed from its inputs by other code than the code that made it.

Nothing here knows the formulations, rules and figures of `models`, nor the checks of a run: layers are read by
`solver.inputs.instance`, all else is computed anew, by plain loops, pandas, shapely, scipy and networkx. One check is
one function whose name is the sentence that must hold.
"""
