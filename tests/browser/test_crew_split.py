"""The crew's share in a real browser: typed beside the composer while the price follows, and claimed on one page."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from playwright.sync_api import expect

from apps.bookings.services import delivery, review
from apps.crew.models import CrewMember
from apps.crew.services import token_of
from tests.browser.test_booking_pages import enter, look_at_it_everywhere, visit
from tests.factories import bookings as make
from tests.factories import negotiations
from tests.factories.people import Person, World, make_user, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "sandbox"])]


@pytest.fixture
def world() -> World:
    return make_world()


def test_a_share_is_given_without_losing_what_is_typed(page, live_server, world, axe, console_errors):
    booking = make.draft(world)
    enter(page, live_server, world.producer)
    visit(page, live_server, "booking_compose", booking)
    page.get_by_label("Name of the booking").fill("Half typed")
    page.locator("#crew summary").click()
    page.get_by_label("Part").select_option("photographer")
    page.get_by_label("Name", exact=True).fill("Odile Marchetti")
    page.get_by_label("Their share").fill("400")
    page.get_by_role("button", name="Add the name").click()
    expect(page.locator("#crew .errorlist")).to_contain_text("Her e-mail address")
    page.get_by_label("E-mail, if they are given a share").fill("odile@crew.example")
    page.get_by_role("button", name="Add the name").click()
    expect(page.locator("#crew")).to_contain_text("400.00 beside the fee")
    expect(page.locator("#quote")).to_contain_text("Crew")
    expect(page.get_by_label("Name of the booking")).to_have_value("Half typed")
    console_errors.clear()  # 422 is logged by the browser
    page.evaluate("scrollTo(0, 0)")  # where the price stays in sight it covers a part of what is scrolled under it
    look_at_it_everywhere(page, axe)


def test_the_pages_of_whoever_is_given_something(page, live_server, world, axe, console_errors):
    booking = make.chosen(world, crew=make.CREW)
    review.finish(by=world.producer.actor, booking=booking)
    delivery.release_selected(booking=make.fresh(booking))
    odile = make_user("odile")
    EmailAddress.objects.create(user=odile, email="odile@crew.example", verified=True)
    link = live_server.url + reverse("crew_claim", args=[token_of(CrewMember.objects.get(email="odile@crew.example"))])
    page.goto(link)
    look_at_it_everywhere(page, axe)
    enter(page, live_server, Person(odile, None))
    page.goto(link)
    page.get_by_role("button", name="This is me").click()
    expect(page.get_by_role("heading", name="Your credits")).to_be_visible()
    look_at_it_everywhere(page, axe)


def test_the_parties_pages_with_a_share(page, live_server, world, axe, console_errors):
    booking = negotiations.counter(world, make.submitted(world, pictures=4, crew=make.CREW))
    enter(page, live_server, world.producer)
    visit(page, live_server, "counter_own", booking)
    look_at_it_everywhere(page, axe)
    enter(page, live_server, world.maya)
    visit(page, live_server, "request", booking)
    look_at_it_everywhere(page, axe)
