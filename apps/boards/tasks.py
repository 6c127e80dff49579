"""What no trigger sees: a mandate begins or ends with a day, and a word loses its last twin. Both can be repeated."""

import logging

from celery import shared_task
from django.utils import timezone

from apps.boards import mending

log = logging.getLogger(__name__)


@shared_task
def mend_findable() -> None:
    mending.mend_of_today(timezone.now().date())
    mending.forget_words()


@shared_task
def mend_all_findable() -> None:
    """Says how many rows were wrong: more than none is a day that was missed, or a fault."""
    wrong = mending.mend_all()
    if wrong:
        log.warning("findable twins: %d rows were not as the facts say", wrong)
