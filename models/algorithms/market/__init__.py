"""Market share: interchange."""
