"""Sending webhooks to the site as Stripe does: signed, over HTTP, again and again until answered with 2xx."""

from datetime import timedelta

import httpx
import stripe
from django.conf import settings
from django.db.models import F, QuerySet
from django.utils import timezone

from apps.common.canonical import canonical_json
from apps.sandbox import render
from apps.sandbox.models import Delivery, Event

ANSWER_WITHIN = 10.0
LEASE = timedelta(seconds=30)
GIVE_UP_AFTER = 12


def signed(event: Event) -> tuple[bytes, dict[str, str]]:
    """Body and headers as Stripe would send them."""
    thin = is_thin(event)
    body = canonical_json(render.thin_event(event) if thin else render.event(event, stripe.api_version))
    secret = settings.STRIPE_THIN_WEBHOOK_SECRET if thin else settings.STRIPE_WEBHOOK_SECRET
    header = stripe.WebhookSignature.generate_signature_header(body.decode(), secret)
    return body, {"Content-Type": "application/json", "Stripe-Signature": header}


def is_thin(event: Event) -> bool:
    """v2 events are thin and go to an endpoint of their own, with a secret of its own."""
    return event.type.startswith("v2.")


def due() -> QuerySet[Delivery]:
    return Delivery.objects.filter(delivered_at=None, due_at__lte=timezone.now(), attempts__lt=GIVE_UP_AFTER)


def deliver(delivery_id: int) -> bool:
    """Sends one due webhook over HTTP; true when the site took it. A failed one is due again later, ever later."""
    if not due().filter(pk=delivery_id).update(due_at=timezone.now() + LEASE, attempts=F("attempts") + 1):
        return False
    delivery = Delivery.objects.select_related("event").get(pk=delivery_id)
    body, headers = signed(delivery.event)
    address = settings.SANDBOX_WEBHOOK_URL + ("thin/" if is_thin(delivery.event) else "")
    try:
        answer = httpx.post(address, content=body, headers=headers, timeout=ANSWER_WITHIN)
        taken, said = answer.is_success, str(answer.status_code)
    except httpx.HTTPError as error:
        taken, said = False, type(error).__name__
    now = timezone.now()
    Delivery.objects.filter(pk=delivery_id).update(
        last_answer=said,
        delivered_at=now if taken else None,
        due_at=now if taken else now + timedelta(seconds=2**delivery.attempts),
    )
    return taken
