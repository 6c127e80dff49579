"""A model who began new photographs and stopped half way: one is good, one was blurred, one shot is still missing."""

import io

from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageFilter

from apps.accounts.actor import Actor
from apps.twins.models import CaptureSet, CaptureUpload, Twin
from apps.twins.services import open_capture_set, send_photograph

BEGAN = "noor-adel"
BLURRED = 28  # pixels of radius, in a portrait of 2048


def has_begun() -> bool:
    """Without her twin there is nothing to begin anew."""
    hers = Twin.objects.filter(talent__slug=BEGAN)
    return not hers.exists() or CaptureSet.objects.filter(twin__in=hers, closed_at=None).exists()


@transaction.atomic
def begin_anew(*, herself: Actor, portrait: bytes) -> None:
    """Idempotent. The worker looks at both files as at anybody's."""
    if has_begun():
        return
    twin = Twin.objects.select_related("talent").get(talent__slug=BEGAN)
    capture_set = open_capture_set(by=herself, twin=twin, taken_on=timezone.now().date())
    Shot = CaptureUpload.Shot
    send_photograph(by=herself, capture_set=capture_set, shot=Shot.FRONT, raw=portrait)
    send_photograph(by=herself, capture_set=capture_set, shot=Shot.FRONT, raw=_blurred(portrait))


def _blurred(portrait: bytes) -> bytes:
    out = io.BytesIO()
    with Image.open(io.BytesIO(portrait)) as picture:
        picture.convert("RGB").filter(ImageFilter.GaussianBlur(BLURRED)).save(out, "JPEG", quality=90)
    return out.getvalue()
