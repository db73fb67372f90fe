"""Facilities in tiers: who feeds whom, down to the places served by the lowest."""
