"""Money back to the brand: promised with the decision, sent exactly once, never above what was paid."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.models import Event
from apps.common.errors import InvalidInput, NotAllowed, Refused
from apps.integrations.stripe.client import gateway
from apps.ledger.models import Journal
from apps.ledger.services import Leg, balance, post
from apps.payments import services
from apps.payments.models import Charge, Op, StripeEvent
from apps.payments.models import Refund as Promise
from apps.sandbox import happenings
from apps.sandbox.models import Fault, Refund
from tests.fakes import stripe_site as site

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
quiet = pytest.fixture(autouse=True)(site.nobody_listens)
STAFF = Actor(user_id=uuid4(), party="platform", kind="staff", name="Ines of the platform")
CREATE, LIST = "POST /v1/refunds", "GET /v1/refunds"


@pytest.fixture
def charge() -> Charge:
    return site.paid()


def refuses(*, held: int, vat: int) -> str:
    with pytest.raises(Refused) as refused:
        site.give_back(held=held, vat=vat)
    return refused.value.code


def test_a_refund_takes_from_what_is_held_and_from_vat(charge: Charge) -> None:
    op = site.give_back(held=100_000, vat=19_000)
    site.work()

    op.refresh_from_db()
    charge.refresh_from_db()
    assert op.stripe_id == Refund.objects.get().id
    assert (charge.state, charge.refunded_minor) == (Charge.State.PARTLY_REFUNDED, 119_000)
    assert balance("stripe", "EUR") == 680_680
    assert balance(f"held:{site.SHOES}", "EUR") == -572_000
    assert balance("vat:DE", "EUR") == -108_680
    site.assert_books_agree()


def test_a_full_refund_in_two_parts_ends_refunded(charge: Charge) -> None:
    site.give_back(held=600_000, vat=114_000)
    site.give_back(held=72_000, vat=13_680)
    site.work()

    charge.refresh_from_db()
    assert charge.state == Charge.State.REFUNDED
    assert balance("stripe", "EUR") == 0
    site.assert_books_agree()


def test_stripes_own_news_of_a_refund_changes_nothing(charge: Charge) -> None:
    site.give_back(held=100, vat=19)
    site.work()
    site.deliver(site.pending())
    site.work()

    charge.refresh_from_db()
    assert charge.problem == ""
    assert charge.refunded_minor == 119
    assert not StripeEvent.objects.filter(done_at=None).exists()
    site.assert_books_agree()


def test_no_more_than_was_paid_can_be_promised(charge: Charge) -> None:
    site.give_back(held=672_000, vat=100_000)

    assert refuses(held=1, vat=0) == "too_much"
    assert refuses(held=0, vat=27_681) == "too_much"
    site.give_back(held=0, vat=27_680)


def test_the_database_refuses_more_than_was_paid_whatever_the_code_does(charge: Charge) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Charge.objects.update(promised_minor=charge.amount_minor + 1)


def test_what_the_parties_have_earned_is_not_refunded(charge: Charge) -> None:
    post(
        key="earned:1",
        kind="earned",
        ref=site.SHOES,
        legs=[Leg(f"held:{site.SHOES}", "EUR", 600_000), Leg("payable:talent:amara", "EUR", -600_000)],
        occurred_at=timezone.now(),
        by="system",
    )

    assert refuses(held=72_001, vat=0) == "already_earned"
    site.give_back(held=72_000, vat=0)
    assert refuses(held=1, vat=0) == "already_earned"


def test_an_unpaid_charge_has_nothing_to_refund() -> None:
    site.ask()

    assert refuses(held=1, vat=0) == "not_paid"


@pytest.mark.parametrize(("held", "vat"), [(0, 0), (-1, 2), (5, -5)])
def test_a_refund_of_nothing_or_less_is_refused(charge: Charge, held: int, vat: int) -> None:
    with pytest.raises(InvalidInput):
        site.give_back(held=held, vat=vat)


def test_a_decision_that_rolls_back_promises_nothing(charge: Charge) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        site.give_back(held=100, vat=19)
        raise ZeroDivisionError

    assert not Op.objects.exists()
    charge.refresh_from_db()
    assert charge.promised_minor == 0


@pytest.mark.parametrize("target", [CREATE, LIST])
@pytest.mark.parametrize("kind", ["lost_request", "lost_answer", "fails_before", "fails_after", "busy"])
def test_whatever_stripe_does_the_brand_gets_its_money_once(charge: Charge, kind: str, target: str) -> None:
    site.fault(Fault.Kind(kind), target)
    op = site.give_back(held=100_000, vat=19_000)
    site.work()
    op.refresh_from_db()
    assert op.state == Op.State.OPEN
    assert op.error

    for _ in range(3):
        site.sweep()

    op.refresh_from_db()
    assert op.state == Op.State.DONE
    assert Refund.objects.count() == 1
    assert Journal.objects.filter(kind="refund").count() == 1
    site.assert_books_agree()


def test_an_error_kept_under_a_key_is_left_behind_with_the_next_key(charge: Charge) -> None:
    site.fault(Fault.Kind.FAILS_BEFORE, CREATE)
    op = site.give_back(held=100, vat=19)

    site.work()
    site.sweep()
    site.sweep()

    op.refresh_from_db()
    assert (op.state, op.attempt) == (Op.State.DONE, 2)


def test_an_outage_never_uses_up_the_key(charge: Charge) -> None:
    site.fault(Fault.Kind.LOST_REQUEST, CREATE, times=5)
    op = site.give_back(held=100, vat=19)

    for _ in range(7):
        site.sweep()

    op.refresh_from_db()
    assert (op.state, op.attempt) == (Op.State.DONE, 1)
    site.assert_books_agree()


def test_a_definite_no_frees_the_promise_and_asks_for_a_person(charge: Charge) -> None:
    """Somebody refunded all of it in Stripe's own dashboard."""
    gateway().create_refund(
        charge_id=charge.stripe_charge or "", amount_minor=799_680, metadata={"by": "dashboard"}, key="dashboard"
    )
    op = site.give_back(held=100, vat=19)
    for _ in range(3):
        site.sweep()

    op.refresh_from_db()
    charge.refresh_from_db()
    assert op.state == Op.State.FAILED
    assert op.error.startswith("charge_already_refunded")
    assert charge.promised_minor == 0
    assert "was refused by Stripe" in charge.problem
    assert Promise.objects.get().state == Promise.State.REFUSED
    assert not Journal.objects.filter(kind="refund").exists()


def test_a_refund_that_nobody_ordered_goes_to_a_person_and_holds_up_the_next(charge: Charge) -> None:
    gateway().create_refund(
        charge_id=charge.stripe_charge or "", amount_minor=500, metadata={"by": "dashboard"}, key="dashboard"
    )
    site.deliver(site.pending())
    site.work()

    charge.refresh_from_db()
    assert "nobody ordered" in charge.problem
    op = site.give_back(held=100, vat=19)
    site.work()
    site.sweep()
    assert Refund.objects.count() == 1, "a decision is kept, but no money moves meanwhile"

    with pytest.raises(NotAllowed):
        services.resolve_problem(by=site.Actor.SYSTEM, charge=charge)
    services.resolve_problem(by=STAFF, charge=charge)
    site.sweep()

    op.refresh_from_db()
    assert op.state == Op.State.DONE
    solved = Event.objects.get(kind="payment.problem_solved")
    assert STAFF.label in solved.payload.body


def test_a_refund_that_the_bank_sends_back_is_held_again(charge: Charge) -> None:
    op = site.give_back(held=100_000, vat=19_000)
    site.work()
    op.refresh_from_db()
    happenings.fail_refund(op.stripe_id or "")
    for _ in range(2):
        site.deliver(site.pending())
        site.work()

    charge.refresh_from_db()
    assert (charge.state, charge.refunded_minor, charge.promised_minor) == (Charge.State.PAID, 0, 0)
    assert "came back" in charge.problem
    assert balance(f"held:{site.SHOES}", "EUR") == -672_000
    site.assert_books_agree()


def test_a_refund_whose_money_was_earned_meanwhile_goes_to_a_person(charge: Charge) -> None:
    op = site.give_back(held=100_000, vat=0)
    post(
        key="earned:1",
        kind="earned",
        ref=site.SHOES,
        legs=[Leg(f"held:{site.SHOES}", "EUR", 672_000), Leg("payable:talent:amara", "EUR", -672_000)],
        occurred_at=timezone.now(),
        by="system",
    )
    site.work()

    op.refresh_from_db()
    charge.refresh_from_db()
    assert op.state == Op.State.OPEN
    assert "no longer held" in charge.problem


def test_the_fee_of_a_refunded_payment_stays_the_platforms_cost(settings) -> None:
    settings.SANDBOX_FEE_BASIS_POINTS = 150
    site.paid()
    site.give_back(held=672_000, vat=127_680)
    site.work()

    assert balance("stripe", "EUR") == -11_995
    site.assert_books_agree()
