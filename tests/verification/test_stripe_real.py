"""The only tests that speak to Stripe itself: its test mode, when STRIPE_TEST_KEY names a key of a sandbox there."""

import os
import uuid

import pytest
import stripe

from apps.integrations.stripe.accounts import AccountsGateway, PayeeOrder
from apps.integrations.stripe.client import CheckoutOrder, StripeGateway
from apps.integrations.stripe.errors import Rejected
from apps.integrations.stripe.identity import IdentityGateway

KEY = os.environ.get("STRIPE_TEST_KEY", "")
pytestmark = [
    pytest.mark.real_stripe,
    pytest.mark.skipif(not KEY.startswith(("sk_test_", "rk_test_")), reason="needs STRIPE_TEST_KEY of a sandbox"),
]


@pytest.fixture
def gateway() -> StripeGateway:
    return StripeGateway(key=KEY, http_client=stripe.RequestsClient(timeout=(5, 25)))


def test_stripe_opens_the_page_that_the_stand_in_opens(gateway: StripeGateway) -> None:
    order = CheckoutOrder(
        amount_minor=799_680,
        currency="EUR",
        description="40 pictures",
        reference=f"booking:{uuid.uuid4()}",
        metadata={"charge": str(uuid.uuid4())},
        success_url="https://double.example/paid/",
        cancel_url="https://double.example/",
    )
    key = f"checkout:{uuid.uuid4()}"

    session = gateway.create_checkout(order, key=key)

    assert gateway.create_checkout(order, key=key).id == session.id
    read = gateway.checkout(session.id)
    assert (read.status, read.paid, read.payment_intent) == ("open", False, "")
    assert read.metadata == order.metadata
    assert read.url.startswith("https://checkout.stripe.com/")


def test_stripe_refuses_what_the_stand_in_refuses(gateway: StripeGateway) -> None:
    with pytest.raises(Rejected) as rejected:
        gateway.create_refund(charge_id="ch_none", amount_minor=1, metadata={"op": "1"}, key=str(uuid.uuid4()))
    assert rejected.value.code == "resource_missing"


def test_stripe_makes_the_account_that_the_stand_in_makes_and_leads_to_its_page() -> None:
    accounts = AccountsGateway(key=KEY, http_client=stripe.RequestsClient(timeout=(5, 25)))
    order = PayeeOrder(payee=str(uuid.uuid4()), name="Double test", email="payee@double.example", country="FR")
    key = f"payout_account:{order.payee}"

    made = accounts.create(order, key=key)

    assert accounts.create(order, key=key).id == made.id
    assert accounts.find(order.payee) == accounts.read(made.id)
    assert (made.transfers, made.resolution) == ("restricted", "provide_info")
    urls = {"return_url": "https://double.example/back/", "refresh_url": "https://double.example/"}
    assert accounts.link(made.id, **urls, key=f"payout_link:{order.payee}").startswith("https://")


def test_stripe_opens_the_check_that_the_stand_in_opens_and_deletes_it() -> None:
    identity = IdentityGateway(key=KEY, http_client=stripe.RequestsClient(timeout=(5, 25)))
    reference = f"identity:{uuid.uuid4()}"

    made = identity.create(reference=reference, return_url="https://double.example/back/", key=reference)

    assert identity.create(reference=reference, return_url="https://double.example/back/", key=reference).id == made.id
    assert (made.status, made.error, made.birth_date) == ("requires_input", "", None)
    assert made.url.startswith("https://verify.stripe.com/")
    assert identity.redact(made.id, key=f"redact:{reference}").redaction in ("processing", "redacted")
    assert identity.read(made.id).status == "canceled"
