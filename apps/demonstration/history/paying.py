"""Somebody pays at the hosted page, which answers in this process, at the story's hour."""

from apps.demonstration.pressing import press
from apps.payments import services as payments
from apps.payments.models import Charge


def pay_at_the_page(charge: Charge) -> Charge:
    """A press on its button; then the money is looked for. Exit: paid. What follows of it is `payments.announce`'s."""
    press(charge.checkout_url.rstrip("/") + "/pay/")
    return payments.settle(charge)
