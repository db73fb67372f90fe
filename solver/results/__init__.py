"""Results: their shape, their tables, read from disk."""
