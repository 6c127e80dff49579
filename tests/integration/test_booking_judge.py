"""Anybody does anything to several bookings of one twin, in any order, while time passes: what must never be, never is.

Real services, guards and database; only the payer's bank and the GPU service are stood in for. Before a picture "comes
back" the real authorisation is asked, as it is before every GPU call.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from apps.accounts.actor import Actor
from apps.bookings import tasks
from apps.bookings.calendar import countries_of, wish_of
from apps.bookings.conditions import UNCONDITIONAL, Conditions, narrowed
from apps.bookings.models import Approval, Booking, Review, RightsSlot, Transition
from apps.bookings.services import answers, closing, countering, making, payment, proposing, review
from apps.bookings.states import HOLDS_RIGHTS, TERMINAL, State
from apps.bookings.terms import offer_of, proposal_of
from apps.common.errors import DomainError
from apps.common.vocabulary import Exclusivity
from apps.consents.models import Purpose
from apps.consents.services import has
from apps.demonstration.history.clock import standing_at
from apps.generation.authorisation import refusal
from apps.generation.models import Job, Voucher
from apps.ledger.services import Leg, post
from apps.payments.models import Charge
from apps.twins.models import Twin
from apps.twins.services import pause, resume
from tests.factories.bookings import fresh, make_candidate, submitted
from tests.factories.identity import staff_member
from tests.factories.people import Person, World, acting, make_member, make_world

pytestmark = pytest.mark.django_db

MOST_BOOKINGS = 3
PAID = {State.FUNDED, State.GENERATING, State.IN_REVIEW, State.ON_HOLD}
MARKED = "somebody's right was not asked for"
CONDITIONS = (
    Conditions(longest_window_months=6),
    Conditions(no_exclusivity=True),
    Conditions(lowest_fee_minor=2_000_000),
    Conditions(territories=("DE",), most_pictures=1),
)
ROLES = ("maya", "booker", "producer", "rival_producer", "other_model", "other_booker", "mother_booker", "staff",
         "accountant", "viewer")  # fmt: skip
whoever = st.sampled_from(ROLES)
# Those whose act could be right come up more often than all the others together.
side = st.sampled_from(["maya", "booker"] * 8 + list(ROLES))
brand = st.sampled_from(["producer", "rival_producer"] * 8 + list(ROLES))
BRANDS = {"producer", "rival_producer"}
SEEN: Counter[str] = Counter()
# Where every run gets to; the rest of the table comes up in some.
SURELY = {"submit", "agree", "open_conditions", "counter", "fund", "start_making", "expire"}


class Bookings(RuleBasedStateMachine):
    people: dict[str, Person]
    world: World

    def __init__(self) -> None:
        super().__init__()
        self.open = transaction.atomic()
        self.open.__enter__()
        self.time = standing_at(datetime(2026, 12, 1, 9, tzinfo=UTC))
        self.clock = self.time.__enter__()
        self.pictures = 0

    def teardown(self) -> None:
        SEEN.update(Transition.objects.values_list("action", flat=True))
        try:
            self.everything_comes_to_an_end()
        finally:
            self.time.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.open.__exit__(None, None, None)

    # ---- who does it, and to what ----

    def by(self, who: str) -> Actor:
        return replace(self.people[who].actor, stepped_up_at=timezone.now())

    def one(self, data: st.DataObject, *states: State) -> Booking | None:
        """Mostly one in these states, sometimes any other: then the act must be refused."""
        everything = list(Booking.objects.with_parties().order_by("created_at"))
        fitting = [booking for booking in everything if booking.state in states]
        chosen = fitting if fitting and data.draw(st.integers(0, 4)) else everything
        return data.draw(st.sampled_from(chosen)) if chosen else None

    def tries(self, act: Callable[[], object]) -> bool:
        """Whether it was done. A refusal is a DomainError and leaves nothing behind."""
        try:
            with transaction.atomic():
                act()
        except DomainError:
            return False
        return True

    # ---- the brand asks, the others answer ----

    @initialize(exclusivity=st.sampled_from(Exclusivity.values))
    def two_brands_ask(self, exclusivity: str) -> None:
        for who in sorted(BRANDS):
            submitted(self.world, brand=who, territories=["DE", "FR"], exclusivity=exclusivity, pictures=2)

    @precondition(lambda self: Booking.objects.count() < MOST_BOOKINGS)
    @rule(who=st.sampled_from(sorted(BRANDS)), exclusivity=st.sampled_from(Exclusivity.values),
          where=st.sampled_from([["DE"], ["FR"], ["DE", "FR"]]))  # fmt: skip
    def ask(self, who: str, exclusivity: str, where: list[str]) -> None:
        wide: dict[str, Any] = {"territories": where, "exclusivity": exclusivity, "pictures": 2}
        self.tries(lambda: submitted(self.world, brand=who, **wide))

    @rule(data=st.data(), who=side, answer=st.sampled_from(["yes", "yes", "conditions", "conditions", "no"]),
          conditions=st.sampled_from(CONDITIONS))  # fmt: skip
    def answer(self, data: st.DataObject, who: str, answer: str, conditions: Conditions) -> None:
        if not (booking := self.one(data, State.SUBMITTED, State.PROPOSING)):
            return
        asked = proposal_of(booking) if booking.state == State.PROPOSING else None
        version = asked.version if asked else booking.version
        given = conditions if answer == "conditions" else UNCONDITIONAL
        done = self.tries(
            lambda: answers.answer(by=self.by(who), booking=booking, version=version, answer=answer, conditions=given)
        )
        assert not done or who in {"maya", "booker"}, MARKED

    @rule(data=st.data(), who=side)
    def take_back(self, data: st.DataObject, who: str) -> None:
        if booking := self.one(data, State.SUBMITTED, State.PROPOSING, State.COUNTERED, State.AGREED):
            done = self.tries(lambda: answers.take_back(by=self.by(who), booking=booking))
            assert not done or who in {"maya", "booker"}, MARKED

    @rule(data=st.data(), who=side, months=st.sampled_from([3, 6, 12]), fee=st.sampled_from([None, 2_500_000]))
    def write_the_version(self, data: st.DataObject, who: str, months: int, fee: int | None) -> None:
        if not (booking := self.one(data, State.PROPOSING)):
            return
        offer = offer_of(booking.current_terms)
        fields: dict[str, Any] = {
            "media": offer.media,
            "territories": data.draw(st.sampled_from([offer.territories, ("DE",)])),
            "window_months": months,
            "exclusivity": data.draw(st.sampled_from(Exclusivity.values)),
            "pictures": 1,
            "fee_minor": fee,
        }
        done = self.tries(
            lambda: proposing.propose(by=self.by(who), booking=booking, version=booking.version, **fields)
        )
        assert not done or who == "booker", MARKED

    @rule(data=st.data(), who=brand)
    def accept(self, data: st.DataObject, who: str) -> None:
        if booking := self.one(data, State.COUNTERED):
            done = self.tries(
                lambda: countering.accept_counter(by=self.by(who), booking=booking, version=booking.version)
            )
            assert not done or self.is_of(who, booking), MARKED

    @rule(data=st.data(), who=brand, months=st.sampled_from([6, 12, 24]))
    def answer_with_its_own(self, data: st.DataObject, who: str, months: int) -> None:
        if booking := self.one(data, State.COUNTERED):
            done = self.tries(
                lambda: countering.resubmit(
                    by=self.by(who),
                    booking=booking,
                    version=booking.version,
                    pictures=1,
                    window_months=months,
                    fee_minor=None,
                )
            )
            assert not done or self.is_of(who, booking), MARKED

    @rule(data=st.data(), who=brand, surely=st.integers(0, 3))
    def cancel(self, data: st.DataObject, who: str, surely: int) -> None:
        if (booking := self.one(data, *State)) and not surely:
            done = self.tries(lambda: closing.cancel(by=self.by(who), booking=booking))
            assert not done or self.is_of(who, booking), MARKED

    def is_of(self, who: str, booking: Booking) -> bool:
        return who in BRANDS and self.people[who].actor.party == booking.brand.party

    @rule(data=st.data(), conditions=st.sampled_from(CONDITIONS), agree=st.booleans())
    def both_answer(self, data: st.DataObject, conditions: Conditions, agree: bool) -> None:
        """What happens most: both answer a request, one after the other, or a version is written and signed."""
        booking = self.one(data, State.SUBMITTED, State.PROPOSING)
        if booking is None:
            return
        if booking.state == State.SUBMITTED:
            for who, given in (("booker", UNCONDITIONAL), ("maya", UNCONDITIONAL if agree else conditions)):
                said = "yes" if given == UNCONDITIONAL else "conditions"
                self.tries(
                    lambda who=who, said=said, given=given: answers.answer(
                        by=self.by(who), booking=booking, version=booking.version, answer=said, conditions=given
                    )
                )
            return
        offer = narrowed(offer_of(booking.current_terms), [proposing.hers(booking)])
        raised = offer.fee_minor > booking.current_terms.fee_minor
        self.tries(
            lambda: proposing.propose(
                by=self.by("booker"),
                booking=booking,
                version=booking.version,
                media=offer.media,
                territories=offer.territories,
                window_months=offer.window_months,
                exclusivity=offer.exclusivity,
                pictures=offer.pictures,
                fee_minor=offer.fee_minor if raised else None,
            )
        )
        if written := proposal_of(booking):
            self.tries(
                lambda: answers.answer(by=self.by("maya"), booking=booking, version=written.version, answer="yes")
            )

    # ---- money, pictures, the twin ----

    @rule(data=st.data())
    def agree_and_pay(self, data: st.DataObject) -> None:
        """The short way into the making: whoever is asked says yes, the brand accepts, the bank pays."""
        if booking := self.one(data, State.SUBMITTED, State.COUNTERED, State.AGREED):
            mine = "producer" if booking.brand == self.world.brand else "rival_producer"
            for who in ("booker", "maya"):
                self.tries(
                    lambda who=who: answers.answer(
                        by=self.by(who), booking=booking, version=booking.version, answer="yes"
                    )
                )
            self.tries(lambda: countering.accept_counter(by=self.by(mine), booking=booking, version=booking.version))
            self.pays(fresh(booking))

    @rule(data=st.data())
    def the_bank_pays(self, data: st.DataObject) -> None:
        """Also for a booking whose agreement is gone by now: then it has to go back whole."""
        booking = self.one(data, State.AGREED)
        if booking and booking.version:
            self.pays(booking)

    def pays(self, booking: Booking) -> None:
        if not Charge.objects.filter(ref=booking.ref).exists():
            payment.fund(booking=booking, charge=_captured(booking))
            charge = Charge.objects.get(ref=booking.ref)
            assert fresh(booking).state == State.FUNDED or charge.promised_minor == charge.amount_minor

    @rule()
    def the_worker_starts(self) -> None:
        for booking in Booking.objects.filter(state=State.FUNDED):
            self.tries(lambda booking=booking: making.start_making(booking=booking))

    @rule(data=st.data())
    def a_picture_comes(self, data: st.DataObject) -> None:
        jobs = list(Job.objects.open().order_by("created_at"))
        if not jobs:
            return
        job = data.draw(st.sampled_from(jobs))
        if refusal(job) is not None:
            making.hold(booking=making.booking_of(job))
            return
        assert self.may_work(), "a picture without every consent"
        assert fresh(making.booking_of(job)).state in PAID, "a picture that nobody paid for"
        making.receive_candidate(candidate=make_candidate(job))
        self.pictures += 1

    @rule(data=st.data(), who=st.sampled_from(["maya"] * 12 + list(ROLES)), passed=st.booleans())
    def decide(self, data: st.DataObject, who: str, passed: bool) -> None:
        rows = list(Review.objects.filter(decision="waiting").select_related("booking__twin__talent", "look"))
        if rows:
            row = data.draw(st.sampled_from(rows))
            done = self.tries(lambda: review.decide(by=self.by(who), review=row, passed=passed))
            assert not done or who == "maya", MARKED

    @rule(data=st.data(), who=brand)
    def choose(self, data: st.DataObject, who: str) -> None:
        rows = list(Review.objects.select_related("booking__brand", "look").order_by("created_at"))
        if rows:
            row = data.draw(st.sampled_from(rows))
            done = self.tries(lambda: review.select(by=self.by(who), review=row, chosen=True))
            assert not done or (row.decision == Review.Decision.PASSED and self.is_of(who, row.booking)), MARKED

    @rule(who=st.sampled_from(["maya"] * 12 + list(ROLES)), on=st.sampled_from([False, False, False, True]))
    def pause_or_resume(self, who: str, on: bool) -> None:
        twin = Twin.objects.select_related("talent").get(pk=self.world.twin.pk)
        done = self.tries(lambda: (pause if on else resume)(by=self.by(who), twin=twin))
        assert not done or who == "maya", MARKED
        making.hold_all_of(twin=twin) if on else making.resume_all_of(twin=twin)

    @rule(hours=st.sampled_from([0, 0, 0, 0, 1, 12, 37, 67, 73]), minutes=st.integers(1, 15))
    def time_passes(self, hours: int, minutes: int) -> None:
        self.clock.set(timezone.now() + timedelta(hours=hours, minutes=minutes))
        for sweep in (tasks.sweep_answers, tasks.sweep_reminders, tasks.sweep_deadlines):
            sweep()

    # ---- what always holds ----

    def may_work(self) -> bool:
        twin = Twin.objects.select_related("talent").get(pk=self.world.twin.pk)
        return twin.state == Twin.State.LISTED and all(
            has(twin.talent, purpose) for purpose in (Purpose.GENERATE, Purpose.PUBLISH)
        )

    @invariant()
    def nobody_pays_without_an_agreement_that_she_signed(self) -> None:
        for booking in Booking.objects.filter(state__in=HOLDS_RIGHTS):
            terms = booking.current_terms
            given = {row.side: row for row in Approval.objects.filter(terms=terms, taken_back_at=None)}
            assert {row.answer for row in given.values()} == {"yes"} and len(given) == 2
            hers = given["talent"].signature
            assert hers.text_sha256 == terms.memo_sha256 and hers.signer == self.world.maya.user.pk
            if booking.state in PAID:
                assert Charge.objects.get(ref=booking.ref).amount_minor == terms.total_minor

    @invariant()
    def no_voucher_before_the_payment_and_none_after_the_end(self) -> None:
        for voucher in Voucher.objects.filter(revoked_at=None):
            booking = Booking.objects.get(pk=voucher.subject.removeprefix("booking:"))
            assert booking.state in PAID, f"a voucher while {booking.state}"

    @invariant()
    def no_licence_overlaps_an_exclusivity(self) -> None:
        held = list(Booking.objects.with_parties().filter(state__in=HOLDS_RIGHTS))
        for one, other in combinations(held, 2):
            a, b = wish_of(one), wish_of(other)
            if Exclusivity.NONE == a.exclusivity == b.exclusivity or not set(a.categories) & set(b.categories):
                continue
            assert not set(countries_of(a.territories)) & set(countries_of(b.territories))
        assert set(RightsSlot.objects.filter(released_at=None).values_list("booking", flat=True)) == {
            booking.pk for booking in held
        }

    @invariant()
    def nothing_stands_still(self) -> None:
        """Every state that is not closed has a way out: by somebody, by the clock, or by work that is under way."""
        for booking in Booking.objects.exclude(state__in=TERMINAL):
            clock = booking.deadline_at is not None
            somebody = booking.state == State.DRAFT or booking.state in PAID - {State.ON_HOLD}  # the brand may leave
            assert clock or somebody, f"nobody and nothing ends {booking.state}"

    def everything_comes_to_an_end(self) -> None:
        """Nobody ever acts again but the brands, who leave what is under way: time closes everything else."""
        self.clock.set(timezone.now() + timedelta(days=20))
        for sweep in (tasks.sweep_answers, tasks.sweep_deadlines):
            sweep()
        for booking in Booking.objects.with_parties().exclude(state__in=TERMINAL):
            by = self.by("producer" if booking.brand == self.world.brand else "rival_producer")
            closing.cancel(by=by, booking=booking)
        assert not Booking.objects.exclude(state__in=TERMINAL).exists()
        assert not RightsSlot.objects.filter(released_at=None).exists()
        assert not Voucher.objects.filter(revoked_at=None).exists()


def _captured(booking: Booking) -> Charge:
    """What the bank and Stripe leave behind when the agreed amount was paid."""
    terms = booking.current_terms
    net, vat, currency = terms.quote["net_minor"], terms.quote["vat_minor"], terms.currency
    now, ref = timezone.now(), booking.ref
    charge = Charge.objects.create(
        ref=ref, payer=booking.brand.party, currency=currency, amount_minor=net + vat, held_minor=net, vat_minor=vat,
        vat_country=booking.brand.country, state=Charge.State.PAID, paid_at=now, payment_intent=f"pi_{booking.code}",
        stripe_charge=f"ch_{booking.code}", balance_transaction=f"txn_{booking.code}",
    )  # fmt: skip
    legs = [Leg("stripe", currency, net + vat), Leg(f"held:{ref}", currency, -net)]
    legs += [Leg(f"vat:{booking.brand.country}", currency, -vat)] if vat else []
    post(key=f"paid:{ref}", kind="paid", ref=ref, legs=legs, occurred_at=now, by="system")
    return charge


@pytest.fixture
def cast_of_all() -> Iterator[None]:
    with standing_at(datetime(2026, 11, 30, 9, tzinfo=UTC)):
        world = make_world()
        people = {role: getattr(world, role) for role in ROLES if hasattr(world, role)}
        people["accountant"] = make_member(world.agency, "accountant", "anne")
        people["viewer"] = make_member(world.brand, "viewer", "vera")
        user = staff_member()
        people["staff"] = Person(user, acting(user, "platform", "staff", frozenset()))
    Bookings.people, Bookings.world = people, world
    yield


def test_no_order_of_acts_leads_where_nobody_consented(cast_of_all: None) -> None:
    """Nothing is made, shown or used without the model's own, specific, provable yes."""
    quiet = settings(
        max_examples=25, stateful_step_count=40, deadline=None, derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    SEEN.clear()  # of another run in this process
    run_state_machine_as_test(Bookings, settings=quiet)
    assert set(SEEN) >= SURELY, "it did not get far enough to judge anything"
