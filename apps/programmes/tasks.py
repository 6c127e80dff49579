from datetime import timedelta
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from apps.programmes import services
from apps.programmes.mailing import send, untold
from apps.programmes.models import Place

AT_ONCE = 200  # mails queued in one round: a programme of thousands takes some rounds and fills no queue
LATE = timedelta(minutes=1)


@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def tell(place_id: str) -> None:
    send(place_id)


@shared_task
def tell_the_invited() -> None:
    """Every half minute, so that asking hundreds queues no mail itself."""
    for place_id in untold().values_list("pk", flat=True)[:AT_ONCE]:
        tell.delay(str(place_id))


@shared_task
def earn(place_id: str) -> None:
    services.earn(place_id=UUID(place_id))


@shared_task
def sweep() -> None:
    """Paid and approved places whose message was lost, and programmes whose last day is past."""
    approved = Place.objects.filter(
        state=Place.State.ACCEPTED, order__paid_at__lte=timezone.now() - LATE, talent__twin__versions__state="approved"
    )
    for place_id in approved.values_list("pk", flat=True).distinct()[:AT_ONCE]:
        earn.delay(str(place_id))
    services.end_overdue(today=timezone.now().date())
