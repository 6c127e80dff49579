"""How a call can fail, by what the caller has to do next. No HTTP in sight."""


class StripeProblem(Exception):
    """Any failure of the payment service."""


class InvalidCall(StripeProblem):
    """Our own check refused the call before it left: a bug or a hostile value, never worth repeating."""


class Rejected(StripeProblem):
    """A definite no: nothing happened. Repeating needs a new idempotency key, for the answer is kept under the old."""

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class OutcomeUnknown(StripeProblem):
    """No answer, an internal error or "too busy": it may have happened. Look, then repeat with the same key.

    `key_spent`: the service keeps answering with the error it saved under this key, so the key can never succeed.
    """

    def __init__(self, message: str, *, key_spent: bool = False) -> None:
        super().__init__(message)
        self.key_spent = key_spent


class BadNotice(StripeProblem):
    """A webhook whose signature is missing, wrong, too old, or whose body is not an event."""
