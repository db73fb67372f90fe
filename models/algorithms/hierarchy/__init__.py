"""Facilities in tiers: plans by relaxing and fixing."""
