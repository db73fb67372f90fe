"""The study file: its schema, reading, overrides."""
