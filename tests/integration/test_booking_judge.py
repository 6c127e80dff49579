"""Anybody does anything to several bookings of one twin, in any order, while time passes: what must never be, never is.

The acts and what always holds are in tests/integration/judge. Before a picture "comes back" the real authorisation is
asked, as it is before every GPU call. JUDGE_EXAMPLES=500 looks further than a quick run does.
"""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, run_state_machine_as_test

from apps.bookings import tasks
from apps.bookings.conditions import UNCONDITIONAL
from apps.bookings.models import Approval, Booking
from apps.bookings.services import answers, closing, countering, making, payment, renewing, review
from apps.bookings.states import State
from apps.bookings.table import BY_ACTION
from apps.bookings.times import CHOICE_WINDOW
from apps.common.vocabulary import Exclusivity
from apps.demonstration.history.clock import standing_at
from apps.generation.models import Job
from apps.twins.services import pause, resume
from tests.factories import bookings as make
from tests.factories import licences, negotiations
from tests.factories.bookings import fresh, submitted
from tests.factories.identity import staff_member
from tests.factories.people import Person, World, acting, make_member, make_world
from tests.integration.judge.asking import Asking
from tests.integration.judge.ending import Ending
from tests.integration.judge.licences import Licences
from tests.integration.judge.stage import BEGIN, BRANDS, ROLES, SEEN, ends

pytestmark = pytest.mark.django_db

EXAMPLES = int(os.environ.get("JUDGE_EXAMPLES", "8"))
exclusivities = st.sampled_from(Exclusivity.values)
# Where every run gets to; the rest of the table comes up in some.
SURELY = {"submit", "agree", "fund", "start_making", "open_review", "deliver", "expire"}


class Bookings(Asking, Licences, Ending):
    def two_brands_ask(self, exclusivity: str, stages: int) -> None:
        """A run begins where the first of them is asked for (0), paid, being made, in review, passed or delivered."""
        for who in sorted(BRANDS):
            submitted(self.world, brand=who, territories=["DE", "FR"], exclusivity=exclusivity, pictures=2)
        first = fresh(Booking.objects.order_by("created_at")[0])
        if stages:
            for who in ("booker", "maya"):
                self.says(who, first, UNCONDITIONAL)
            self.pays(fresh(first))
        for _ in range(1, stages):
            self.goes_on(fresh(first))


class FromTheRequest(Bookings):
    @initialize(exclusivity=exclusivities, stages=st.integers(0, 4))
    def begin(self, exclusivity: str, stages: int) -> None:
        self.two_brands_ask(exclusivity, stages)


class FromTheDelivery(Bookings):
    @initialize(exclusivity=exclusivities)
    def begin(self, exclusivity: str) -> None:
        self.two_brands_ask(exclusivity, 5)


@pytest.fixture
def cast_of_all() -> Iterator[None]:
    with standing_at(BEGIN - timedelta(days=1)):
        world = make_world()
        people = {role: getattr(world, role) for role in ROLES if hasattr(world, role)}
        people["accountant"] = make_member(world.agency, "accountant", "anne")
        people["viewer"] = make_member(world.brand, "viewer", "vera")
        user = staff_member()
        people["staff"] = Person(user, acting(user, "platform", "staff", frozenset()))
    Bookings.people, Bookings.world = people, world
    yield


@pytest.mark.parametrize("machine", [FromTheRequest, FromTheDelivery])
def test_no_order_of_acts_leads_where_nobody_consented(cast_of_all: None, machine: type[Bookings]) -> None:
    """Nothing is made, shown or used without the model's own, specific, provable yes."""
    quiet = settings(
        max_examples=EXAMPLES, stateful_step_count=40, deadline=None, derandomize=True,
        verbosity=Verbosity[os.environ.get("JUDGE_VERBOSITY", "normal")], phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    SEEN.clear()  # of another run in this process
    run_state_machine_as_test(machine, settings=quiet)
    print("came up:", sorted(SEEN.items()), "never:", sorted(set(BY_ACTION) - set(SEEN)))
    missed = SURELY - set(SEEN) - ({"deliver"} if machine is FromTheRequest else set())
    assert not missed, f"it did not get far enough to judge anything: never {sorted(missed)}"


# ---- what random acts reach seldom, in named sequences ----


def declined_instead_of_written(world: World) -> Booking:
    booking = negotiations.proposing(world)
    answers.answer(by=world.booker.actor, booking=booking, version=1, answer="no")
    Approval.objects.filter(answer="no").update(counts_from=timezone.now())
    tasks.sweep_answers()
    return fresh(booking)


def taken_back_and_signed_again(world: World) -> Booking:
    booking = negotiations.countered(world)
    booking = fresh(answers.take_back(by=world.maya.actor, booking=booking))
    return negotiations.counter(world, booking)


def yes_taken_back(world: World) -> Booking:
    return fresh(answers.take_back(by=world.maya.actor, booking=make.agreed(world)))


def accepted(world: World) -> Booking:
    booking = negotiations.countered(world)
    return countering.accept_counter(by=world.producer.actor, booking=booking, version=booking.version)


def answered_with_its_own(world: World) -> Booking:
    return negotiations.resubmit(world, negotiations.countered(world), pictures=1, fee_minor=None)


def left_for_nothing(world: World) -> Booking:
    return closing.cancel(by=world.producer.actor, booking=make.submitted(world))


def left_after_paying(world: World) -> Booking:
    return closing.cancel(by=world.producer.actor, booking=make.generating(world))


def paused(world: World, booking: Booking) -> Booking:
    pause(by=world.maya.actor, twin=world.twin)
    making.hold_all_of(twin=world.twin)
    return fresh(booking)


def resumed(world: World, booking: Booking) -> Booking:
    paused(world, booking)
    world.twin.refresh_from_db()
    resume(by=world.maya.actor, twin=world.twin)
    making.resume_all_of(twin=world.twin)
    return fresh(booking)


def paused_for_fourteen_days(world: World) -> Booking:
    booking = paused(world, make.in_review(world))
    Booking.objects.update(deadline_at=timezone.now())
    tasks.sweep_deadlines()
    return fresh(booking)


def no_job_succeeds(world: World) -> Booking:
    booking = make.generating(world)
    for job in Job.objects.of_booking(booking.ref).open():
        ends(job)
    return making.settle_making(booking=booking)


def silence_about_every_picture(world: World) -> Booking:
    booking = make.in_review(world)
    booking.reviews.update(deadline_at=timezone.now())
    tasks.sweep_deadlines()
    return fresh(booking)


def nothing_is_chosen(world: World) -> Booking:
    booking = make.in_review(world)
    for picture in booking.reviews.select_related("booking__twin__talent", "look"):
        review.decide(by=world.maya.actor, review=picture, passed=True)
    booking.reviews.update(decided_at=timezone.now() - CHOICE_WINDOW)
    booking.transitions.update(created_at=timezone.now() - CHOICE_WINDOW)
    tasks.sweep_deadlines()
    return fresh(booking)


def renewal_paused_and_resumed(world: World) -> Booking:
    booking = renewing.ask_renewal(by=world.producer.actor, licence=licences.running(world))
    for who in (world.booker, world.maya):
        answers.answer(by=who.actor, booking=booking, version=1, answer="yes")
    licences.paid(payment.checkout(by=world.producer.actor, booking=fresh(booking)))
    return renewing.start(booking=resumed(world, booking))


# What each leads to, and the steps of the table that it takes on the way.
DIRECTED: dict[str, tuple[Callable[[World], Booking], State, set[str]]] = {
    "an agency says no instead of writing": (declined_instead_of_written, State.DECLINED, {"decline"}),
    "she takes her signature back and signs anew": (
        taken_back_and_signed_again, State.COUNTERED, {"reopen_proposal", "counter"},
    ),
    "she takes her yes back": (yes_taken_back, State.SUBMITTED, {"take_back"}),
    "the brand accepts the counter-offer": (accepted, State.AGREED, {"open_conditions", "accept_counter"}),
    "the brand answers with its own version": (answered_with_its_own, State.SUBMITTED, {"resubmit"}),
    "the brand leaves before paying": (left_for_nothing, State.CANCELLED, {"cancel"}),
    "the brand leaves after paying": (left_after_paying, State.CANCELLED, {"cancel_paid"}),
    "a pause while nothing was shown": (
        lambda world: resumed(world, make.generating(world)), State.GENERATING, {"hold", "resume_making"},
    ),
    "a pause in review": (lambda world: resumed(world, make.in_review(world)), State.IN_REVIEW, {"resume_review"}),
    "a pause of fourteen days": (paused_for_fourteen_days, State.CANCELLED, {"cancel_held"}),
    "no job succeeds": (no_job_succeeds, State.FAILED, {"fail"}),
    "she answers to no picture": (silence_about_every_picture, State.CLOSED_UNDELIVERED, {"close_undelivered"}),
    "the brand never chooses": (nothing_is_chosen, State.CANCELLED, {"close_unchosen"}),
    "a renewal that is paused in between": (renewal_paused_and_resumed, State.DELIVERED, {"resume_renewal", "renew"}),
}  # fmt: skip


@pytest.mark.django_db(databases=["default", "sandbox"])
@pytest.mark.parametrize("name", DIRECTED)
def test_what_seldom_comes_up_by_chance_is_walked_on_purpose(name: str) -> None:
    walk, ends_in, steps = DIRECTED[name]
    booking = walk(make_world())
    assert booking.state == ends_in
    assert set(booking.transitions.values_list("action", flat=True)) >= steps


def test_between_them_they_take_every_step_of_the_table() -> None:
    walked = set().union(*(steps for _, _, steps in DIRECTED.values()))
    never = set(BY_ACTION) - SURELY - walked
    assert not never, f"nothing here takes {sorted(never)}"
