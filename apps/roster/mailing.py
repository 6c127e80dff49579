"""The mail of a model's invitation. Its secret is made here, stands in the mail, and only its SHA-256 stays with us."""

import hashlib
import secrets
from datetime import timedelta
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from apps.common.letters import letter
from apps.common.wording import say
from apps.roster.models import Invitation

LASTS = timedelta(days=30)


@transaction.atomic
def send(invitation_id: UUID | str) -> bool:
    """Mail a link unless one was mailed. Entry: pending; exit: sent. Raises OSError when the mail server refuses; then
    nothing is kept.

    The row stays locked while the mail is handed over. A crash in between can send two mails: the later link works.
    """
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("entry__agency")
    row = rows.filter(pk=invitation_id, secret_sha256=None, accepted_at=None).first()
    if row is None:
        return False
    secret = secrets.token_urlsafe(32)
    row.secret_sha256 = hashlib.sha256(secret.encode()).hexdigest()
    row.expires_at = timezone.now() + LASTS
    row.save(update_fields=["secret_sha256", "expires_at"])
    what = say("roster.invitation", agency=row.entry.agency.name, days=LASTS.days)
    link = urljoin(settings.SITE_URL, reverse("model_invitation", args=[secret]))
    letter(what, to=row.entry.email, language=row.entry.language, link=link).send()
    return True


def pending() -> "QuerySet[Invitation]":
    """Those whose mail is still to be sent, of checked agencies alone: an unchecked one only prepares."""
    rows = Invitation.objects.filter(secret_sha256=None, accepted_at=None, entry__agency__checked_at__isnull=False)
    return rows.order_by("created_at")
