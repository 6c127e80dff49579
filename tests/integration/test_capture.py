"""The capture set from her phone: each file looked at by itself, kept or refused with a reason, hers to take back."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, ImageEnhance, ImageFilter

from apps.audit.services import verify_chain
from apps.common.errors import InvalidInput, NotAllowed, Refused, StaleState
from apps.consents.models import Consent, Purpose
from apps.consents.services import withdraw
from apps.media import contents
from apps.media.models import StoredFile
from apps.media.services import read
from apps.twins import gallery, vectors
from apps.twins.models import CaptureSet, CaptureUpload, FaceVector, Photograph, TwinVersion
from apps.twins.services import (
    create_twin,
    hand_over,
    look_at_upload,
    open_capture_set,
    remove_upload,
    send_photograph,
)
from apps.twins.tasks import sweep
from tests.factories.clients import signed_in
from tests.factories.counting import with_few_and_many
from tests.factories.identity import prove
from tests.factories.likenesses import original, picture_of_two
from tests.factories.people import Person, make_talent

pytestmark = pytest.mark.django_db


def jpeg(picture: Image.Image, **options: object) -> bytes:
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=92, **options)
    return out.getvalue()


def portrait(who: str = "P001") -> bytes:
    return jpeg(original(who, "studio_portrait").resize((900, 900)))


def figure(who: str = "P001") -> bytes:
    return jpeg(original(who, "studio_posture"))


@pytest.fixture
def maya() -> Person:
    talent, person = make_talent("maya")
    prove(talent, person)
    return person


@pytest.fixture
def captures(maya: Person) -> CaptureSet:
    twin = create_twin(by=maya.actor, talent=maya.user.talent)
    return open_capture_set(by=maya.actor, twin=twin, taken_on=date(2026, 6, 1))


def judged(captures: CaptureSet, person: Person, shot: str, raw: bytes) -> CaptureUpload:
    upload = send_photograph(by=person.actor, capture_set=captures, shot=shot, raw=raw)
    look_at_upload(upload_id=upload.pk)
    upload.refresh_from_db()
    return upload


def look_at_all() -> None:
    """What the worker does with the messages."""
    for pk in CaptureUpload.objects.filter(state="waiting").values_list("pk", flat=True):
        look_at_upload(upload_id=pk)


def test_what_came_is_encrypted_looked_at_and_only_the_clean_photograph_stays(captures, maya):
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (48.0, 51.0, 30.0)}
    raw = jpeg(original("P001", "studio_portrait").resize((900, 900)), exif=exif)
    upload = send_photograph(by=maya.actor, capture_set=captures, shot="front", raw=raw)
    assert upload.state == "waiting" and upload.file.encrypted and not upload.file.is_picture
    look_at_upload(upload_id=upload.pk)
    upload.refresh_from_db()
    assert (upload.state, upload.reason) == ("kept", "")
    assert not Image.open(io.BytesIO(read(upload.photograph.file))).getexif()
    assert StoredFile.objects.get(pk=upload.file_id).deleted_at


BAD = {
    "a picture that is blurred": (
        "front",
        lambda: jpeg(original("P001", "studio_portrait").resize((900, 900)).filter(ImageFilter.GaussianBlur(9))),
        "blurred",
    ),
    "a picture in the dark": (
        "front",
        lambda: jpeg(ImageEnhance.Brightness(original("P001", "studio_portrait").resize((900, 900))).enhance(0.18)),
        "too dark",
    ),
    "a face too small": ("full", lambda: jpeg(original("P001", "studio_posture").resize((640, 1146))), "too small"),
    "two people": ("front", lambda: picture_of_two("P001", "P002"), "2 faces"),
    "nobody": ("front", lambda: jpeg(Image.effect_noise((800, 800), 60)), "no face"),
    "a face that looks straight ahead for a half turn": ("left", portrait, "half to the side"),
    "a text": ("front", lambda: b"<!doctype html><script>alert(1)</script>", "not a JPEG"),
    "half a file": ("front", lambda: portrait()[:20_000], "damaged"),
    "one pixel": ("front", lambda: jpeg(Image.new("RGB", (1, 1))), "1 × 1"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_refused_file_says_why_and_nothing_of_it_stays(captures, maya, case):
    shot, make, reason = BAD[case]
    upload = judged(captures, maya, shot, make())
    assert upload.state == "refused" and reason in upload.reason, upload.reason
    assert not Photograph.objects.exists()
    assert StoredFile.objects.get(pk=upload.file_id).deleted_at


def test_adults_only_a_photograph_that_the_camera_dates_before_her_18th_birthday_is_refused(captures, maya):
    exif = Image.Exif()
    exif[0x0132] = f"{maya.user.talent.birth_date.year + 10}:01:01 10:00:00"
    upload = judged(captures, maya, "front", jpeg(original("P001", "studio_portrait").resize((900, 900)), exif=exif))
    assert "18th birthday" in upload.reason


def test_another_person_in_her_set_is_refused(captures, maya):
    judged(captures, maya, "front", portrait("P001"))
    upload = judged(captures, maya, "full", figure("P002"))
    assert "one person only" in upload.reason


def test_without_the_scan_consent_nothing_is_taken_and_what_waits_is_not_kept(captures, maya):
    upload = send_photograph(by=maya.actor, capture_set=captures, shot="front", raw=portrait())
    withdraw(by=maya.actor, consent=Consent.objects.get(talent=maya.user.talent, purpose=Purpose.SCAN))
    look_at_upload(upload_id=upload.pk)
    upload.refresh_from_db()
    assert upload.state == "refused" and not Photograph.objects.exists()
    with pytest.raises(Refused, match="scan"):
        send_photograph(by=maya.actor, capture_set=captures, shot="front", raw=portrait())


def test_looking_twice_keeps_one_photograph_and_a_lost_message_is_found_again(captures, maya, monkeypatch):
    upload = send_photograph(by=maya.actor, capture_set=captures, shot="front", raw=portrait())
    CaptureUpload.objects.filter(pk=upload.pk).update(created_at="2026-01-01T00:00Z")
    asked: list[str] = []
    monkeypatch.setattr("apps.twins.tasks.look_at_upload.delay", asked.append)
    sweep()
    assert asked == [str(upload.pk)]
    look_at_upload(upload_id=upload.pk)
    look_at_upload(upload_id=upload.pk)
    assert Photograph.objects.count() == 1


def test_a_set_is_handed_over_with_a_face_and_a_figure_and_not_before(captures, maya):
    judged(captures, maya, "front", portrait())
    judged(captures, maya, "front", jpeg(original("P001", "amateur_selfie")))
    with pytest.raises(InvalidInput, match="head to foot"):
        hand_over(by=maya.actor, capture_set=captures)
    waiting = send_photograph(by=maya.actor, capture_set=captures, shot="full", raw=figure())
    with pytest.raises(StaleState, match="looked at"):
        hand_over(by=maya.actor, capture_set=captures)
    look_at_upload(upload_id=waiting.pk)
    version = hand_over(by=maya.actor, capture_set=captures)
    assert version.state == TwinVersion.State.TRAINING
    with pytest.raises(StaleState, match="complete"):
        send_photograph(by=maya.actor, capture_set=captures, shot="front", raw=portrait())
    waiting.refresh_from_db()
    with pytest.raises(StaleState, match="complete"):
        remove_upload(by=maya.actor, upload=waiting)


def test_closing_the_set_and_comparing_faces_reads_no_photograph_again(captures, maya, monkeypatch):
    """Each is read once, by the task that looks at it; what a request needs of it rests encrypted beside it."""
    judged(captures, maya, "front", portrait())
    judged(captures, maya, "front", jpeg(original("P001", "amateur_selfie")))
    read_again: list[str] = []
    monkeypatch.setattr(
        contents, "original", lambda file, real=contents.original: read_again.append(file.kind) or real(file)
    )
    judged(captures, maya, "full", figure())
    assert read_again == ["capture-upload"]
    monkeypatch.setattr("apps.twins.services.capture.read_faces", None)
    assert hand_over(by=maya.actor, capture_set=captures).state == TwinVersion.State.TRAINING
    assert read_again == ["capture-upload"]


def test_the_guard_compares_with_a_face_only_once_its_set_is_handed_over(captures, maya):
    judged(captures, maya, "front", portrait())
    judged(captures, maya, "front", jpeg(original("P001", "amateur_selfie")))
    judged(captures, maya, "full", figure())
    assert FaceVector.objects.count() == len(vectors.of_set(captures)) == 3
    assert vectors.of_twin(captures.twin) == [] and gallery.current().faces == {}
    hand_over(by=maya.actor, capture_set=captures)
    assert len(vectors.of_twin(captures.twin)) == 3 and list(gallery.current().faces) == [captures.twin_id]


def test_biometric_data_under_the_scan_consent_a_face_goes_with_its_photograph_and_none_stays_of_a_refused_one(
    captures, maya
):
    """GDPR (biometric data, art. 9)."""
    kept = judged(captures, maya, "front", portrait())
    assert FaceVector.objects.get().photograph == kept.photograph
    judged(captures, maya, "full", figure("P002"))
    assert FaceVector.objects.count() == 1
    remove_upload(by=maya.actor, upload=kept)
    assert not FaceVector.objects.exists()


def test_she_takes_a_photograph_out_again_and_its_bytes_go(captures, maya):
    upload = judged(captures, maya, "front", portrait())
    file = upload.photograph.file
    remove_upload(by=maya.actor, upload=upload)
    file.refresh_from_db()
    assert file.deleted_at and not Photograph.objects.exists() and not CaptureUpload.objects.exists()
    assert verify_chain().ok


def test_nobody_sends_or_removes_for_her(captures, maya):
    upload = judged(captures, maya, "front", portrait())
    stranger = make_talent("noor")[1].actor
    for act in (
        lambda: send_photograph(by=stranger, capture_set=captures, shot="front", raw=b"x"),
        lambda: remove_upload(by=stranger, upload=upload),
        lambda: hand_over(by=stranger, capture_set=captures),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_from_the_first_press_to_her_twin_on_her_pages(maya):
    client = signed_in(maya)
    page = reverse("capture")
    assert "Begin" in client.get(page).content.decode()
    assert client.post(reverse("capture_begin"), {"taken_on": ""})["Location"] == page
    for shot, files in {"front": [portrait(), b"nothing"], "full": [figure()]}.items():
        sent = [SimpleUploadedFile("IMG.jpg", raw, "image/jpeg") for raw in files]
        client.post(reverse("capture_send", args=[shot]), {"photographs": sent})
    waiting = client.get(page).content.decode()
    assert "Being looked at" in waiting and "load delay" in waiting
    look_at_all()
    seen = client.get(page).content.decode()
    assert seen.count("<span>Good</span>") == 2 and "not a JPEG" in seen and "It takes 1 more" in seen
    client.post(
        reverse("capture_send", args=["front"]),
        {"photographs": SimpleUploadedFile("a.jpg", jpeg(original("P001", "amateur_selfie")))},
    )
    look_at_all()
    assert "Make my twin" in client.get(page).content.decode()
    assert client.post(reverse("capture_done"))["Location"] == reverse("my_twin")
    assert TwinVersion.objects.get().state == "training"


def test_the_page_asks_as_much_for_three_photographs_as_for_thirty(captures, maya):
    def one_more(number: int) -> None:
        stored = [
            StoredFile.objects.create(
                kind=kind,
                owner="x",
                sha256="0" * 64,
                size=1,
                content_type="image/jpeg",
                storage_name=f"{kind}/{number}",
            )
            for kind in ("photograph", "capture-upload")
        ]
        photograph = Photograph.objects.create(capture_set=captures, file=stored[0], name=stored[0].pk.hex)
        CaptureUpload.objects.create(
            capture_set=captures, shot="front", state="kept", photograph=photograph, file=stored[1]
        )

    few, many = with_few_and_many(signed_in(maya), reverse("capture"), one_more)
    assert few == many
