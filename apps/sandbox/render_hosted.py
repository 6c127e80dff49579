"""What has a hosted page of its own: payees' accounts (v2) and identity checks."""

from collections.abc import Collection
from datetime import date

from django.conf import settings
from django.urls import reverse

from apps.sandbox import models
from apps.sandbox.wire import JSON, seconds

REDACTED = "[redacted]"


def account(row: models.ConnectedAccount, include: Collection[str] = ()) -> JSON:
    """v2 answers with what `include` names, and null for the rest."""
    return {
        "id": row.id,
        "object": "v2.core.account",
        "applied_configurations": ["recipient"],
        "closed": False,
        "configuration": _configuration(row) if "configuration.recipient" in include else None,
        "contact_email": row.contact_email,
        "created": row.created_at.isoformat(),
        "dashboard": row.dashboard,
        "defaults": None,
        "display_name": row.display_name,
        "identity": {"country": row.country} if "identity" in include else None,
        "livemode": False,
        "metadata": row.metadata,
        "requirements": None,
    }


def related_account(row: models.ConnectedAccount) -> JSON:
    return {"id": row.id, "type": "v2.core.account", "url": f"/v2/core/accounts/{row.id}"}


def no_object(_row: models.AccountLink) -> JSON:
    """A link is told of without being named: it cannot be read again."""
    return {}


def account_page(rows: list[models.ConnectedAccount], include: Collection[str]) -> JSON:
    """Everything on one page: the stand-in has few."""
    return {"data": [account(row, include) for row in rows], "next_page_url": None, "previous_page_url": None}


def account_link(row: models.AccountLink) -> JSON:
    urls = {"refresh_url": row.refresh_url, "return_url": row.return_url}
    return {
        "object": "v2.core.account_link",
        "account": row.account_id,
        "created": row.created_at.isoformat(),
        "expires_at": row.expires_at.isoformat(),
        "livemode": False,
        "url": f"{settings.SITE_URL}{reverse('sandbox:onboarding', args=[row.id])}",
        "use_case": {"type": "account_onboarding", "account_onboarding": urls},
    }


def verification_session(row: models.VerificationSession, expand: Collection[str] = ()) -> JSON:
    """The date of birth comes only to whoever asks for it, and no more once it is redacted."""
    open_ = row.status == models.VerificationSession.Status.REQUIRES_INPUT and not row.redaction_asked_at
    body: JSON = {
        "id": row.id,
        "object": "identity.verification_session",
        "client_reference_id": row.client_reference_id or None,
        "client_secret": None,
        "created": seconds(row.created_at),
        "last_error": {"code": row.error, "reason": row.error.replace("_", " ")} if row.error else None,
        "last_verification_report": None,
        "livemode": False,
        "metadata": row.metadata,
        "options": {
            "document": {
                "require_live_capture": row.require_live_capture,
                "require_matching_selfie": row.require_matching_selfie,
            }
        },
        "redaction": _redaction(row),
        "status": row.status,
        "type": "document",
        "url": f"{settings.SITE_URL}{reverse('sandbox:identity', args=[row.id])}" if open_ else None,
    }
    if "verified_outputs.dob" in expand:
        body["verified_outputs"] = {"dob": _dob(row.birth_date)} if row.birth_date else None
    return body


def _configuration(row: models.ConnectedAccount) -> JSON:
    details = [{"code": row.reason, "resolution": row.resolution}] if row.reason else []
    transfers = {"status": row.transfers, "status_details": details}
    return {"recipient": {"applied": True, "capabilities": {"stripe_balance": {"stripe_transfers": transfers}}}}


def _redaction(row: models.VerificationSession) -> JSON | None:
    if row.redaction_asked_at is None:
        return None
    return {"status": "redacted" if row.redacted_at else "processing"}


def _dob(day: date) -> JSON:
    return {"day": day.day, "month": day.month, "year": day.year}
