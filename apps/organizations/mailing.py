"""The mail of a team invitation. Its secret is made here, stands in the mail, and only its SHA-256 stays with us."""

import hashlib
import secrets
from datetime import timedelta
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.common.letters import letter
from apps.common.wording import Code, Saying, say
from apps.organizations.models import TeamInvitation
from apps.organizations.services.news import role_of

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
    link = urljoin(settings.SITE_URL, reverse("team_invitation", args=[secret]))
    letter(_what(row), to=row.email, language=_language(row), link=link).send()
    return True


def unmailed() -> "QuerySet[TeamInvitation]":
    """Invitations whose message was lost."""
    now = timezone.now()
    rows = TeamInvitation.objects.filter(mailed_at=None, accepted_at=None, withdrawn_at=None)
    return rows.filter(queued_at__lt=now - LOST_AFTER, queued_at__gt=now - GIVE_UP_AFTER)


def _what(row: TeamInvitation) -> Saying:
    role = role_of(row.organization, row.role)
    who = str(row.invited_by) if row.invited_by else row.organization.name
    return say(
        "team.invitation", team=row.organization.name, who=who, address=row.email, role=role,
        may=Code("may", role.code), days=LASTS.days,
    )  # fmt: skip


def _language(row: TeamInvitation) -> str:
    """Hers where the address has an account, else that of whoever invites: she knows with whom she speaks."""
    known = User.objects.filter(Q(email__iexact=row.email) | Q(emailaddress__email__iexact=row.email)).first()
    reader = known or row.invited_by
    return reader.language if reader else "en"
