"""Algorithms of our own: a driver beside its compiled kernel, one room for each family of models."""
