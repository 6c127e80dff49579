"""The portal's own pages in a real browser: found by name, filtered, switched, and fit for phone, desktop and dark."""

from collections.abc import Callable
from zipfile import ZipFile

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from apps.archives.models import Archive
from apps.archives.services import make as pack
from apps.organizations.models import Membership
from apps.twins.models import Twin
from tests.factories import bookings as make
from tests.factories.clients import signed_in
from tests.factories.people import Person, World, make_world
from tests.factories.sheets import make_sheet_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "sandbox"])]

Axe = Callable[[Page], list[str]]
SIZES = [{"width": 390, "height": 844}, {"width": 1440, "height": 900}]
NARROWEST = {"width": 320, "height": 640}  # WCAG 1.4.10


@pytest.fixture
def world() -> World:
    return make_world()


def enter(page: Page, live_server: LiveServer, person: Person) -> None:
    session = signed_in(person).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])


def look_at_it_everywhere(page: Page, axe: Axe, address: str) -> None:
    page.goto(address)
    for size in SIZES:
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert axe(page) == [], f"{address} at {size['width']} in {scheme}"
    page.set_viewport_size(NARROWEST)
    sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert sideways == 0, f"{address} is wider than {NARROWEST['width']} pixels"


def test_everybody_can_read_the_open_pages(page, live_server, world, axe, console_errors):
    for name in ("home", "verify", "account_login", "account_signup", "account_reset_password"):
        look_at_it_everywhere(page, axe, live_server.url + reverse(name))


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("maya", ["model_home", "my_twin", "lineage", "earnings", "notices", "mfa_index"]),
        ("booker", ["agency_desk", "roster", "earnings"]),
        ("producer", ["brand_home", "twins"]),
    ],
)
def test_each_finds_her_pages_fit_for_every_screen(page, live_server, world, axe, console_errors, who, names):
    make.submitted(world, title="Spring campaign")
    enter(page, live_server, getattr(world, who))
    for name in names:
        look_at_it_everywhere(page, axe, live_server.url + reverse(name))


def test_the_catalogue_follows_the_ticks_and_the_address_tells_them(page, live_server, world, console_errors):
    world.talent.boundaries.barred_media = ["tv"]
    world.talent.boundaries.save()
    enter(page, live_server, world.producer)
    page.set_viewport_size(SIZES[1])
    page.goto(live_server.url + reverse("twins"))
    expect(page.get_by_role("status").first).to_contain_text("1 twin cleared")
    page.get_by_label("Search by name").fill("nobody at all")
    expect(page.get_by_text("No twin fits all of that")).to_be_visible()
    page.get_by_role("link", name="Clear filters").click()
    page.get_by_label("Women").check()
    expect(page.locator("#board-women")).to_be_focused()
    page.wait_for_url("**board=women**")
    page.get_by_role("link", name="Remove filter Women").click()
    expect(page.get_by_role("heading", name=world.talent.stage_name)).to_be_visible()


def test_the_catalogue_works_without_javascript(browser: Browser, live_server, world):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    enter(page, live_server, world.producer)
    page.goto(live_server.url + reverse("twins") + "?board=men")
    expect(page.get_by_text("No twin fits all of that")).to_be_visible()
    context.close()


def test_a_person_of_two_houses_changes_for_whom_she_acts(page, live_server, world, axe, console_errors):
    Membership.objects.create(user=world.producer.user, organization=world.rival, role="viewer")
    enter(page, live_server, world.producer)
    page.set_viewport_size(SIZES[1])
    page.goto(live_server.url + reverse("brand_home"))
    page.get_by_role("button", name="Account").click()
    assert axe(page) == []
    page.get_by_role("button", name=world.rival.name).click()
    expect(page.get_by_role("button", name=f"Account: {world.rival.name}")).to_be_visible()


def test_she_pauses_her_twin_after_seeing_what_it_touches(page, live_server, world, axe, console_errors):
    enter(page, live_server, world.maya)
    page.set_viewport_size(SIZES[0])
    page.goto(live_server.url + reverse("my_twin"))
    opener = page.get_by_role("button", name="Pause my twin")
    opener.click()
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    opener.click()
    page.get_by_role("button", name="Pause it now").click()
    expect(page.get_by_text("Paused. Nothing more is made")).to_be_visible()
    world.twin.refresh_from_db()
    assert world.twin.state == Twin.State.PAUSED


def test_a_model_packs_everything_of_her_twin_and_sees_it_become_ready(page, live_server, world, axe, console_errors):
    """The page asks by itself how far the archive is, and stops asking when it is there."""
    make_sheet_of(world.twin)
    enter(page, live_server, world.maya)
    page.set_viewport_size(SIZES[0])
    page.goto(live_server.url + reverse("my_twin"))
    page.get_by_role("link", name="Show me").click()
    page.get_by_role("button", name="Pack my archive").click()
    expect(page.get_by_role("status").filter(has_text="Being begun")).to_be_visible()
    assert axe(page) == []
    pack(archive_id=Archive.objects.get().pk)
    expect(page.get_by_role("button", name="Download")).to_be_visible(timeout=10_000)
    assert axe(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    with ZipFile(download.value.path()) as packed:
        assert packed.testzip() is None and "manifest.json" in packed.namelist()
