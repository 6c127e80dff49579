"""What Stripe tells us: stored once, then worked on by reading the API again."""

from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from apps.identity.errors import Unreadable
from apps.identity.services import heard_of
from apps.integrations.stripe.errors import OutcomeUnknown, Rejected
from apps.integrations.stripe.types import Notice
from apps.payments import tasks
from apps.payments.errors import NotSettledYet
from apps.payments.models import Charge, StripeEvent, wait_after
from apps.payments.services.payouts import refresh_by_id
from apps.payments.services.problems import finish
from apps.payments.services.reconciliation import reconcile_refunds
from apps.payments.services.settlement import settle

PAYMENTS = {
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.expired",
    "payment_intent.succeeded",
    "charge.succeeded",
}
ACCOUNTS = "v2.core.account"
IDENTITY = "identity.verification_session."
REFUNDS = {"refund.created", "refund.updated", "refund.failed", "charge.refunded"}


def store_notice(notice: Notice) -> bool:
    """Keeps a verified event and has it worked on after the commit; false when it was here before."""
    try:
        with transaction.atomic():
            event = StripeEvent.objects.create(
                account=notice.account,
                event_id=notice.event_id,
                type=notice.type,
                charge_hint=str(notice.metadata.get("charge", ""))[:40],
                object_id=notice.object_id[:100],
                body=notice.body,
            )
            transaction.on_commit(partial(tasks.process_event.delay, str(event.pk)), robust=True)
    except IntegrityError:
        return False
    return True


def process_event(*, event_id: UUID) -> None:
    """Works on one open event that is due; it ends done, or due again later with the reason kept."""
    now = timezone.now()
    open_events = StripeEvent.objects.filter(pk=event_id, done_at=None)
    tries = open_events.values_list("tries", flat=True).first() or 0
    if not open_events.filter(due_at__lte=now).update(due_at=now + wait_after(tries), tries=F("tries") + 1):
        return
    event = open_events.get()
    try:
        _work_on(event)
    except (NotSettledYet, OutcomeUnknown, Rejected, Unreadable) as error:
        open_events.update(error=f"{type(error).__name__}: {error}"[:500])


def _work_on(event: StripeEvent) -> None:
    charge = _charge_of(event)
    if charge is not None and event.type in PAYMENTS:
        settle(charge, event=event)
    elif charge is not None and event.type in REFUNDS:
        reconcile_refunds(charge, event=event)
    elif event.type.startswith(ACCOUNTS):
        refresh_by_id(event.object_id)
        finish(event)
    elif event.type.startswith(IDENTITY):
        heard_of(event.object_id)
        finish(event)
    else:
        finish(event)


def _charge_of(event: StripeEvent) -> Charge | None:
    """The charge that the object's metadata names. A wrong name does no harm: its own objects are read and compared."""
    try:
        return Charge.objects.filter(pk=UUID(event.charge_hint)).first()
    except ValueError:
        return None
