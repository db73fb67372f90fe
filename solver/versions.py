"""The versions of this software and of the libraries that decide its answers."""

import platform
from importlib import metadata

from models._version import __version__

LIBRARIES = ("numpy", "scipy", "numba", "highspy", "ortools", "pulp", "geopandas", "networkx", "osmium")


def versions() -> dict[str, str]:
    """Name -> version, ours first; libraries that are not installed are left out."""
    found = {"siting": __version__, "python": platform.python_version()}
    for library in LIBRARIES:
        try:
            found[library] = metadata.version(library)
        except metadata.PackageNotFoundError:
            continue
    return found
