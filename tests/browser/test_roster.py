"""The agency's roster in a browser: bulk acts with undo, columns, a model's file, on a desk and on a phone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.bookings.services import delivery, review
from apps.talent.commitments import enter_commitment
from tests.factories import bookings as make
from tests.factories.clients import signed_in
from tests.factories.people import Person, World, make_listed_twin, make_talent, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "sandbox"])]
SIZES = ({"width": 390, "height": 844}, {"width": 1440, "height": 900})


@pytest.fixture
def world() -> World:
    """Maya with a licence, a request and a commitment elsewhere; Ada beside her."""
    world = make_world()
    make_listed_twin(*make_talent("ada", agency=world.agency))
    booking = make.chosen(world, title="Undyed wool", pictures=1)
    review.finish(by=world.producer.actor, booking=booking)
    delivery.release_selected(booking=make.fresh(booking))
    make.submitted(world, title="Spring campaign")
    today = timezone.now().date()
    enter_commitment(
        by=world.booker.actor, talent=world.talent, exclusivity="category", category="fragrance", territories=["FR"],
        starts_on=today, ends_on=today + timedelta(days=200), brand="Parfums Solène",
    )  # fmt: skip
    return world


def enter(page: Page, live_server, person: Person) -> None:
    session = signed_in(person).cookies["sessionid"].value
    page.context.clear_cookies()
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])


def test_models_are_ticked_moved_and_moved_back(page: Page, live_server, world: World, axe, console_errors):
    enter(page, live_server, world.booker)
    page.goto(live_server.url + reverse("roster"))
    page.get_by_role("button", name="Columns").click()
    page.get_by_label("Last asked for").check()
    assert axe(page) == []
    page.get_by_role("button", name="Show these").click()
    expect(page.get_by_role("columnheader", name="Last asked for")).to_be_visible()
    page.get_by_label("All on this page").check()
    page.get_by_label("What to do with the ticked models").select_option("aside")
    page.get_by_role("button", name="Do it").click()
    expect(page.get_by_text("2 models set aside.")).to_be_visible()
    expect(page.get_by_role("heading", name="Nobody in this view")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="Maya Okafor")).to_be_visible()


def test_the_pages_fit_a_phone_and_a_desk_in_light_and_dark(page: Page, live_server, world: World, axe, console_errors):
    slug = [world.talent.slug]
    pages = [
        (world.booker, reverse("roster")),
        (world.booker, reverse("roster_model", args=slug)),
        (world.booker, reverse("roster_commitments", args=slug)),
        (world.maya, reverse("commitments")),
        (world.maya, reverse("rules")),
    ]
    for person, address in pages:
        enter(page, live_server, person)
        for size in SIZES:
            page.set_viewport_size(size)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                page.goto(live_server.url + address)
                assert axe(page) == [], address
                assert page.evaluate("document.documentElement.scrollWidth") == size["width"], address
