"""How a booking ends and what that does to the money, to the cent: every state, who leaves, what stays, what goes back.

The worked example of the product: B 1,500, e-commerce, one country, 12 months, Germany: S 1,500.00, U 3,000.00.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.bookings.models import Approval, Booking, RightsSlot
from apps.bookings.services import answers, closing, making, review
from apps.bookings.states import State
from apps.bookings.tasks import sweep_answers, sweep_deadlines
from apps.common.errors import NotAllowed, Refused, StaleState
from apps.generation.models import Job, Voucher
from apps.generation.states import State as Work
from apps.ledger.services import balance
from apps.payments.models import Charge
from apps.royalties.models import Royalty
from apps.twins.services import pause
from tests.factories import bookings as make
from tests.factories import negotiations
from tests.factories.people import World, make_world
from tests.fakes import stripe_site

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"], transaction=True)

EUR = "EUR"
# What the brand paid, and what stays of it with every charge and VAT on it. F = 4,500.00: service 900.00,
# platform 360.00, net 5,760.00, VAT 19 % 1,094.40.
PAID = 685_440
STAYS = {
    "nothing": 0,
    # a quarter of S = 375.00; service 75.00, platform 30.00, VAT of 480.00 = 91.20
    "a quarter of S": 57_120,
    # S = 1,500.00; service 300.00, platform 120.00, VAT of 1,920.00 = 364.80
    "S": 228_480,
    "F": PAID,
}


@pytest.fixture
def world() -> World:
    return make_world()


def brand_leaves(world: World, booking: Booking) -> Booking:
    return closing.cancel(by=world.producer.actor, booking=booking)


def silence(world: World, booking: Booking) -> Booking:
    Booking.objects.filter(pk=booking.pk).update(deadline_at=timezone.now())
    sweep_deadlines()
    return make.fresh(booking)


def model_says_no(world: World, booking: Booking) -> Booking:
    version = 2 if booking.state == State.PROPOSING else 1
    answers.answer(by=world.maya.actor, booking=booking, version=version, answer="no")
    Approval.objects.filter(answer="no").update(counts_from=timezone.now())
    sweep_answers()
    return make.fresh(booking)


def agency_says_no(world: World, booking: Booking) -> Booking:
    answers.answer(by=world.booker.actor, booking=booking, version=1, answer="no")
    Approval.objects.filter(answer="no").update(counts_from=timezone.now())
    sweep_answers()
    return make.fresh(booking)


def twin_rests(world: World, booking: Booking) -> Booking:
    pause(by=world.maya.actor, twin=world.twin)
    making.hold_all_of(twin=world.twin)
    assert make.fresh(booking).state == State.ON_HOLD
    return silence(world, booking)


def no_job_succeeds(world: World, booking: Booking) -> Booking:
    Job.objects.of_booking(booking.ref).update(state=Work.FAILED, ended_at=timezone.now())
    return making.settle_making(booking=booking)


def she_rejects_all(world: World, booking: Booking) -> Booking:
    for picture in booking.reviews.select_related("booking__twin__talent", "look"):
        review.decide(by=world.maya.actor, review=picture, passed=False)
    Job.objects.of_booking(booking.ref).open().update(state=Work.FAILED, ended_at=timezone.now())
    return making.settle_making(booking=booking)


def to_sign(world: World) -> Booking:
    booking = negotiations.proposing(world)
    negotiations.propose(world, booking)
    return booking


def passed(world: World) -> Booking:
    booking = make.in_review(world)
    for picture in booking.reviews.select_related("booking__twin__talent", "look"):
        review.decide(by=world.maya.actor, review=picture, passed=True)
    return make.fresh(booking)


UNPAID = [
    (make.draft, brand_leaves, State.CANCELLED),
    (make.submitted, brand_leaves, State.CANCELLED),
    (make.submitted, model_says_no, State.DECLINED),
    (make.submitted, agency_says_no, State.DECLINED),
    (make.submitted, silence, State.EXPIRED),
    (negotiations.proposing, brand_leaves, State.CANCELLED),
    (negotiations.proposing, agency_says_no, State.DECLINED),
    (negotiations.proposing, silence, State.EXPIRED),
    (to_sign, brand_leaves, State.CANCELLED),
    (to_sign, model_says_no, State.DECLINED),
    (to_sign, agency_says_no, State.DECLINED),
    (to_sign, silence, State.EXPIRED),
    (negotiations.countered, brand_leaves, State.CANCELLED),
    (negotiations.countered, silence, State.EXPIRED),
    (make.agreed, brand_leaves, State.CANCELLED),
    (make.agreed, silence, State.EXPIRED),
]
MONEY = [
    (make.funded, brand_leaves, State.CANCELLED, "a quarter of S"),
    (make.generating, brand_leaves, State.CANCELLED, "a quarter of S"),
    (make.in_review, brand_leaves, State.CANCELLED, "a quarter of S"),  # made, and the brand saw none of it
    (passed, brand_leaves, State.CANCELLED, "S"),
    (make.chosen, brand_leaves, State.CANCELLED, "F"),
    (make.funded, twin_rests, State.CANCELLED, "nothing"),
    (make.generating, twin_rests, State.CANCELLED, "nothing"),
    (passed, twin_rests, State.CANCELLED, "nothing"),
    (make.generating, no_job_succeeds, State.FAILED, "nothing"),
    (make.in_review, she_rejects_all, State.CLOSED_UNDELIVERED, "nothing"),
]


@pytest.mark.parametrize(("stands", "leaves", "state"), UNPAID)
def test_before_the_payment_nothing_is_owed_and_nothing_is_held(world, stands, leaves, state):
    """Before agreement nothing."""
    booking = leaves(world, stands(world))
    assert booking.state == state
    assert not Charge.objects.exists() and not Royalty.objects.exists()
    assert not RightsSlot.objects.filter(released_at=None).exists()


@pytest.mark.parametrize(("stands", "leaves", "state", "stays"), MONEY)
def test_after_the_payment_the_closing_rule_says_what_stays(world, stands, leaves, state, stays):
    """Funded and nothing generated: 25 % of S. After the brand saw a picture: S. After it selected: F. Model or system
    at fault: everything goes back, F, both fees and VAT."""
    booking = leaves(world, stands(world))
    assert booking.state == state
    charge = Charge.objects.get(ref=booking.ref)
    assert charge.amount_minor == PAID
    assert charge.amount_minor - charge.promised_minor == STAYS[stays]
    stripe_site.work()
    charge.refresh_from_db()
    assert charge.refunded_minor == charge.promised_minor, "what was promised has been sent back"
    assert balance(f"held:{booking.ref}", EUR) == 0, "nothing is held for nobody"
    assert not Voucher.objects.filter(revoked_at=None).exists(), "no voucher survives any exit"
    assert not RightsSlot.objects.filter(released_at=None).exists()


def test_who_chose_and_finished_cannot_leave_any_more(world):
    booking = make.chosen(world)
    review.finish(by=world.producer.actor, booking=booking)
    with pytest.raises(Refused, match="selection is finished"):
        brand_leaves(world, make.fresh(booking))


@pytest.mark.parametrize("who", ["maya", "booker", "rival_producer", "mother_booker", "other_booker"])
@pytest.mark.parametrize("stands", [make.submitted, negotiations.countered, make.agreed, make.funded])
def test_nobody_but_the_brand_cancels(world, stands, who):
    booking = stands(world)
    with pytest.raises(NotAllowed):
        closing.cancel(by=getattr(world, who).actor, booking=booking)


def test_silence_closes_no_draft_and_nothing_that_is_paid(world):
    draft, paid = make.draft(world), make.funded(world)
    Booking.objects.update(deadline_at=timezone.now() - timedelta(days=1))
    with pytest.raises(StaleState):
        closing.expire(booking=draft)
    assert closing.expire(booking=paid).state == State.FUNDED
