"""Verifying what claims to come from Stripe."""

import json
from collections.abc import Callable
from typing import Any

import stripe

from apps.integrations.stripe import types
from apps.integrations.stripe.errors import BadNotice

TOLERANCE_SECONDS = 300
LARGEST_BODY = 512 * 1024


def verify(*, body: bytes, header: str, secret: str) -> types.Notice:
    """The event in a webhook signed with `secret` over the raw body within the last five minutes.

    Raises BadNotice for a missing, wrong, tampered or stale signature, and for a body that is not a v1 event.
    """
    return _read(_snapshot, body=body, header=header, secret=secret)


def verify_thin(*, body: bytes, header: str, secret: str) -> types.Notice:
    """The same for a v2 event, which names its object and says nothing else of it."""
    return _read(_thin, body=body, header=header, secret=secret)


def _snapshot(event: Any) -> types.Notice:
    subject = event["data"]["object"]
    if event["object"] != "event":
        raise BadNotice("the body is not an event")
    return types.Notice(
        event_id=event["id"],
        account=event.get("account") or "",
        type=event["type"],
        object_id=subject.get("id") or "",
        metadata=subject.get("metadata") or {},
        body=event,
    )


def _thin(event: Any) -> types.Notice:
    if event["object"] != "v2.core.event":
        raise BadNotice("the body is not a v2 event")
    return types.Notice(
        event_id=event["id"],
        account=event.get("context") or "",
        type=event["type"],
        object_id=(event.get("related_object") or {}).get("id") or "",
        metadata={},
        body=event,
    )


def _read(build: Callable[[Any], types.Notice], *, body: bytes, header: str, secret: str) -> types.Notice:
    if len(body) > LARGEST_BODY:
        raise BadNotice("the body is too large for an event")
    try:
        stripe.WebhookSignature.verify_header(body, header, secret, TOLERANCE_SECONDS)
        return build(json.loads(body))
    except stripe.SignatureVerificationError as error:
        raise BadNotice(error.user_message or "the signature does not fit") from error
    except (UnicodeDecodeError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadNotice("the body is not an event") from error
