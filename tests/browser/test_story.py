"""The whole story through the screens: the brand at her desk, the booker at hers, the model on her phone."""

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.stack import Stack

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE = 180_000  # milliseconds: pictures are really made
TITLE = "A coat for November"


@pytest.fixture
def people(browser: Browser, stack: Stack) -> Iterator[dict[str, Page]]:
    """Three people with a browser each, signed in by the way in of the demonstration."""
    errors: list[str] = []
    pages = {
        "brand": enter(browser, stack, "Jonas Brandt", DESK, errors),
        "agency": enter(browser, stack, "Axel Nyström", DESK, errors),
        "model": enter(browser, stack, "Anjali Rao", PHONE, errors),
    }
    yield pages
    for page in pages.values():
        page.context.close()
    assert errors == []


def enter(browser: Browser, stack: Stack, name: str, size: dict[str, int], errors: list[str]) -> Page:
    context = browser.new_context(viewport=size, base_url=stack.url, locale="en-GB", reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/")
    page.locator("form", has_text=name).get_by_role("button").first.click()
    page.wait_for_url(re.compile("/home/|/start/"))
    return page


@pytest.mark.browser
def test_a_booking_from_the_catalogue_to_the_verify_page(
    people: dict[str, Page], tmp_path: Path, axe: Callable[[Page], list[str]]
) -> None:
    brand, agency, model = people["brand"], people["agency"], people["model"]
    booking = compose_and_send(brand)
    say_yes_at_the_agency(agency)
    say_yes_on_the_phone(model)
    pay(brand, booking)
    pass_every_picture(model)
    file = choose_and_download(brand, booking, tmp_path)
    verify(model, file)
    assert axe(model) == []
    see_the_earnings(model)
    look_at_what_is_delivered(brand, booking, axe)


def compose_and_send(page: Page) -> str:
    page.goto("/twins/anjali-rao/")
    page.get_by_role("button", name=re.compile("Compose|Book")).first.click()
    page.wait_for_url(re.compile("/compose/"))
    page.get_by_label("Name of the booking").fill(TITLE)
    if page.locator(".look-card").count() == 0:
        page.get_by_role("button", name="Add a look").click()
    look = page.locator(".look-card").first
    look.locator('input[type=number][name$="pictures"]').fill("1")
    look.locator('input[type=radio][value="gobo"]').check(force=True)
    look.locator("textarea").first.fill("The coat enters before she does.")
    expect(page.locator("#quote")).to_contain_text("receives")
    page.get_by_role("button", name="Send the request").click()
    page.wait_for_url(re.compile(r"/bookings/[0-9a-f-]{36}/$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE)
    return page.url


def say_yes_at_the_agency(page: Page) -> None:
    page.goto("/home/agency/")
    page.locator("tr", has_text=TITLE).get_by_role("link").first.click()
    page.locator("button[commandfor=yes][command=show-modal]").click()
    page.locator("dialog[open]").get_by_role("button", name=re.compile("yes", re.I)).click()
    expect(page.locator("main")).to_contain_text(re.compile("sealed|said yes|You answered", re.I))


def say_yes_on_the_phone(page: Page) -> None:
    page.goto("/home/model/")
    page.locator("a", has_text=TITLE).first.click()
    page.locator("button[commandfor=yes][command=show-modal]").click()
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("Deal memo")
    dialog.get_by_role("button", name="Sign and say yes").click()
    expect(page.locator("main")).to_contain_text(re.compile("agreed", re.I))


def pay(page: Page, booking: str) -> None:
    page.goto(booking)
    page.get_by_role("button", name=re.compile("^Pay ")).click()
    expect(page.locator(".test-banner")).to_contain_text("TEST")
    page.get_by_role("button", name=re.compile("^Pay ")).click()
    page.wait_for_url(re.compile("/paid/|/bookings/"))


def pass_every_picture(page: Page) -> None:
    """She waits for the picture on her phone and passes it."""
    page.goto("/home/model/")
    link = page.locator('a[href*="/pictures/"]', has_text=TITLE).first
    for _ in range(90):
        if link.count():
            break
        page.wait_for_timeout(2_000)
        page.reload()
    link.click()
    page.get_by_role("button", name="Pass").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("checked", re.I))


def choose_and_download(page: Page, booking: str, folder: Path) -> Path:
    page.goto(booking + "select/")
    page.locator(".pick-picture form button").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 of 1 chosen")
    page.get_by_role("button", name="Finish", exact=True).click()
    page.get_by_role("button", name="Finish the selection").click()
    page.goto(booking)
    expect(page.get_by_role("link", name="Licence and pictures")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="Licence and pictures").click()
    page.get_by_role("button", name="Choose this label").click()
    download = page.locator("form[action*=download] button").first
    expect(download).to_be_visible(timeout=PATIENCE)
    with page.expect_download() as waiting:
        download.click()
    file = folder / "picture.jpg"
    waiting.value.save_as(file)
    return file


def look_at_what_is_delivered(page: Page, booking: str, axe: Callable[[Page], list[str]]) -> None:
    """The pages that only a delivered booking has, in light and dark."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for path in (booking, booking + "paid/", "/library/"):
            page.goto(path)
            assert axe(page) == []
        page.get_by_role("link", name=TITLE).first.click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert axe(page) == []


def verify(page: Page, file: Path) -> None:
    page.goto("/verify/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Check it").click()
    expect(page.locator("main")).to_contain_text(re.compile("licensed", re.I))
    expect(page.locator("main")).to_contain_text("Anjali Rao")
    expect(page.locator("main")).to_contain_text(hashlib.sha256(file.read_bytes()).hexdigest())


def see_the_earnings(page: Page) -> None:
    page.goto("/earnings/")
    page.locator("tbody a[href*='/earnings/']").first.click()
    expect(page.locator("main")).to_contain_text(TITLE)
    expect(page.locator("main")).to_contain_text("€3,600.00")
