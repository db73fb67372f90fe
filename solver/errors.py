"""Errors of everything around the mathematics. The command line maps each to an exit code."""

from models.errors import ProblemError, SitingError

__all__ = [
    "CheckError",
    "EngineError",
    "ExportError",
    "LayerError",
    "NetworkError",
    "ProblemError",
    "SitingError",
    "StoreError",
    "StudyError",
    "SweepError",
    "WorkersError",
]


class StudyError(SitingError):
    """A study file, or what it points to, has faults (exit code 3)."""


class LayerError(StudyError):
    """A layer cannot be read or its columns do not hold what they must (exit code 3)."""


class NetworkError(StudyError):
    """A road network cannot be built from what was given (exit code 3)."""


class EngineError(SitingError):
    """An engine is missing, lacks a feature, or failed."""


class CheckError(SitingError):
    """A plan does not hold what was claimed for it (exit code 7)."""


class StoreError(SitingError):
    """A folder is no result, or cannot become one (exit code 2)."""


class SweepError(SitingError):
    """A sweep that makes no sense as it was asked (exit code 2)."""


class WorkersError(SitingError):
    """Workers, here or elsewhere, that cannot be used or ended suddenly (exit code 2)."""


class ExportError(SitingError):
    """A result does not hold what was asked, or the format cannot take it (exit code 2)."""
