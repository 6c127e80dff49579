"""Telling one story: step by step, each at its hour, each through the service that the screens call.

A step looks at how far the booking is and does nothing where its work is done, so a load that was killed in the middle
of a story goes on with it. None of them writes a row that a service should write.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.db import transaction

from apps.accounts.actor import Actor
from apps.bookings.conditions import UNCONDITIONAL, Conditions, narrowed
from apps.bookings.models import Approval, Booking, Deliverable, Download, Licence, Look, Review
from apps.bookings.services import (
    answers,
    closing,
    compose,
    delivery,
    labelling,
    making,
    payment,
    pins,
    proposing,
    review,
)
from apps.bookings.states import IN_THE_MAKING, TERMINAL, State
from apps.bookings.terms import offer_of, proposal_of
from apps.common.depiction import Clothes, Kind, Trait
from apps.demonstration.composed import look_through, name_crew
from apps.demonstration.history.clock import Clock
from apps.demonstration.history.paying import pay_at_the_page
from apps.demonstration.history.places import log_places
from apps.demonstration.history.post import Post
from apps.demonstration.history.stories import Ending, Story
from apps.demonstration.people import actor_of, user_of
from apps.demonstration.products import product_of
from apps.generation.models import Job
from apps.notifications.models import Notice
from apps.organizations.models import Organization
from apps.payments import services as payments
from apps.payments.models import Charge
from apps.talent.never_again import never_again
from apps.twins.models import Twin
from apps.twins.services import pause

NOT_THIS_ONE = "Not this one, please."
BRAND_REMARKS = (
    (620, 640, "Can the collar lie flat here? The seam is what we sell."),
    (300, 820, "A little more room below, the caption stands there."),
    (760, 180, "The wall is warmer than our lookbook. Fine as it is."),
)
HIS_REMARK = "I like this one. The light is kind."
NEVER = Trait(Kind.CLOTHES, Clothes.STRIPES)  # no story of his shows it


@dataclass
class Telling:
    """One story under way."""

    story: Story
    clock: Clock
    post: Post

    @cached_property
    def brand(self) -> Organization:
        return Organization.objects.get(slug=self.story.brand)

    @property
    def twin(self) -> Twin:
        return Twin.objects.select_related("talent").get(talent__slug=self.story.twin)

    @property
    def booking(self) -> Booking:
        """As it stands now."""
        return Booking.objects.with_parties().get(brand=self.brand, title=self.story.title)

    @property
    def producer(self) -> Actor:
        return actor_of(user_of(self.story.brand))

    @property
    def model(self) -> Actor:
        return actor_of(user_of(self.story.twin))


@dataclass(frozen=True)
class Step:
    after: timedelta
    act: Callable[[Telling], None]


def tell(telling: Telling) -> str:
    """Every step at its hour; how it ended. The clock stands at the beginning of the story, or later.

    Pictures are really made, so one may come to nothing: then the booking has failed like any other, and says so.
    """
    begins = telling.clock.now()
    for step in STEPS[telling.story.ending]:
        telling.clock.at_least(begins + step.after)
        step.act(telling)
    state = telling.booking.state
    as_written = state == STANDS[telling.story.ending]
    return telling.story.ending if as_written else f"{State(state).label} instead of {telling.story.ending}"


def draft(t: Telling) -> None:
    """All or nothing: a half draft would not be found again by its title."""
    if Booking.objects.filter(brand=t.brand, title=t.story.title).exists():
        return
    story, by = t.story, t.producer
    with transaction.atomic():
        booking = compose.start_draft(by=by, twin=t.twin)
        booking = compose.update_draft(
            by=by,
            booking=booking,
            title=story.title,
            media=list(story.media),
            territories=list(story.territories) or [t.brand.country],
            window_months=story.months,
            exclusivity=story.exclusivity,
            category=story.category or t.brand.category,
        )
        for shot in story.shots:
            compose.save_look(
                by=by,
                booking=booking,
                title=shot.title,
                scene=shot.scene,
                brief=shot.brief,
                pictures=shot.pictures,
                format=shot.format,
                colour=shot.colour,
                light=shot.light,
                product=product_of(story.brand) if shot.product else None,
            )
        if story.given:
            name_crew(by=by, booking=booking, given=dict(story.given))


def submit(t: Telling) -> None:
    if t.booking.state == State.DRAFT:
        compose.submit(by=t.producer, booking=t.booking)


def agency_says_yes(t: Telling) -> None:
    booking = t.booking
    if booking.agency is not None:
        _answer(actor_of(user_of(booking.agency.slug)), booking, Approval.Side.AGENCY, Approval.Answer.YES)


def model_says_yes(t: Telling) -> None:
    _answer(t.model, t.booking, Approval.Side.TALENT, Approval.Answer.YES)


def model_says_no(t: Telling) -> None:
    _answer(t.model, t.booking, Approval.Side.TALENT, Approval.Answer.NO)


def model_sets_conditions(t: Telling) -> None:
    _answer(t.model, t.booking, Approval.Side.TALENT, Approval.Answer.CONDITIONS, conditions=t.story.conditions)


def agency_writes_the_version(t: Telling) -> None:
    """What the brand asked for, narrowed by her conditions alone."""
    booking = t.booking
    if booking.state != State.PROPOSING or proposal_of(booking) or booking.agency is None:
        return
    offer = narrowed(offer_of(booking.current_terms), [t.story.conditions])
    proposing.propose(
        by=actor_of(user_of(booking.agency.slug)),
        booking=booking,
        version=booking.version,
        media=offer.media,
        territories=offer.territories,
        window_months=offer.window_months,
        exclusivity=offer.exclusivity,
        pictures=offer.pictures,
        fee_minor=t.story.conditions.lowest_fee_minor,
    )


def model_signs_the_version(t: Telling) -> None:
    booking = t.booking
    proposal = proposal_of(booking)
    if booking.state == State.PROPOSING and proposal:
        answers.answer(by=t.model, booking=booking, version=proposal.version, answer=Approval.Answer.YES)


def the_no_counts(t: Telling) -> None:
    answers.settle_answers(booking=t.booking)


def nobody_acts(t: Telling) -> None:
    if t.booking.state in {State.SUBMITTED, State.AGREED}:
        closing.expire(booking=t.booking)


def pay(t: Telling) -> None:
    if t.booking.state != State.AGREED:
        return
    charge = Charge.objects.filter(ref=t.booking.ref).first()
    if charge is None or not charge.is_paid:
        charge = pay_at_the_page(payment.checkout(by=t.producer, booking=t.booking))
    payments.announce(charge_id=charge.pk)


def make(t: Telling) -> None:
    making.start_making(booking=t.booking)
    _work_until_all_came(t)


def model_looks(t: Telling) -> None:
    """She sends the first ones back where the story says so; what is missing is made again."""
    while waiting := _waiting(t):
        for picture in waiting:
            rejected = t.booking.reviews.filter(decision=Review.Decision.REJECTED).count()
            passed = rejected >= t.story.rejected
            review.decide(by=t.model, review=picture, passed=passed, reason="" if passed else NOT_THIS_ONE)
        _work_until_all_came(t)


def brand_writes(t: Telling) -> None:
    """Three remarks on what he passed, one of them settled; and one of his own, which no brand reads."""
    passed = t.booking.reviews.filter(decision=Review.Decision.PASSED)
    first = passed.select_related("booking__brand", "booking__agency", "booking__twin__talent").first()
    if first is None or t.booking.state != State.IN_REVIEW or first.pins.exists():
        return
    with transaction.atomic():
        for x, y, text in BRAND_REMARKS:
            last = pins.pin(by=t.producer, review=first, x=x, y=y, text=text)
        pins.resolve(by=t.producer, pin=last)
        pins.pin(by=t.model, review=first, x=480, y=240, text=HIS_REMARK)


def model_never_again(t: Telling) -> None:
    never_again(by=t.model, talent=t.twin.talent, trait=NEVER)


def model_rejects_all(t: Telling) -> None:
    while waiting := _waiting(t):
        for picture in waiting:
            review.decide(by=t.model, review=picture, passed=False, reason=NOT_THIS_ONE)
        _work_until_all_came(t)
    t.post.send_refunds()


def choose(t: Telling) -> None:
    booking = t.booking
    if booking.state != State.IN_REVIEW:
        return
    if booking.finished_at is None:
        look_through(by=t.producer, booking=booking)
        name_crew(by=t.producer, booking=booking)
        for look in Look.objects.filter(booking=booking):
            passed = look.reviews.filter(decision=Review.Decision.PASSED).select_related("booking__brand")
            for picture in passed[: look.pictures]:
                review.select(by=t.producer, review=picture, chosen=True)
        review.finish(by=t.producer, booking=booking)
    delivery.release_selected(booking=t.booking)
    t.post.work()


def download(t: Telling) -> None:
    """In the label that the first of its countries and channels asks for."""
    licence = Licence.objects.select_related("booking__brand").get(booking=t.booking)
    choice = labelling.choose_label(
        by=t.producer, licence=licence, territory=licence.territories[0], channel=licence.media[0]
    )
    labelling.make_labelled(choice_id=choice.pk)
    rows = Deliverable.objects.filter(licence=licence, label=choice.label).select_related(
        "licence__booking__brand", "file", "review__look"
    )
    for row in rows:
        if not Download.objects.filter(deliverable=row).exists():
            delivery.hand_over(by=t.producer, deliverable=row, address="127.0.0.1")


def brand_logs_places(t: Telling) -> None:
    licence = Licence.objects.select_related("booking", "brand").get(booking=t.booking)
    log_places(by=t.producer, licence=licence, slug=t.story.slug)


def brand_cancels(t: Telling) -> None:
    if t.booking.state not in TERMINAL:
        closing.cancel(by=t.producer, booking=t.booking)
    t.post.send_refunds()


def model_pauses(t: Telling) -> None:
    if t.booking.state in IN_THE_MAKING:
        pause(by=t.model, twin=t.twin)
    t.post.work()


def everybody_reads(t: Telling) -> None:
    """Old news is read by those whom it is for."""
    booking = t.booking
    agencies = [agency.party for agency in (booking.agency, booking.mother_agency) if agency]
    Notice.objects.filter(to__in=[booking.brand.party, booking.twin.talent.party, *agencies]).mark_read()


def _answer(
    by: Actor, booking: Booking, side: Approval.Side, answer: Approval.Answer, conditions: Conditions = UNCONDITIONAL
) -> None:
    given = Approval.objects.filter(terms__booking=booking, side=side, taken_back_at=None).exists()
    if booking.state == State.SUBMITTED and not given:
        answers.answer(by=by, booking=booking, version=booking.version, answer=answer, conditions=conditions)


def _waiting(t: Telling) -> list[Review]:
    if t.booking.state != State.IN_REVIEW:
        return []
    waiting = Review.objects.filter(booking=t.booking, decision=Review.Decision.WAITING)
    return list(waiting.select_related("booking__twin__talent", "candidate__file", "look"))


def _work_until_all_came(t: Telling) -> None:
    untold = Job.objects.of_booking(t.booking.ref).filter(announced_at=None)
    t.post.work_until(lambda: not untold.exists(), f"the pictures of “{t.story.title}”")
    t.post.work()


def _at(hours: float, act: Callable[[Telling], None]) -> Step:
    return Step(timedelta(hours=hours), act)


ASKED = (_at(0, draft), _at(0.7, submit))
AGREED = (*ASKED, _at(5, agency_says_yes), _at(8, model_says_yes))
CONDITIONS = (*ASKED, _at(5, agency_says_yes), _at(8, model_sets_conditions))
WRITTEN = (*CONDITIONS, _at(20, agency_writes_the_version))
PAID = (*AGREED, _at(26, pay))
MADE = (*PAID, _at(26.1, make))
PASSED = (*MADE, _at(30, model_looks))
STANDS: dict[Ending, State] = {
    Ending.DRAFT: State.DRAFT,
    Ending.UNANSWERED: State.SUBMITTED,
    Ending.AGENCY_ANSWERED: State.SUBMITTED,
    Ending.MODEL_ANSWERED: State.SUBMITTED,
    Ending.PROPOSING: State.PROPOSING,
    Ending.TO_SIGN: State.PROPOSING,
    Ending.COUNTERED: State.COUNTERED,
    Ending.AGREED: State.AGREED,
    Ending.DECLINED: State.DECLINED,
    Ending.EXPIRED: State.EXPIRED,
    Ending.UNPAID: State.EXPIRED,
    Ending.WITHDRAWN: State.CANCELLED,
    Ending.POSTPONED: State.CANCELLED,
    Ending.RECONSIDERED: State.CANCELLED,
    Ending.UNDELIVERED: State.CLOSED_UNDELIVERED,
    Ending.MODEL_LOOKS: State.IN_REVIEW,
    Ending.BRAND_CHOOSES: State.IN_REVIEW,
    Ending.ON_HOLD: State.ON_HOLD,
    Ending.DELIVERED: State.DELIVERED,
}
STEPS: dict[Ending, tuple[Step, ...]] = {
    Ending.DRAFT: ASKED[:1],
    Ending.UNANSWERED: ASKED,
    Ending.AGENCY_ANSWERED: (*ASKED, _at(5, agency_says_yes)),
    Ending.MODEL_ANSWERED: (*ASKED, _at(8, model_says_yes)),
    Ending.PROPOSING: CONDITIONS,
    Ending.TO_SIGN: WRITTEN,
    Ending.COUNTERED: (*WRITTEN, _at(26, model_signs_the_version)),
    Ending.AGREED: AGREED,
    Ending.DECLINED: (
        *ASKED, _at(5, agency_says_yes), _at(7, model_says_no), _at(7.5, the_no_counts), _at(20, everybody_reads),
    ),
    Ending.EXPIRED: (*ASKED, _at(73, nobody_acts), _at(80, everybody_reads)),
    Ending.UNPAID: (*AGREED, _at(8 + 7 * 24 + 1, nobody_acts), _at(190, everybody_reads)),
    Ending.WITHDRAWN: (*AGREED, _at(20, brand_cancels), _at(30, everybody_reads)),
    Ending.POSTPONED: (*PAID, _at(26.2, brand_cancels), _at(40, everybody_reads)),
    Ending.RECONSIDERED: (*PASSED, _at(31, brand_cancels), _at(40, everybody_reads)),
    Ending.UNDELIVERED: (*MADE, _at(30, model_rejects_all), _at(40, everybody_reads)),
    Ending.MODEL_LOOKS: MADE,
    Ending.BRAND_CHOOSES: (*PASSED, _at(31, brand_writes), _at(31.5, model_never_again)),
    Ending.ON_HOLD: (*MADE, _at(40, model_pauses)),
    Ending.DELIVERED: (
        *PASSED, _at(33, choose), _at(34, download), _at(42, brand_logs_places), _at(44, everybody_reads),
    ),
}  # fmt: skip
