"""What does not fit stops a charge until a person has looked: refunds wait, nothing is booked."""

import logging

from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import NotAllowed
from apps.payments.models import Charge, StripeEvent

logger = logging.getLogger(__name__)
LONGEST = 500


def finish(event: StripeEvent | None, *, error: str = "") -> None:
    """An event needs nothing more; `error` says why a person had to take over."""
    if event is not None:
        StripeEvent.objects.filter(pk=event.pk, done_at=None).update(done_at=timezone.now(), error=error[:LONGEST])


def flag(charge: Charge, problem: str, *, event: StripeEvent | None = None) -> None:
    """Exit: the charge has a problem, the event that showed it is done."""
    logger.error("Charge %s needs a person: %s", charge.pk, problem)
    with transaction.atomic():
        Charge.objects.filter(pk=charge.pk).update(problem=problem[:LONGEST])
        finish(event, error=problem)
        record(kind="payment.problem", subject=charge.ref, by=Actor.SYSTEM.label, payload={"problem": problem})


def resolve_problem(*, by: Actor, charge: Charge) -> None:
    """A person of the platform has looked; what waits goes on. Raises NotAllowed for anybody else."""
    if by.kind != "staff":
        raise NotAllowed("Only the platform's staff can do this.")
    with transaction.atomic():
        row = Charge.objects.select_for_update().get(pk=charge.pk)
        solved, row.problem = row.problem, ""
        row.save(update_fields=["problem"])
        record(kind="payment.problem_solved", subject=row.ref, by=by.label, payload={"problem": solved})
