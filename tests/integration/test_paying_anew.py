"""An agreement that was taken back and made again: what was begun for the old terms is over, what arrives for them goes
back whole and is told, and the new terms are paid once (product.md: a yes can be taken back for ten minutes)."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from apps.audit.models import Event
from apps.bookings.models import Booking
from apps.bookings.services import answers, closing, countering, payment
from apps.bookings.states import State
from apps.common.errors import Refused
from apps.ledger.services import audit, balance
from apps.notifications.models import Notice
from apps.payments import services as payments
from apps.payments.errors import PaymentUnavailable
from apps.payments.models import Charge
from apps.payments.selectors import is_paid
from apps.royalties.models import Split
from apps.sandbox import happenings
from apps.sandbox.models import CheckoutSession, Fault
from tests.factories import bookings as make
from tests.factories import negotiations
from tests.factories.clients import signed_in
from tests.factories.people import World, make_world
from tests.fakes import stripe_site

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"], transaction=True)

OLD, NEW = 685_440, 761_600  # F 4,500.00 as the rate card has it, and 5,000.00 as it is negotiated


@pytest.fixture
def world() -> World:
    return make_world()


def ask(world: World, booking: Booking) -> Charge:
    return payment.checkout(by=world.producer.actor, booking=make.fresh(booking))


def agree_anew(world: World, booking: Booking) -> Booking:
    """She takes her yes back and sets a condition; the version that answers it costs more, and the brand accepts it."""
    answers.take_back(by=world.maya.actor, booking=booking)
    booking = negotiations.conditions(world, make.fresh(booking), who="maya", lowest_fee_minor=500_000)
    written = negotiations.propose(world, booking, fee_minor=500_000, window_months=12)
    booking = make.fresh(answers.answer(by=world.maya.actor, booking=booking, version=written.version, answer="yes"))
    booking = countering.accept_counter(by=world.producer.actor, booking=booking, version=written.version)
    assert booking.state == State.AGREED and booking.current_terms.total_minor == NEW
    return booking


def agree_again(world: World, booking: Booking) -> Booking:
    """She takes her yes back and says it again: the same version."""
    answers.take_back(by=world.maya.actor, booking=booking)
    booking = answers.answer(by=world.maya.actor, booking=make.fresh(booking), version=1, answer="yes")
    assert booking.state == State.AGREED
    return booking


def arrives(charge: Charge) -> None:
    """The payer pays and everybody hears of it."""
    stripe_site.pay(charge)
    payments.settle(charge)
    payments.announce(charge_id=charge.pk)


def is_open(charge: Charge) -> bool:
    return CheckoutSession.objects.get(pk=charge.session_id).status == CheckoutSession.Status.OPEN


def test_other_terms_have_a_charge_of_their_own_and_the_old_page_is_closed(world):
    booking = make.agreed(world)
    old = ask(world, booking)
    new = ask(world, agree_anew(world, booking))
    assert (old.amount_minor, new.amount_minor) == (OLD, NEW) and new.pk != old.pk
    assert not is_open(old) and is_open(new)
    with pytest.raises(happenings.SessionClosed):
        stripe_site.pay(old)
    arrives(new)
    booking = make.fresh(booking)
    assert booking.state == State.FUNDED and Split.objects.get().total_minor == NEW
    assert -balance(f"held:{booking.ref}", "EUR") == 640_000
    old.refresh_from_db()
    assert not old.is_paid and old.replaced_at
    assert Event.objects.filter(kind="payment.replaced", subject=booking.ref).count() == 1
    stripe_site.deliver(stripe_site.pending())
    stripe_site.work()
    stripe_site.assert_books_agree()


def test_the_button_leads_to_the_page_of_the_new_terms(world):
    booking = make.agreed(world)
    ask(world, booking)
    agree_anew(world, booking)
    answer = signed_in(world.producer).post(reverse("checkout", args=[booking.pk]))
    assert answer.headers["Location"] == Charge.objects.get(replaced_at=None).checkout_url


def test_the_same_terms_again_keep_their_page(world):
    booking = make.agreed(world)
    old = ask(world, booking)
    assert ask(world, agree_again(world, booking)).pk == old.pk and Charge.objects.count() == 1
    arrives(old)
    assert make.fresh(booking).state == State.FUNDED


@pytest.mark.parametrize("again", [agree_anew, agree_again])
def test_what_arrives_between_the_two_agreements_goes_back_and_the_second_is_paid_once(world, again):
    booking = make.agreed(world)
    old = ask(world, booking)
    answers.take_back(by=world.maya.actor, booking=booking)
    arrives(old)
    answers.answer(by=world.maya.actor, booking=make.fresh(booking), version=1, answer="yes")
    booking = again(world, make.fresh(booking))
    new = ask(world, booking)
    arrives(new)
    stripe_site.work()
    old.refresh_from_db()
    assert old.state == Charge.State.REFUNDED and old.refunded_minor == OLD
    assert make.fresh(booking).state == State.FUNDED and new.pk != old.pk
    assert -balance(f"held:{booking.ref}", "EUR") == booking.current_terms.quote["net_minor"]
    told = Notice.objects.get(to=world.brand.party, kind="booking.payment_sent_back")
    assert told.values["amount"] and told.url == reverse("booking", args=[booking.pk])
    stripe_site.assert_books_agree()


def test_a_page_that_was_paid_and_not_yet_heard_of_goes_back_before_the_new_one_opens(world):
    """Paid in the last second: Stripe says so when the old page is closed."""
    booking = make.agreed(world)
    old = ask(world, booking)
    booking = agree_anew(world, booking)
    stripe_site.pay(old)
    new = ask(world, booking)
    old.refresh_from_db()
    assert old.promised_minor == OLD and old.replaced_at and new.amount_minor == NEW
    arrives(new)
    stripe_site.deliver(stripe_site.pending())
    stripe_site.work()
    old.refresh_from_db()
    assert old.refunded_minor == OLD and make.fresh(booking).state == State.FUNDED
    assert Notice.objects.filter(kind="booking.payment_sent_back").count() == 1
    stripe_site.assert_books_agree()


def test_hearing_of_the_old_payment_again_sends_nothing_back_twice(world):
    booking = make.agreed(world)
    old = ask(world, booking)
    booking = agree_anew(world, booking)
    stripe_site.pay(old)
    arrives(ask(world, booking))
    old.refresh_from_db()
    for _ in range(2):
        assert payment.fund(booking=booking, charge=old).state == State.FUNDED
    assert old.refunds.count() == 1 and is_paid(booking.ref)
    assert audit().balanced


def test_what_a_closing_gives_back_is_of_the_charge_that_counts(world):
    booking = make.agreed(world)
    old = ask(world, booking)
    booking = agree_anew(world, booking)
    stripe_site.pay(old)
    new = ask(world, booking)
    arrives(new)
    closing.cancel(by=world.producer.actor, booking=make.fresh(booking))
    stripe_site.work()
    new.refresh_from_db()
    assert 0 < new.refunded_minor < NEW and balance(f"held:{booking.ref}", "EUR") == 0
    stripe_site.assert_books_agree()


def test_while_stripe_is_silent_nothing_is_replaced(world):
    """The old page may still be paid, so no other is opened beside it."""
    booking = make.agreed(world)
    old = ask(world, booking)
    booking = agree_anew(world, booking)
    stripe_site.fault(Fault.Kind.LOST_REQUEST, "POST /v1/checkout/sessions")
    with pytest.raises(PaymentUnavailable):
        ask(world, booking)
    assert Charge.objects.get().pk == old.pk and Charge.objects.get().replaced_at is None
    assert ask(world, booking).amount_minor == NEW


def test_a_lost_answer_is_asked_for_again_with_the_same_result(world):
    booking = make.agreed(world)
    old = ask(world, booking)
    booking = agree_anew(world, booking)
    stripe_site.fault(Fault.Kind.LOST_ANSWER, "POST /v1/checkout/sessions")
    with pytest.raises(PaymentUnavailable):
        ask(world, booking)
    assert ask(world, booking).amount_minor == NEW and not is_open(old)


def test_of_one_reference_one_charge_counts(world):
    new = ask(world, make.agreed(world))
    with pytest.raises(IntegrityError), transaction.atomic():
        Charge.objects.create(**{field: getattr(new, field) for field in KEPT})


KEPT = ("ref", "payer", "currency", "amount_minor", "held_minor", "vat_minor", "vat_country")


def test_what_was_paid_and_kept_is_never_asked_for_again(world):
    booking = make.funded(world)
    Booking.objects.filter(pk=booking.pk).update(state=State.AGREED)
    with pytest.raises(Refused) as refused:
        ask(world, booking)
    assert refused.value.code == "already_paid"
