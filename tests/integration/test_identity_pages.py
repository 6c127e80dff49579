"""Proving who one is in the browser, and deciding about it in the admin."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.identity.models import IdentityCheck
from tests.factories.clients import signed_in
from tests.factories.identity import card, hand_in, prove, staff_member
from tests.factories.people import make_member, make_organization, make_talent

pytestmark = pytest.mark.django_db
PAGE = "/home/model/identity/"


@pytest.fixture
def maya():
    return make_talent("maya")


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(staff_member())
    return client


def pictures(**changes: bytes) -> dict[str, SimpleUploadedFile]:
    given = {"document": card(), "selfie": card()} | changes
    return {name: SimpleUploadedFile(f"{name}.jpg", data, "image/jpeg") for name, data in given.items()}


def test_she_sends_it_and_reads_where_it_stands(maya):
    client = signed_in(maya[1])
    assert b"Send it, encrypted" in client.get(PAGE).content
    answer = client.post(PAGE, {"kind": "passport"} | pictures(), follow=True)
    assert "Somebody looks at it" in answer.content.decode()
    assert answer["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    again = client.post(PAGE, {"kind": "passport"} | pictures(), follow=True)
    assert "already here" in again.content.decode() and IdentityCheck.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"kind": ""}, "kind"), (pictures(document=b""), "document"), (pictures(selfie=b"GIF89a"), "selfie")],
)
def test_an_error_stands_next_to_its_field(maya, changes, field):
    answer = signed_in(maya[1]).post(PAGE, {"kind": "passport"} | pictures() | changes)
    assert answer.status_code == 422 and list(answer.context["form"].errors) == [field]


def test_the_page_says_when_it_is_done(maya):
    prove(*maya)
    assert b"You are who you say" in signed_in(maya[1]).get(PAGE).content


def test_staff_see_both_pictures_and_decide_once(maya, staff):
    check = hand_in(*maya)
    decide = reverse("admin:identity_decide", args=[check.pk])
    shown = staff.get(decide)
    assert shown.status_code == 200 and "no-store" in shown["Cache-Control"]
    for which in ("document", "selfie"):
        picture = staff.get(reverse("admin:identity_picture", args=[check.pk, which]))
        assert picture.content[:2] == b"\xff\xd8" and "no-store" in picture["Cache-Control"]
    assert staff.get(reverse("admin:identity_picture", args=[check.pk, "other"])).status_code == 404
    for wrong in (
        {},
        {"decision": "approve"},
        {"decision": "approve", "birth_date": "1990-01-01"},
        {"decision": "refuse"},
    ):
        assert staff.post(decide, wrong).status_code == 422
    staff.post(decide, {"decision": "approve", "birth_date": str(maya[0].birth_date)})
    check.refresh_from_db()
    assert check.state == "approved"
    assert staff.post(decide, {"decision": "refuse", "reason": "No"}).status_code == 409
    assert staff.get(reverse("admin:identity_picture", args=[check.pk, "document"])).status_code == 404


def test_only_staff_come_near(maya):
    check = hand_in(*maya)
    booker = signed_in(make_member(make_organization("agency", "elan"), "owner", "claire"))
    for client in (signed_in(maya[1]), booker, Client()):
        for address in ("admin:identity_decide", "admin:identity_picture"):
            args = [check.pk] if address.endswith("decide") else [check.pk, "document"]
            assert client.get(reverse(address, args=args)).status_code == 302
    assert booker.get(PAGE).status_code == 403
