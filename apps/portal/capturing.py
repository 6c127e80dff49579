"""The capture set as its page shows it: what to shoot, what came of each file, what is still missing."""

from dataclasses import dataclass

from apps.consents.models import Purpose
from apps.consents.services import has
from apps.identity.services import is_proven
from apps.portal.pictures import thumbnail
from apps.talent.models import Talent
from apps.twins.models import CaptureSet, CaptureUpload, Twin
from apps.twins.services import missing
from apps.twins.services.enrolment import FEWEST_PHOTOGRAPHS

AGAIN_IN = 2  # seconds
HOW = {
    "front": "Eye level, eyes open, mouth closed, hair off your face.",
    "left": "Turn your head, not your shoulders, until one ear is gone.",
    "right": "The same to the other side.",
    "full": "Plain close-fitting clothes, arms loose, floor and head in view.",
}


@dataclass(frozen=True)
class Sent:
    upload: CaptureUpload
    src: str


@dataclass(frozen=True)
class ShotRow:
    """One kind of photograph and what she sent of it."""

    shot: str
    title: str
    how: str
    needed: bool
    sent: list[Sent]


@dataclass(frozen=True)
class CapturePage:
    """`blocked` names what has to be done before: "identity", "scan" or nothing."""

    talent: Talent
    blocked: str
    capture_set: CaptureSet | None
    rows: list[ShotRow]
    missing: list[str]
    kept: int
    again_in: int
    may_train: bool

    @property
    def complete(self) -> bool:
        return not self.missing and self.kept >= FEWEST_PHOTOGRAPHS and not self.again_in

    @property
    def lacks(self) -> int:
        return max(0, FEWEST_PHOTOGRAPHS - self.kept)


def open_set_of(talent: Talent) -> CaptureSet | None:
    sets = CaptureSet.objects.filter(twin__talent=talent, closed_at=None).select_related("twin__talent")
    return sets.order_by("-created_at").first()


def capture_page(talent: Talent) -> CapturePage:
    """At most six queries, however many photographs."""
    blocked = "" if is_proven(talent) else "identity"
    if not blocked and not has(talent, Purpose.SCAN):
        blocked = "scan"
    capture_set = open_set_of(talent)
    uploads = list(capture_set.uploads.select_related("photograph__file")) if capture_set else []
    kept = [upload.shot for upload in uploads if upload.state == CaptureUpload.State.KEPT]
    absent = missing(kept)
    return CapturePage(
        talent=talent,
        blocked=blocked,
        capture_set=capture_set,
        rows=[_row(shot, uploads, needed=shot in absent) for shot in CaptureUpload.Shot],
        missing=[shot.label for shot in absent],
        kept=len(kept),
        again_in=AGAIN_IN if any(upload.state == CaptureUpload.State.WAITING for upload in uploads) else 0,
        may_train=has(talent, Purpose.TRAIN),
    )


def has_begun(twin: Twin | None) -> bool:
    return twin is not None and twin.capture_sets.exists()


def _row(shot: CaptureUpload.Shot, uploads: list[CaptureUpload], *, needed: bool) -> ShotRow:
    sent = [Sent(one, thumbnail(one.photograph.file) if one.photograph else "") for one in uploads if one.shot == shot]
    return ShotRow(shot.value, shot.label, HOW[shot.value], needed, sent)
