"""Forgetting documents once they are decided about."""

from celery import shared_task

from apps.identity.models import IdentityCheck
from apps.identity.services import forget


@shared_task
def forget_documents() -> None:
    """Every decided check whose pictures are still there; a crash in the middle leaves the rest to the next round."""
    decided = IdentityCheck.objects.filter(decided_on__isnull=False, documents_deleted_at=None)
    for check in decided.select_related("document", "selfie"):
        forget(check=check)
