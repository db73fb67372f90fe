"""Engines: everything that can solve a `Program`. One file knows each library."""
