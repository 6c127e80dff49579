"""The pages of a booking in a real browser: the price follows the typing, keys work, axe and console stay silent."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from apps.bookings.models import Booking, Review
from apps.bookings.services import review
from tests.factories import bookings as make
from tests.factories.clients import signed_in
from tests.factories.people import Person, World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "sandbox"])]

Axe = Callable[[Page], list[str]]
SIZES = [{"width": 390, "height": 844}, {"width": 1440, "height": 900}]


@pytest.fixture
def world() -> World:
    return make_world()


def enter(page: Page, live_server: LiveServer, person: Person) -> None:
    session = signed_in(person).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])


def visit(page: Page, live_server: LiveServer, name: str, booking: Booking, query: str = "") -> None:
    page.goto(live_server.url + reverse(name, args=[booking.pk]) + query)


def look_at_it_everywhere(page: Page, axe: Axe) -> None:
    """Phone and desktop, light and dark: accessible, and nothing sticks out sideways."""
    page.wait_for_timeout(400)  # a view transition that is cut off by a new size counts as an error
    for size in SIZES:
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert axe(page) == [], f"{page.url} at {size['width']} in {scheme}"
        sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert sideways == 0, f"{page.url} at {size['width']}"


def test_the_price_follows_the_typing_and_a_problem_is_said_at_once(page, live_server, world, axe, console_errors):
    booking = make.draft(world, pictures=40)
    enter(page, live_server, world.producer)
    visit(page, live_server, "booking_compose", booking)
    quote = page.locator("#quote")
    expect(quote).to_contain_text("€7,996.80")
    page.get_by_text("24 months", exact=True).click()
    expect(quote).to_contain_text("€11,424.00")
    page.get_by_label("Pictures", exact=True).fill("-1")
    expect(quote).to_contain_text("Pictures: At least one picture.")
    page.get_by_label("Pictures", exact=True).fill("20")
    expect(quote).to_contain_text("€10,281.60")
    for _ in range(60):
        booking.refresh_from_db()
        if (booking.window_months, booking.looks.get().pictures) == (24, 20):
            break
        page.wait_for_timeout(250)
    else:
        pytest.fail("a draft is saved as one types")
    look_at_it_everywhere(page, axe)


def test_pressing_enter_in_a_field_saves_and_never_removes_a_look(page, live_server, world, console_errors):
    booking = make.draft(world)
    enter(page, live_server, world.producer)
    visit(page, live_server, "booking_compose", booking)
    page.get_by_label("Name of the booking").fill("Autumn")
    page.get_by_label("Name of the booking").press("Enter")
    expect(page.get_by_text("Saved.")).to_be_visible()
    booking.refresh_from_db()
    assert booking.title == "Autumn" and booking.looks.count() == 1


def test_the_model_reads_the_memo_signs_it_and_takes_it_back(page, live_server, world, axe, console_errors):
    booking = make.submitted(world)
    enter(page, live_server, world.maya)
    page.set_viewport_size(SIZES[0])
    visit(page, live_server, "request", booking)
    look_at_it_everywhere(page, axe)
    page.set_viewport_size(SIZES[0])
    page.get_by_role("button", name="Yes").click()
    memo = page.get_by_role("dialog").get_by_role("region", name="Deal memo")
    expect(memo).to_contain_text("Deal memo")
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Yes")).to_be_focused()
    page.get_by_role("button", name="Yes").click()
    page.get_by_role("button", name="Sign and say yes").click()
    expect(page.get_by_text("You said yes.")).to_be_visible()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("button", name="Yes")).to_be_visible()


def test_the_agency_answers_with_the_keyboard(page, live_server, world, axe, console_errors):
    booking = make.submitted(world)
    enter(page, live_server, world.booker)
    visit(page, live_server, "request", booking)
    look_at_it_everywhere(page, axe)
    page.keyboard.press("n")
    page.get_by_label("Why").fill("Clash with a campaign")
    page.get_by_role("button", name="Seal the no").click()
    expect(page.get_by_text("You said no.")).to_be_visible()


def test_the_model_checks_one_picture_after_the_other(page, live_server, world, axe, console_errors):
    booking = make.in_review(world, pictures=2)
    enter(page, live_server, world.maya)
    visit(page, live_server, "picture_check", booking)
    look_at_it_everywhere(page, axe)
    page.keyboard.press("p")
    expect(page.get_by_text("2 of 2").first).to_be_attached()
    page.keyboard.press("x")
    page.get_by_role("radio", name="The pose or crop").check()
    page.get_by_role("button", name="Reject it").click()
    expect(page.get_by_text("All checked for now")).to_be_visible()
    assert booking.reviews.get(decision="rejected").reason == "The pose or crop"
    look_at_it_everywhere(page, axe)


def test_the_brand_chooses_with_the_keyboard_and_finishes(page, live_server, world, axe, console_errors):
    booking = make.in_review(world, pictures=2)
    for waiting in Review.objects.filter(booking=booking).select_related("booking__twin__talent", "look"):
        review.decide(by=world.maya.actor, review=waiting, passed=True)
    enter(page, live_server, world.producer)
    visit(page, live_server, "select", booking)
    look_at_it_everywhere(page, axe)
    page.get_by_role("button", name="Choose picture 1").click()
    expect(page.get_by_role("heading", name="1 of 2 chosen")).to_be_visible()
    expect(page.get_by_role("button", name="Chosen picture 1")).to_be_focused()
    page.get_by_role("link", name="Picture 1, Look 1").click()
    look_at_it_everywhere(page, axe)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Picture 2 of 2")).to_be_visible()
    page.wait_for_load_state("load")  # a picture that is still on its way when one goes on counts as a lost request
    page.keyboard.press("c")
    expect(page.get_by_text("2 of 2 chosen")).to_be_visible()
    page.wait_for_load_state("load")
    page.keyboard.press("g")
    expect(page.get_by_role("heading", name="2 of 2 chosen")).to_be_visible()
    page.keyboard.press("f")
    page.get_by_role("button", name="Finish the selection").click()
    expect(page.get_by_text("Your selection is final.")).to_be_visible()


def test_the_progress_moves_by_itself_and_stops_by_itself(page, live_server, world, axe, console_errors):
    booking = make.generating(world, pictures=1)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/progress/" in request.url else None)
    enter(page, live_server, world.producer)
    visit(page, live_server, "booking", booking)
    expect(page.get_by_text("1 being made")).to_be_visible()
    look_at_it_everywhere(page, axe)
    Booking.objects.filter(pk=booking.pk).update(state="failed")
    expect(page.get_by_role("heading", name="The pictures could not be made")).to_be_visible(timeout=10_000)
    count = len(asked)
    page.wait_for_timeout(3_000)
    assert len(asked) == count


def test_lists_and_licence_are_accessible(page, live_server, world, axe, console_errors):
    enter(page, live_server, world.producer)
    for name in ("bookings", "library"):
        page.goto(live_server.url + reverse(name))
        look_at_it_everywhere(page, axe)
    make.agreed(world)
    page.goto(live_server.url + reverse("bookings"))
    look_at_it_everywhere(page, axe)
    page.get_by_role("link", name="Halden Rye with Maya Okafor").click()
    expect(page.get_by_role("button", name="Pay")).to_be_visible()
    look_at_it_everywhere(page, axe)
