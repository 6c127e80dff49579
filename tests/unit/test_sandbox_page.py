"""The stand-in's payment page: nobody can take it for the real one, and it works without a script."""

import re

import pytest
from django.test import Client

from apps.sandbox.models import CheckoutSession
from tests.fakes import stripe_site as site

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
quiet = pytest.fixture(autouse=True)(site.nobody_listens)


@pytest.fixture
def address() -> str:
    """The address of an open payment page, on this site."""
    return site.ask().checkout_url.partition(":8000")[2]


@pytest.fixture
def payer() -> Client:
    """A browser without any session that insists on CSRF checks, as every real one."""
    return Client(enforce_csrf_checks=True)


def test_the_page_says_test_and_what_is_paid(payer: Client, address: str) -> None:
    answer = payer.get(address)
    html = answer.content.decode()

    assert answer.status_code == 200
    assert "<strong>TEST</strong>" in html
    assert "€7,996.80" in html
    assert "4242 4242 4242 4242" in html
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_page_keeps_to_the_strict_policy(payer: Client, address: str) -> None:
    answer = payer.get(address)

    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert not re.search(r"<style|<script|\sstyle=|\son\w+=|https?://(?!testserver)", answer.content.decode())


@pytest.mark.parametrize("ending", ["pay", "pay/"])
def test_a_plain_post_pays_and_leads_back(payer: Client, address: str, ending: str) -> None:
    answer = payer.post(address + ending)

    session = CheckoutSession.objects.get()
    assert session.status == CheckoutSession.Status.COMPLETE
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"http://testserver/bookings/1/paid/?session={session.id}"
    assert "complete" in payer.get(address).content.decode()


@pytest.mark.parametrize("form", [{"decline": "1"}, {"card": "4000 0000 0000 0002"}, {"card": "1234"}, {"card": ""}])
def test_a_declined_card_can_be_followed_by_a_good_one(payer: Client, address: str, form: dict[str, str]) -> None:
    declined = payer.post(address + "pay/", form)
    assert declined.status_code == 402
    assert "nothing was charged" in declined.content.decode()

    assert payer.post(address + "pay/", {"card": "4242 4242 4242 4242"}).status_code == 302


def test_a_page_that_was_paid_or_expired_takes_no_money(payer: Client, address: str) -> None:
    payer.post(address + "pay/")
    assert payer.post(address + "pay/").status_code == 409

    CheckoutSession.objects.update(status=CheckoutSession.Status.EXPIRED)
    assert payer.post(address + "pay/").status_code == 409
    assert "expired" in payer.get(address).content.decode()


def test_looking_never_pays(payer: Client, address: str) -> None:
    assert payer.get(address + "pay/").status_code == 405
    assert CheckoutSession.objects.get().status == CheckoutSession.Status.OPEN


def test_an_unknown_page_is_not_found(payer: Client) -> None:
    assert payer.get("/sandbox/checkout/cs_test_none/").status_code == 404
    assert payer.post("/sandbox/checkout/cs_test_none/pay/").status_code == 404
