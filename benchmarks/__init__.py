"""Measurements of time and memory, apart from the tests."""
