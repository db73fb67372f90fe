"""Medians without capacities: Lagrangian bound, interchange, branching; farthest-first for centres."""
