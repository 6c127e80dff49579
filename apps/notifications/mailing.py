"""Handing mails over to the mail server: at least once, and twice only after a crash between sending and noting it."""

from datetime import timedelta
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.common.letters import letter
from apps.notifications.models import Mail

# Longer than any hand-over takes; after that another worker may try.
CLAIM_LASTS = timedelta(minutes=10)
# A mail that could not be delivered for so long is old news: the notice in the portal stays.
GIVE_UP_AFTER = timedelta(days=2)


def deliver(mail_id: UUID | str) -> bool:
    """Send this mail unless it was sent or another worker has it. Raises OSError when the mail server refuses."""
    if not _claimable().filter(pk=mail_id).update(claimed_at=timezone.now()):
        return False
    mail = Mail.objects.select_related("notice").get(pk=mail_id)
    try:
        link = urljoin(settings.SITE_URL, mail.notice.url)
        letter(mail.notice.saying, to=mail.address, language=mail.language, link=link).send()
    except OSError:
        Mail.objects.filter(pk=mail_id).update(claimed_at=None)
        raise
    Mail.objects.filter(pk=mail_id).update(sent_at=timezone.now())
    return True


def unsent() -> QuerySet[Mail]:
    """Mails whose message was lost or whose worker died."""
    now = timezone.now()
    return _claimable().filter(created_at__lt=now - CLAIM_LASTS, created_at__gt=now - GIVE_UP_AFTER)


def _claimable() -> QuerySet[Mail]:
    stale = Q(claimed_at=None) | Q(claimed_at__lt=timezone.now() - CLAIM_LASTS)
    return Mail.objects.filter(stale, sent_at=None)
