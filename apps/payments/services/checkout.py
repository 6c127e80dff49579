"""Opening a payment page."""

from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import InvalidInput, Refused
from apps.integrations.stripe.checks import LONGEST_NAME
from apps.integrations.stripe.client import CheckoutOrder, gateway
from apps.integrations.stripe.errors import OutcomeUnknown, Rejected
from apps.payments.errors import PaymentUnavailable
from apps.payments.models import Charge
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

    Exit: state open, `checkout_url` set. Raises Refused when it is paid already or was asked with other terms,
    PaymentUnavailable when Stripe does not answer (nothing is charged; call again).
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
    charge = _charge(by=by, ref=charge_ref, terms=terms, other={"description": description[:LONGEST_NAME], **urls})
    if any(getattr(charge, name) != value for name, value in terms.items()):
        raise Refused("This was to be paid under other terms before.", code="other_terms")
    if charge.session_id and _is_over(charge):
        charge = _page_over(charge)
    if charge.is_paid:
        raise Refused("This has already been paid.", code="already_paid")
    return charge if charge.session_id else _open_page(charge)


def _charge(*, by: Actor, ref: str, terms: Terms, other: dict[str, str]) -> Charge:
    with transaction.atomic(durable=True):
        charge, created = Charge.objects.get_or_create(ref=ref, defaults={**terms, **other})
        if created:
            record(kind="payment.asked", subject=ref, by=by.label, payload={"charge": str(charge.pk), **terms})
    return charge


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
    Charge.objects.filter(pk=charge.pk, attempt=charge.attempt, session_id="").update(
        session_id=session.id, checkout_url=session.url, session_expires_at=session.expires_at
    )
    charge.refresh_from_db()
    return charge


def _next_attempt(charge: Charge) -> None:
    """Stripe keeps an error under its key: only another key can succeed. No page exists, so no money is at risk."""
    Charge.objects.filter(pk=charge.pk, attempt=charge.attempt, session_id="").update(attempt=charge.attempt + 1)
