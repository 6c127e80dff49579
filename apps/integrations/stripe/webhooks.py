"""Verifying what claims to come from Stripe."""

import json

import stripe

from apps.integrations.stripe import types
from apps.integrations.stripe.errors import BadNotice

TOLERANCE_SECONDS = 300
LARGEST_BODY = 512 * 1024


def verify(*, body: bytes, header: str, secret: str) -> types.Notice:
    """The event in a webhook signed with `secret` over the raw body within the last five minutes.

    Raises BadNotice for a missing, wrong, tampered or stale signature, and for a body that is not a v1 event.
    """
    if len(body) > LARGEST_BODY:
        raise BadNotice("the body is too large for an event")
    try:
        stripe.WebhookSignature.verify_header(body, header, secret, TOLERANCE_SECONDS)
        event = json.loads(body)
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
    except stripe.SignatureVerificationError as error:
        raise BadNotice(error.user_message or "the signature does not fit") from error
    except (UnicodeDecodeError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadNotice("the body is not an event") from error
