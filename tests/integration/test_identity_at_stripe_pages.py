"""Proving at Stripe who one is, in the browser; and the page that stands for Stripe's."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client

from apps.identity import checks
from apps.identity.models import IdentityCheck
from apps.identity.services import approve, is_proven, look_again
from apps.identity.tasks import forget_documents
from apps.portal.onboarding import onboarding
from apps.sandbox.models import Fault, VerificationSession
from tests.factories.clients import signed_in
from tests.factories.identity import hand_in, staff_member
from tests.factories.identity_at_stripe import BACK, CREATE, READ, as_now
from tests.factories.people import make_talent
from tests.fakes import stripe_site as site

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
PAGE = "/home/model/identity/"


@pytest.fixture(autouse=True)
def stripe_looks(settings) -> None:
    settings.IDENTITY_PROVIDER = "stripe"


@pytest.fixture
def maya():
    """(talent, person)"""
    return make_talent("maya")


def test_from_her_page_to_stripes_and_back(maya) -> None:
    talent, person = maya
    client = signed_in(person)
    page = client.get(PAGE).content.decode()
    assert "Go to Stripe" in page and "measures whether they are the same" in page and 'type="file"' not in page
    led = client.post(PAGE)
    at_stripe = urlsplit(led["Location"]).path
    assert led.status_code == 302 and "Go on at Stripe" in client.get(PAGE).content.decode()

    visitor = Client(enforce_csrf_checks=True)
    hosted = visitor.get(at_stripe)
    html = hosted.content.decode()
    assert "<strong>TEST</strong>" in html and "unsafe" not in hosted.headers["Content-Security-Policy"]
    assert not re.search(r"<style|<script|\sstyle=|\son\w+=|https?://(?!testserver)", html)
    assert visitor.post(at_stripe, {"birth_date": ""}).status_code == 422
    assert visitor.post(at_stripe, {"trouble": "nonsense"}).status_code == 422
    back = visitor.post(at_stripe, {"birth_date": str(talent.birth_date)})
    assert urlsplit(back["Location"]).path == BACK
    assert visitor.post(at_stripe, {"trouble": "document_expired"}).status_code == 409

    assert "You are who you say" in client.get(BACK, follow=True).content.decode()
    assert "Stripe is asked to delete" in client.get(PAGE).content.decode()
    assert onboarding(talent).steps[0].state == "done"


def test_another_try_on_the_hosted_page(maya) -> None:
    client = signed_in(maya[1])
    at_stripe = urlsplit(client.post(PAGE)["Location"]).path
    Client().post(at_stripe, {"trouble": "document_expired"})
    assert "The document has expired." in client.get(BACK, follow=True).content.decode()
    assert urlsplit(client.post(PAGE)["Location"]).path != at_stripe


def test_the_page_says_that_stripe_is_silent(maya) -> None:
    client = signed_in(maya[1])
    site.fault(Fault.Kind.LOST_ANSWER, CREATE)
    silent = client.post(PAGE)
    assert silent.status_code == 503 and "try again in a minute" in silent.content.decode()
    client.post(PAGE)
    site.fault(Fault.Kind.LOST_ANSWER, READ)
    assert "does not answer yet" in client.get(BACK, follow=True).content.decode()


def test_she_may_ask_for_a_person_instead_for_her_agreement_to_be_measured_is_free(maya) -> None:
    """GDPR Art. 7 and 9: explicit consent, freely given."""
    talent, person = maya
    client = signed_in(person)
    client.post(PAGE)
    page = client.get(f"{PAGE}?by=person").content.decode()
    assert 'type="file"' in page and "No face is measured here" in page

    check = hand_in(talent, person)
    given_up = IdentityCheck.objects.get(way="stripe")
    assert (given_up.state, check.state) == ("refused", "submitted")
    forget_documents()
    assert VerificationSession.objects.get().status == "canceled"
    approve(by=staff_member(), check=check, birth_date=talent.birth_date)
    assert is_proven(talent)


def test_by_default_a_person_looks_and_stripe_is_never_asked(maya, settings) -> None:
    settings.IDENTITY_PROVIDER = "person"
    client = signed_in(maya[1])
    for address in (PAGE, f"{PAGE}?by=stripe", f"{PAGE}?by=nobody"):
        page = client.get(address).content.decode()
        assert 'type="file"' in page and "Rather at Stripe" not in page
    assert client.get(BACK)["Location"] == PAGE
    assert not VerificationSession.objects.exists()
    check = hand_in(*maya)
    look_again(check=check)
    assert as_now(check).state == "submitted"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"IDENTITY_PROVIDER": "person"}, ""),
        ({"IDENTITY_PROVIDER": "stripe"}, ""),
        ({"IDENTITY_PROVIDER": "nobody"}, "identity.E001"),
        ({"STRIPE_TRANSPORT": "stripe", "STRIPE_IDENTITY_KEY": "sk_live_1"}, "identity.E002"),
        ({"STRIPE_TRANSPORT": "stripe", "STRIPE_IDENTITY_KEY": "rk_live_1"}, ""),
    ],
)
def test_the_settings_say_clearly_who_looks(settings, changes: dict[str, str], problem: str) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)
    assert [error.id for error in checks.provider_is_known()] == ([problem] if problem else [])
