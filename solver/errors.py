"""Errors of everything around the mathematics. The command line maps each to an exit code."""

from models.errors import ProblemError, SitingError

__all__ = ["CheckError", "EngineError", "LayerError", "NetworkError", "ProblemError", "SitingError", "StudyError"]


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
