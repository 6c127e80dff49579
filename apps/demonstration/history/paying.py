"""Somebody pays at the hosted page, which answers in this process, at the story's hour."""

from functools import cache

import httpx
from django.core.handlers.wsgi import WSGIHandler

from apps.payments import services as payments
from apps.payments.models import Charge


def pay_at_the_page(charge: Charge) -> Charge:
    """A press on its button; then the money is looked for. Exit: paid. What follows of it is `payments.announce`'s."""
    _press(charge.checkout_url.rstrip("/") + "/pay/")
    return payments.settle(charge)


def _press(address: str) -> None:
    """Raises httpx.HTTPStatusError unless the page took the payment, now or before a load was killed (409)."""
    with httpx.Client(transport=httpx.WSGITransport(app=_site())) as browser:
        answer = browser.post(address)
    if not answer.is_redirect and answer.status_code != httpx.codes.CONFLICT:
        answer.raise_for_status()


@cache
def _site() -> WSGIHandler:
    return WSGIHandler()
