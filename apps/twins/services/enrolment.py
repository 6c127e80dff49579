"""From a capture set to a version that she can look at: one person throughout, face vectors kept, quality measured.

The embedded engine composes and does not train; its enrolment says what it is: detect, check, report.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import InvalidInput, Refused, StaleState
from apps.common.wording import Saying, say
from apps.consents.models import Purpose
from apps.consents.services import has
from apps.integrations.faces.types import Vector
from apps.twins import vectors
from apps.twins.events import enrolment_asked, version_failed, version_ready, version_trained
from apps.twins.models import CaptureSet, FaceVector, Photograph, Twin, TwinVersion
from apps.twins.news import tell_about_photographs, tell_of_failure, tell_of_sheet
from apps.twins.policies import require_herself
from apps.twins.services.artefacts import Handed, forget_artefacts, keep_artefacts

FEWEST_PHOTOGRAPHS = 3


def enrol(*, by: Actor, capture_set: CaptureSet) -> TwinVersion:
    """Close the capture set and hand it over for enrolment. Exit: a version in training.

    Every face was measured when its photograph was kept: no picture is read here.
    Raises Refused without the scan and train consents, InvalidInput for too few photographs or one of another person,
    StaleState when the set was handed over before.
    """
    twin = capture_set.twin
    require_herself(by, twin.talent)
    for purpose in (Purpose.SCAN, Purpose.TRAIN):
        if not has(twin.talent, purpose):
            raise Refused(f"Sign the {purpose} consent first: without it no twin is made.")
    photographs = list(capture_set.photographs.select_related("file").order_by("created_at"))
    if len(photographs) < FEWEST_PHOTOGRAPHS:
        raise InvalidInput(f"A capture set needs at least {FEWEST_PHOTOGRAPHS} photographs.")
    measured = vectors.of_set(capture_set)
    faces = {photograph: _measured(photograph, measured) for photograph in photographs}
    _require_same_person(faces, vectors.of_twin(twin))
    return _hand_over(by=by, capture_set=capture_set, faces=faces)


@transaction.atomic
def _hand_over(*, by: Actor, capture_set: CaptureSet, faces: Mapping[Photograph, Vector]) -> TwinVersion:
    twin = Twin.objects.select_for_update().get(pk=capture_set.twin_id)
    now = timezone.now()
    closed = CaptureSet.objects.filter(pk=capture_set.pk, closed_at=None).update(closed_at=now)
    if not closed or capture_set.photographs.count() != len(faces):
        raise StaleState("This capture set changed meanwhile. Look at it again.")
    last = twin.versions.aggregate(last=Max("number"))["last"] or 0
    version = TwinVersion.objects.create(twin=twin, capture_set=capture_set, number=last + 1)
    FaceVector.objects.filter(photograph__in=faces).update(used_from=now)
    enrolment_asked.send(sender=TwinVersion, version=version, by=by)
    tell_about_photographs(twin, len(faces))
    record(
        kind="twin.enrolment_asked",
        subject=twin.ref,
        by=by.label,
        payload={"version": version.number, "photographs": [photograph.file.sha256 for photograph in faces]},
    )
    return version


@transaction.atomic
def finish_enrolment(
    *, version: TwinVersion, reports: Sequence[Mapping[str, Any]], engine: str, artefacts: Sequence[Handed] = ()
) -> None:
    """Take the GPU service's report. Entry: in training; exit: in test, its sheet ordered, or failed with too few good
    photographs.

    `reports` are those of the open contract, one per photograph; `artefacts` what the engine made of them, kept with
    the version. Raises StaleState when it was taken before.
    """
    photographs = {str(p.pk): p for p in version.capture_set.photographs.all()}
    good = 0
    for report in reports:
        photograph = photographs.get(report["ref"])
        if photograph is not None:
            photograph.quality = {key: report[key] for key in ("faces", "quality", "views", "problem")}
            photograph.save(update_fields=["quality"])
            good += report["problem"] is None
    if good < FEWEST_PHOTOGRAPHS:
        reason = f"only {good} photographs can be used, it takes {FEWEST_PHOTOGRAPHS}"
        fail_enrolment(version=version, reason=reason, told=say("twin.failed_photographs", count=good))
        return
    _move(version, (TwinVersion.State.TRAINING,), TwinVersion.State.TESTING, engine=engine)
    kept = keep_artefacts(version=version, handed=artefacts)
    version_trained.send(sender=TwinVersion, version=version)
    record(
        kind="twin.version_trained",
        subject=version.twin.ref,
        by=Actor.SYSTEM.label,
        payload={"version": version.number, "engine": engine, "photographs": good, "artefacts": kept},
    )


@transaction.atomic
def finish_test(*, version: TwinVersion, pictures: Sequence[str]) -> None:
    """The test sheet is complete. Entry: in test; exit: ready for the talent. Raises StaleState in any other state.

    `pictures` are the SHA-256 digests of the sheet: the evidence of what she is about to look at.
    """
    _move(version, (TwinVersion.State.TESTING,), TwinVersion.State.READY)
    Twin.objects.filter(pk=version.twin_id, state=Twin.State.PREPARING).update(state=Twin.State.AWAITING_APPROVAL)
    version_ready.send(sender=TwinVersion, version=version)
    tell_of_sheet(version.twin)
    record(
        kind="twin.version_ready",
        subject=version.twin.ref,
        by=Actor.SYSTEM.label,
        payload={"version": version.number, "pictures": list(pictures)},
    )


@transaction.atomic
def fail_enrolment(*, version: TwinVersion, reason: str, told: Saying | None = None) -> None:
    """Entry: in training or in test; exit: failed, its face vectors and artefacts gone. The talent may open
    another capture set.

    `reason` is for the audit log; she is told `told`, or that it was no fault of hers.
    """
    _move(version, (TwinVersion.State.TRAINING, TwinVersion.State.TESTING), TwinVersion.State.FAILED)
    FaceVector.objects.filter(photograph__capture_set=version.capture_set_id).delete()
    forget_artefacts(version=version)
    version_failed.send(sender=TwinVersion, version=version, reason=reason)
    tell_of_failure(version.twin, told or say("twin.failed"))
    record(
        kind="twin.version_failed",
        subject=version.twin.ref,
        by=Actor.SYSTEM.label,
        payload={"version": version.number, "reason": reason},
    )


def _move(version: TwinVersion, old: tuple[TwinVersion.State, ...], to: TwinVersion.State, **fields: str) -> None:
    if not TwinVersion.objects.filter(pk=version.pk, state__in=old).update(state=to, **fields):
        raise StaleState("The state of this version changed meanwhile.")
    version.refresh_from_db()


def _measured(photograph: Photograph, measured: Mapping[UUID, Vector]) -> Vector:
    if photograph.pk not in measured:
        raise InvalidInput(f"The face in {photograph.name} was not measured. Remove it and send it again.")
    return measured[photograph.pk]


def _require_same_person(faces: Mapping[Photograph, Vector], earlier: Sequence[Vector]) -> None:
    """Each photograph must look like the mean of the others, and like the mean of the earlier capture sets.

    The threshold is the guard's lower one: among ten synthetic people every own photograph scored 0.69 or more.
    """
    for photograph, vector in faces.items():
        others = [v for p, v in faces.items() if p != photograph]
        scores = [float(vector @ vectors.mean(np.stack(group))) for group in (others, earlier) if group]
        if min(scores) < settings.LIKENESS_PERSON:
            raise InvalidInput(
                f"The photograph {photograph.name} does not look like the person in the others."
                " A capture set shows one person only."
            )
