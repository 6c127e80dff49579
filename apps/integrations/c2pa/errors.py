class SigningFailed(Exception):
    """No signature came out. `retryable` says whether the same call may succeed later (time stamps come by network)."""

    def __init__(self, message: str, *, retryable: bool) -> None:
        super().__init__(message)
        self.retryable = retryable


class Unreadable(Exception):
    """The file holds no Content Credentials, or they could not be read within the limits."""
