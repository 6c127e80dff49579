"""A booker's day at her desk: options, sealed answers, a joint version, messages, a deputy, a package."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.days import WORKED, Axe, Day, is_seen_by_keyboard, main
from tests.browser.visitors import PHONE, Visitor
from tests.stack import Stack

pytestmark = pytest.mark.browser


@pytest.fixture
def day(browser: Browser, stack: Stack, axe: Axe) -> Iterator[Day]:
    day = Day(browser, stack, axe)
    yield day
    day.ends()


def test_she_grants_answers_writes_and_talks(day: Day, tmp_path: Path) -> None:
    books = day.has("booker")
    claire = day.comes("elan")
    grant_the_second_option(day, claire.page)
    a_rival_challenges_the_first(day, claire.page)
    answer_with_conditions(day, claire, books["fresh"])
    write_the_joint_version(day, claire.page, books["answered"])
    write_with_a_picture(day, claire.page, books["fresh"], tmp_path)


def grant_the_second_option(day: Day, page: Page) -> None:
    page.goto("/home/agency/")
    day.looks(page)
    page.goto("/options/")
    second = page.get_by_role("listitem").filter(has_text="Halden & Rye").filter(has_text="Waits for you")
    day.looks(page)
    is_seen_by_keyboard(second.get_by_role("button", name="Grant"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Granted. The brand reads its rank.")).to_be_visible()
    granted = page.get_by_role("listitem").filter(has_text="Halden & Rye").filter(has_text="Noor Adel").first
    expect(granted).to_contain_text("Rank 2")


def a_rival_challenges_the_first(day: Day, page: Page) -> None:
    """He reads no other brand's name; she reads both."""
    jonas = day.comes("halden-rye").page
    jonas.goto("/options/")
    his = jonas.get_by_role("listitem").filter(has_text="Noor Adel").first
    expect(his).to_contain_text("Rank 2")
    day.looks(jonas)
    his.get_by_label("Draft that is ready to submit").select_option(label=f"Twill {day.mark}")
    his.get_by_role("button", name="Challenge").click()
    expect(jonas.get_by_text("The first option has 24 hours to submit, or it falls.")).to_be_visible()
    expect(main(jonas)).not_to_contain_text("Maison Orsay")
    page.reload()
    challenged = page.get_by_role("listitem").filter(has_text="Challenged").filter(has_text="Noor Adel")
    expect(challenged).to_contain_text("Maison Orsay")
    expect(challenged).to_contain_text("by Halden & Rye")
    day.looks(page)


def answer_with_conditions(day: Day, claire: Visitor, booking: str) -> None:
    page = claire.page
    page.goto("/home/agency/")
    page.get_by_role("link", name=f"Answer Denim {day.mark}").click()
    day.looks(page)
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Seal the conditions").click()
    expect(dialog.locator(".errorlist").first).to_be_visible()
    claire.was_refused(422)
    day.looks(page)
    dialog.get_by_label("How long they may use the pictures").select_option("6")
    dialog.get_by_label("At most so many pictures").fill("3")
    dialog.get_by_label("A note").fill("A year is long for denim.")
    dialog.get_by_role("button", name="Seal the conditions").click()
    expect(page.get_by_text("You set conditions.")).to_be_visible()
    expect(page.get_by_text("Your answer is sealed; both open together.")).to_be_visible()
    jonas = day.people[1].page
    jonas.goto(f"/bookings/{booking}/")
    expect(jonas.get_by_role("heading", name="Waiting for answers")).to_be_visible()
    expect(main(jonas)).not_to_contain_text("conditions")
    day.looks(page)


def write_the_joint_version(day: Day, page: Page, booking: str) -> None:
    page.goto(f"/requests/{booking}/")
    page.get_by_role("button", name="Conditions").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("How long they may use the pictures").select_option("6")
    dialog.get_by_role("button", name="Seal the conditions").click()
    page.get_by_role("link", name="Write the version").click()
    expect(page.get_by_role("heading", name="Write one version")).to_be_visible()
    expect(page.get_by_label("For how long")).to_have_value("6")
    quote = page.locator("#quote")
    before = quote.inner_text()
    page.get_by_label("Fee", exact=False).first.fill("9000")
    expect(quote).not_to_have_text(before)
    day.looks(page)
    page.get_by_role("button", name="Send it to Noor Adel").click()
    expect(page.get_by_text("The version is written")).to_be_visible()
    day.looks(page)


def write_with_a_picture(day: Day, page: Page, booking: str, folder: Path) -> None:
    page.goto(f"/requests/{booking}/")
    page.get_by_role("link", name=re.compile("^Messages with Halden & Rye")).click()
    expect(page.get_by_text("Answers stay sealed.")).to_be_visible()
    day.looks(page)
    swatch = folder / "swatch.png"
    Image.new("RGB", (400, 500), "#33415c").save(swatch)
    page.get_by_label("Your message").fill("Is it this blue?")
    page.get_by_label("Attach").set_input_files(swatch)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Is it this blue?")).to_be_visible()
    expect(page.get_by_role("link", name="swatch")).to_be_visible(timeout=WORKED)
    jonas = day.people[1].page
    jonas.goto("/messages/")
    day.looks(jonas)
    jonas.goto(f"/bookings/{booking}/")
    jonas.get_by_role("link", name=re.compile("^Messages with Élan Models")).click()
    expect(jonas.get_by_text("Is it this blue?")).to_be_visible()
    jonas.get_by_label("Your message").fill("A shade darker.")
    jonas.get_by_role("button", name="Send").click()
    expect(page.get_by_text("A shade darker.")).to_be_visible()
    expect(page.get_by_text("Read", exact=False).last).to_be_visible()
    day.looks(page)
    day.looks(jonas)


def test_she_names_a_deputy_sends_a_package_and_reads_the_calendar(day: Day) -> None:
    claire = day.comes("elan")
    page = claire.page
    name_a_deputy(day, claire)
    link = send_a_package(day, page)
    the_brand_takes_it_over(day, link)
    see_it_opened(day, page)
    read_the_calendar(day, page)


def name_a_deputy(day: Day, claire: Visitor) -> None:
    """Marc is away for two weeks, so nobody can stand in before that."""
    page = claire.page
    page.goto("/organization/team/")
    page.get_by_role("link", name="Out of office").click()
    day.looks(page)
    soon, later = day_after(3), day_after(60)
    leave(page, soon, day_after(5))
    expect(page.locator(".errorlist").first).to_be_visible()
    claire.was_refused(422)
    day.looks(page)
    leave(page, later, day_after(64))
    expect(page.get_by_text("Marc Tissot stands in for you and is told.")).to_be_visible()
    hers = page.get_by_role("listitem").filter(has_text="(you)")
    expect(hers).to_contain_text("Planned")
    day.looks(page)
    hers.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("your requests and mails are yours alone again.")).to_be_visible()


def day_after(days: int) -> str:
    return (date.today() + timedelta(days=days)).isoformat()  # noqa: DTZ011  as her browser's calendar


def leave(page: Page, first: str, last: str) -> None:
    page.get_by_label("First day").fill(first)
    page.get_by_label("Last day").fill(last)
    page.get_by_label("Who stands in").select_option(label="Marc Tissot")
    page.get_by_role("button", name="Save", exact=True).click()


def send_a_package(day: Day, page: Page) -> str:
    page.goto("/home/agency/roster/")
    page.get_by_role("link", name="Packages").click()
    page.get_by_role("link", name=re.compile("(New|Make a) package")).click()
    day.looks(page)
    page.get_by_label("Name", exact=True).fill(f"January faces {day.mark}")
    page.get_by_label("For").select_option(label="Maison Orsay")
    page.get_by_role("button", name="Make the package").click()
    for name in ("Maya Okafor", "Noor Adel"):
        page.get_by_role("checkbox", name=name).check(force=True)
    day.looks(page)
    page.get_by_role("button", name="Add the ticked").click()
    expect(page.get_by_text("2 twins added.")).to_be_visible()
    page.get_by_role("button", name="Make a link").click()
    day.looks(page)
    return page.get_by_label("The link, now and only now").input_value()


def the_brand_takes_it_over(day: Day, link: str) -> None:
    page = day.comes("maison-orsay").page
    page.goto(link)
    expect(page.get_by_role("heading", name=f"January faces {day.mark}")).to_be_visible()
    day.looks(page)
    page.get_by_role("button", name="Take it over as a board").click()
    expect(page.get_by_text("The package is a board of yours now.")).to_be_visible()
    expect(page.get_by_text("Taken over from Élan Models")).to_be_visible()
    day.looks(page)
    page.get_by_role("button", name="Edit").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()


def see_it_opened(day: Day, page: Page) -> None:
    page.goto("/boards/")
    day.looks(page)
    page.get_by_role("link", name=f"January faces {day.mark}").click()
    expect(page.get_by_role("heading", name="Opened 1×")).to_be_visible()
    expect(main(page)).to_contain_text("Maison Orsay")
    page.get_by_role("button", name="Edit").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()


def read_the_calendar(day: Day, page: Page) -> None:
    page.goto("/home/agency/calendar/")
    table = page.get_by_role("table", name=re.compile("What your models are bound for"))
    expect(table.get_by_role("rowheader", name="Mateo Silva")).to_be_visible()
    expect(main(page)).to_contain_text("Maison Orsay")
    day.looks(page)
    page.get_by_label("Category").select_option("fashion")
    page.get_by_role("searchbox", name="Model").fill("mateo")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("rowheader", name="Noor Adel")).to_have_count(0)
    page.set_viewport_size(PHONE)
    expect(page.get_by_role("heading", name="Mateo Silva")).to_be_visible()
    day.looks(page)
