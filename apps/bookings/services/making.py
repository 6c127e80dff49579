"""From the payment to pictures before the model: voucher, jobs, and what comes back."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.bookings import guards
from apps.bookings.enqueue import after_commit
from apps.bookings.machine import perform
from apps.bookings.models import Booking, Look, Review
from apps.bookings.services.access import locked
from apps.bookings.services.closing import close_undelivered, fail
from apps.bookings.services.news import tell_about_pictures
from apps.bookings.states import IN_THE_MAKING, State
from apps.bookings.times import HOLD_WINDOW, PICTURE_WINDOW, VOUCHER_LASTS
from apps.common.clock import true_now
from apps.common.dates import add_months
from apps.common.errors import Refused
from apps.common.refs import parse_ref
from apps.generation import selectors as generation
from apps.generation.authorisation import Refusal, standing_rules_forbid
from apps.generation.models import Candidate, Job
from apps.generation.services import issue_voucher, order_pictures
from apps.talent.models import Boundaries
from apps.twins.models import Twin


@transaction.atomic
def start_making(*, booking: Booking) -> Booking:
    """Issue the voucher and order one candidate per picture. Entry: funded; exit: generating. Idempotent."""
    row = locked(booking)
    if row.state != State.FUNDED:
        return row
    _order_missing(row)
    return perform(booking=row, action="start_making", by=Actor.SYSTEM)


@transaction.atomic
def receive_candidate(*, candidate: Candidate) -> Review:
    """A checked candidate goes to the model first. Idempotent: one review per candidate, however often told."""
    job = candidate.job
    row = locked(booking_of(job))
    review, new = Review.objects.get_or_create(
        candidate=candidate,
        defaults={
            "booking": row,
            "look_id": parse_ref(job.look_ref, "look"),
            "deadline_at": timezone.now() + PICTURE_WINDOW,
        },
    )
    if new:
        first = row.reviews.count() == 1
        if row.state == State.GENERATING:
            perform(booking=row, action="open_review", by=Actor.SYSTEM)
        if first:
            tell_about_pictures(row)
    return review


@transaction.atomic
def settle_making(*, booking: Booking) -> Booking:
    """Close a booking for which no picture can come any more. Idempotent; asked after each ended job and by a sweep."""
    row = locked(booking)
    if row.state == State.GENERATING and guards.no_job_can_succeed(row) is None:
        return fail(booking=row)
    if row.state == State.IN_REVIEW and not row.finished_at and guards.nothing_is_left_to_show(row) is None:
        return close_undelivered(booking=row)
    return row


def order_another(*, booking: Booking, look: Look, by: Actor, note: str = "") -> None:
    """One more candidate of a look within the voucher; `note` are the brand's words that the model let through.

    Raises Refused when the voucher is used up, or a rule of the model forbids this look by now: without saying which.
    """
    if rules_forbid(look):
        raise Refused("No more pictures of this look can be made.", code="not_available")
    spec = _spec(look) | {"brief": brief_with(look, note)}
    order_pictures(by=by, booking_ref=booking.ref, look_ref=look.ref, pictures=1, spec=spec)


def brief_with(look: Look, note: str) -> str:
    return f"{look.brief}\n\nAsked for after looking:\n{note}".strip() if note else look.brief


def rules_forbid(look: Look) -> Refusal | None:
    """Whether the GPU call for this look would be refused by what she barred since; asked again before the call."""
    voucher = generation.open_voucher(look.booking.ref)
    return standing_rules_forbid(voucher, _spec(look)) if voucher else None


@transaction.atomic
def hold(*, booking: Booking) -> Booking:
    """The twin was paused or a consent withdrawn. Entry: funded, generating, in review; exit: on hold for 14 days."""
    row = locked(booking)
    if row.state not in IN_THE_MAKING or guards.twin_may_work(row) is None:
        return row
    return perform(
        booking=row,
        action="hold",
        by=Actor.SYSTEM,
        held_from=row.state,
        deadline_at=timezone.now() + HOLD_WINDOW,
    )


@transaction.atomic
def resume(*, booking: Booking) -> Booking:
    """The twin may work again. Entry: on hold; exit: in review when pictures were shown, else generating; a renewal,
    for which none is made, is funded again and starts."""
    row = locked(booking)
    if row.state != State.ON_HOLD or guards.twin_may_work(row) is not None:
        return row
    if row.renews_id:
        action = "resume_renewal"
        after_commit("start_renewed", row.pk)
    else:
        action = "resume_review" if row.reviews.exists() else "resume_making"
        _order_missing(row)
    return perform(booking=row, action=action, by=Actor.SYSTEM, held_from="", deadline_at=None)


def booking_of(job: Job) -> Booking:
    """The booking that a picture's job belongs to. Raises ValueError for an enrolment, which has none."""
    if job.voucher is None:
        raise ValueError(f"{job.ref} makes no picture")
    return Booking(pk=parse_ref(job.voucher.subject, "booking"))


def hold_all_of(*, twin: Twin) -> None:
    for booking in Booking.objects.filter(twin=twin, state__in=IN_THE_MAKING):
        hold(booking=booking)


def resume_all_of(*, twin: Twin) -> None:
    for booking in Booking.objects.filter(twin=twin, state=State.ON_HOLD):
        resume(booking=booking)


def _order_missing(row: Booking) -> None:
    """The voucher, if there is none yet, and one job for each picture that is neither there nor under way."""
    if generation.open_voucher(row.ref) is None:
        terms = row.current_terms
        issue_voucher(
            by=Actor.SYSTEM,
            booking_ref=row.ref,
            twin=row.twin,
            pictures=terms.pictures,
            candidates=terms.candidates,
            scope=_scope(row),
            ends=true_now() + VOUCHER_LASTS,
        )
    for look in row.looks.all():
        there = look.reviews.filter(decision__in=[Review.Decision.WAITING, Review.Decision.PASSED]).count()
        missing = look.pictures - there - generation.open_jobs_of_look(look.ref)
        if missing > 0:
            order_pictures(by=Actor.SYSTEM, booking_ref=row.ref, look_ref=look.ref, pictures=missing, spec=_spec(look))


def _scope(booking: Booking) -> dict[str, Any]:
    """What the voucher allows, frozen: looked at again before every GPU call (see generation.scope)."""
    terms = booking.current_terms
    starts_on = terms.starts_on
    rules = Boundaries.objects.get(talent__twin=booking.twin_id)
    return {
        "brand": booking.brand.party,
        "agency": booking.agency.party if booking.agency else None,
        "category": terms.category,
        "media": terms.media,
        "territories": terms.territories,
        "window_months": terms.window_months,
        "exclusivity": terms.exclusivity,
        "body_lock": rules.body_lock,
        "starts_on": starts_on.isoformat() if starts_on else None,
        "ends_on": add_months(starts_on, terms.window_months).isoformat() if starts_on else None,
    }


def _spec(look: Look) -> dict[str, Any]:
    return {
        "scene": look.scene,
        "format": look.format,
        "art": {"colour": look.colour or None, "light": look.light or None, "crop": look.crop or None},
        "brief": look.brief,
        "product": str(look.product_id) if look.product_id else None,
    }
