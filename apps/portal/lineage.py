"""Photograph → version → candidate → deliverable, as the model reads it: what came of what, and what was deleted.

Every candidate knows its version through its job, every version its capture set: nothing here is guessed.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from apps.archives.models import Archive
from apps.bookings.models import Booking, Deliverable, Licence, Review
from apps.common.refs import parse_ref
from apps.generation.models import Candidate, Job
from apps.media.models import StoredFile
from apps.portal.pictures import picture, thumbnail
from apps.twins.models import CaptureSet, Photograph, Twin, TwinVersion, VersionArtefact

SETS_PER_PAGE = 3
SHOWN_BOOKINGS = 6  # of one version; the others are folded
AGAIN_IN = 2  # seconds until the page asks how far the archive is


@dataclass(frozen=True)
class Kept:
    """A picture with its addresses, or the receipt of its deletion: `src` is empty and `deleted_at` set."""

    name: str
    src: str
    full: str
    sha256: str
    deleted_at: datetime | None
    gone_at: datetime | None


@dataclass(frozen=True)
class Counted:
    """What one version made for one booking; `licence` once there is one."""

    booking: Booking
    licence: Licence | None
    made: int
    stopped: int
    passed: int
    rejected: int
    selected: int
    delivered: int


@dataclass(frozen=True)
class VersionRow:
    version: TwinVersion
    artefacts: list[VersionArtefact]
    sheet: list[Kept]
    bookings: list[Counted]

    @property
    def shown(self) -> list[Counted]:
        return self.bookings[:SHOWN_BOOKINGS]

    @property
    def folded(self) -> list[Counted]:
        return self.bookings[SHOWN_BOOKINGS:]


@dataclass(frozen=True)
class SetRow:
    capture_set: CaptureSet
    photographs: list[Kept]
    versions: list[VersionRow]

    @property
    def deleted(self) -> list[Kept]:
        return [one for one in self.photographs if one.deleted_at]


@dataclass(frozen=True)
class Lineage:
    """`archive` is the newest, whatever became of it; `again_in` is 0 unless it is being made."""

    twin: Twin | None
    totals: list[tuple[str, int]]
    sets: list[SetRow]
    page: "Page[CaptureSet] | None"
    archive: Archive | None
    again_in: int


def lineage(twin: Twin | None, number: str | None = None) -> Lineage:
    """Fourteen queries at most, however much there is."""
    if twin is None:
        return Lineage(None, [], [], None, None, 0)
    archive = newest_archive(twin)
    page = Paginator(twin.capture_sets.order_by("-created_at"), SETS_PER_PAGE).get_page(number)
    return Lineage(
        twin=twin,
        totals=_totals(twin),
        sets=_sets(list(page)),
        page=page,
        archive=archive,
        again_in=again_in(archive),
    )


def newest_archive(twin: Twin | None) -> Archive | None:
    return Archive.objects.filter(twin=twin).select_related("file").first() if twin else None


def again_in(archive: Archive | None) -> int:
    return AGAIN_IN if archive and archive.state == Archive.State.MAKING else 0


def kept(name: str, file: StoredFile) -> Kept:
    return Kept(name, thumbnail(file), picture(file).full, file.sha256, file.deleted_at, file.wiped_at)


def _totals(twin: Twin) -> list[tuple[str, int]]:
    return [
        ("Photographs", Photograph.objects.filter(capture_set__twin=twin).count()),
        ("Versions", twin.versions.count()),
        ("Pictures made", Candidate.objects.filter(job__version__twin=twin).count()),
        ("Delivered", Deliverable.objects.filter(licence__twin=twin).count()),
    ]


def _sets(sets: Sequence[CaptureSet]) -> list[SetRow]:
    versions = list(TwinVersion.objects.filter(capture_set__in=sets).select_related("approval").order_by("-number"))
    artefacts = _by_version(VersionArtefact.objects.filter(version__in=versions).select_related("file"))
    sheets, counts = _sheets(versions), _counts(versions)
    photographs: dict[UUID, list[Kept]] = defaultdict(list)
    rows = Photograph.objects.filter(capture_set__in=sets).select_related("file").order_by("created_at")
    for photograph in rows:
        photographs[photograph.capture_set_id].append(kept(photograph.name, photograph.file))
    return [
        SetRow(
            capture_set=capture_set,
            photographs=photographs[capture_set.pk],
            versions=[
                VersionRow(version, artefacts[version.pk], sheets[version.pk], counts[version.pk])
                for version in versions
                if version.capture_set_id == capture_set.pk
            ],
        )
        for capture_set in sets
    ]


def _by_version(rows: Iterable[VersionArtefact]) -> dict[UUID, list[VersionArtefact]]:
    found: dict[UUID, list[VersionArtefact]] = defaultdict(list)
    for artefact in rows:
        found[artefact.version_id].append(artefact)
    return found


def _sheets(versions: Sequence[TwinVersion]) -> dict[UUID, list[Kept]]:
    """The test pictures that she could look at."""
    found: dict[UUID, list[Kept]] = defaultdict(list)
    tests = Candidate.objects.filter(job__version__in=versions, job__kind=Job.Kind.TEST).shown()
    for one in tests.with_file().order_by("created_at"):
        found[one.job.version_id].append(kept(one.job.spec.get("scene", ""), one.file))
    return found


def _counts(versions: Sequence[TwinVersion]) -> dict[UUID, list[Counted]]:
    """Per version and booking, the newest booking first: four queries."""
    made = Candidate.objects.filter(job__version__in=versions, job__kind=Job.Kind.GENERATE)
    decided = Review.Decision
    rows = made.values("job__version", "job__voucher__subject").annotate(
        made=Count("pk"),
        stopped=Count("pk", filter=Q(state=Candidate.State.REFUSED)),
        passed=Count("pk", filter=Q(review__decision=decided.PASSED)),
        rejected=Count("pk", filter=Q(review__decision=decided.REJECTED)),
        selected=Count("pk", filter=Q(review__selected_at__isnull=False)),
    )
    grouped = [(row, parse_ref(row["job__voucher__subject"], "booking")) for row in rows]
    bookings = Booking.objects.filter(pk__in={booking for _, booking in grouped}).select_related("brand", "licence")
    by_id, delivered = bookings.in_bulk(), _delivered(versions)
    found: dict[UUID, list[Counted]] = defaultdict(list)
    for row, booking_id in grouped:
        if booking := by_id.get(booking_id):
            counted = Counted(
                booking=booking,
                licence=_running(booking),
                made=row["made"],
                stopped=row["stopped"],
                passed=row["passed"],
                rejected=row["rejected"],
                selected=row["selected"],
                delivered=delivered.get((row["job__version"], booking_id), 0),
            )
            found[row["job__version"]].append(counted)
    for one in found.values():
        one.sort(key=lambda counted: counted.booking.created_at, reverse=True)
    return found


def _delivered(versions: Sequence[TwinVersion]) -> dict[tuple[UUID, UUID], int]:
    rows = Deliverable.objects.filter(review__candidate__job__version__in=versions).order_by()
    counted = rows.values_list("review__candidate__job__version", "licence__booking").annotate(count=Count("pk"))
    return {(version, booking): count for version, booking, count in counted}


def _running(booking: Booking) -> Licence | None:
    """A licence is prepared while pictures are labelled; it is one from delivery on."""
    return getattr(booking, "licence", None) if booking.delivered_at else None
