"""From nothing to a team in a real browser: sign up, confirm, register, invite, join; and in again with a passkey."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from apps.organizations.models import Organization, TeamInvitation
from apps.organizations.services import decide, invite
from tests.factories.clients import signed_in
from tests.factories.joining import ABOUT_A_BRAND, mailed_secret, newcomer
from tests.factories.people import Person, acting, make_member, make_organization, make_user

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "sandbox"]),
    pytest.mark.usefixtures("letters_go_out"),
]

Axe = Callable[[Page], list[str]]
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
PASSWORD = "a very long password 7"


@pytest.fixture(autouse=True)
def _limits_start_anew() -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def _links_lead_here(settings: Settings, live_server: LiveServer) -> None:
    settings.SITE_URL = live_server.url


def enter(page: Page, live_server: LiveServer, person: Person) -> None:
    session = signed_in(person).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])


def look_at_it_everywhere(page: Page, axe: Axe, address: str) -> None:
    page.goto(address)
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert axe(page) == [], f"{address} at {size['width']} in {scheme}"
    page.set_viewport_size({"width": 320, "height": 640})
    sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert sideways == 0, f"{address} is wider than 320 pixels"


def link_in(mail: object) -> str:
    found = re.search(r"https?://\S+/accounts/confirm-email/\S+", str(getattr(mail, "body", "")))
    assert found
    return found[0]


def test_from_signing_up_to_a_registered_brand(page, live_server, mailoutbox, axe, console_errors):
    page.set_viewport_size(PHONE)
    page.goto(live_server.url + reverse("account_signup"))
    page.get_by_label("E-mail address").fill("ines@orsay.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.goto(link_in(mailoutbox[0]))
    page.get_by_role("button", name="Yes, confirm it").click()
    expect(page.get_by_role("heading", name="Welcome. Who are you here?")).to_be_visible()
    page.get_by_role("link", name="Register a brand").click()
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text("Tell us your name.")).to_be_visible()
    console_errors.clear()  # Chromium tells of every 422
    page.get_by_label("Your own name").fill("Ines Martel")
    labels = {
        "Legal name": "legal_name",
        "Registration number": "registration_number",
        "VAT number": "vat_number",
        "Competitor group": "competitor_group",
        "Contact phone": "contact_phone",
    }
    page.get_by_label("Name", exact=True).fill("Maison Orsay")
    for label, field in labels.items():
        page.get_by_label(label).fill(ABOUT_A_BRAND[field])
    page.get_by_label("Country").select_option("DE")
    page.get_by_label("Main category").select_option("fashion")
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text("Maison Orsay is not checked yet.")).to_be_visible()
    brand = Organization.objects.get()
    assert brand.memberships.get().user.name == "Ines Martel"
    assert axe(page) == []


@pytest.mark.parametrize("kind", ["agency", "brand"])
def test_the_pages_of_a_party_fit_every_screen(page, live_server, axe, console_errors, kind):
    party = make_organization(kind, "halden-rye", checked=False)
    owner = make_member(party, "owner", "jonas")
    make_member(party, "viewer" if kind == "brand" else "booker", "vera")
    staff = make_user("staff")
    staff.is_staff = True
    staff.save()
    decide(by=staff, organization=party, decision="refused", reason="The register knows no such number.")
    invite(by=owner.actor, organization=party, email="somebody-new@a-rather-long-domain.example", role="owner")
    enter(page, live_server, owner)
    home = {"agency": "agency_desk", "brand": "brand_home"}[kind]
    for name in (home, "organization", "organization_edit", "team", f"register_{kind}", "begin"):
        look_at_it_everywhere(page, axe, live_server.url + reverse(name))


def test_the_pages_of_an_account_fit_every_screen(page, live_server, axe, console_errors):
    enter(page, live_server, Person(newcomer("vera"), acting(newcomer("otto"), "", "", frozenset())))
    for name in ("account", "account_email", "account_change_password", "mfa_index", "usersessions_list"):
        look_at_it_everywhere(page, axe, live_server.url + reverse(name))


def test_an_owner_invites_and_a_newcomer_joins_after_signing_up(
    page, browser: Browser, live_server, mailoutbox, axe, console_errors
):
    party = make_organization("brand", "halden-rye")
    owner = make_member(party, "owner", "jonas")
    enter(page, live_server, owner)
    page.set_viewport_size(DESKTOP)
    page.goto(live_server.url + reverse("team"))
    page.get_by_label("E-mail address").fill("vera@new.example")
    page.locator("#id_role").select_option("finance")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("Invited: vera@new.example")).to_be_visible()
    secret = mailed_secret(TeamInvitation.objects.get(), mailoutbox)

    hers = browser.new_context(locale="en-GB").new_page()
    hers.set_viewport_size(PHONE)
    hers.goto(live_server.url + reverse("team_invitation", args=[secret]))
    assert axe(hers) == []
    hers.get_by_role("link", name="New here: make an account").click()
    hers.get_by_label("E-mail address").fill("vera@new.example")
    hers.get_by_label("Password", exact=True).fill(PASSWORD)
    hers.get_by_role("button", name="Join").click()
    hers.goto(link_in(mailoutbox[-1]))
    hers.get_by_role("button", name="Yes, confirm it").click()
    expect(hers.get_by_role("heading", name="Join Halden Rye?")).to_be_visible()
    hers.get_by_label("Your own name").fill("Vera Lind")
    hers.get_by_role("button", name="Join Halden Rye").click()
    expect(hers.get_by_text("You work for Halden Rye now.")).to_be_visible()
    assert urlsplit(hers.url).path == reverse("brand_home")
    page.reload()
    expect(page.get_by_text("Vera Lind", exact=True)).to_be_visible()
    hers.context.close()


def test_a_passkey_is_the_way_in_while_the_password_is_locked(page, live_server, console_errors):
    vera = newcomer("vera")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    site = live_server.url.replace("127.0.0.1", "localhost")
    page.goto(site + reverse("account_login"))
    page.get_by_label("E-mail address").fill(vera.email)
    page.get_by_label("Password").fill("a-long-test-password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Welcome. Who are you here?")).to_be_visible()
    page.goto(site + reverse("mfa_add_webauthn"))
    page.get_by_label("Password").fill("a-long-test-password")
    page.get_by_role("button", name="It is me").click()
    page.get_by_label("Name").fill("My telephone")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_text("The passkey is saved.")).to_be_visible()
    page.get_by_role("button", name="Account").click()
    page.get_by_role("button", name="Sign out").click()
    for _ in range(6):
        page.goto(site + reverse("account_login"))
        page.get_by_label("E-mail address").fill(vera.email)
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Too many wrong passwords.")).to_be_visible()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Welcome. Who are you here?")).to_be_visible()
