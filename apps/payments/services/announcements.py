"""Telling the apps above that money arrived, until they all have heard it."""

from uuid import UUID

from django.utils import timezone

from apps.payments.events import charge_paid
from apps.payments.models import Charge


class NotEverybodyHeard(Exception):
    """A receiver failed; the sweep will tell all of them again."""


def announce(*, charge_id: UUID) -> None:
    """Sends charge_paid for a paid charge that was not yet announced. Raises NotEverybodyHeard."""
    charge = Charge.objects.get(pk=charge_id)
    if not charge.is_paid or charge.announced_at is not None:
        return
    answers = charge_paid.send_robust(sender=Charge, charge=charge)
    failed = [(receiver, answer) for receiver, answer in answers if isinstance(answer, Exception)]
    if failed:
        raise NotEverybodyHeard(f"{charge.ref}: {[repr(receiver) for receiver, _ in failed]}") from failed[0][1]
    Charge.objects.filter(pk=charge.pk, announced_at=None).update(announced_at=timezone.now())
