"""What one version made for one booking: candidate by candidate, with the photographs it comes from and who has it."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch

from apps.bookings.models import Booking, Deliverable, Download, Licence, Review
from apps.generation.models import Candidate
from apps.portal.lineage import Kept, kept
from apps.twins.models import Photograph, TwinVersion

PER_PAGE = 24
LATEST = 50  # downloads
DECIDED = {
    Review.Decision.WAITING: ("Waits for you", "accent"),
    Review.Decision.PASSED: ("You passed it", "pos"),
    Review.Decision.REJECTED: ("You rejected it", "neg"),
    Review.Decision.UNANSWERED: ("Not answered in time", ""),
}


@dataclass(frozen=True)
class Made:
    """`words` say how it stands, `made_from` are the names of photographs, `deliverables` its released files.

    `hidden`: she may not look at it, as nobody may: a check stopped it, or is still at it.
    """

    candidate: Candidate
    picture: Kept
    hidden: bool
    words: str
    tone: str
    selected: bool
    made_from: list[str]
    deliverables: list[Deliverable]


@dataclass(frozen=True)
class BookingLineage:
    version: TwinVersion
    booking: Booking
    licence: Licence | None
    made: list[Made]
    page: "Page[Candidate]"
    downloads: list[Download]


def booking_lineage(version: TwinVersion, booking: Booking, number: str | None = None) -> BookingLineage:
    """Seven queries at most."""
    released = Prefetch("review__deliverables", Deliverable.objects.select_related("file"))
    rows = Candidate.objects.of_booking(booking.ref).filter(job__version=version)
    rows = rows.select_related("file", "job", "attempt", "review").prefetch_related(released).order_by("created_at")
    page = Paginator(rows, PER_PAGE).get_page(number)
    names = dict(Photograph.objects.filter(capture_set=version.capture_set_id).values_list("pk", "name"))
    told = {str(pk): name for pk, name in names.items()}
    downloads = Download.objects.filter(deliverable__licence__booking=booking).select_related(
        "user", "deliverable__review__look"
    )
    return BookingLineage(
        version=version,
        booking=booking,
        licence=getattr(booking, "licence", None) if booking.delivered_at else None,
        made=[_made(candidate, told) for candidate in page],
        page=page,
        downloads=list(downloads[:LATEST]),
    )


def _made(candidate: Candidate, names: dict[str, str]) -> Made:
    review: Review | None = getattr(candidate, "review", None)
    words, tone = DECIDED[Review.Decision(review.decision)] if review else (candidate.get_state_display(), "")
    sources = candidate.attempt.report.get("source_refs", [])
    return Made(
        candidate=candidate,
        picture=kept(candidate.job.spec.get("scene", ""), candidate.file),
        hidden=candidate.state not in Candidate.SHOWN,
        words=words,
        tone=tone,
        selected=bool(review and review.selected_at),
        made_from=[names[source] for source in sources if source in names],
        deliverables=list(review.deliverables.all()) if review else [],
    )
