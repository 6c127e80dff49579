"""Paying for the making: one payment for everybody who said yes since the last one."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import Refused, StaleState
from apps.ledger.services import Leg, post
from apps.payments.models import Charge
from apps.payments.services import start_checkout
from apps.programmes.enqueue import after_commit
from apps.programmes.models import Order, Place, Programme
from apps.programmes.policies import locked_programme, require_payer
from apps.programmes.services.refunding import give_back
from apps.royalties.services import agree


def checkout(*, by: Actor, programme: Programme) -> Charge:
    """Open (or find again) the payment page for the order that waits, else for a new one.

    The amounts are those that the models signed. No lock is held while Stripe is asked. Raises NotAllowed, Refused for
    an organisation that is not checked and where nothing is to be paid, StaleState for a programme that is over.
    """
    require_payer(by, programme.organization)
    order = _order(by, programme)
    back = settings.SITE_URL + reverse("programme", args=[programme.pk])
    return start_checkout(
        by=by,
        charge_ref=order.ref,
        payer=programme.organization.party,
        amount_minor=order.total_minor,
        held_minor=order.net_minor,
        vat_minor=order.vat_minor,
        vat_country=order.vat_country,
        currency=order.currency,
        description=f"Making of twins: {programme.name}",
        success_url=f"{back}?paid=1",
        cancel_url=back,
    )


@transaction.atomic
def fund(*, order: Order, charge: Charge) -> None:
    """The payment was captured. Entry: unpaid; exit: paid, each place's part held for her parties until it is earned.

    Idempotent. Who left before the money arrived gets nothing frozen: her part goes back at once.
    """
    row = Order.objects.select_for_update().get(pk=order.pk)
    if row.paid_at is not None:
        return
    row.paid_at = charge.paid_at
    row.save(update_fields=["paid_at"])
    places = list(row.places.select_for_update(of=("self",)).select_related("programme__organization").order_by("pk"))
    for place in places:
        agree(charge_ref=place.ref, shares=place.agreed_shares, by=Actor.SYSTEM)
    legs = [Leg(f"held:{place.ref}", row.currency, -_net(place)) for place in places]
    legs.append(Leg(f"held:{row.ref}", row.currency, row.net_minor))
    post(
        key=f"allotted:{row.ref}", kind="allotted", ref=row.ref, legs=legs, occurred_at=timezone.now(),
        by=Actor.SYSTEM.label,
    )  # fmt: skip
    for place in places:
        place.order = row
        if place.state != Place.State.ACCEPTED:
            give_back(place, reason="She had left before the payment arrived.")
        else:
            after_commit("earn", place.pk)
    record(kind="programme.paid", subject=row.ref, by=Actor.SYSTEM.label, payload={"places": len(places)})


@transaction.atomic
def _order(by: Actor, programme: Programme) -> Order:
    row = locked_programme(programme)
    if row.organization.checked_at is None:
        raise Refused("You are not checked yet; paying comes after that. The details page says how far we are.")
    if not row.runs_on(timezone.now().date()):
        raise StaleState("This programme is over.")
    waiting = row.orders.filter(paid_at=None).first()
    if waiting is not None:
        return waiting
    places = list(row.places.select_for_update().filter(state=Place.State.ACCEPTED, order=None).order_by("pk"))
    if not places:
        raise Refused("Nothing is to be paid: everybody who said yes is paid for.")
    prices = [place.price for place in places if place.price]
    order = Order.objects.create(
        programme=row,
        currency=row.currency,
        net_minor=sum(price.net_minor for price in prices),
        vat_minor=sum(price.vat_minor for price in prices),
        vat_country=prices[0].vat.country,
    )
    row.places.filter(pk__in=[place.pk for place in places]).update(order=order)
    record(
        kind="programme.ordered", subject=order.ref, by=by.label,
        payload={"programme": row.ref, "places": len(places), "total_minor": order.total_minor},
    )  # fmt: skip
    return order


def _net(place: Place) -> int:
    if place.price is None:
        raise ValueError(f"{place.ref} was ordered without a price")
    return place.price.net_minor
