"""Roads: from the planner's data to who reaches what within a limit."""
