"""What arrives at /hooks/stripe/: only Stripe's own words are kept, once each, and none is believed unread."""

import itertools
import json
import time

import httpx
import pytest
import stripe
from django.conf import settings
from django.test import Client

from apps.ledger.models import Journal
from apps.payments.models import Charge, StripeEvent
from apps.sandbox import webhooks
from apps.sandbox.models import Delivery, Event, Fault
from tests.fakes import stripe_site as site

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
quiet = pytest.fixture(autouse=True)(site.nobody_listens)


def signature(body: bytes, *, secret: str | None = None, age: int = 0) -> str:
    secret = settings.STRIPE_WEBHOOK_SECRET if secret is None else secret
    return stripe.WebhookSignature.generate_signature_header(body.decode(), secret, int(time.time()) - age)


@pytest.fixture
def body() -> bytes:
    """The event of a payment that really took place and was not told yet."""
    site.pay(site.ask())
    return webhooks.signed(Event.objects.get(type="checkout.session.completed"))[0]


def test_a_signed_event_is_stored_with_its_body(body: bytes) -> None:
    assert site.post_webhook(body, signature(body, age=299)) == 200

    event = StripeEvent.objects.get()
    assert event.body == json.loads(body)
    assert event.type == "checkout.session.completed"


@pytest.mark.parametrize("fault", ["missing", "forged", "stale", "tampered", "truncated", "empty", "no time"])
def test_what_stripe_did_not_sign_just_now_is_refused_and_not_stored(body: bytes, fault: str) -> None:
    good = signature(body)
    sent, header = {
        "missing": (body, ""),
        "forged": (body, signature(body, secret="whsec_of_somebody_else")),
        "stale": (body, signature(body, age=301)),
        "tampered": (body.replace(b"799680", b"100"), good),
        "truncated": (body[:-1], good),
        "empty": (b"", good),
        "no time": (body, good.partition(",")[2]),
    }[fault]

    assert site.post_webhook(sent, header) == 400
    assert not StripeEvent.objects.exists()
    site.work()
    assert not Journal.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"null",
        b"{}",
        b"not json",
        b"\xff",
        b'{"object":"event"}',
        b'{"object":"event","id":"evt_1","type":"x","data":{"object":"text"}}',
        b'{"object":"v2.core.event","id":"evt_1","type":"x"}',
    ],
)
def test_a_signed_body_that_is_no_event_is_refused(body: bytes) -> None:
    header = signature(body) if body != b"\xff" else "t=1,v1=0"

    assert site.post_webhook(body, header) == 400
    assert not StripeEvent.objects.exists()


def test_nothing_but_post_is_answered() -> None:
    assert Client().get("/hooks/stripe/").status_code == 405


def test_an_event_that_comes_again_is_stored_once(body: bytes) -> None:
    for _ in range(3):
        assert site.post_webhook(body, signature(body)) == 200

    assert StripeEvent.objects.count() == 1


def test_an_event_that_claims_a_payment_is_not_believed() -> None:
    charge = site.ask()
    claim = {
        "id": "evt_claim",
        "object": "event",
        "type": "checkout.session.completed",
        "data": {"object": {"id": charge.session_id, "payment_status": "paid", "metadata": {"charge": str(charge.pk)}}},
    }
    body = json.dumps(claim).encode()

    assert site.post_webhook(body, signature(body)) == 200
    site.work()

    charge.refresh_from_db()
    assert charge.state == Charge.State.OPEN
    assert not Journal.objects.exists()
    assert "open" in StripeEvent.objects.get(done_at=None).error


@pytest.mark.parametrize("hint", ["", "not-a-uuid", "33333333-3333-4333-8333-333333333333"])
def test_an_event_about_something_else_is_kept_and_done(hint: str) -> None:
    event = {"id": "evt_1", "object": "event", "type": "charge.succeeded"}
    body = json.dumps({**event, "data": {"object": {"id": "ch_1", "metadata": {"charge": hint}}}}).encode()
    site.post_webhook(body, signature(body))

    site.work()

    assert StripeEvent.objects.get().done_at is not None


def test_every_order_of_events_with_duplicates_gives_one_journal() -> None:
    """All 24 orders of the three events of a payment and a stray copy, each of them delivered twice."""
    orders = list(itertools.permutations(range(4)))
    for number, order in enumerate(orders):
        ref = f"booking:{number:08d}-1111-4111-8111-111111111111"
        charge = site.ask(ref)
        site.pay(charge)
        told = site.pending()
        assert len(told) == 3
        told.append(told[0])
        for position in order:
            site.deliver([told[position], told[position]])
            site.work()
        assert Journal.objects.filter(ref=ref).count() == 1
    site.assert_books_agree()


def test_while_stripe_does_not_answer_an_event_waits(body: bytes) -> None:
    site.fault(Fault.Kind.LOST_ANSWER, "GET /v1/checkout/sessions")
    site.post_webhook(body, signature(body))
    site.work()
    event = StripeEvent.objects.get()
    assert event.done_at is None
    assert event.tries == 1
    site.work()
    event.refresh_from_db()
    assert event.tries == 1, "it is not due before its wait is over"

    site.sweep()

    event.refresh_from_db()
    assert event.done_at is not None
    assert Journal.objects.count() == 1


@pytest.mark.django_db(databases=["default", "sandbox"], transaction=True)
def test_webhooks_travel_over_http_and_come_again_until_they_are_taken(live_server, settings) -> None:
    settings.SITE_URL = live_server.url
    charge = site.ask()
    answer = httpx.post(f"{charge.checkout_url}pay")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"?session={charge.session_id}")

    settings.SANDBOX_WEBHOOK_URL = "http://127.0.0.1:9/hooks/stripe/"
    waiting = [delivery.pk for delivery in site.pending()]
    assert [webhooks.deliver(pk) for pk in waiting] == [False] * 3
    assert set(Delivery.objects.values_list("last_answer", "attempts")) == {("ConnectError", 1)}
    assert not webhooks.due().exists(), "a failed webhook waits before it is sent again"

    settings.SANDBOX_WEBHOOK_URL = f"{live_server.url}/hooks/stripe/"
    Delivery.objects.update(due_at=charge.created_at)
    assert [webhooks.deliver(pk) for pk in waiting] == [True] * 3
    assert webhooks.deliver(waiting[0]) is False, "a delivered webhook is not sent again"
    site.work()

    charge.refresh_from_db()
    assert charge.state == Charge.State.PAID
    site.assert_books_agree()
