"""Tests of solver.workers."""
