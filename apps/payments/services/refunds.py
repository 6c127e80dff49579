"""Promising money back to a payer."""

from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Q, Sum

from apps.accounts.actor import Actor
from apps.common.errors import InvalidInput, Refused
from apps.ledger.services import balance
from apps.payments import tasks
from apps.payments.models import Charge, Op, Refund


def refund(
    *,
    by: Actor,
    charge_ref: str,
    amount_minor: int,
    held_minor: int,
    vat_minor: int,
    reason: str,
    charge_id: UUID | None = None,
) -> Op:
    """Promises a refund of the charge that counts, else of the one named by `charge_id`; the outbox sends it after the
    caller's transaction committed.

    Belongs into the transaction of the decision behind it, whose audit row covers it. Exit: op open, the charge's
    `promised_minor` raised. Raises Refused when more would be promised than was paid, or than is still held.
    """
    if amount_minor != held_minor + vat_minor or min(held_minor, vat_minor) < 0 or amount_minor <= 0:
        raise InvalidInput("The parts of the refund do not add up.", field="amount_minor")
    with transaction.atomic():
        which = Q(pk=charge_id) if charge_id else Q(replaced_at=None)
        charge = Charge.objects.select_for_update().get(which, ref=charge_ref)
        _check(charge, held_minor=held_minor, vat_minor=vat_minor)
        op = Op.objects.create(
            key=f"refund:{charge.pk}:{charge.refunds.count() + 1}",
            kind=Op.Kind.REFUND,
            charge=charge,
            payload={"charge": charge.stripe_charge, "amount_minor": amount_minor},
        )
        Refund.objects.create(
            charge=charge,
            op=op,
            amount_minor=amount_minor,
            held_minor=held_minor,
            vat_minor=vat_minor,
            reason=reason,
            asked_by=by.label,
        )
        charge.promised_minor += amount_minor
        charge.save(update_fields=["promised_minor"])
        transaction.on_commit(partial(tasks.run_op.delay, str(op.pk)), robust=True)
    return op


def _check(charge: Charge, *, held_minor: int, vat_minor: int) -> None:
    if not charge.is_paid:
        raise Refused("Nothing was paid, so nothing can be refunded.", code="not_paid")
    living = charge.refunds.filter(state__in=[Refund.State.ASKED, Refund.State.SENT])
    promised = living.aggregate(held=Sum("held_minor", default=0), vat=Sum("vat_minor", default=0))
    asked = living.filter(state=Refund.State.ASKED).aggregate(held=Sum("held_minor", default=0))
    still_held = -balance(f"held:{charge.ref}", charge.currency) - asked["held"]
    if promised["held"] + held_minor > charge.held_minor or promised["vat"] + vat_minor > charge.vat_minor:
        raise Refused("This would refund more than was paid.", code="too_much")
    if held_minor > still_held:
        raise Refused("Part of this money has already been earned.", code="already_earned")
