"""Of equally good plans the one of least cost, then of fewest sites and units, then of least total travel."""
