"""Composing in a real browser: saved as one types, over a broken connection, and beside a second tab."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.test_booking_pages import enter, look_at_it_everywhere, visit
from tests.factories import bookings as make
from tests.factories.people import World, make_world

SAVED_AT = re.compile(r"Saved \d\d:\d\d")

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "sandbox"])]


@pytest.fixture
def world() -> World:
    return make_world()


def test_nothing_typed_is_lost_on_a_lost_connection(page, live_server, world, axe, console_errors):
    booking = make.draft(world)
    enter(page, live_server, world.producer)
    visit(page, live_server, "booking_compose", booking)
    saved, title = page.locator("#saved"), page.get_by_label("Name of the booking")
    title.fill("Typed with a connection")
    expect(saved).to_contain_text(SAVED_AT, timeout=15_000)
    page.context.set_offline(True)
    title.fill("Typed without one")
    expect(saved).to_contain_text("no connection", timeout=15_000)
    booking.refresh_from_db()
    assert booking.title == "Typed with a connection"
    page.context.set_offline(False)  # it sends again by itself, nobody presses anything
    expect(saved).not_to_contain_text("no connection", timeout=40_000)
    booking.refresh_from_db()
    assert booking.title == "Typed without one"
    console_errors.clear()  # what Chromium says of a request that found no connection
    look_at_it_everywhere(page, axe)


def test_a_second_tab_is_told_and_decides(page, live_server, world, console_errors):
    booking = make.draft(world)
    enter(page, live_server, world.producer)
    visit(page, live_server, "booking_compose", booking)
    second = page.context.new_page()
    second.goto(page.url)
    second.get_by_label("Name of the booking").fill("From the second tab")
    expect(second.locator("#saved")).to_contain_text(SAVED_AT, timeout=15_000)
    page.get_by_label("Name of the booking").fill("From the first tab")
    expect(page.locator("#saved")).to_contain_text("Saved elsewhere", timeout=15_000)
    booking.refresh_from_db()
    assert booking.title == "From the second tab"
    page.get_by_role("button", name="Save this page over it").click()
    page.wait_for_url(lambda url: reverse("booking_compose", args=[booking.pk]) in url)
    expect(page.get_by_label("Name of the booking")).to_have_value("From the first tab")
    booking.refresh_from_db()
    assert booking.title == "From the first tab"
    console_errors.clear()  # 422 is logged by the browser
