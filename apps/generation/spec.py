"""What a picture shall show, as it is stored with a job and as it travels to the GPU service."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from apps.common.errors import InvalidInput
from apps.common.vocabulary import FORMAT_SIZES, Format
from apps.generation import vouchers
from apps.generation.models import Attempt, Job
from apps.integrations.gpu.types import Art, EnrolInput, FileRef, GenerateInput, JobSpec, PhotographRef
from apps.media.models import StoredFile
from apps.media.signing import signed_url
from apps.twins.models import CaptureSet

URL_SECONDS = 1800  # longer than any job may wait at the GPU service, see services.polling
SEEDS = 2**31
LONGEST_BRIEF = 4000


@dataclass(frozen=True)
class Spec:
    """`product` is a stored file with the brand's cut-out; `seed` tells the candidates of one look apart."""

    scene: str
    format: str
    brief: str
    art: Art
    product: UUID | None
    seed: int

    @property
    def size(self) -> tuple[int, int]:
        return FORMAT_SIZES[self.format]


def with_seed(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same wish for another picture."""
    return {**data, "seed": secrets.randbelow(SEEDS)}


def read_spec(data: Mapping[str, Any]) -> Spec:
    """Raises InvalidInput for a wish that lacks its scene or has an unknown format."""
    scene, brief, product, art = data.get("scene"), data.get("brief") or "", data.get("product"), data.get("art") or {}
    if not isinstance(scene, str) or not scene:
        raise InvalidInput("Choose a scene.", field="scene")
    if data.get("format") not in Format.values:
        raise InvalidInput("Choose a format.", field="format")
    if len(brief) > LONGEST_BRIEF:
        raise InvalidInput(f"The brief may have {LONGEST_BRIEF} characters.", field="brief")
    return Spec(
        scene=scene,
        format=data["format"],
        brief=brief,
        art=Art(colour=art.get("colour") or None, light=art.get("light") or None, crop=art.get("crop") or None),
        product=UUID(str(product)) if product else None,
        seed=int(data.get("seed", 0)),
    )


def job_spec(attempt: Attempt) -> JobSpec:
    """What goes to the engine now: the addresses in it end after half an hour and differ each time."""
    path = reverse("generation:webhook", args=[attempt.webhook_token])
    job = attempt.job
    return JobSpec(
        client_ref=attempt.ref,
        webhook_url=f"{settings.SITE_URL.rstrip('/')}{path}",
        input=_enrol_input(job) if job.voucher is None else _generate_input(job),
    )


def _enrol_input(job: Job) -> EnrolInput:
    return EnrolInput(twin_ref=job.version.twin.ref, photographs=_photographs(job.version.capture_set))


def _generate_input(job: Job) -> GenerateInput:
    if job.voucher is None:
        raise ValueError("a picture is only made on a voucher")
    spec = read_spec(job.spec)
    return GenerateInput(
        twin_ref=job.version.twin.ref,
        photographs=_photographs(job.version.capture_set),
        scene=spec.scene,
        format=spec.format,
        seed=spec.seed,
        voucher=vouchers.travelling(job.voucher),
        purpose=job.voucher.purpose,
        brief=spec.brief,
        art=spec.art,
        product=_file_ref(StoredFile.objects.get(pk=spec.product)) if spec.product else None,
    )


def _photographs(capture_set: CaptureSet) -> tuple[PhotographRef, ...]:
    photographs = capture_set.photographs.select_related("file").order_by("created_at", "pk")
    return tuple(
        PhotographRef(ref=str(photograph.pk), url=_address(photograph.file), sha256=photograph.file.sha256)
        for photograph in photographs
    )


def _file_ref(file: StoredFile) -> FileRef:
    return FileRef(url=_address(file), sha256=file.sha256)


def _address(file: StoredFile) -> str:
    return signed_url(file, seconds=URL_SECONDS, absolute=True)
