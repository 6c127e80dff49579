"""What waits for the worker. A lost message, a crash or a lost webhook only delays it."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from apps.payments.models import Charge, Op, PayoutAccount, StripeEvent

AT_ONCE = 100
# The message of a fresh row is on its way; only what it did not reach is late.
LATE = timedelta(seconds=10)
LOOK_EVERY = timedelta(seconds=60)
ACCOUNTS_EVERY = timedelta(hours=6)


def events() -> Iterable[UUID]:
    due = StripeEvent.objects.filter(done_at=None, due_at__lte=timezone.now() - LATE)
    return due.values_list("pk", flat=True)[:AT_ONCE]


def ops() -> Iterable[UUID]:
    due = Op.objects.filter(state=Op.State.OPEN, due_at__lte=timezone.now() - LATE, charge__problem="")
    return due.values_list("pk", flat=True)[:AT_ONCE]


def unannounced() -> Iterable[UUID]:
    late = timezone.now() - LATE
    return (
        Charge.objects.exclude(state__in=Charge.UNPAID)
        .filter(announced_at=None, paid_at__lte=late)
        .values_list("pk", flat=True)[:AT_ONCE]
    )


def take_unpaid() -> Iterable[UUID]:
    """Open payment pages that nobody looked at for a minute; taken, they count as looked at."""
    now = timezone.now()
    old = Q(looked_at=None) | Q(looked_at__lte=now - LOOK_EVERY)
    found = Charge.objects.filter(old, state=Charge.State.OPEN, problem="").exclude(session_id="")
    for pk in list(found.order_by("looked_at").values_list("pk", flat=True)[:AT_ONCE]):
        if found.filter(pk=pk).update(looked_at=now):
            yield pk


def take_accounts() -> Iterable[UUID]:
    """Payees' accounts that nobody looked at for hours: Stripe changes its mind, and its notice may be lost."""
    now = timezone.now()
    old = Q(looked_at=None, created_at__lte=now - ACCOUNTS_EVERY) | Q(looked_at__lte=now - ACCOUNTS_EVERY)
    found = PayoutAccount.objects.filter(old, account_id__isnull=False)
    for pk in list(found.order_by("looked_at").values_list("pk", flat=True)[:AT_ONCE]):
        if found.filter(pk=pk).update(looked_at=now):
            yield pk
