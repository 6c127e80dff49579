"""Errors of the service: those of a request, and those that end a job."""

from __future__ import annotations

from typing import Any


class RequestRefused(Exception):
    """A request that is answered with an error; nothing was stored.

    ``code`` is stable and machine-readable, ``message`` is for the log of the caller.
    """

    def __init__(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers or {}


class JobFailed(Exception):
    """Ends a job as failed. ``retryable`` says whether the same job may succeed later."""

    def __init__(self, code: str, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.retryable = retryable

    def view(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message, "retryable": self.retryable}


class JobCanceled(Exception):
    """Raised between two steps of a job whose cancellation was asked for."""
