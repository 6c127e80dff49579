"""The time that other programs go by."""

from datetime import UTC, datetime


def true_now() -> datetime:
    """For what another process or machine reads: addresses of files, vouchers.

    Rows take theirs from Django's `timezone.now`, which the loader of the demonstration moves into the past.
    """
    return datetime.now(UTC)
