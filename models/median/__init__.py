"""Median, centre, dispersion, fixed-charge and market-share models: who is assigned where, and how far."""
