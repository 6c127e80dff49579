"""Stripe Identity: a document and a selfie are shown on Stripe's page, compared there, and deleted there when we ask.

We ask for the date of birth alone. Stripe gives it only to a restricted key with the right to sensitive results
(https://docs.stripe.com/identity/access-verification-results): STRIPE_IDENTITY_KEY.
"""

from datetime import date
from typing import Any

import stripe
from django.conf import settings

from apps.integrations.stripe import checks, types
from apps.integrations.stripe.connection import translated, transport


class IdentityGateway:
    """Raises Rejected for a definite no, OutcomeUnknown where it may have happened, InvalidCall for our mistakes."""

    def __init__(self, *, key: str, http_client: stripe.HTTPClient) -> None:
        client = stripe.StripeClient(key, http_client=http_client, max_network_retries=0)
        self._sessions = client.v1.identity.verification_sessions

    def create(self, *, reference: str, return_url: str, key: str) -> types.VerificationSession:
        """A check of a document held before the camera, and of the face beside it."""
        with translated():
            session = self._sessions.create(
                {
                    "type": "document",
                    "options": {"document": {"require_live_capture": True, "require_matching_selfie": True}},
                    "client_reference_id": checks.text(reference, name="the reference", longest=200),
                    "return_url": return_url,
                },
                {"idempotency_key": checks.idempotency_key(key)},
            )
        return _session(session)

    def read(self, session_id: str) -> types.VerificationSession:
        """With the date of birth, once it is verified and until it is redacted."""
        with translated():
            return _session(self._sessions.retrieve(session_id, {"expand": ["verified_outputs.dob"]}))

    def find(self, reference: str) -> types.VerificationSession | None:
        """The session that was made for this reference; only after an answer was lost."""
        with translated():
            page = self._sessions.list({"client_reference_id": reference, "limit": 1})
            return next((_session(session) for session in page.data), None)

    def redact(self, session_id: str, *, key: str) -> types.VerificationSession:
        """Has everything that was shown deleted; Stripe takes up to four days. An open session is canceled by it."""
        with translated():
            return _session(self._sessions.redact(session_id, options={"idempotency_key": checks.idempotency_key(key)}))


def identity() -> IdentityGateway:
    """The one that the settings choose."""
    return IdentityGateway(key=settings.STRIPE_IDENTITY_KEY, http_client=transport())


def _session(session: stripe.identity.VerificationSession) -> types.VerificationSession:
    return types.VerificationSession(
        id=session.id,
        status=session.status,
        url=session.url or "",
        error=(session.last_error.code or "") if session.last_error else "",
        birth_date=_birth_date(getattr(session, "verified_outputs", None)),
        redaction=session.redaction.status if session.redaction else "",
    )


def _birth_date(outputs: Any) -> date | None:
    """None until it is verified, and after it was redacted."""
    dob = getattr(outputs, "dob", None)
    if dob is None or not (dob.year and dob.month and dob.day):
        return None
    return date(dob.year, dob.month, dob.day)
