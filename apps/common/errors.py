"""Errors that a business act raises; views translate them, tasks decide by them.

The message is shown to people, so it says what to do. `field` names the form field it belongs to.
"""


class DomainError(Exception):
    def __init__(self, message: str, *, field: str | None = None, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code or type(self).__name__


class InvalidInput(DomainError):
    """What was given cannot be accepted; the same act with other input may be."""


class NotAllowed(DomainError):
    """This person may not do this, whatever the input. HTTP: 403 for insiders."""


class StaleState(DomainError):
    """Somebody else was quicker, or the page was old: reload and look again. HTTP: 409."""


class Refused(DomainError):
    """A rule forbids the act now (consent, boundary, exclusivity, credit); the message names the rule."""
