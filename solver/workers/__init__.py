"""Pieces of work done one after another, in processes of this computer, or on the workers of a cluster."""
