"""Looking again at what Stripe looks at, and forgetting documents once they are decided about."""

import logging

from celery import shared_task
from django.db.models import Q
from django.utils import timezone

from apps.identity.errors import Unreadable
from apps.identity.models import IdentityCheck
from apps.identity.services import forget, look_again, next_look
from apps.integrations.stripe.errors import OutcomeUnknown, Rejected

logger = logging.getLogger(__name__)
AT_ONCE = 100


@shared_task
def look_at_open_checks() -> None:
    """What Stripe looks at and nobody asked about for a while: its event may be lost."""
    due = IdentityCheck.objects.filter(way=IdentityCheck.Way.STRIPE, decided_on=None, due_at__lte=timezone.now())
    for check in due.order_by("due_at")[:AT_ONCE]:
        next_look(check)
        try:
            look_again(check=check)
        except (OutcomeUnknown, Rejected, Unreadable) as error:
            logger.warning("%s could not be read at Stripe: %s", check.ref, error)


@shared_task
def forget_documents() -> None:
    """Every decided check whose pictures are still there; a crash in the middle leaves the rest to the next round.

    Stripe takes up to four days: it is asked once to delete, and then ever more rarely whether it has.
    """
    due = Q(due_at=None) | Q(due_at__lte=timezone.now())
    decided = IdentityCheck.objects.filter(due, decided_on__isnull=False, documents_deleted_at=None)
    for check in decided.select_related("document", "selfie"):
        if check.way == IdentityCheck.Way.STRIPE:
            next_look(check)
        try:
            forget(check=check)
        except (OutcomeUnknown, Rejected) as error:
            logger.warning("%s could not be deleted at Stripe: %s", check.ref, error)
