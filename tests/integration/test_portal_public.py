"""What anybody may see: home, verify, error pages. And what signing in changes."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories import portal_people as people

pytestmark = pytest.mark.django_db


def test_the_home_page_is_open_to_everybody(client: Client) -> None:
    page = client.get(reverse("home"))
    assert page.status_code == 200 and "Your likeness. Your&nbsp;yes. Your&nbsp;fee." in page.content.decode()


def test_an_unknown_picture_is_not_found_and_that_proves_nothing(client: Client) -> None:
    page = client.post(reverse("verify"), {"picture": SimpleUploadedFile("a.jpg", b"some bytes")})
    assert page.status_code == 200
    assert "Not found" in page.content.decode() and "proves nothing" in page.content.decode()


def test_verifying_nothing_says_what_is_missing(client: Client) -> None:
    page = client.post(reverse("verify"), {})
    assert page.status_code == 422 and "Choose a picture first." in page.content.decode()


def test_one_address_cannot_verify_without_end(client: Client) -> None:
    answers = {
        client.post(
            reverse("verify"), {"picture": SimpleUploadedFile("a.jpg", b"x")}, REMOTE_ADDR="203.0.113.9"
        ).status_code
        for _ in range(45)
    }
    assert 429 in answers


def test_an_unknown_licence_is_not_there(client: Client) -> None:
    assert client.get("/l/ABCDEFG/").status_code == 404


def test_private_pages_are_not_stored_by_anybody_on_the_way(client: Client) -> None:
    client.force_login(people.talent("Noor Achebe").user)
    assert "no-store" in client.get(reverse("home"))["Cache-Control"]


def test_no_page_of_ours_carries_a_style_attribute_or_an_inline_script(client: Client) -> None:
    for name in ("home", "verify", "account_login", "account_signup", "account_reset_password"):
        page = client.get(reverse(name)).content.decode()
        assert " style=" not in page and "<script>" not in page, name
