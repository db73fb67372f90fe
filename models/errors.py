"""Errors of the mathematical layer; every error of the project derives from `SitingError`."""

from models.messages import ENGLISH, Said, Wording, worded


class SitingError(Exception):
    """Base of all errors a user can meet. What it says gives place, fact and remedy; `str` is that in English.

    `SitingError(say("{place}   {fact}; {remedy}", ...))`: one message a line, or a report of many faults.
    """

    def __init__(self, *said: Said | str) -> None:
        super().__init__(*said)

    def worded(self, wording: Wording) -> str:
        """What it says in the words of a language, line by line."""
        return "\n".join(worded(each, wording) for each in self.args)

    def __str__(self) -> str:
        return self.worded(ENGLISH)


class ProblemError(SitingError):
    """The numbers of a problem contradict each other or leave a model no sense."""
