"""Several processes at the same payment at the same moment."""

import pytest

from apps.ledger.models import Journal
from apps.payments import services
from apps.payments.models import Charge, Op
from apps.sandbox.models import CheckoutSession, Refund
from tests.fakes import stripe_site as site
from tests.fakes.stripe_processes import DONE, REFUSED, together

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"], transaction=True)
quiet = pytest.fixture(autouse=True)(site.nobody_listens)
PROCESSES, ROUNDS = 4, 5


def test_two_refunds_that_do_not_fit_together_are_never_both_promised() -> None:
    for number in range(ROUNDS):
        ref = f"booking:{number:08d}-1111-4111-8111-111111111111"
        charge = site.paid(ref, price=site.Price(held=10_000, vat=1_900))

        codes = together(*[lambda ref=ref: site.give_back(ref, held=6_000, vat=1_140)] * PROCESSES)

        assert sorted(codes) == [DONE] + [REFUSED] * (PROCESSES - 1)
        site.work()
        charge.refresh_from_db()
        assert charge.refunded_minor == 7_140
    site.assert_books_agree()


def test_workers_at_the_same_refund_send_it_once() -> None:
    site.paid()
    for number in range(1, ROUNDS + 1):
        op = site.give_back(held=100, vat=19)
        # Each worker believes that the others died long ago: the lease is what usually keeps them apart.
        act = _take_over_and_run(op)

        assert together(*[act] * PROCESSES) == [DONE] * PROCESSES

        site.sweep()
        assert Refund.objects.count() == number
        assert Journal.objects.filter(kind="refund").count() == number
    site.assert_books_agree()


def _take_over_and_run(op: Op):
    def act() -> None:
        Op.objects.filter(pk=op.pk).update(due_at="2000-01-01T00:00Z")
        services.run_op(op_id=op.pk)

    return act


def test_workers_at_the_same_payment_book_it_once() -> None:
    for number in range(ROUNDS):
        ref = f"booking:{number:08d}-1111-4111-8111-111111111111"
        charge = site.ask(ref)
        site.pay(charge)

        assert together(*[lambda charge=charge: services.settle(charge)] * PROCESSES) == [DONE] * PROCESSES

        assert Journal.objects.filter(ref=ref).count() == 1
    site.assert_books_agree()


def test_buyers_who_press_pay_at_once_get_one_page() -> None:
    for number in range(ROUNDS):
        ref = f"booking:{number:08d}-1111-4111-8111-111111111111"

        assert together(*[lambda ref=ref: site.ask(ref)] * PROCESSES) == [DONE] * PROCESSES

        assert CheckoutSession.objects.get(client_reference_id=ref).id == Charge.objects.get(ref=ref).session_id
