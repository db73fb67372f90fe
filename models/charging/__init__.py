"""Charging piles: whole numbers of several kinds at every site, need served within reach."""
