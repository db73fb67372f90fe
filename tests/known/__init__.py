"""Instances with published optima, read from the folder that SITING_DATA names."""
