"""Looking at pictures in a real browser: keys, swipes with undo, pins, two versions; axe and console stay silent."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from apps.bookings.models import Booking, Pin, Review, Wish
from apps.bookings.services import looking, pins, review
from apps.talent.models import NeverAgain
from tests.browser.test_booking_pages import enter, look_at_it_everywhere, visit
from tests.factories import bookings as make
from tests.factories.people import World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "sandbox"])]

Axe = Callable[[Page], list[str]]


@pytest.fixture
def world() -> World:
    return make_world()


def rows(booking: Booking) -> list[Review]:
    return list(
        Review.objects.filter(booking=booking)
        .select_related("booking__twin__talent", "booking__brand", "booking__agency", "look", "candidate")
        .order_by("created_at")
    )


def swipe(page: Page, to: int) -> None:
    """A finger over the picture, by so many pixels; sideways only, as the browser tells it."""
    page.locator("[data-swipe] > img").evaluate(
        """(picture, to) => {
            const box = picture.getBoundingClientRect();
            const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
            const tell = (name, at) => picture.dispatchEvent(new PointerEvent(name, {
                bubbles: true, isPrimary: true, pointerType: "touch", clientX: at, clientY: y }));
            tell("pointerdown", x); tell("pointermove", x + to);
            tell("pointerup", x + to);
        }""",
        to,
    )


def test_the_model_goes_by_keys_and_what_she_never_wants_again_is_a_rule(page, live_server, world, axe, console_errors):
    booking = make.in_review(world, pictures=3)
    first, second, _ = rows(booking)
    enter(page, live_server, world.maya)
    visit(page, live_server, "picture_check", booking)
    look_at_it_everywhere(page, axe)
    page.keyboard.press("j")
    expect(page).to_have_url(f"{live_server.url}{reverse('picture_check', args=[booking.pk])}?picture={second.pk}")
    page.keyboard.press("z")
    expect(page.locator("#zoom")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    page.wait_for_url(f"**?picture={first.pk}")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.get_by_label("Keys work in this browser").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    expect(page.locator("#reject")).to_be_hidden()
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Keys work in this browser").check()
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    page.get_by_label("This scene: colour block").check()
    look_at_it_everywhere(page, axe)
    page.get_by_role("button", name="Reject it").click()
    expect(page.get_by_text("kept as a rule of yours")).to_be_visible()
    assert [rule.value for rule in NeverAgain.objects.all()] == ["block"]
    assert Review.objects.get(pk=second.pk).opened_at is not None
    page.goto(live_server.url + reverse("rules"))
    look_at_it_everywhere(page, axe)
    page.get_by_role("button", name="Take it out").click()
    expect(page.get_by_text("Taken out.")).to_be_visible()


def test_a_swipe_is_sent_after_the_seconds_to_undo_and_not_before(page, live_server, world, console_errors):
    booking = make.in_review(world, pictures=2)
    first, _ = rows(booking)
    enter(page, live_server, world.maya)
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, live_server, "picture_check", booking)
    swipe(page, -200)
    expect(page.get_by_text("Rejected in a moment")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    swipe(page, 40)  # too short to mean anything
    expect(page.locator("[data-undo]")).to_be_hidden()
    page.wait_for_timeout(5500)
    assert Review.objects.get(pk=first.pk).decision == "waiting"
    swipe(page, 200)
    expect(page.get_by_text("Passed in a moment")).to_be_visible()
    assert Review.objects.get(pk=first.pk).decision == "waiting"
    expect(page.get_by_text("2 of 2").first).to_be_visible(timeout=15000)
    assert Review.objects.get(pk=first.pk).decision == "passed"


def test_several_are_passed_once_each_was_opened(page, live_server, world, axe, console_errors):
    booking = make.in_review(world, pictures=2)
    enter(page, live_server, world.maya)
    visit(page, live_server, "pictures_waiting", booking)
    for number in (1, 2):
        page.get_by_role("button", name=f"Picture {number}, Look 1").click()
        expect(page.locator("#zoom")).to_be_visible()
        page.keyboard.press("Escape")
        page.get_by_label(f"Pass picture {number}").check()
    look_at_it_everywhere(page, axe)
    page.get_by_role("button", name="Pass those ticked").click()
    expect(page.get_by_text("2 passed.")).to_be_visible()


def test_the_brand_pins_compares_and_asks_with_words(page, live_server, world, axe, console_errors):
    booking = make.in_review(world, pictures=2)
    for row in rows(booking):
        review.decide(by=world.maya.actor, review=row, passed=True)
    first, second = rows(booking)
    pins.pin(by=world.maya.actor, review=first, x=100, y=100, text="Only for my agency")
    enter(page, live_server, world.producer)
    visit(page, live_server, "select", booking, f"?picture={first.pk}")
    page.locator(".stage > img").click(position={"x": 60, "y": 60})
    page.get_by_label("Your remark").fill("Lower the hand")
    page.get_by_role("button", name="Pin it").click()
    expect(page.locator("#remark-1")).to_contain_text("Lower the hand")
    made = Pin.objects.get(side="brand")
    assert made.x < 300 and made.y < 300
    expect(page.get_by_text("Only for my agency")).to_have_count(0)
    look_at_it_everywhere(page, axe)
    page.get_by_role("link", name="Beside picture 2").click()
    page.wait_for_url(f"**with={second.pk}")
    look_at_it_everywhere(page, axe)
    page.get_by_label("Slide one over the other").check()
    page.locator("#slide").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("[data-compare]").evaluate("part => part.style.getPropertyValue('--at')") == "51%"
    look_at_it_everywhere(page, axe)
    visit(page, live_server, "select", booking)
    look_at_it_everywhere(page, axe)
    page.get_by_role("button", name="Ask for another").click()
    expect(page.get_by_text("waits for the model's yes to your words")).to_be_visible()
    assert Wish.objects.get().note == "Lower the hand"


def test_two_versions_stand_beside_each_other_without_a_script(browser: Browser, live_server, world):
    booking = make.in_review(world, pictures=2)
    for row in rows(booking):
        review.decide(by=world.maya.actor, review=row, passed=True)
    first, second = rows(booking)
    page = browser.new_context(java_script_enabled=False).new_page()
    enter(page, live_server, world.producer)
    visit(page, live_server, "select", booking, f"?picture={first.pk}&with={second.pk}")
    expect(page.locator(".compare figure > img")).to_have_count(2)
    expect(page.locator("#slide")).to_be_hidden()
    page.context.close()


def test_the_agency_sees_what_she_asks_about_and_writes_on_it(page, live_server, world, axe, console_errors):
    booking = make.in_review(world, pictures=2)
    asked, _ = rows(booking)
    looking.ask_advice(by=world.maya.actor, review=asked)
    enter(page, live_server, world.booker)
    visit(page, live_server, "picture_advice", booking)
    page.get_by_label("Your remark").fill("You look like yourself")
    page.get_by_role("button", name="Pin it").click()
    expect(page.locator("#remark-1")).to_contain_text("You look like yourself")
    expect(page.locator(".strip a")).to_have_count(1)
    look_at_it_everywhere(page, axe)
