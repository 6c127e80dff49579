"""What was paid for a place that comes to nothing goes back to whoever paid it, whole."""

from django.utils import timezone

from apps.accounts.actor import Actor
from apps.ledger.services import Leg, post
from apps.payments.services import refund
from apps.programmes.models import Place
from apps.royalties.closing import Rule, close
from apps.royalties.services import close_unearned


def give_back(place: Place, *, reason: str) -> None:
    """In the caller's transaction, with the place locked. Does nothing where it was not paid yet.

    Model or system at fault: everything is refunded, fee, both charges and VAT (product.md, Closing rules). The money
    goes from the place back to its order, and from there to the payer.
    """
    order, price = place.order, place.price
    if order is None or order.paid_at is None or price is None:
        return
    now = timezone.now()
    closing = close(price, Rule.OUR_FAULT, delivered=0)
    close_unearned(charge_ref=place.ref, closing=closing, closed_at=now, by=Actor.SYSTEM)
    legs = [
        Leg(f"held:{place.ref}", price.currency, closing.refund_held_minor),
        Leg(f"held:{order.ref}", price.currency, -closing.refund_held_minor),
    ]
    post(key=f"returned:{place.ref}", kind="returned", ref=place.ref, legs=legs, occurred_at=now, by=Actor.SYSTEM.label)
    refund(
        by=Actor.SYSTEM,
        charge_ref=order.ref,
        amount_minor=closing.refund_minor,
        held_minor=closing.refund_held_minor,
        vat_minor=closing.refund_vat_minor,
        reason=reason,
    )
