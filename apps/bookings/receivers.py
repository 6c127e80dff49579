"""News from the apps below, each answered by one service call."""

from typing import Any

from django.dispatch import receiver

from apps.accounts.actor import Actor
from apps.bookings.enqueue import after_commit
from apps.bookings.models import Booking, Placement
from apps.bookings.services import ending, making, payment, placing
from apps.bookings.states import State
from apps.common.refs import parse_ref
from apps.consents.events import consent_granted, consent_withdrawn
from apps.consents.models import Consent, Purpose
from apps.generation.events import authorisation_refused, candidate_ready, job_ended
from apps.generation.models import Candidate, Job
from apps.payments.events import charge_paid
from apps.payments.models import Charge
from apps.twins.events import twin_paused, twin_resumed
from apps.twins.models import Twin


@receiver(charge_paid)
def fund_booking(charge: Charge, **_: Any) -> None:
    if not charge.ref.startswith("booking:"):
        return
    booking = payment.fund(booking=Booking(pk=parse_ref(charge.ref, "booking")), charge=charge)
    if booking.state == State.FUNDED:
        after_commit("start_renewed" if booking.renews_id else "start_making", booking.pk)


@receiver(charge_paid)
def settle_over_use(charge: Charge, **_: Any) -> None:
    if charge.ref.startswith("placement:"):
        placing.settle_over_use(placement=Placement(pk=parse_ref(charge.ref, "placement")), charge=charge)


@receiver(candidate_ready)
def review_candidate(candidate: Candidate, **_: Any) -> None:
    making.receive_candidate(candidate=candidate)


@receiver(job_ended)
def look_whether_more_can_come(job: Job, **_: Any) -> None:
    making.settle_making(booking=making.booking_of(job))


@receiver(authorisation_refused)
def hold_booking(job: Job, **_: Any) -> None:
    making.hold(booking=making.booking_of(job))


@receiver(twin_paused)
def hold_bookings(twin: Twin, **_: Any) -> None:
    making.hold_all_of(twin=twin)


@receiver(twin_resumed)
def resume_bookings(twin: Twin, **_: Any) -> None:
    making.resume_all_of(twin=twin)


@receiver(consent_withdrawn)
def end_licences_without_publish(consent: Consent, by: Actor, **_: Any) -> None:
    if consent.purpose == Purpose.PUBLISH:
        ending.give_notice(by=by, talent=consent.talent)


@receiver(consent_withdrawn)
def hold_bookings_without_consent(consent: Consent, **_: Any) -> None:
    for twin in Twin.objects.filter(talent=consent.talent):
        making.hold_all_of(twin=twin)


@receiver(consent_granted)
def resume_bookings_with_consent(consent: Consent, **_: Any) -> None:
    for twin in Twin.objects.filter(talent=consent.talent):
        making.resume_all_of(twin=twin)
