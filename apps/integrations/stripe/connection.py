"""The way to Stripe that every call takes: the transport, and the SDK's errors in our words."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any

import stripe
from django.conf import settings
from django.utils.module_loading import import_string

from apps.integrations.stripe.errors import OutcomeUnknown, Rejected

CONNECT_SECONDS, READ_SECONDS = 5, 25


def transport() -> stripe.HTTPClient:
    """The one that the settings choose: STRIPE_TRANSPORT "stripe" is the real service, "sandbox" our stand-in.

    The stand-in lies in a layer above, so its transport is named by STRIPE_HTTP_CLIENT and loaded by that name.
    """
    real = settings.STRIPE_TRANSPORT == "stripe"
    return _transport(None if real else settings.STRIPE_HTTP_CLIENT)


@cache
def _transport(path: str | None) -> stripe.HTTPClient:
    """One transport a process: it keeps its connections open, one for each thread."""
    if path is None:
        return stripe.RequestsClient(timeout=(CONNECT_SECONDS, READ_SECONDS))
    found: stripe.HTTPClient = import_string(path)()
    return found


@contextmanager
def translated() -> Iterator[None]:
    """Turns the SDK's errors into ours, by what the caller may conclude from them."""
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise OutcomeUnknown(error.user_message or "no answer") from error
    except stripe.StripeError as error:
        status = error.http_status or 500
        if status >= 500 or status == 409:
            spent = str((error.headers or {}).get("idempotent-replayed", "")).lower() == "true"
            raise OutcomeUnknown(error.user_message or "internal error", key_spent=spent) from error
        raise Rejected(error.user_message or "refused", code=error.code or "") from error


def id_of(field: Any) -> str:
    """The id in a field that holds an id, the whole object, or nothing."""
    if field is None:
        return ""
    return field if isinstance(field, str) else str(field.id)


def time_of(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)
