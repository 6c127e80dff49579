"""The mail of a team invitation. Its secret is made here, stands in the mail, and only its SHA-256 stays with us."""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from apps.notifications.mailing import Letter, message
from apps.organizations.models import TeamInvitation
from apps.organizations.permissions import ROLE_WORDS

LASTS = timedelta(days=14)
# Longer than a queue is on a busy day; after that the message about it was lost.
LOST_AFTER = timedelta(minutes=10)
GIVE_UP_AFTER = timedelta(days=2)


@transaction.atomic
def send(invitation_id: UUID | str) -> bool:
    """Mail a fresh link unless one was mailed. Raises OSError when the mail server refuses; then nothing is kept.

    The row stays locked while the mail is handed over. A crash in between can send two mails: the later link works.
    """
    rows = TeamInvitation.objects.select_for_update(of=("self",)).select_related("organization", "invited_by")
    row = rows.filter(pk=invitation_id, mailed_at=None, accepted_at=None, withdrawn_at=None).first()
    if row is None:
        return False
    secret = secrets.token_urlsafe(32)
    row.secret_sha256 = hashlib.sha256(secret.encode()).hexdigest()
    row.mailed_at = timezone.now()
    row.expires_at = row.mailed_at + LASTS
    row.save(update_fields=["secret_sha256", "mailed_at", "expires_at"])
    message(_letter(row, secret), row.email).send()
    return True


def unmailed() -> "QuerySet[TeamInvitation]":
    """Invitations whose message was lost."""
    now = timezone.now()
    rows = TeamInvitation.objects.filter(mailed_at=None, accepted_at=None, withdrawn_at=None)
    return rows.filter(queued_at__lt=now - LOST_AFTER, queued_at__gt=now - GIVE_UP_AFTER)


def _letter(row: TeamInvitation, secret: str) -> Letter:
    words = ROLE_WORDS[row.organization.kind][row.role]
    who = str(row.invited_by) if row.invited_by else row.organization.name
    return Letter(
        title=f"{row.organization.name} asks you to join its team",
        body=f"{who} invites {row.email} to Double as {words.label.lower()}: {words.may.lower()}.\n"
        f"The link works once, for 14 days. If you did not expect this, leave it: nothing happens.",
        path=reverse("team_invitation", args=[secret]),
    )
