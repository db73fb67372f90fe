"""Demand that divides among our sites and competitors."""
