"""The client of Stripe: what it refuses to send, and what its caller may conclude from a failure."""

from dataclasses import replace

import pytest
import stripe

from apps.integrations.stripe import checks
from apps.integrations.stripe.client import CheckoutOrder, StripeGateway, translated
from apps.integrations.stripe.errors import InvalidCall, OutcomeUnknown, Rejected


class Unreachable(stripe.HTTPClient):
    """Nothing may be sent in these tests."""

    name = "unreachable"

    def request(self, method, url, headers, post_data=None, **_usage):
        raise AssertionError(f"{method} {url} left the house")


SHOES = CheckoutOrder(
    amount_minor=799_680,
    currency="EUR",
    description="40 pictures",
    reference="booking:1",
    metadata={"charge": "1"},
    success_url="https://double.example/paid/",
    cancel_url="https://double.example/",
)


@pytest.fixture
def gateway() -> StripeGateway:
    return StripeGateway(key="sk_test_1", http_client=Unreachable())


@pytest.mark.parametrize("amount", [0, -1, 100_000_000, True, 1.5, "100"])
def test_an_amount_that_cannot_be_charged_never_leaves(gateway: StripeGateway, amount) -> None:
    with pytest.raises(InvalidCall):
        gateway.create_checkout(replace(SHOES, amount_minor=amount), key="k")
    with pytest.raises(InvalidCall):
        gateway.create_refund(charge_id="ch_1", amount_minor=amount, metadata={}, key="k")


@pytest.mark.parametrize("currency", ["", "eur", "XXX", "JPY", "EURO"])
def test_a_currency_that_we_do_not_charge_never_leaves(gateway: StripeGateway, currency: str) -> None:
    with pytest.raises(InvalidCall):
        gateway.create_checkout(replace(SHOES, currency=currency), key="k")


@pytest.mark.parametrize(
    "metadata",
    [
        {"note": "x" * 501},
        {"n" * 41: "x"},
        {"": "x"},
        {"a[b]": "x"},
        {"empty": ""},
        {str(number): "x" for number in range(51)},
    ],
)
def test_metadata_that_stripe_would_cut_or_misread_never_leaves(gateway: StripeGateway, metadata) -> None:
    with pytest.raises(InvalidCall):
        gateway.create_checkout(replace(SHOES, metadata=metadata), key="k")


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_no_call_goes_out_without_a_usable_key(gateway: StripeGateway, key: str) -> None:
    with pytest.raises(InvalidCall):
        gateway.create_checkout(SHOES, key=key)
    with pytest.raises(InvalidCall):
        gateway.create_refund(charge_id="ch_1", amount_minor=1, metadata={}, key=key)


def test_the_longest_allowed_values_pass() -> None:
    full = {f"{number:02d}" + "k" * 38: "v" * 500 for number in range(50)}

    assert checks.metadata(full) == full
    assert checks.amount(99_999_999) == 99_999_999
    assert checks.idempotency_key("k" * 255)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (stripe.APIConnectionError("timed out"), OutcomeUnknown),
        (stripe.RateLimitError("slow down", http_status=429), OutcomeUnknown),
        (stripe.APIError("broken", http_status=500), OutcomeUnknown),
        (stripe.APIError("unreadable answer"), OutcomeUnknown),
        (stripe.APIError("locked", http_status=409), OutcomeUnknown),
        (stripe.InvalidRequestError("no such charge", "charge", http_status=404), Rejected),
        (stripe.CardError("declined", "card", "card_declined", http_status=402), Rejected),
        (stripe.AuthenticationError("bad key", http_status=401), Rejected),
        (stripe.IdempotencyError("other parameters", http_status=400), Rejected),
    ],
)
def test_a_failure_is_a_definite_no_or_unknown(error: stripe.StripeError, expected: type[Exception]) -> None:
    with pytest.raises(expected), translated():
        raise error


def test_an_error_that_was_kept_under_the_key_is_told_apart() -> None:
    kept = stripe.APIError("broken", http_status=500, headers={"idempotent-replayed": "true"})

    with pytest.raises(OutcomeUnknown) as unknown, translated():
        raise kept
    assert unknown.value.key_spent


def test_the_code_of_a_definite_no_is_kept() -> None:
    with pytest.raises(Rejected) as rejected, translated():
        raise stripe.InvalidRequestError("gone", None, code="charge_already_refunded", http_status=400)
    assert rejected.value.code == "charge_already_refunded"
