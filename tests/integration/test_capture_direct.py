"""Her browser brings a photograph straight to the storage; the site hears of it, looks at it, and removes what came."""

import io
from datetime import date

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from apps.consents.models import Consent, Purpose
from apps.consents.services import withdraw
from apps.media import incoming
from apps.twins.models import CaptureSet, CaptureUpload, Photograph
from apps.twins.services import create_twin, look_at_upload, open_capture_set
from tests.factories.clients import signed_in
from tests.factories.identity import prove
from tests.factories.likenesses import original
from tests.factories.people import Person, make_talent

pytestmark = pytest.mark.django_db
ARRIVED = "capture_arrived"


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


def portrait() -> bytes:
    out = io.BytesIO()
    original("P001", "studio_portrait").convert("RGB").resize((900, 900)).save(out, "JPEG", quality=92)
    return out.getvalue()


def expect(client: Client, *, size: object = 1000, shot: str = "front") -> HttpResponse:
    return client.post(reverse("capture_expect", args=[shot]), {"size": size})


def bring(url: str, raw: bytes) -> int:
    """As a browser would bring it to a bucket: without a cookie, and with the check for forged requests on."""
    stranger = Client(enforce_csrf_checks=True)
    return stranger.post(url, {"file": SimpleUploadedFile("IMG.jpg", raw, "image/jpeg")}).status_code


def brought(client: Client, raw: bytes) -> CaptureUpload:
    slot = expect(client, size=len(raw)).json()
    assert bring(slot["url"], raw) == 204
    assert client.post(reverse(ARRIVED), {"ticket": slot["ticket"]}).status_code == 204
    return CaptureUpload.objects.get()


def lies_there(upload: CaptureUpload) -> bool:
    return default_storage.exists(upload.incoming)


def test_kept_and_what_came_is_gone(hers: Client) -> None:
    upload = brought(hers, portrait())
    assert upload.state == "waiting" and upload.file is None and lies_there(upload)
    look_at_upload(upload_id=upload.pk)
    look_at_upload(upload_id=upload.pk)
    upload.refresh_from_db()
    assert (upload.state, Photograph.objects.count()) == ("kept", 1)
    assert not lies_there(upload)


def test_refused_with_a_reason_and_what_came_is_gone(hers: Client) -> None:
    upload = brought(hers, b"<html>")
    look_at_upload(upload_id=upload.pk)
    upload.refresh_from_db()
    assert upload.state == "refused" and "not a JPEG" in upload.reason and not lies_there(upload)


def test_said_twice_it_is_one_upload_and_sent_twice_the_last_one_counts(hers: Client) -> None:
    slot = expect(hers).json()
    assert bring(slot["url"], b"half") == bring(slot["url"], portrait()) == 204
    for _ in range(2):
        assert hers.post(reverse(ARRIVED), {"ticket": slot["ticket"]}).status_code == 204
    look_at_upload(upload_id=CaptureUpload.objects.get().pk)
    assert CaptureUpload.objects.get().state == "kept"


def test_said_without_being_sent_it_is_refused(hers: Client) -> None:
    slot = expect(hers).json()
    hers.post(reverse(ARRIVED), {"ticket": slot["ticket"]})
    look_at_upload(upload_id=CaptureUpload.objects.get().pk)
    assert "did not arrive" in CaptureUpload.objects.get().reason


@pytest.mark.parametrize("size", [0, -1, "many", "", 31 << 20])
def test_a_size_that_nobody_takes_gets_no_slot(hers: Client, size: object) -> None:
    answer = expect(hers, size=size)
    assert answer.status_code == 422 and "30 MB" in answer.json()["error"]


def test_without_the_scan_consent_there_is_no_slot_and_what_lies_there_is_not_kept(maya: Person, hers: Client) -> None:
    slot = expect(hers).json()
    assert bring(slot["url"], portrait()) == 204
    withdraw(by=maya.actor, consent=Consent.objects.get(talent=maya.user.talent, purpose=Purpose.SCAN))
    assert expect(hers).status_code == 422
    assert hers.post(reverse(ARRIVED), {"ticket": slot["ticket"]}).status_code == 422
    assert not CaptureUpload.objects.exists()


def test_a_ticket_is_for_one_set_of_hers_and_for_nobody_else(hers: Client) -> None:
    slot = expect(hers).json()
    talent, other = make_talent("noor")
    prove(talent, other)
    open_capture_set(by=other.actor, twin=create_twin(by=other.actor, talent=talent), taken_on=date(2026, 6, 1))
    for ticket in (slot["ticket"], slot["ticket"][:-1], ""):
        assert signed_in(other).post(reverse(ARRIVED), {"ticket": ticket}).status_code == 422
    assert not CaptureUpload.objects.exists()


def test_a_closed_set_takes_no_more(hers: Client) -> None:
    slot = expect(hers).json()
    CaptureSet.objects.update(closed_at="2026-06-02T00:00Z")
    assert expect(hers).status_code == 404
    assert hers.post(reverse(ARRIVED), {"ticket": slot["ticket"]}).status_code == 404


class TestTheSlotOfAFolder:
    def test_it_takes_its_size_and_not_a_byte_more(self) -> None:
        slot = incoming.open_slot(most_bytes=4)
        assert bring(slot.url, b"12345") == 413 and not default_storage.exists(slot.name)
        assert bring(slot.url, b"") == 400
        assert bring(slot.url, b"1234") == 204
        incoming.drop(slot.name)

    def test_an_address_altered_or_over_is_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        slot = incoming.open_slot(most_bytes=4)
        assert bring(slot.url[:-2] + "/", b"1") == 404
        monkeypatch.setattr(incoming, "VALID_FOR", -incoming.VALID_FOR)
        assert bring(slot.url, b"1") == 404

    def test_nothing_is_served_from_it(self) -> None:
        slot = incoming.open_slot(most_bytes=4)
        bring(slot.url, b"1234")
        assert Client().get(slot.url).status_code == 405
        incoming.drop(slot.name)
