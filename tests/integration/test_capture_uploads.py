"""What attackers and odd cameras send to the capture page: a clean photograph, or a sentence beside it; never more."""

import io
from collections.abc import Callable
from datetime import date

import pillow_heif
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from PIL import Image

from apps.media.models import StoredFile
from apps.media.services import read
from apps.twins.models import CaptureUpload, Photograph
from apps.twins.services import create_twin, look_at_upload, open_capture_set
from tests.factories.clients import signed_in
from tests.factories.identity import prove
from tests.factories.likenesses import original
from tests.factories.people import Person, make_talent
from tests.factories.uploads import BOMB, chunk, encoded, phone_exif, png

pytestmark = pytest.mark.django_db

NOT_A_PICTURE = "not a JPEG, PNG, WebP or HEIC"
TAIL = b"<script>alert(1)</script><?php system($_GET[0]);?>PK\x03\x04"


@pytest.fixture
def maya() -> Person:
    talent, person = make_talent("maya")
    prove(talent, person)
    twin = create_twin(by=person.actor, talent=talent)
    open_capture_set(by=person.actor, twin=twin, taken_on=date(2026, 6, 1))
    return person


@pytest.fixture
def hers(maya: Person) -> Client:
    return signed_in(maya)


def portrait() -> Image.Image:
    return original("P001", "studio_portrait").convert("RGB").resize((900, 900))


def stored() -> QuerySet[StoredFile]:
    """What there is of the capture set: her document and her consents are files as well."""
    return StoredFile.objects.filter(kind__in=["photograph", "capture-upload"])


def send(hers: Client, raw: bytes, name: str = "IMG_0001.jpg") -> CaptureUpload:
    """Through her hers, and looked at as the worker does."""
    photographs = SimpleUploadedFile(name, raw, "image/jpeg")
    answer = hers.post(reverse("capture_send", args=["front"]), {"photographs": photographs})
    assert answer.status_code == 302
    upload = CaptureUpload.objects.get()
    look_at_upload(upload_id=upload.pk)
    upload.refresh_from_db()
    return upload


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "a PNG that claims 400 megapixels": (lambda: png(20_000, 20_000, body=b""), "more than 60 megapixels"),
    "a PNG with a bomb of text": (lambda: png(100, 100, extra=chunk(b"zTXt", b"k\0\0" + BOMB)), "damaged"),
    "a PNG with a bomb for a profile": (lambda: png(100, 100, extra=chunk(b"iCCP", b"p\0\0" + BOMB)), "damaged"),
    "an SVG": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', NOT_A_PICTURE),
    "HTML named .jpg": (lambda: b"<html><script>alert(1)</script>", NOT_A_PICTURE),
    "PHP in a zip": (lambda: b"PK\x03\x04<?php system($_GET[0]);?>", NOT_A_PICTURE),
    "a picture that moves": (
        lambda: encoded(portrait(), "WEBP", save_all=True, append_images=[portrait().rotate(5)]),
        "moves or has several pages",
    ),
    "half a JPEG": (lambda: encoded(portrait())[:30_000], "damaged"),
    "one pixel": (lambda: png(1, 1), "only 1 × 1 pixels"),
    "a line of 60,000 pixels": (lambda: png(60_000, 1), "only 60000 × 1 pixels"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused_with_a_sentence_beside_it_and_nothing_kept(hers: Client, what: str) -> None:
    make, reason = REFUSED[what]
    upload = send(hers, make())
    assert upload.state == CaptureUpload.State.REFUSED and reason in upload.reason
    assert upload.reason in hers.get(reverse("capture")).content.decode()
    assert not Photograph.objects.exists()
    assert not stored().filter(deleted_at=None).exists()


def heic() -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(portrait()).save(out)
    return out.getvalue()


KEPT: dict[str, Callable[[], bytes]] = {
    "a picture that is a script and an archive as well": lambda: encoded(portrait()) + TAIL,
    "a picture that says where it was taken": lambda: encoded(portrait().rotate(90), exif=phone_exif()),
    "a phone's picture with a second one in it": lambda: encoded(
        portrait(), "MPO", save_all=True, append_images=[Image.new("RGB", (160, 120))]
    ),
    "a printer's CMYK": lambda: encoded(portrait().convert("CMYK")),
    "HEIC": heic,
}


@pytest.mark.parametrize("what", KEPT)
def test_kept_as_a_plain_photograph_and_as_nothing_else(hers: Client, what: str) -> None:
    upload = send(hers, KEPT[what]())
    assert (upload.state, upload.reason) == (CaptureUpload.State.KEPT, "")
    assert upload.photograph
    clean = read(upload.photograph.file)
    assert b"<script" not in clean and b"Phone" not in clean and clean.endswith(b"\xff\xd9")
    with Image.open(io.BytesIO(clean)) as picture:
        assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (900, 900))
        assert not picture.getexif() and "icc_profile" not in picture.info
    assert stored().get(deleted_at=None) == upload.photograph.file


def test_a_file_of_more_than_30_mb_is_refused_at_the_door(hers: Client) -> None:
    photographs = SimpleUploadedFile("IMG.jpg", b"\xff\xd8" + bytes(31 << 20), "image/jpeg")
    answer = hers.post(reverse("capture_send", args=["front"]), {"photographs": photographs})
    assert "30 MB" in (answer if answer.status_code == 422 else hers.get(answer["Location"])).content.decode()
    assert not CaptureUpload.objects.exists() and not stored().exists()
