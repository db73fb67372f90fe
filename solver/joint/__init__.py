"""Programmes decided together under one budget: posed, priced, planned, checked, told."""
