"""Stations that refuel vehicles on their way from an origin to a destination."""
