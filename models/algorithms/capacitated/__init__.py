"""Medians with capacities: Lagrangian bound, descent, flows, single source, branching."""
