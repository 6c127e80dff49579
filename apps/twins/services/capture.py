"""Collecting the photographs that a twin is made from."""

import io
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import ExifTags, Image

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import InvalidInput, Refused, StaleState
from apps.consents.models import Purpose
from apps.consents.services import has
from apps.identity.services import require_proven
from apps.integrations.faces.reader import read_faces
from apps.integrations.faces.types import FaceReport
from apps.media.services import store
from apps.media.uploads import FORMATS, CleanImage, sanitise
from apps.talent.models import ADULT, Talent, age_on
from apps.twins import vectors
from apps.twins.models import CaptureSet, Photograph, Twin
from apps.twins.policies import require_herself

MOST_PHOTOGRAPHS = 60  # what the open contract takes in one job


@transaction.atomic
def create_twin(*, by: Actor, talent: Talent) -> Twin:
    """Exit: a twin in preparation. Raises StaleState when she has one, Refused for anybody under 18 or of whom nobody
    knows yet who she is."""
    require_herself(by, talent)
    require_proven(talent)
    if age_on(talent.birth_date, timezone.now().date()) < ADULT:
        raise Refused("A twin can only be made of an adult.")
    twin, made = Twin.objects.get_or_create(talent=talent)
    if not made:
        raise StaleState("This model already has a twin.")
    record(kind="twin.created", subject=twin.ref, by=by.label, payload={"talent": talent.party})
    return twin


@transaction.atomic
def open_capture_set(*, by: Actor, twin: Twin, taken_on: date) -> CaptureSet:
    """Exit: an empty capture set. Raises InvalidInput for a day in the future or before she was 18."""
    require_herself(by, twin.talent)
    if taken_on > timezone.now().date():
        raise InvalidInput("The photographs cannot be from the future.", field="taken_on")
    _require_adult_on(twin.talent, taken_on)
    capture_set = CaptureSet.objects.create(twin=twin, taken_on=taken_on)
    record(kind="twin.capture_opened", subject=twin.ref, by=by.label, payload={"taken_on": taken_on.isoformat()})
    return capture_set


def add_photograph(*, by: Actor, capture_set: CaptureSet, name: str, raw: bytes) -> Photograph:
    """Keep one photograph, cleaned of its metadata and encrypted under the twin's key, in an open capture set.

    Adults only: a day written in the photograph itself counts as well as the declared one. Raises Refused without the
    scan consent (GDPR art. 9), uploads.Unusable for what is no picture, InvalidInput unless exactly one face is in it,
    StaleState when the set is closed or the name is taken.
    """
    talent = capture_set.twin.talent
    require_herself(by, talent)
    if not has(talent, Purpose.SCAN):
        raise Refused("Sign the scan consent first: without it no photograph is kept.")
    clean, face = admit(talent, raw)
    return keep(capture_set=capture_set, name=name, clean=clean, face=face)


def admit(talent: Talent, raw: bytes) -> tuple[CleanImage, FaceReport]:
    """The cleaned picture and its one face. Raises uploads.Unusable, InvalidInput."""
    clean = sanitise(raw)
    written = _day_in(raw)
    if written:
        _require_adult_on(talent, written)
    return clean, _one_face(clean.data)


@transaction.atomic
def keep(*, capture_set: CaptureSet, name: str, clean: CleanImage, face: FaceReport) -> Photograph:
    """Photograph and face vector, encrypted under the twin's key, in an open set.

    Her scan consent is the caller's question. Raises StaleState, InvalidInput for a full set or without one face.
    """
    if face.vector is None:
        raise InvalidInput("This photograph does not show exactly one face.", field="raw")
    open_set = CaptureSet.objects.select_for_update().get(pk=capture_set.pk)
    if open_set.closed_at:
        raise StaleState("This capture set is complete. Open a new one to add photographs.")
    if open_set.photographs.count() >= MOST_PHOTOGRAPHS:
        raise InvalidInput(f"A capture set holds at most {MOST_PHOTOGRAPHS} photographs.")
    file = store(
        data=clean.data,
        kind="photograph",
        owner=capture_set.twin.talent.party,
        content_type=clean.content_type,
        twin_ref=capture_set.twin.ref,
    )
    try:
        with transaction.atomic():
            photograph = Photograph.objects.create(capture_set=open_set, file=file, name=name)
    except IntegrityError as error:
        raise StaleState(f"There is already a photograph called {name}.") from error
    vectors.sealed(capture_set.twin, photograph, face.vector).save(force_insert=True)
    return photograph


def _require_adult_on(talent: Talent, day: date) -> None:
    if age_on(talent.birth_date, day) < ADULT:
        raise InvalidInput("Photographs taken before your 18th birthday are refused.", field="taken_on")


def _day_in(raw: bytes) -> date | None:
    """The day that the camera wrote into the photograph; None where it wrote none or nonsense."""
    with Image.open(io.BytesIO(raw), formats=FORMATS) as picture:
        exif = picture.getexif()
    text = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
    try:
        return (
            datetime.strptime(str(text).strip()[:10], "%Y:%m:%d").replace(tzinfo=timezone.get_default_timezone()).date()
        )
    except ValueError:
        return None


def _one_face(data: bytes) -> FaceReport:
    report = read_faces(data)
    if report.faces != 1:
        found = "no face" if report.faces == 0 else f"{report.faces} faces"
        raise InvalidInput(f"We found {found} in this photograph. It must show you, and nobody else.", field="raw")
    return report
