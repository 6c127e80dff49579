"""The conditions of the state machine, each a function that answers with the reason why not, or None.

A guard reads; it never writes. The reason is shown to people, so it says what to do and keeps every secret.
"""

from django.utils import timezone

from apps.bookings import warnings
from apps.bookings.choice import choice_ends_at
from apps.bookings.models import Approval, Booking, Licence, Review
from apps.bookings.terms import proposal_of
from apps.consents.models import Purpose
from apps.consents.services import has
from apps.generation import selectors as generation
from apps.generation.models import Candidate
from apps.payments import selectors as payments
from apps.talent.models import ADULT, age_on
from apps.twins.models import Twin

MOST_ROUNDS = 5


def brand_is_checked(booking: Booking) -> str | None:
    if booking.brand.checked_at:
        return None
    return "Your brand is still being checked: you can prepare, not submit. Its details page says what is missing."


def agency_is_checked(booking: Booking) -> str | None:
    if booking.agency is None or booking.agency.checked_at:
        return None
    return "Your agency is still being checked: answering comes after that. Its details page says what is missing."


def renews_a_licence(booking: Booking) -> str | None:
    return None if booking.renews_id else "Pictures are made for this booking first."


def new_licence_is_ready(booking: Booking) -> str | None:
    return None if Licence.objects.filter(booking=booking).exists() else "The new licence is not written yet."


def looks_are_complete(booking: Booking) -> str | None:
    if booking.renews_id:
        return None  # its pictures exist
    looks = list(booking.looks.all())
    if not looks:
        return "Add at least one look."
    return None if booking.territories and booking.media else "Choose where the pictures will be used."


def nothing_stands_against_it(booking: Booking) -> str | None:
    if age_on(booking.twin.talent.birth_date, timezone.now().date()) < ADULT:
        return "Adults only."
    found = warnings.standing_against(booking, fee_minor=_fee(booking))
    return " ".join(warning.message for warning in found) or None


def all_said_yes(booking: Booking) -> str | None:
    answers = _answers(booking)
    missing = _voters(booking) - set(answers)
    yes = all(approval.answer == Approval.Answer.YES for approval in answers.values())
    return None if not missing and yes else "Not everybody has said yes to this version."


def memo_is_signed(booking: Booking) -> str | None:
    hers = _answers(booking).get(Approval.Side.TALENT)
    if hers and hers.signature and hers.signature.text_sha256 == hers.terms.memo_sha256:
        return None
    return "The model has not signed this version of the deal memo."


def a_no_counts(booking: Booking) -> str | None:
    """To the version in force, or to a proposal."""
    nos = Approval.objects.filter(
        terms__booking=booking,
        terms__version__gte=booking.version,
        terms__withdrawn_at=None,
        taken_back_at=None,
        answer=Approval.Answer.NO,
        counts_from__lte=timezone.now(),
    )
    return None if nos.exists() else "Nobody has said no, or it can still be taken back."


def all_answered_with_conditions(booking: Booking) -> str | None:
    answers = _answers(booking)
    given = {approval.answer for approval in answers.values()}
    complete = not _voters(booking) - set(answers)
    if complete and Approval.Answer.CONDITIONS in given and Approval.Answer.NO not in given:
        return None
    return "Conditions open only when everybody has answered and nobody said no."


def proposal_is_signed(booking: Booking) -> str | None:
    proposal = proposal_of(booking)
    if proposal is None:
        return "No version is written yet."
    answers = _answers(booking, proposal.version)
    hers = answers.get(Approval.Side.TALENT)
    signed = hers and hers.signature and hers.signature.text_sha256 == proposal.memo_sha256
    yes = all(approval.answer == Approval.Answer.YES for approval in answers.values())
    return None if signed and yes and not _voters(booking) - set(answers) else "The model has not signed this version."


def rounds_are_left(booking: Booking) -> str | None:
    return None if booking.rounds < MOST_ROUNDS else "Five rounds are the most; accept this version or cancel."


def deadline_is_over(booking: Booking) -> str | None:
    over = booking.deadline_at is not None and booking.deadline_at <= timezone.now()
    return None if over else "There is still time."


def unpaid(booking: Booking) -> str | None:
    return "This booking is already paid." if payments.is_paid(booking.ref) else None


def payment_is_captured(booking: Booking) -> str | None:
    return None if payments.is_paid(booking.ref) else "The payment has not been captured yet."


def voucher_is_issued(booking: Booking) -> str | None:
    return None if generation.open_voucher(booking.ref) else "There is no voucher for this booking."


def a_candidate_is_checked(booking: Booking) -> str | None:
    return None if booking.reviews.exists() else "No picture has come back yet."


def nothing_was_shown(booking: Booking) -> str | None:
    return "Pictures are already in review." if booking.reviews.exists() else None


def twin_may_not_work(booking: Booking) -> str | None:
    return None if twin_may_work(booking) else "The twin may work; there is nothing to hold for."


def twin_may_work(booking: Booking) -> str | None:
    twin = Twin.objects.select_related("talent").get(pk=booking.twin_id)
    if twin.state != Twin.State.LISTED:
        return "The twin is paused."
    missing = [purpose for purpose in (Purpose.GENERATE, Purpose.PUBLISH) if not has(twin.talent, purpose)]
    return "A consent was withdrawn." if missing else None


def selection_is_finished(booking: Booking) -> str | None:
    return None if booking.finished_at else "The brand has not finished its selection."


def selection_is_not_finished(booking: Booking) -> str | None:
    return "The selection is finished; the pictures are being delivered." if booking.finished_at else None


def choosing_is_over(booking: Booking) -> str | None:
    ends = choice_ends_at(booking)
    return None if ends is not None and ends <= timezone.now() else "There is still time to choose."


def everything_is_released(booking: Booking) -> str | None:
    selected = booking.reviews.filter(selected_at__isnull=False)
    if not selected.exists():
        return "Nothing was selected."
    missing = selected.filter(deliverables__isnull=True).exists()
    return "Some pictures are still being labelled." if missing else None


def nothing_is_left_to_show(booking: Booking) -> str | None:
    alive = booking.reviews.filter(decision__in=[Review.Decision.WAITING, Review.Decision.PASSED]).exists()
    return "Pictures are still waiting." if alive or _something_comes(booking) else None


def no_job_can_succeed(booking: Booking) -> str | None:
    return "Pictures can still come." if booking.reviews.exists() or _something_comes(booking) else None


def more_can_come(booking: Booking) -> bool:
    """Whether the voucher or a running job could still bring pictures."""
    voucher = generation.open_voucher(booking.ref)
    return bool(generation.open_jobs(booking.ref)) or (voucher is not None and voucher.left > 0)


def _something_comes(booking: Booking) -> bool:
    """A job that runs, or a checked candidate whose news has not arrived here yet."""
    untold = Candidate.objects.of_booking(booking.ref).shown().filter(review__isnull=True)
    return bool(generation.open_jobs(booking.ref)) or untold.exists()


def _answers(booking: Booking, version: int | None = None) -> dict[str, Approval]:
    rows = Approval.objects.filter(
        terms__booking=booking,
        terms__version=booking.version if version is None else version,
        taken_back_at__isnull=True,
    ).select_related("signature", "terms")
    return {row.side: row for row in rows}


def _voters(booking: Booking) -> set[str]:
    return {Approval.Side.TALENT, Approval.Side.AGENCY} if booking.agency_id else {Approval.Side.TALENT}


def _fee(booking: Booking) -> int | None:
    return booking.terms.filter(version=booking.version).values_list("fee_minor", flat=True).first()
