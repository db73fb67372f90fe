"""From a posed programme to a checked plan with a bound: methods, reductions, the anytime loop."""
