"""The brand asks, agency and model answer, a version is written, countered, accepted, left."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from apps.bookings.conditions import UNCONDITIONAL, Conditions, narrowed
from apps.bookings.models import Booking
from apps.bookings.services import answers, closing, countering, proposing
from apps.bookings.states import State
from apps.bookings.terms import offer_of, proposal_of
from apps.common.vocabulary import Exclusivity
from tests.factories.bookings import fresh, submitted
from tests.integration.judge.stage import BRANDS, MARKED, Stage, brand, side, there_is

MOST_BOOKINGS = 3
CONDITIONS = (
    Conditions(longest_window_months=6),
    Conditions(no_exclusivity=True),
    Conditions(lowest_fee_minor=2_000_000),
    Conditions(territories=("DE",), most_pictures=1),
)


class Asking(Stage):
    @precondition(lambda self: sum(self.stand[state] for state in State) < MOST_BOOKINGS)
    @rule(who=st.sampled_from(sorted(BRANDS)), exclusivity=st.sampled_from(Exclusivity.values),
          where=st.sampled_from([["DE"], ["FR"], ["DE", "FR"]]), pictures=st.integers(1, 2),
          later=st.sampled_from([None, None, 3, 40]))  # fmt: skip
    def ask(self, who: str, exclusivity: str, where: list[str], pictures: int, later: int | None) -> None:
        wide: dict[str, Any] = {"territories": where, "exclusivity": exclusivity, "pictures": pictures}
        if later:
            wide["starts_on"] = self.today.fromordinal(self.today.toordinal() + later)
        self.tries(lambda: submitted(self.world, brand=who, **wide))

    @there_is(State.SUBMITTED, State.PROPOSING)
    @rule(data=st.data(), who=side, answer=st.sampled_from(["yes", "yes", "conditions", "conditions", "no"]),
          conditions=st.sampled_from(CONDITIONS))  # fmt: skip
    def answer(self, data: st.DataObject, who: str, answer: str, conditions: Conditions) -> None:
        """Also the no of an agency that is to write a version."""
        if not (booking := self.one(data, State.SUBMITTED, State.PROPOSING)):
            return
        asked = proposal_of(booking) if booking.state == State.PROPOSING and who == "maya" else None
        version = asked.version if asked else booking.version
        given = conditions if answer == "conditions" else UNCONDITIONAL
        done = self.tries(
            lambda: answers.answer(by=self.by(who), booking=booking, version=version, answer=answer, conditions=given)
        )
        assert not done or who in {"maya", "booker"}, MARKED

    @there_is(State.SUBMITTED, State.PROPOSING, State.COUNTERED, State.AGREED)
    @rule(data=st.data(), who=side)
    def take_back(self, data: st.DataObject, who: str) -> None:
        if booking := self.one(data, State.SUBMITTED, State.PROPOSING, State.COUNTERED, State.AGREED):
            done = self.tries(lambda: answers.take_back(by=self.by(who), booking=booking))
            assert not done or who in {"maya", "booker"}, MARKED

    @there_is(State.PROPOSING)
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

    @there_is(State.COUNTERED)
    @rule(data=st.data(), who=brand)
    def accept(self, data: st.DataObject, who: str) -> None:
        if booking := self.one(data, State.COUNTERED):
            who = self.who(who, booking)
            done = self.tries(
                lambda: countering.accept_counter(by=self.by(who), booking=booking, version=booking.version)
            )
            assert not done or self.is_of(who, booking), MARKED

    @there_is(State.COUNTERED)
    @rule(data=st.data(), who=brand, months=st.sampled_from([6, 12, 24]))
    def answer_with_its_own(self, data: st.DataObject, who: str, months: int) -> None:
        if booking := self.one(data, State.COUNTERED):
            who = self.who(who, booking)
            asked = {"pictures": 1, "window_months": months, "fee_minor": None}
            done = self.tries(
                lambda: countering.resubmit(by=self.by(who), booking=booking, version=booking.version, **asked)
            )
            assert not done or self.is_of(who, booking), MARKED

    @rule(data=st.data(), who=brand, surely=st.integers(0, 5))
    def cancel(self, data: st.DataObject, who: str, surely: int) -> None:
        if (booking := self.one(data, *State)) and not surely:
            who = self.who(who, booking)
            done = self.tries(lambda: closing.cancel(by=self.by(who), booking=booking))
            assert not done or self.is_of(who, booking), MARKED

    @there_is(State.SUBMITTED, State.PROPOSING)
    @rule(data=st.data(), conditions=st.sampled_from(CONDITIONS), agree=st.booleans())
    def both_answer(self, data: st.DataObject, conditions: Conditions, agree: bool) -> None:
        """What happens most: both answer a request, one after the other, or a version is written and signed."""
        booking = self.one(data, State.SUBMITTED, State.PROPOSING)
        if booking is None:
            return
        if booking.state == State.SUBMITTED:
            self.says("booker", booking, UNCONDITIONAL)
            self.says("maya", booking, UNCONDITIONAL if agree else conditions)
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

    def says(self, who: str, booking: Booking, given: Conditions) -> None:
        said = "yes" if given == UNCONDITIONAL else "conditions"
        self.tries(
            lambda: answers.answer(
                by=self.by(who), booking=booking, version=booking.version, answer=said, conditions=given
            )
        )

    @there_is(State.SUBMITTED, State.COUNTERED, State.AGREED)
    @rule(data=st.data())
    def agree_and_pay(self, data: st.DataObject) -> None:
        """The short way into the making: whoever is asked says yes, the brand accepts, the bank pays."""
        if booking := self.one(data, State.SUBMITTED, State.COUNTERED, State.AGREED):
            for who in ("booker", "maya"):
                self.says(who, booking, UNCONDITIONAL)
            by = self.by(self.own(booking))
            self.tries(lambda: countering.accept_counter(by=by, booking=booking, version=booking.version))
            self.pays(fresh(booking))

    @there_is(State.AGREED)
    @rule(data=st.data())
    def the_bank_pays(self, data: st.DataObject) -> None:
        """Also for a booking whose agreement is gone by now: then it has to go back whole."""
        booking = self.one(data, State.AGREED)
        if booking and booking.version:
            self.pays(booking)
