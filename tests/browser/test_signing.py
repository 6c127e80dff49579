"""A model on her phone: reads a mandate, proves who she is, signs it and one consent; refuses nothing by accident."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.consents.models import Consent, Purpose
from apps.signatures.certificates import make as make_certificate
from apps.signatures.models import Signature
from apps.talent.models import Mandate
from tests.factories.clients import signed_in
from tests.factories.mandates import propose_as
from tests.factories.people import World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "sandbox"])]
PHONE = {"width": 390, "height": 844}
PASSWORD = "a-long-test-password"


@pytest.fixture
def world() -> World:
    return make_world()


def enter(page: Page, live_server, person, *, fresh: bool) -> None:
    session = signed_in(person, fresh=fresh).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.set_viewport_size(PHONE)


def test_she_signs_a_mandate_on_her_phone_after_proving_who_she_is(page, live_server, world, axe, console_errors):
    proposal = propose_as(world.booker, world.agency, world.talent, kind="mother", covers_twins=True)
    enter(page, live_server, world.maya, fresh=False)
    page.goto(live_server.url + reverse("mandates"))
    assert axe(page) == []
    page.get_by_role("link", name="Read and decide").click()
    expect(page.get_by_text("This is no power of attorney")).to_be_visible()
    assert axe(page) == []
    agree_and_sign(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="It is me").click()
    agree_and_sign(page)
    expect(page.get_by_role("heading", name="And your twin?")).to_be_visible()
    assert Mandate.objects.filter(proposal=proposal, covers_twins=False).exists()
    assert axe(page) == []
    agree_and_sign(page)
    expect(page.get_by_text("may answer for your twin beside you")).to_be_visible()
    assert Mandate.objects.filter(proposal=proposal, covers_twins=True).exists()
    assert axe(page) == []


def test_she_signs_one_consent_in_her_language_and_gets_its_certificate(
    page, live_server, world, axe: Callable, console_errors
):
    given = Consent.objects.filter(talent=world.talent, purpose=Purpose.PUBLISH)
    given.update(withdrawn_at=timezone.now())
    enter(page, live_server, world.maya, fresh=True)
    page.goto(live_server.url + reverse("give_consent", args=["publish"]))
    page.get_by_role("link", name="Deutsch").click()
    assert page.locator("input:checked").count() == 0
    assert axe(page) == []
    page.get_by_text("Onlinehandel").click()
    page.get_by_text("One year").click()
    page.get_by_role("button", name="Show me what I would sign").click()
    expect(page.get_by_text("Vorgesehene Nutzungen: Onlinehandel")).to_be_visible()
    assert axe(page) == []
    agree_and_sign(page)
    expect(page.get_by_text("The certificate is being made")).to_be_visible()
    assert axe(page) == []
    with ThreadPoolExecutor(1) as worker:  # this thread has the browser's event loop
        worker.submit(as_the_worker, Signature.objects.get(language="de").pk).result()
    expect(page.get_by_role("link", name="Download the PDF")).to_be_visible(timeout=8_000)


def test_she_sees_what_a_withdrawal_touches_before_it_is_done(page, live_server, world, axe, console_errors):
    enter(page, live_server, world.maya, fresh=True)
    consent = Consent.objects.get(talent=world.talent, purpose=Purpose.GENERATE)
    page.goto(live_server.url + reverse("withdraw_consent", args=[consent.pk]))
    assert axe(page) == []
    expect(page.get_by_text("What this touches")).to_be_visible()
    page.get_by_role("button", name="Take it back now").click()
    expect(page.get_by_text("Taken back")).to_be_visible()


def test_the_agency_proposes_from_a_form_that_fits_phone_and_desk(page, live_server, world, axe, console_errors):
    enter(page, live_server, world.booker, fresh=True)
    for name in ("mandate_new", "agency_mandates", "rate_card"):
        page.goto(live_server.url + reverse(name))
        for width in (390, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                assert axe(page) == [], f"{name} at {width} in {scheme}"


def as_the_worker(pk: UUID) -> None:
    make_certificate(signature_id=pk)
    connection.close()


def agree_and_sign(page: Page) -> None:
    page.get_by_label("I have read this").check()
    page.get_by_role("button", name="Sign", exact=True).click()
