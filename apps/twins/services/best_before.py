"""The yearly approval: a model is told in time that her approval ends, and approves anew or lets it lapse."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from apps.twins.models import Twin
from apps.twins.news import tell_of_best_before

REMIND_DAYS = (30, 7)
IN_USE = (Twin.State.LISTED, Twin.State.PAUSED)


def renewal_is_due(twin: Twin, today: date) -> bool:
    """Whether she is asked to approve again: from 30 days before the end of her approval, and after it."""
    if twin.state not in IN_USE or twin.best_before is None:
        return False
    return twin.best_before <= today + timedelta(days=REMIND_DAYS[0])


def remind(*, today: date) -> int:
    """Tell each model whose approval ends in 30 or 7 days or fewer, once for each. Answers how many were told.

    A day on which this did not run is made up for by the next: nobody is told twice of the same.
    """
    soon = Twin.objects.filter(state__in=IN_USE, best_before__lte=today + timedelta(days=REMIND_DAYS[0]))
    return sum(_remind(pk, today) for pk in soon.order_by("best_before").values_list("pk", flat=True))


@transaction.atomic
def _remind(pk: UUID, today: date) -> bool:
    twin = Twin.objects.select_for_update(of=("self",)).select_related("talent__user").get(pk=pk)
    if twin.best_before is None or not renewal_is_due(twin, today):
        return False  # approved again since the list was read
    left = (twin.best_before - today).days
    step = min(days for days in REMIND_DAYS if left <= days)
    if twin.reminded_days is not None and twin.reminded_days <= step:
        return False
    twin.reminded_days = step
    twin.save(update_fields=["reminded_days"])
    tell_of_best_before(twin, twin.best_before, lapsed=left < 0)
    return True
