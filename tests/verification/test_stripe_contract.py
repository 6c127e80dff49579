"""Our calls and the stand-in's answers are held to the types of the pinned SDK."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any
from unittest import mock

import pytest
import stripe

from apps.integrations.stripe.accounts import PayeeOrder, accounts
from apps.integrations.stripe.client import gateway
from apps.integrations.stripe.errors import OutcomeUnknown, Rejected
from apps.integrations.stripe.identity import identity
from apps.payments.errors import PaymentUnavailable
from apps.sandbox import api, happenings, payees, render, verifications, webhooks
from apps.sandbox.models import Event, Fault, VerificationSession
from apps.sandbox.transport import SandboxHTTPClient
from tests.fakes import stripe_site as site
from tests.verification import stripe_contract as contract

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
quiet = pytest.fixture(autouse=True)(site.nobody_listens)
Call = tuple[str, str, str | None, int, str]
SUBJECTS: dict[str, type] = {
    "checkout.session": stripe.checkout.Session,
    "payment_intent": stripe.PaymentIntent,
    "charge": stripe.Charge,
    "refund": stripe.Refund,
    "identity.verification_session": stripe.identity.VerificationSession,
}
API = "https://api.stripe.com"


@pytest.fixture
def calls() -> Iterator[list[Call]]:
    """Everything that crosses the wire during a test."""
    seen: list[Call] = []
    send = SandboxHTTPClient.request

    def request(
        client: SandboxHTTPClient,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        body: Any = None,
        **more: Any,
    ) -> tuple[str, int, Mapping[str, str]]:
        answer = send(client, method, url, headers, body, **more)
        seen.append((method, url, body, answer[1], answer[0]))
        return answer

    with mock.patch.object(SandboxHTTPClient, "request", request):
        yield seen


def everything_that_happens(settings: Any) -> None:
    """A page closed before anybody paid, a payment with a fee after a declined card, a refund, one that comes back,
    errors of each kind."""
    settings.SANDBOX_FEE_BASIS_POINTS = 150
    site.fault(Fault.Kind.BUSY, "POST /v1/checkout")
    with suppress(PaymentUnavailable):
        site.ask()
    unwanted = site.ask("booking:22222222-2222-4222-8222-222222222222")
    gateway().expire_checkout(unwanted.session_id, key="expire")
    with suppress(Rejected):
        gateway().expire_checkout(unwanted.session_id, key="expire again")
    charge = site.ask()
    with suppress(happenings.CardDeclined):
        happenings.pay(charge.session_id, card="4000000000000002")
    declined = gateway().payment_intent(gateway().checkout(charge.session_id).payment_intent)
    gateway().charge(declined.latest_charge)
    site.paid()
    op = site.give_back(held=100, vat=19)
    site.fault(Fault.Kind.FAILS_AFTER, "POST /v1/refunds")
    site.work()
    site.sweep()
    op.refresh_from_db()
    assert op.stripe_id
    happenings.fail_refund(op.stripe_id)
    gateway().refunds_of(charge.stripe_charge or declined.latest_charge)
    gateway().balance()
    a_payee_is_set_up()
    somebody_is_verified()


def a_payee_is_set_up() -> None:
    """An account whose first answer was lost, found in the list, refused, missing something, active."""
    order = PayeeOrder(payee="1", name="Maya", email="maya@tests.example", country="FR")
    stripe_accounts = accounts()
    site.fault(Fault.Kind.LOST_ANSWER, "POST /v2/core/accounts")
    with suppress(OutcomeUnknown):
        stripe_accounts.create(order, key="a")
    found = stripe_accounts.find("1")
    assert found is not None and stripe_accounts.create(order, key="a").id == found.id
    for number, outcome in enumerate(payees.OUTCOMES):
        urls = {"return_url": "https://double.example/back/", "refresh_url": "https://double.example/"}
        link = stripe_accounts.link(found.id, **urls, key=f"link {number}")
        payees.fill_in(link.rstrip("/").rpartition("/")[2], outcome=outcome)
        stripe_accounts.read(found.id)
    with suppress(Rejected):
        stripe_accounts.read("acct_none")


def somebody_is_verified() -> None:
    """Verified, asked for something better, canceled; and what was shown is deleted."""
    stripe_identity = identity()
    for number in range(3):
        made = stripe_identity.create(
            reference=f"identity:{number}", return_url="https://double.example/back/", key=f"session {number}"
        )
        if number == 0:
            verifications.show(made.id, birth_date=date(1998, 5, 2))
        elif number == 1:
            verifications.show(made.id, error="selfie_face_mismatch")
        else:
            verifications.cancel(made.id)
        stripe_identity.read(made.id)
        found = stripe_identity.find(f"identity:{number}")
        assert found is not None and found.id == made.id
        stripe_identity.redact(made.id, key=f"redact {number}")
        VerificationSession.objects.update(redaction_asked_at="2000-01-01T00:00Z")
        stripe_identity.read(made.id)


def test_each_request_and_each_answer_is_as_stripes_types_say(calls: list[Call], settings) -> None:
    everything_that_happens(settings)

    for method, url, body, status, answer in calls:
        assert contract.problems_of_request(method, url, body) == []
        assert contract.problems_of_answer(method, url, status, answer) == []
    assert {429, 500, 200} <= {status for *_, status, _ in calls}


def test_no_route_of_the_stand_in_goes_unchecked(calls: list[Call], settings) -> None:
    everything_that_happens(settings)

    used = {(method.upper(), url.removeprefix(API).partition("?")[0]) for method, url, *_ in calls}
    unused = [
        (method, pattern.pattern)
        for method, pattern, _ in api.ROUTES
        if not any(method == seen and pattern.fullmatch(path) for seen, path in used)
    ]
    assert unused == []


def test_each_event_and_its_object_are_as_stripes_types_say(settings) -> None:
    everything_that_happens(settings)

    told = list(Event.objects.all())
    thin = [render.thin_event(event) for event in told if webhooks.is_thin(event)]
    events = [render.event(event, stripe.api_version) for event in told if not webhooks.is_thin(event)]
    assert [problem for event in thin for problem in contract.problems_of_thin_event(event)] == []
    assert {payees.CAPABILITY, payees.RETURNED, "v2.core.account.created"} == {event["type"] for event in thin}
    for event in events:
        subject = event["data"]["object"]
        assert contract.problems_of_object(stripe.Event, event) == []
        assert contract.problems_of_object(SUBJECTS[subject["object"]], subject) == []
    assert {"checkout.session.completed", "refund.failed", "identity.verification_session.redacted"} <= {
        event["type"] for event in events
    }


def test_the_types_of_every_call_of_the_sdk_can_be_read() -> None:
    known = [name for call in contract.endpoints() for name in (call.params, call.answer) if name]

    assert len(contract.endpoints()) > 600
    assert all(contract._fields(contract._load(name)) or name[1].endswith("Params") for name in known)


GOOD_PAGE = (
    "mode=payment&success_url=https://a&line_items[0][quantity]=1&line_items[0][price_data][currency]=eur"
    "&line_items[0][price_data][unit_amount]=1&line_items[0][price_data][product_data][name]=x"
)
GOOD_REFUND = {"id": "re_1", "object": "refund", "amount": 1, "created": 1, "currency": "eur", "status": "succeeded"}


def test_what_the_seeded_faults_start_from_is_right() -> None:
    assert contract.problems_of_request("POST", f"{API}/v1/checkout/sessions", GOOD_PAGE) == []
    assert contract.problems_of_object(stripe.Refund, GOOD_REFUND) == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/checkout/session", GOOD_PAGE),
        ("PUT", "/v1/checkout/sessions", GOOD_PAGE),
        ("POST", "/v1/checkout/sessions", GOOD_PAGE + "&colour=blue"),
        ("POST", "/v1/checkout/sessions", GOOD_PAGE + "&payment_intent_data[colour]=blue"),
        ("POST", "/v1/checkout/sessions", GOOD_PAGE.replace("mode=payment", "mode=pay")),
        ("POST", "/v1/checkout/sessions", GOOD_PAGE.replace("unit_amount]=1", "unit_amount]=1.5")),
        ("POST", "/v1/checkout/sessions", GOOD_PAGE.replace("line_items[0][price_data][currency]=eur&", "")),
        ("POST", "/v1/checkout/sessions", GOOD_PAGE.replace("line_items[0]", "line_items[first]")),
        ("POST", "/v1/checkout/sessions", GOOD_PAGE + "&metadata=text"),
        ("POST", "/v1/checkout/sessions", GOOD_PAGE + "&allow_promotion_codes=yes"),
        ("POST", "/v1/refunds", "charge=ch_1&reason=because"),
        ("GET", "/v1/refunds?charge=ch_1&limit=many", None),
        ("GET", "/v1/balance?currency=eur", None),
    ],
)
def test_a_request_with_a_fault_in_its_structure_is_found(method: str, path: str, body: str | None) -> None:
    assert contract.problems_of_request(method, API + path, body)


@pytest.mark.parametrize(
    "fault",
    [
        {"amount": "1"},
        {"amount": None},
        {"object": "charge"},
        {"colour": "blue"},
        {"reason": "because"},
        {"metadata": ["a"]},
        {"destination_details": {"type": "card", "colour": "blue"}},
        {"currency": 5},
    ],
)
def test_an_answer_with_a_fault_in_its_structure_is_found(fault: dict[str, Any]) -> None:
    body = json.dumps({**GOOD_REFUND, **fault})

    assert contract.problems_of_answer("POST", f"{API}/v1/refunds", 200, body)


@pytest.mark.parametrize("missing", ["id", "object", "amount", "created", "currency"])
def test_an_answer_without_a_promised_field_is_found(missing: str) -> None:
    answer = {name: value for name, value in GOOD_REFUND.items() if name != missing}

    assert contract.problems_of_object(stripe.Refund, answer)
