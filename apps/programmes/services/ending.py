"""The end of a programme: on its last day by itself, or earlier by whoever keeps it."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import StaleState
from apps.programmes.models import Place, Programme
from apps.programmes.news import tell_ended
from apps.programmes.policies import locked_programme, require_keeper
from apps.programmes.services.earning import earn
from apps.programmes.services.refunding import give_back


def end(*, by: Actor, programme: Programme) -> None:
    """Ended by its organisation. Exit: over; open places ended, what was paid for them refunded, each model told.

    Twins that are approved are hers and stay; so do the fees earned. Raises NotAllowed, StaleState when it is over.
    """
    require_keeper(by, programme.organization)
    _end(by, programme)


def end_overdue(*, today: date) -> int:
    """Ends every programme whose last day is past. Answers how many. A day without a run is made up by the next."""
    overdue = list(Programme.objects.filter(ended_at=None, ends_on__lt=today).select_related("organization"))
    for programme in overdue:
        _end(Actor.SYSTEM, programme)
    return len(overdue)


@transaction.atomic
def _end(by: Actor, programme: Programme) -> None:
    row = locked_programme(programme)
    if row.ended_at is not None:
        raise StaleState("This programme is over already.")
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    places = row.places.select_for_update(of=("self",)).filter(state__in=Place.OPEN)
    for place in places.select_related("programme__organization", "order", "talent__user").order_by("pk"):
        if earn(place_id=place.pk):
            continue  # approved and paid just before the end
        give_back(place, reason="The programme ended before her twin was approved.")
        place.state, place.ended_at = Place.State.ENDED, row.ended_at
        place.save(update_fields=["state", "ended_at"])
        tell_ended(place)
    record(kind="programme.ended", subject=row.ref, by=by.label, payload={})
