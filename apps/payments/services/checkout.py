"""Opening a payment page."""

from contextlib import suppress

from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import InvalidInput, Refused
from apps.integrations.stripe.checks import LONGEST_NAME
from apps.integrations.stripe.client import CheckoutOrder, gateway
from apps.integrations.stripe.errors import OutcomeUnknown, Rejected
from apps.payments.errors import NotSettledYet, PaymentUnavailable
from apps.payments.models import Charge
from apps.payments.services.announcements import announce
from apps.payments.services.settlement import settle

# What may not change between two calls for the same reference.
Terms = dict[str, str | int]


def start_checkout(
    *,
    by: Actor,
    charge_ref: str,
    payer: str,
    amount_minor: int,
    held_minor: int,
    vat_minor: int,
    vat_country: str,
    currency: str,
    description: str,
    success_url: str,
    cancel_url: str,
) -> Charge:
    """A charge with an open payment page; asked twice, the same page. Must not be called inside a transaction.

    Asked with other terms, or after everything that arrived was sent back, it is another charge: the old page is closed
    first, and money found on it goes back before the new one opens. Exit: state open, `checkout_url` set. Raises
    Refused when it is paid already, PaymentUnavailable when Stripe does not answer (nothing is charged; call again).
    """
    if amount_minor != held_minor + vat_minor:
        raise InvalidInput("The parts do not add up to the amount.", field="amount_minor")
    terms: Terms = {
        "payer": payer,
        "amount_minor": amount_minor,
        "held_minor": held_minor,
        "vat_minor": vat_minor,
        "vat_country": vat_country,
        "currency": currency,
    }
    urls = {"success_url": success_url, "cancel_url": cancel_url}
    other = {"description": description[:LONGEST_NAME], **urls}
    charge = _charge(by=by, ref=charge_ref, terms=terms, other=other)
    if charge.went_back or any(getattr(charge, name) != value for name, value in terms.items()):
        _replace(charge, by=by)
        charge = _charge(by=by, ref=charge_ref, terms=terms, other=other)
    if charge.session_id and _is_over(charge):
        charge = _page_over(charge)
    if charge.is_paid:
        raise Refused("This has already been paid.", code="already_paid")
    return charge if charge.session_id else _open_page(charge)


def _charge(*, by: Actor, ref: str, terms: Terms, other: dict[str, str]) -> Charge:
    with transaction.atomic(durable=True):
        charge, created = Charge.objects.get_or_create(ref=ref, replaced_at=None, defaults={**terms, **other})
        if created:
            record(kind="payment.asked", subject=ref, by=by.label, payload={"charge": str(charge.pk), **terms})
    return charge


def _replace(charge: Charge, *, by: Actor) -> None:
    """Entry: it counts, and not for what is asked. Exit: replaced, its page closed, what arrived on its way back.

    Raises Refused while a payment on it is kept or under way, PaymentUnavailable when Stripe does not answer.
    """
    charge = _closed(charge)
    if charge.is_paid and charge.announced_at is None:
        announce(charge_id=charge.pk)
        charge.refresh_from_db()
    if charge.is_paid and not charge.went_back:
        raise Refused("This has already been paid.", code="already_paid")
    if charge.session_id and not (charge.is_paid or charge.state == Charge.State.EXPIRED):
        raise Refused(
            "A payment under the terms before is under way. Please try again in some minutes.", code="under_way"
        )
    with transaction.atomic():
        if Charge.objects.filter(pk=charge.pk, replaced_at=None).update(replaced_at=timezone.now()):
            record(kind="payment.replaced", subject=charge.ref, by=by.label, payload={"charge": str(charge.pk)})


def _closed(charge: Charge) -> Charge:
    """Its page, closed at Stripe where it is open still, and the charge as Stripe then says that it stands."""
    if charge.is_paid or charge.state == Charge.State.EXPIRED or not charge.session_id:
        return charge
    try:
        with suppress(Rejected):  # not open any more: it was paid or has expired, and reading it tells which
            gateway().expire_checkout(charge.session_id, key=f"expire:{charge.pk}:{charge.attempt}")
        return settle(charge)
    except (OutcomeUnknown, NotSettledYet) as error:
        raise PaymentUnavailable("The payment service does not answer. Please try again in a minute.") from error


def _is_over(charge: Charge) -> bool:
    ended = charge.session_expires_at is not None and charge.session_expires_at <= timezone.now()
    return charge.state == Charge.State.EXPIRED or ended


def _page_over(charge: Charge) -> Charge:
    """The last page is over by our clock. Stripe's word decides; if nobody paid on it, the next page may open."""
    try:
        charge = settle(charge)
    except OutcomeUnknown as error:
        raise PaymentUnavailable("The payment service does not answer. Please try again in a minute.") from error
    if charge.state == Charge.State.EXPIRED:
        Charge.objects.filter(pk=charge.pk, attempt=charge.attempt, state=Charge.State.EXPIRED).update(
            state=Charge.State.OPEN, attempt=charge.attempt + 1, session_id="", checkout_url="", looked_at=None
        )
        charge.refresh_from_db()
    return charge


def _open_page(charge: Charge) -> Charge:
    """Two callers at once use the same key and get the same page; a lost answer is found again by the key."""
    order = CheckoutOrder(
        amount_minor=charge.amount_minor,
        currency=charge.currency,
        description=charge.description,
        reference=charge.ref,
        metadata={"charge": str(charge.pk)},
        success_url=charge.success_url,
        cancel_url=charge.cancel_url,
    )
    try:
        session = gateway().create_checkout(order, key=f"checkout:{charge.pk}:{charge.attempt}")
    except OutcomeUnknown as error:
        if error.key_spent:
            _next_attempt(charge)
        raise PaymentUnavailable("The payment service does not answer. Please try again in a minute.") from error
    except Rejected as error:
        _next_attempt(charge)
        raise PaymentUnavailable("The payment page could not be opened. Please try again later.") from error
    Charge.objects.filter(pk=charge.pk, attempt=charge.attempt, session_id="", replaced_at=None).update(
        session_id=session.id, checkout_url=session.url, session_expires_at=session.expires_at
    )
    charge.refresh_from_db()
    if charge.replaced_at:  # by whoever pays other terms at the same time: nobody is led to this page
        raise Refused("Other terms were agreed meanwhile. Please look again.", code="other_terms")
    return charge


def _next_attempt(charge: Charge) -> None:
    """Stripe keeps an error under its key: only another key can succeed. No page exists, so no money is at risk."""
    Charge.objects.filter(pk=charge.pk, attempt=charge.attempt, session_id="").update(attempt=charge.attempt + 1)
