"""The brand pays; a captured payment funds the booking."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from apps.accounts.actor import Actor
from apps.bookings.machine import perform
from apps.bookings.models import Booking
from apps.bookings.services.access import locked, require_brand, require_state
from apps.bookings.services.news import tell_about_payment_sent_back
from apps.bookings.states import BEFORE_AGREEMENT, State
from apps.common.errors import Refused
from apps.common.money import Money
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission
from apps.payments.models import Charge
from apps.payments.services import refund, start_checkout
from apps.pricing.quote import Quote
from apps.royalties.services import agree as agree_royalties
from apps.royalties.split import Share

# Where money can find a booking whose agreement it was for is gone.
UNAGREED = {*BEFORE_AGREEMENT, State.CANCELLED, State.EXPIRED, State.DECLINED}


def checkout(*, by: Actor, booking: Booking) -> Charge:
    """Open (or find again) the hosted payment page. Entry and exit: agreed.

    The amount is the agreed version's, never the browser's. No lock is held while Stripe is asked. Raises Refused for a
    brand whose check was taken back; a payment that was under way then is still honoured.
    """
    require_brand(by, booking, Permission.PAY)
    require_state(booking, State.AGREED)
    if not Organization.objects.checked().filter(pk=booking.brand_id).exists():
        raise Refused("Your brand is not checked at the moment; paying comes after that. Its details page says why.")
    terms = booking.current_terms
    priced = Quote.from_json(terms.quote)
    return start_checkout(
        by=by,
        charge_ref=booking.ref,
        payer=booking.brand.party,
        amount_minor=priced.total_minor,
        held_minor=priced.net_minor,
        vat_minor=priced.vat_minor,
        vat_country=priced.vat.country,
        currency=priced.currency,
        description=f"{booking.code} {booking.title}",
        success_url=settings.SITE_URL + reverse("checkout_return", args=[booking.pk]),
        cancel_url=settings.SITE_URL + reverse("booking", args=[booking.pk]),
    )


@transaction.atomic
def fund(*, booking: Booking, charge: Charge) -> Booking:
    """A payment was captured. Entry: agreed; exit: funded, with the royalties of everybody frozen.

    Idempotent. Money that arrives for a booking that closed meanwhile, or for terms that are not those agreed, goes
    back whole, and the brand is told.
    """
    row = locked(booking)
    paid = Charge.objects.get(pk=charge.pk)
    if paid.replaced_at:
        _send_back(row, paid, "Other terms were agreed before the payment arrived.")
        return row
    if row.state != State.AGREED:
        if row.state in UNAGREED:
            _send_back(row, paid, "The booking closed before the payment arrived.")
        return row
    terms = row.current_terms
    if not _pays(paid, Quote.from_json(terms.quote)):
        _send_back(row, paid, "The amount paid is not the amount agreed.")
        return row
    agree_royalties(charge_ref=row.ref, shares=[Share(**share) for share in terms.split], by=Actor.SYSTEM)
    return perform(booking=row, action="fund", by=Actor.SYSTEM, deadline_at=None)


def _pays(charge: Charge, agreed: Quote) -> bool:
    """Whether this is what these terms ask for, part by part."""
    paid = (charge.amount_minor, charge.held_minor, charge.vat_minor, charge.vat_country, charge.currency)
    return paid == (agreed.total_minor, agreed.net_minor, agreed.vat_minor, agreed.vat.country, agreed.currency)


def _send_back(booking: Booking, charge: Charge, reason: str) -> None:
    """Once, however often the payment is announced: the caller holds the booking's lock."""
    if charge.promised_minor:
        return
    refund(
        by=Actor.SYSTEM,
        charge_ref=charge.ref,
        charge_id=charge.pk,
        amount_minor=charge.amount_minor,
        held_minor=charge.held_minor,
        vat_minor=charge.vat_minor,
        reason=reason,
    )
    tell_about_payment_sent_back(booking, Money(charge.amount_minor, charge.currency))
