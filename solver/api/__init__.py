"""The Python interface: models or studies in, solutions with frames out."""
