"""Staff: somebody objects to a picture, and people decide within the 48 hours and say why."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.days import Axe, Day, main
from tests.browser.visitors import PHONE
from tests.stack import Stack

pytestmark = pytest.mark.browser
LICENCE = """SELECT bookings_licence.code FROM bookings_licence
    JOIN bookings_booking ON bookings_booking.id = booking_id
    WHERE title = 'The suit, and no other'"""


@pytest.fixture
def day(browser: Browser, stack: Stack, axe: Axe) -> Iterator[Day]:
    day = Day(browser, stack, axe)
    yield day
    day.ends()


def test_a_notice_is_decided_within_its_clock(day: Day) -> None:
    [(code,)] = day.stack.rows(LICENCE)
    somebody = day.comes("", size=PHONE).page
    object_to_a_picture(day, somebody, str(code))
    staff = day.comes("staff").page
    look_and_refuse(day, staff, str(code))
    somebody.goto(f"/l/{code}/")
    expect(main(somebody)).to_contain_text("Mateo Silva")
    day.looks(somebody)


def object_to_a_picture(day: Day, page: Page, code: str) -> None:
    page.goto(f"/l/{code}/object/")
    day.looks(page)
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".errorlist").first).to_be_visible()
    day.people[0].was_refused(422)
    day.looks(page)
    page.get_by_label("Your name").fill(f"Agathe {day.mark}")
    page.get_by_label("Your address").fill("agathe@example.org")
    page.get_by_label("What is wrong").fill("It hangs in a shop where nobody asked me.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Received")).to_be_visible()
    day.looks(page)


def look_and_refuse(day: Day, page: Page, code: str) -> None:
    page.goto("/admin/bookings/takedownnotice/")
    row = page.get_by_role("row").filter(has_text=f"Agathe {day.mark}")
    expect(row).to_contain_text("47 h left")
    row.get_by_role("link", name="Look and decide").click()
    expect(page.get_by_text("nobody asked me")).to_be_visible()
    page.get_by_role("radio", name=re.compile("^Refuse")).check()
    page.get_by_role("button", name="Decide").click()
    expect(page.locator(".errorlist, .errornote").first).to_be_visible()
    day.people[1].was_refused(422)
    page.get_by_label("Reason").fill("The shop is named in the licence.")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text(f"{code}: done. The parties are told.")).to_be_visible()
