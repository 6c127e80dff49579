"""A press shows at once that it was heard, works once, and is forgotten when one comes back."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.test_portal_pages import enter
from tests.factories import bookings as make
from tests.factories.people import make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "sandbox"])]

SOON = 100  # milliseconds from a press to the first thing that moves
# Presses, and tells after how many milliseconds the document said that it had heard.
PRESS = """([selector, seen]) => new Promise((told) => {
  const begin = performance.now();
  const look = () => { if (document.querySelector(seen)) told(performance.now() - begin); };
  new MutationObserver(look).observe(document.documentElement, {subtree: true, attributes: true});
  document.querySelector(selector).click();
})"""


def stay(route: Route) -> None:
    """An answer that leaves the page as it is, as a file or a lost answer would."""
    route.fulfill(status=204)


def test_a_button_is_busy_at_once_and_sends_once(page: Page, live_server: LiveServer) -> None:
    sent = []
    page.goto(live_server.url + reverse("account_login"))
    page.get_by_label("E-mail address").fill("maya@example.com")
    page.get_by_label("Password").fill("a password that is long")
    page.on("request", lambda request: sent.append(request.method))
    page.route("**/accounts/login/", stay)
    button = (
        "main form:has(input[type=password]) button[type=submit], main form:has(input[type=password]) button.primary"
    )
    assert page.evaluate(PRESS, [button, "button[aria-busy=true]"]) < SOON
    page.evaluate("selector => document.querySelector(selector).click()", button)
    page.wait_for_timeout(200)
    assert sent == ["POST"]


def test_a_link_says_that_it_was_pressed_and_forgets_it_on_the_way_back(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url + "/")
    page.route("**/verify/", stay)
    link = "footer a[href='/verify/']"
    assert page.evaluate(PRESS, [link, "html[data-leaving]"]) < SOON
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(page.locator("html[data-leaving]")).to_have_count(0)


def test_nothing_jumps_while_pictures_load(page: Page, live_server: LiveServer) -> None:
    """Every picture's place is drawn before the picture is there, with its colours in it."""
    world = make_world()
    make.submitted(world)
    enter(page, live_server, world.producer)
    page.route("**/files/**", lambda route: route.abort())
    page.goto(live_server.url + reverse("twins"), wait_until="domcontentloaded")
    places = page.locator(".ph").all()
    assert places
    for place in places:
        box = place.bounding_box()
        assert box and box["height"] == pytest.approx(box["width"] * 5 / 4, rel=0.02)
