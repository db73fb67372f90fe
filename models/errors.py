"""Errors of the mathematical layer; every error of the project derives from `SitingError`."""


class SitingError(Exception):
    """Base of all errors a user can meet. Its text gives place, fact and remedy."""


class ProblemError(SitingError):
    """The numbers of a problem contradict each other or leave a model no sense."""
