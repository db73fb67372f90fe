"""Many runs of one study: which, in which order, and one table of all."""
