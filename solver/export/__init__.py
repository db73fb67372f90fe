"""A result in the files planners open."""
