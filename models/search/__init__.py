"""Primal heuristics: plans that are good at once; what they are worth is proven elsewhere."""
