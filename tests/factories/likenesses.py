"""Twins with real faces: the synthetic people of the openpeople package, so that the guard really measures."""

import io
from datetime import date
from functools import lru_cache
from importlib.resources import files

import cv2
import numpy as np
from django.utils import timezone
from PIL import Image, ImageOps

from apps.accounts.actor import Actor
from apps.integrations.faces.reader import read_faces
from apps.integrations.faces.types import FaceReport
from apps.media.services import store
from apps.organizations.models import Organization
from apps.signatures.services import sign
from apps.talent.models import Talent
from apps.twins import vectors
from apps.twins.models import CaptureSet, FaceVector, Photograph, Twin, TwinVersion
from tests.factories.people import Person, make_talent

CAPTURES = ("studio_portrait", "studio_posture", "amateur_posture")
LONGEST_SIDE = 1280


def original(person: str, name: str) -> Image.Image:
    path = files("openpeople") / "data" / "curated" / person / "assets" / f"{name}.jpg"
    return Image.open(io.BytesIO(path.read_bytes()))


@lru_cache(maxsize=64)
def photograph(person: str, name: str) -> bytes:
    """A JPEG of a synthetic person, small enough for quick tests."""
    picture = original(person, name)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=92)
    return out.getvalue()


@lru_cache(maxsize=32)
def picture_of(person: str, size: tuple[int, int] = (1080, 1350), name: str = "studio_portrait") -> bytes:
    """A PNG as the GPU service might deliver it."""
    out = io.BytesIO()
    ImageOps.fit(original(person, name), size).save(out, "PNG", compress_level=1)
    return out.getvalue()


@lru_cache(maxsize=8)
def picture_of_two(left: str, right: str, size: tuple[int, int] = (1080, 1350)) -> bytes:
    canvas = Image.new("RGB", size, "grey")
    half = (size[0] // 2, size[0] // 2)
    for number, person in enumerate((left, right)):
        canvas.paste(ImageOps.fit(original(person, "studio_portrait"), half), (number * half[0], 200))
    out = io.BytesIO()
    canvas.save(out, "PNG", compress_level=1)
    return out.getvalue()


# Centre, half axes, angle, colour: found by a random search for what the network is sure about. It shows nothing.
SHAPES = (
    (142, 202, 32, 80, 180, (209, 149, 99)), (47, 55, 100, 116, 106, (170, 147, 118)),
    (202, 22, 106, 120, 161, (190, 155, 126)), (123, 180, 48, 58, 180, (202, 147, 139)),
    (41, 115, 63, 48, 65, (223, 144, 139)), (48, 164, 108, 79, 62, (233, 171, 129)),
    (163, 169, 99, 44, 111, (226, 172, 140)), (164, 64, 27, 76, 32, (233, 170, 134)),
    (72, 196, 82, 56, 172, (237, 174, 133)), (222, 140, 48, 37, 167, (214, 153, 130)),
)  # fmt: skip


@lru_cache(maxsize=1)
def taken_for_nudity(size: tuple[int, int] = (1080, 1350)) -> bytes:
    """A PNG of blurred ellipses that the network takes for an intimate picture."""
    pixels = np.full((256, 256, 3), (215, 205, 195), np.uint8)
    for x, y, width, height, angle, colour in SHAPES:
        cv2.ellipse(pixels, (x, y), (width, height), angle, 0, 360, colour, -1)
    out = io.BytesIO()
    Image.fromarray(cv2.GaussianBlur(pixels, (0, 0), 3)).resize(size).save(out, "PNG", compress_level=1)
    return out.getvalue()


@lru_cache(maxsize=64)
def faces_of(person: str, name: str) -> FaceReport:
    return read_faces(photograph(person, name))


def make_twin_of(person: str, slug: str, *, agency: Organization | None = None) -> tuple[Twin, Person]:
    """A new model with a listed twin of a synthetic person."""
    talent, owner = make_talent(slug, agency=agency)
    return listed_twin_of(person, talent, owner.actor), owner


def listed_twin_of(person: str, talent: Talent, actor: Actor) -> Twin:
    """A listed twin of a synthetic person, its photographs and face vectors stored as enrolment stores them."""
    twin = Twin.objects.create(talent=talent)
    captures = CaptureSet.objects.create(twin=twin, taken_on=date(2026, 6, 1), closed_at=timezone.now())
    for name in CAPTURES:
        data = photograph(person, name)
        file = store(data=data, kind="photograph", owner=talent.party, content_type="image/jpeg", twin_ref=twin.ref)
        row = Photograph.objects.create(capture_set=captures, file=file, name=name)
        face = vectors.sealed(twin, row, faces_of(person, name).vector)
        face.used_from = captures.closed_at
        face.save()
    signature = sign(
        by=actor, kind="twin_version", subject=twin.ref, version="twin-version/1", language="en", text="It is me."
    )
    TwinVersion.objects.create(
        twin=twin, capture_set=captures, number=1, state=TwinVersion.State.APPROVED, approval=signature, engine="fake/1"
    )
    Twin.objects.filter(pk=twin.pk).update(state=Twin.State.LISTED)
    twin.refresh_from_db()
    assert FaceVector.objects.filter(twin=twin).count() == len(CAPTURES)
    return twin
