"""How a booking ends and what that does to the money, to the cent: every state, who leaves, what stays, what goes back.

The worked example of the product with two pictures: B 1,500, e-commerce, one country, 12 months, Germany: S 1,500.00,
U 3,000.00. Its forty pictures stand in tests/unit/test_royalties_split.py.
"""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.bookings.models import Approval, Booking, RightsSlot
from apps.bookings.services import answers, closing, delivery, making, review
from apps.bookings.states import State
from apps.bookings.tasks import sweep_answers, sweep_deadlines
from apps.bookings.times import CHOICE_WINDOW
from apps.common.errors import NotAllowed, Refused, StaleState
from apps.common.refs import PLATFORM
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
    # half of S and of U = 2,250.00; service 450.00, platform 180.00, VAT of 2,880.00 = 547.20
    "half of F": 342_720,
    "F": PAID,
}
# Who earns what of that: commission 20 %, half of it the mother agency's; the service charge is the agency's alone.
EARN = {
    "nothing": {},
    "a quarter of S": {"model": 30_000, "agency": 7_500 + 3_750, "mother": 3_750, "platform": 3_000},
    "S": {"model": 120_000, "agency": 30_000 + 15_000, "mother": 15_000, "platform": 12_000},
    "half of F": {"model": 180_000, "agency": 45_000 + 22_500, "mother": 22_500, "platform": 18_000},
    "F": {"model": 360_000, "agency": 90_000 + 45_000, "mother": 45_000, "platform": 36_000},
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


def she_answers_to_none(world: World, booking: Booking) -> Booking:
    booking.reviews.update(deadline_at=timezone.now())
    return silence(world, booking)


def brand_is_silent(world: World, booking: Booking) -> Booking:
    """Nothing happens a second before the fourteen days are over."""
    booking.transitions.update(created_at=timezone.now() - CHOICE_WINDOW)
    for age, ends in ((CHOICE_WINDOW - timedelta(seconds=30), False), (CHOICE_WINDOW, True)):
        booking.reviews.update(decided_at=timezone.now() - age)
        sweep_deadlines()
        booking = make.fresh(booking)
        assert (booking.state == State.CANCELLED or booking.finished_at is not None) == ends
    return delivery.release_selected(booking=booking) if booking.finished_at else booking


def delivered(world: World, booking: Booking) -> Booking:
    review.finish(by=world.producer.actor, booking=booking)
    return delivery.release_selected(booking=make.fresh(booking))


def all_made(world: World, *, passes: int) -> Booking:
    """Every candidate of the voucher was made; she passed so many of them and rejected the others."""
    booking = make.in_review(world)
    while waiting := list(booking.reviews.filter(decision="waiting").select_related("booking__twin__talent", "look")):
        for picture in waiting:
            good = booking.reviews.filter(decision="passed").count() < passes
            review.decide(by=world.maya.actor, review=picture, passed=good)
        for job in Job.objects.of_booking(booking.ref).open():
            making.receive_candidate(candidate=make.make_candidate(job))
    return make.fresh(booking)


def one_withheld(world: World) -> Booking:
    booking = all_made(world, passes=1)
    return choose(world, booking, 1)


def one_left(world: World) -> Booking:
    return choose(world, passed(world), 1)


def choose(world: World, booking: Booking, pictures: int) -> Booking:
    rows = booking.reviews.filter(decision="passed").select_related("booking__brand", "look")
    for picture in rows[:pictures]:
        review.select(by=world.producer.actor, review=picture, chosen=True)
    return make.fresh(booking)


def put_back(world: World) -> Booking:
    booking = make.chosen(world)
    for picture in booking.reviews.select_related("booking__brand", "look"):
        review.select(by=world.producer.actor, review=picture, chosen=False)
    return make.fresh(booking)


def finished(world: World) -> Booking:
    return review.finish(by=world.producer.actor, booking=make.chosen(world))


def to_sign(world: World) -> Booking:
    booking = negotiations.proposing(world)
    negotiations.propose(world, booking)
    return booking


def passed(world: World) -> Booking:
    booking = make.in_review(world)
    for picture in booking.reviews.select_related("booking__twin__talent", "look"):
        review.decide(by=world.maya.actor, review=picture, passed=True)
    return make.fresh(booking)


# Before agreement nothing, and nothing before the payment: what it is, how it ends, as what.
UNPAID = {
    "a draft is left": (make.draft, brand_leaves, State.CANCELLED),
    "a request is left": (make.submitted, brand_leaves, State.CANCELLED),
    "she declines": (make.submitted, model_says_no, State.DECLINED),
    "the agency declines": (make.submitted, agency_says_no, State.DECLINED),
    "nobody answers": (make.submitted, silence, State.EXPIRED),
    "left while a version is written": (negotiations.proposing, brand_leaves, State.CANCELLED),
    "declined instead of a version": (negotiations.proposing, agency_says_no, State.DECLINED),
    "nobody writes the version": (negotiations.proposing, silence, State.EXPIRED),
    "left while she reads the version": (to_sign, brand_leaves, State.CANCELLED),
    "she declines the version": (to_sign, model_says_no, State.DECLINED),
    "the agency declines after writing it": (to_sign, agency_says_no, State.DECLINED),
    "she does not sign the version": (to_sign, silence, State.EXPIRED),
    "a counter-offer is left": (negotiations.countered, brand_leaves, State.CANCELLED),
    "a counter-offer is not answered": (negotiations.countered, silence, State.EXPIRED),
    "left before paying": (make.agreed, brand_leaves, State.CANCELLED),
    "not paid within seven days": (make.agreed, silence, State.EXPIRED),
}
# After the payment: what stays is earned, the rest goes back with its fees and VAT.
MONEY = {
    "left once paid": (make.funded, brand_leaves, State.CANCELLED, "a quarter of S"),
    "left while pictures are made": (make.generating, brand_leaves, State.CANCELLED, "a quarter of S"),
    "left before it saw one": (make.in_review, brand_leaves, State.CANCELLED, "a quarter of S"),
    "left after it saw one": (passed, brand_leaves, State.CANCELLED, "S"),
    "it never chooses": (passed, brand_is_silent, State.CANCELLED, "S"),
    "left after it put all back": (put_back, brand_leaves, State.CANCELLED, "S"),
    "left after it chose": (make.chosen, brand_leaves, State.CANCELLED, "F"),
    "on hold once paid": (make.funded, twin_rests, State.CANCELLED, "nothing"),
    "on hold while pictures are made": (make.generating, twin_rests, State.CANCELLED, "nothing"),
    "on hold in review": (passed, twin_rests, State.CANCELLED, "nothing"),
    "on hold after it chose": (make.chosen, twin_rests, State.CANCELLED, "nothing"),
    "on hold after it finished": (finished, twin_rests, State.CANCELLED, "nothing"),
    "no job succeeds": (make.generating, no_job_succeeds, State.FAILED, "nothing"),
    "she rejects all": (make.in_review, she_rejects_all, State.CLOSED_UNDELIVERED, "nothing"),
    "she answers to none": (make.in_review, she_answers_to_none, State.CLOSED_UNDELIVERED, "nothing"),
    "delivered": (make.chosen, delivered, State.DELIVERED, "F"),
    "delivered for it, after it chose and never finished": (make.chosen, brand_is_silent, State.DELIVERED, "F"),
    "delivered, one of two withheld by her": (one_withheld, delivered, State.DELIVERED, "half of F"),
    "delivered, one of two not chosen": (one_left, delivered, State.DELIVERED, "F"),
}


@pytest.mark.parametrize("how", UNPAID)
def test_before_the_payment_nothing_is_owed_and_nothing_is_held(world, how):
    """Before agreement nothing."""
    stands, leaves, state = UNPAID[how]
    booking = leaves(world, stands(world))
    assert booking.state == state
    assert not Charge.objects.exists() and not Royalty.objects.exists()
    assert not RightsSlot.objects.filter(released_at=None).exists()


@pytest.mark.parametrize("how", MONEY)
def test_after_the_payment_the_closing_rule_says_what_stays(world, how):
    """Funded and nothing generated: 25 % of S. After the brand saw a picture: S. After it selected: F. Model or system
    at fault: everything for the undelivered share goes back, F, both fees and VAT. What the brand did not choose is
    not missing."""
    stands, leaves, state, stays = MONEY[how]
    booking = leaves(world, stands(world))
    assert booking.state == state
    charge = Charge.objects.get(ref=booking.ref)
    assert charge.amount_minor == PAID
    assert charge.amount_minor - charge.promised_minor == STAYS[stays]
    assert earned(world, booking) == EARN[stays]
    stripe_site.work()
    charge.refresh_from_db()
    assert charge.refunded_minor == charge.promised_minor, "what was promised has been sent back"
    assert balance(f"held:{booking.ref}", EUR) == 0, "nothing is held for nobody"
    assert not Voucher.objects.filter(revoked_at=None).exists(), "no voucher survives any exit"
    assert RightsSlot.objects.filter(released_at=None).exists() == (state == State.DELIVERED)


def earned(world: World, booking: Booking) -> dict[str, int]:
    names = {
        world.talent.party: "model", world.agency.party: "agency", world.mother.party: "mother", PLATFORM: "platform",
    }  # fmt: skip
    sums: Counter[str] = Counter()
    for row in Royalty.objects.filter(charge_ref=booking.ref):
        sums[names[row.party]] += row.earned_minor or 0
    return dict(+sums)


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
