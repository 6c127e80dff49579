"""Voucher, pictures, the model's verdict, the brand's choice and wishes, delivery; and her power to stop all of it."""

from collections.abc import Callable
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import rule

from apps.bookings import tasks
from apps.bookings.models import Booking, Review, Wish
from apps.bookings.services import delivery, making, pins, renewing, review, wishes
from apps.bookings.states import IN_THE_MAKING, State
from apps.consents.models import Consent, Purpose
from apps.consents.services import grant, has, withdraw
from apps.generation.authorisation import refusal
from apps.generation.models import Job, Voucher
from apps.talent.models import NeverAgain
from apps.talent.never_again import allow_again
from apps.twins.models import Twin
from apps.twins.services import pause, resume
from tests.factories.bookings import fresh, make_candidate
from tests.integration.judge.stage import MARKED, SEEN, Stage, brand, ends, herself, there_is

SHOWN = "booking__brand", "booking__twin__talent", "look__booking"
STOPS = st.sampled_from([Purpose.PUBLISH, Purpose.PUBLISH, Purpose.GENERATE, Purpose.PROMOTE])


class Making(Stage):
    # ---- the workers ----

    @there_is(State.FUNDED, "finished")
    @rule()
    def the_workers_work(self) -> None:
        for booking in Booking.objects.filter(state=State.FUNDED):
            self.tries(lambda booking=booking: _start(booking))
        for booking in Booking.objects.filter(state=State.IN_REVIEW, finished_at__isnull=False):
            delivery.release_selected(booking=booking)

    @there_is("jobs")
    @rule(data=st.data())
    def a_picture_comes(self, data: st.DataObject) -> None:
        if jobs := list(Job.objects.open().order_by("created_at")):
            self.comes(data.draw(st.sampled_from(jobs)))

    def comes(self, job: Job) -> None:
        """Before it does the real authorisation is asked, as it is before every GPU call; forbidden, the job ends."""
        booking = fresh(making.booking_of(job))
        if refused := refusal(job):
            ends(job, refused=True, error_code=refused.reason)
            making.hold(booking=booking)
            return
        voucher = Voucher.objects.get(pk=job.voucher_id)
        assert self.may_work(), "a picture without every consent"
        assert booking.state in IN_THE_MAKING, "a picture that nobody paid for, or while the booking is on hold"
        assert voucher.state == Voucher.State.ACTIVE and voucher.ends > timezone.now(), "a picture without a voucher"
        assert voucher.left > 0, "a picture beyond the voucher"
        making.receive_candidate(candidate=make_candidate(job))

    @there_is("jobs")
    @rule(data=st.data(), surely=st.integers(0, 1))
    def the_engine_fails(self, data: st.DataObject, surely: int) -> None:
        jobs = list(Job.objects.open().order_by("created_at"))
        if jobs and not surely:
            job = data.draw(st.sampled_from(jobs))
            ends(job)
            making.settle_making(booking=making.booking_of(job))

    # ---- the model ----

    @there_is("to decide")
    @rule(data=st.data(), who=herself, passed=st.sampled_from([True, True, False]), never=st.integers(0, 5))
    def decide(self, data: st.DataObject, who: str, passed: bool, never: int) -> None:
        """Never again is said of a rejected picture, one time in six of something that it shows."""
        if rows := list(_reviews().filter(booking__state=State.IN_REVIEW, decision="waiting")):
            row = data.draw(st.sampled_from(rows))
            traits = () if passed or never else review.shown_by(row)[:1]
            done = self.tries(lambda: review.decide(by=self.by(who), review=row, passed=passed, never=traits))
            assert not done or who == "maya", MARKED

    @there_is("barred")
    @rule()
    def she_allows_it_again(self) -> None:
        if barred := NeverAgain.objects.select_related("boundaries__talent").first():
            self.did("allow again", lambda: allow_again(by=self.by("maya"), rule=barred))

    @there_is("wishes")
    @rule(data=st.data(), who=herself, granted=st.booleans())
    def answer_wish(self, data: st.DataObject, who: str, granted: bool) -> None:
        if rows := list(Wish.objects.select_related("look__booking__twin__talent").order_by("state", "created_at")):
            wish = data.draw(st.sampled_from(rows))
            done = self.did(
                "answer wish", lambda: wishes.answer_wish(by=self.by(who), wish=wish, granted=granted)
            )  # fmt: skip
            assert not done or who == "maya", MARKED

    @rule(who=herself, surely=st.integers(0, 1))
    def pause(self, who: str, surely: int) -> None:
        if not surely:
            self.pauses(who, pause)
            making.hold_all_of(twin=self.world.twin)

    @there_is("paused")
    @rule(who=herself)
    def resume(self, who: str) -> None:
        self.pauses(who, resume)
        making.resume_all_of(twin=self.world.twin)

    def pauses(self, who: str, act: Callable[..., object]) -> None:
        twin = Twin.objects.select_related("talent").get(pk=self.world.twin.pk)
        done = self.tries(lambda: act(by=self.by(who), twin=twin))
        assert not done or who == "maya", MARKED

    @rule(who=herself, purpose=STOPS, surely=st.integers(0, 1))
    def withdraw_a_consent(self, who: str, purpose: Purpose, surely: int) -> None:
        consent = Consent.objects.in_force().filter(talent=self.world.talent, purpose=purpose).first()
        if consent and not surely:
            done = self.did(f"withdraw {purpose}", lambda: withdraw(by=self.by(who), consent=consent))
            assert not done or who == "maya", MARKED

    @there_is("withdrawn")
    @rule(who=herself)
    def sign_what_is_missing(self, who: str) -> None:
        for purpose in (Purpose.GENERATE, Purpose.PUBLISH):
            if not has(self.world.talent, purpose):
                done = self.tries(
                    lambda purpose=purpose: grant(
                        by=self.by(who), talent=self.world.talent, purpose=purpose, scope="My face and figure",
                        rate_of_pay="As quoted", intended_uses=["Campaigns I say yes to"],
                        ends_at=timezone.now() + timedelta(days=1_000),
                    )
                )  # fmt: skip
                assert not done or who == "maya", MARKED

    # ---- the brand ----

    @there_is("pictures")
    @rule(data=st.data(), who=brand, chosen=st.sampled_from([True, True, True, False]))
    def choose(self, data: st.DataObject, who: str, chosen: bool) -> None:
        if rows := list(_reviews().filter(booking__state=State.IN_REVIEW)):
            row = data.draw(st.sampled_from(rows))
            who = self.who(who, row.booking)
            done = self.tries(lambda: review.select(by=self.by(who), review=row, chosen=chosen))
            assert not done or (row.decision == Review.Decision.PASSED and self.is_of(who, row.booking)), MARKED

    @there_is("pictures")
    @rule(data=st.data(), who=brand, words=st.booleans())
    def ask_for_another(self, data: st.DataObject, who: str, words: bool) -> None:
        """With words pinned to a picture it waits for her yes; without, it is made within the voucher."""
        if rows := list(_reviews().filter(booking__state=State.IN_REVIEW)):
            row = data.draw(st.sampled_from(rows))
            who = self.who(who, row.booking)
            if words:
                pinned = self.did("pin", lambda: pins.pin(by=self.by(who), review=row, x=1, y=1, text="More red"))
                assert not pinned or row.decision == Review.Decision.PASSED or who in {"maya", "booker"}, MARKED
            waiting, made = Wish.objects.filter(state="waiting").count(), Job.objects.count()
            if not self.did("ask another", lambda: review.ask_another(by=self.by(who), look=row.look)):
                return
            assert self.is_of(who, row.booking), MARKED
            if Wish.objects.filter(state="waiting").count() > waiting:
                assert Job.objects.count() == made, "words that she has not read"
                SEEN["wish"] += 1

    @there_is(State.IN_REVIEW)
    @rule(data=st.data(), who=brand)
    def finish(self, data: st.DataObject, who: str) -> None:
        if booking := self.one(data, State.IN_REVIEW):
            who = self.who(who, booking)
            done = self.did("finish", lambda: review.finish(by=self.by(who), booking=booking))
            assert not done or self.is_of(who, booking), MARKED

    @there_is(*IN_THE_MAKING)
    @rule(data=st.data())
    def all_goes_well(self, data: st.DataObject) -> None:
        """What happens most, one stage further: it is started, what is ordered comes, is passed, chosen, released."""
        if booking := self.one(data, *IN_THE_MAKING):
            self.goes_on(booking)

    def goes_on(self, booking: Booking) -> None:
        if booking.state == State.FUNDED:
            self.tries(lambda: _start(booking))
        elif booking.state == State.GENERATING:
            for job in Job.objects.of_booking(booking.ref).open().order_by("created_at"):
                self.comes(job)
        elif booking.reviews.filter(decision="waiting").exists():
            for row in _reviews().filter(booking=booking):
                self.tries(lambda row=row: review.decide(by=self.by("maya"), review=row, passed=True))
        elif booking.state == State.IN_REVIEW:
            by = self.by(self.own(booking))
            for row in _reviews().filter(booking=booking):
                self.tries(lambda row=row: review.select(by=by, review=row, chosen=True))
            self.did("finish", lambda: review.finish(by=by, booking=booking))
            delivery.release_selected(booking=fresh(booking))

    # ---- time ----

    @rule(hours=st.sampled_from([0, 0, 0, 0, 0, 0, 1, 12, 37, 49, 73]), minutes=st.integers(1, 15))
    def time_passes(self, hours: int, minutes: int) -> None:
        self.wait(hours=hours, minutes=minutes)
        self.sweeps()

    @there_is(State.ON_HOLD, State.DELIVERED)
    @rule(days=st.sampled_from([6, 15, 31, 120]))
    def weeks_pass(self, days: int) -> None:
        self.wait(days=days)
        self.sweeps()

    def sweeps(self) -> None:
        for sweep in (
            *(tasks.sweep_answers, tasks.sweep_reminders, tasks.sweep_deadlines, tasks.sweep_making),
            tasks.sweep_licences,
        ):
            sweep()

    def may_work(self) -> bool:
        twin = Twin.objects.select_related("talent").get(pk=self.world.twin.pk)
        return twin.state == Twin.State.LISTED and all(
            has(twin.talent, purpose) for purpose in (Purpose.GENERATE, Purpose.PUBLISH)
        )


def _start(booking: Booking) -> None:
    """What the message after a payment asks of a worker: a renewal makes no picture."""
    (renewing.start if booking.renews_id else making.start_making)(booking=booking)


def _reviews() -> QuerySet[Review]:
    return Review.objects.select_related(*SHOWN).order_by("created_at")
