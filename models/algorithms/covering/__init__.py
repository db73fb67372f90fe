"""Covering: greedy opening and annealing, and supply by sites that carry what they serve."""
