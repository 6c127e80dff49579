"""Identity checks at the stand-in: the calls, and what happens on their hosted page. No document is ever taken."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from apps.sandbox import render_hosted as render
from apps.sandbox.events import emit
from apps.sandbox.models import VerificationSession
from apps.sandbox.params import find, required
from apps.sandbox.wire import JSON, ApiError, Request

REDACTS_AFTER = timedelta(seconds=30)  # Stripe takes up to four days
Status = VerificationSession.Status


class CheckClosed(Exception):
    """Nothing can be shown on this page any more."""


def create_session(request: Request) -> JSON:
    params = request.params
    wanted = params["options"]["document"]
    row = VerificationSession.objects.create(
        client_reference_id=params.get("client_reference_id", ""),
        metadata=params.get("metadata", {}),
        require_matching_selfie=wanted.get("require_matching_selfie") == "true",
        require_live_capture=wanted.get("require_live_capture") == "true",
        return_url=required(params, "return_url"),
    )
    emit("identity.verification_session.created", row)
    return render.verification_session(row)


def read_session(request: Request, pk: str) -> JSON:
    row = find(VerificationSession.objects.all(), pk)
    if row.redaction_asked_at and not row.redacted_at and row.redaction_asked_at + REDACTS_AFTER <= timezone.now():
        _redact(row)
    return render.verification_session(row, request.params.get("expand", []))


def list_sessions(request: Request) -> JSON:
    """Newest first; the stand-in looks for one reference at a time."""
    rows = VerificationSession.objects.filter(client_reference_id=required(request.params, "client_reference_id"))
    found = [render.verification_session(row) for row in rows.order_by("-created_at")]
    return {"object": "list", "data": found, "has_more": False, "url": request.path}


def redact_session(_request: Request, pk: str) -> JSON:
    """Asked for here, done a little later. A session that still waits for a document is canceled by it."""
    with transaction.atomic(using="sandbox"):
        row: VerificationSession = find(VerificationSession.objects.select_for_update(), pk)
        if row.status == Status.PROCESSING:
            raise ApiError("A session cannot be redacted while it is processing.", param="session")
        if row.redaction_asked_at is None:
            row.redaction_asked_at = timezone.now()
            row.status = Status.CANCELED if row.status == Status.REQUIRES_INPUT else row.status
            row.save(update_fields=["redaction_asked_at", "status"])
    return render.verification_session(row)


def show(session_id: str, *, birth_date: date | None = None, error: str = "") -> VerificationSession:
    """A document was shown: good, with this date of birth, or `error` says why not. Raises CheckClosed."""
    with transaction.atomic(using="sandbox"):
        row = VerificationSession.objects.select_for_update().get(pk=session_id)
        if row.status != Status.REQUIRES_INPUT:
            raise CheckClosed
        row.status = Status.PROCESSING
        emit("identity.verification_session.processing", row)
        row.status = Status.REQUIRES_INPUT if error else Status.VERIFIED
        row.birth_date, row.error = (None, error) if error else (birth_date, "")
        row.save(update_fields=["status", "birth_date", "error"])
        emit(f"identity.verification_session.{row.status}", row)
    return row


def cancel(session_id: str) -> VerificationSession:
    """Somebody at Stripe, or the platform by hand, ends it."""
    with transaction.atomic(using="sandbox"):
        row = VerificationSession.objects.select_for_update().get(pk=session_id)
        row.status = Status.CANCELED
        row.save(update_fields=["status"])
        emit("identity.verification_session.canceled", row)
    return row


def _redact(row: VerificationSession) -> None:
    with transaction.atomic(using="sandbox"):
        row.redacted_at, row.birth_date, row.error, row.metadata = timezone.now(), None, "", {}
        row.save(update_fields=["redacted_at", "birth_date", "error", "metadata"])
        emit("identity.verification_session.redacted", row)
