"""The mathematics: problems, programs, formulations, rules. No files, roads, engines or screens."""
