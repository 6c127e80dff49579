"""The stand-in answers as Stripe documents it: idempotency, errors, pages of a list, balances."""

from collections.abc import Callable

import pytest

from apps.integrations.stripe.client import CheckoutOrder, StripeGateway, gateway
from apps.integrations.stripe.errors import OutcomeUnknown, Rejected
from apps.sandbox import faults, happenings
from apps.sandbox.models import BalanceTransaction, CheckoutSession, Event, Fault, Refund, SavedAnswer

pytestmark = pytest.mark.django_db(databases=["sandbox"])


def order(amount: int = 10_000) -> CheckoutOrder:
    return CheckoutOrder(
        amount_minor=amount,
        currency="EUR",
        description="40 pictures",
        reference="booking:1",
        metadata={"charge": "1"},
        success_url="https://double.example/paid/",
        cancel_url="https://double.example/",
    )


@pytest.fixture
def stripe() -> StripeGateway:
    return gateway()


@pytest.fixture
def charge(stripe: StripeGateway) -> str:
    session = stripe.create_checkout(order(), key="page")
    paid = happenings.pay(session.id, card=happenings.GOOD_CARD)
    return stripe.payment_intent(paid.payment_intent_id or "").latest_charge


def refund(stripe: StripeGateway, charge: str, amount: int, key: str) -> str:
    return stripe.create_refund(charge_id=charge, amount_minor=amount, metadata={"op": key}, key=key).id


def test_the_same_key_gives_the_same_answer_and_acts_once(stripe: StripeGateway) -> None:
    first = stripe.create_checkout(order(), key="page")
    second = stripe.create_checkout(order(), key="page")

    assert first == second
    assert CheckoutSession.objects.count() == 1


def test_a_key_with_other_parameters_is_refused(stripe: StripeGateway) -> None:
    stripe.create_checkout(order(), key="page")

    with pytest.raises(Rejected, match="same parameters"):
        stripe.create_checkout(order(amount=10_001), key="page")


def test_an_error_is_kept_under_its_key_even_when_its_cause_is_gone(stripe: StripeGateway, charge: str) -> None:
    with pytest.raises(Rejected):
        refund(stripe, charge, 10_001, "too-much")
    assert SavedAnswer.objects.get(key="too-much").status == 400

    with pytest.raises(Rejected):
        refund(stripe, charge, 10_001, "too-much")


def test_an_internal_error_is_kept_under_its_key(stripe: StripeGateway, charge: str) -> None:
    Fault.objects.create(kind=Fault.Kind.FAILS_BEFORE, target="POST /v1/refunds")
    spent = []
    for _ in range(2):
        with pytest.raises(OutcomeUnknown) as unknown:
            refund(stripe, charge, 100, "k")
        spent.append(unknown.value.key_spent)

    assert spent == [False, True]
    assert not Refund.objects.exists()


def test_a_call_that_was_invalid_from_the_start_leaves_its_key_free(stripe: StripeGateway, charge: str) -> None:
    with pytest.raises(Rejected, match="Missing required param"):
        refund(stripe, "", 100, "k")

    assert refund(stripe, charge, 100, "k") == Refund.objects.get().id


def test_refunds_never_exceed_the_charge(stripe: StripeGateway, charge: str) -> None:
    refund(stripe, charge, 6_000, "1")
    with pytest.raises(Rejected, match="greater than unrefunded"):
        refund(stripe, charge, 6_000, "2")
    refund(stripe, charge, 4_000, "3")
    with pytest.raises(Rejected) as rejected:
        refund(stripe, charge, 1, "4")

    assert rejected.value.code == "charge_already_refunded"
    assert stripe.balance() == {"EUR": 0}


def test_a_declined_payment_has_nothing_to_refund(stripe: StripeGateway) -> None:
    session = stripe.create_checkout(order(), key="page")
    with pytest.raises(happenings.CardDeclined, match="insufficient_funds"):
        happenings.pay(session.id, card="4000000000009995")
    intent = stripe.checkout(session.id).payment_intent

    with pytest.raises(Rejected, match="did not succeed"):
        refund(stripe, stripe.payment_intent(intent).latest_charge, 1, "k")
    assert stripe.balance() == {}


def test_a_list_is_read_over_all_its_pages(stripe: StripeGateway, charge: str) -> None:
    moves = [BalanceTransaction(amount=-1, net=-1, currency="eur", source=charge) for _ in range(103)]
    BalanceTransaction.objects.bulk_create(moves)
    made = [Refund(charge_id=charge, amount=1, balance_transaction=move) for move in moves]
    Refund.objects.bulk_create(made)

    assert [found.id for found in stripe.refunds_of(charge)] == [refund.id for refund in made[::-1]]


@pytest.mark.parametrize("read", ["checkout", "payment_intent", "charge", "balance_transaction", "refunds_of"])
def test_what_does_not_exist_is_a_definite_no(stripe: StripeGateway, read: str) -> None:
    call: Callable[[str], object] = getattr(stripe, read)
    if read == "refunds_of":
        assert call("ch_none") == []
    else:
        with pytest.raises(Rejected) as rejected:
            call("none")
        assert rejected.value.code == "resource_missing"


def test_a_page_can_be_paid_once(stripe: StripeGateway) -> None:
    session = stripe.create_checkout(order(), key="page")
    happenings.pay(session.id, card=happenings.GOOD_CARD)

    with pytest.raises(happenings.SessionClosed):
        happenings.pay(session.id, card=happenings.GOOD_CARD)
    assert stripe.balance() == {"EUR": 10_000}


def test_a_fault_happens_as_often_as_it_was_set_and_only_where(stripe: StripeGateway) -> None:
    Fault.objects.create(kind=Fault.Kind.BUSY, target="POST /v1/refunds", remaining=2)

    taken = [faults.take(call, faults.OF_CALLS) for call in ["GET /v1/refunds", *["POST /v1/refunds"] * 3]]

    assert taken == ["", "busy", "busy", ""]


@pytest.mark.parametrize(("kind", "copies"), [("", 1), ("lost_event", 0), ("double_event", 3)])
def test_each_event_is_sent_once_unless_a_fault_says_otherwise(stripe: StripeGateway, kind: str, copies: int) -> None:
    if kind:
        Fault.objects.create(kind=kind, target="checkout.session.completed")
    session = stripe.create_checkout(order(), key="page")
    happenings.pay(session.id, card=happenings.GOOD_CARD)

    assert Event.objects.get(type="checkout.session.completed").deliveries.count() == copies
    assert Event.objects.get(type="charge.succeeded").deliveries.count() == 1
