"""The tour's bar on a phone: readable by everybody, worked with the keyboard, left and resumed."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from apps.demonstration.models import Tour
from tests.factories.programme import load_programme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "sandbox"])]

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


@pytest.fixture(autouse=True)
def programme():
    load_programme("maya-okafor", "noor-adel")


def bar(page: Page):
    return page.get_by_role("complementary", name=re.compile("The tour"))


def begin(page: Page, live_server, side: str) -> None:
    page.goto(live_server.url + reverse("home"))
    page.get_by_role("button", name=f"See it as {side}").click()
    expect(bar(page)).to_be_visible()


def test_the_home_page_and_the_list_of_refusals_are_fit_for_everybody(page, live_server, axe, console_errors):
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for name in ("home", "demonstration:refusals"):
                page.goto(live_server.url + reverse(name))
                assert axe(page) == [], f"{name} at {size['width']} in {scheme}"


def test_the_bar_stands_free_of_the_answer_and_is_fit_for_everybody(page, live_server, axe, console_errors):
    page.set_viewport_size(PHONE)
    begin(page, live_server, "a model")
    page.goto(live_server.url + reverse("request", args=[Tour.objects.get().booking_id]))
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert axe(page) == [], f"at {size['width']} in {scheme}"
        above, below = bar(page).bounding_box(), page.get_by_role("region", name="Your answer").bounding_box()
        assert above["y"] + above["height"] <= below["y"] + 1, f"the bar covers the answer at {size['width']}"
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_it_is_folded_by_keyboard_and_stays_folded_on_the_next_page(page, live_server, console_errors):
    page.set_viewport_size(PHONE)
    begin(page, live_server, "a model")
    summary = bar(page).locator("summary")
    told = bar(page).get_by_role("status")
    summary.focus()
    page.keyboard.press("Enter")
    expect(told).to_be_hidden()
    page.goto(live_server.url + reverse("my_twin"))
    expect(told).to_be_hidden()
    bar(page).locator("summary").press("Enter")
    expect(told).to_be_visible()
    page.keyboard.press("Tab")
    expect(bar(page).get_by_role("link", name="Show me")).to_be_focused()
    page.keyboard.press("Tab")
    expect(bar(page).get_by_role("button", name="Leave")).to_be_focused()


def test_it_is_left_with_one_press_and_resumed_from_the_menu_and_from_home(page, live_server, console_errors):
    page.set_viewport_size(PHONE)
    begin(page, live_server, "an agency")
    bar(page).get_by_role("button", name="Leave").click()
    expect(page.get_by_role("heading", name="Desk")).to_be_visible()
    expect(bar(page)).to_have_count(0)
    page.get_by_role("button", name="Account").click()
    page.get_by_role("button", name="Go on with the tour").click()
    expect(bar(page)).to_contain_text("1 of 7")
    bar(page).get_by_role("button", name="Leave").click()
    page.get_by_role("link", name="Double").first.click()
    page.get_by_role("button", name="Go on with the tour").click()
    expect(bar(page)).to_contain_text("1 of 7")


def test_one_press_goes_on_as_the_next_person_without_javascript_too(browser: Browser, live_server):
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    begin(page, live_server, "an agency")
    bar(page).get_by_role("link", name="Show me").click()
    expect(page.get_by_role("heading", name=re.compile("for Maya Okafor"))).to_be_visible()
    expect(bar(page)).to_contain_text("1 of 7")
    context.close()


def test_she_answers_and_goes_on_as_the_booker(page, live_server, console_errors):
    page.set_viewport_size(PHONE)
    begin(page, live_server, "a model")
    bar(page).get_by_role("link", name="Show me").click()
    page.get_by_role("button", name="Yes", exact=True).click()
    page.get_by_role("button", name="Sign and say yes").click()
    bar(page).get_by_role("button", name="Go on as Claire Fontaine").click()
    expect(page.get_by_role("button", name=re.compile("Account: Élan"))).to_be_visible()
    expect(bar(page)).to_contain_text("2 of 7")
