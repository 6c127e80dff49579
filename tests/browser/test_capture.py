"""A model takes her capture set on her phone: she sees what to shoot, what came of each file, and goes on."""

from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from apps.twins.models import CaptureSet, CaptureUpload
from apps.twins.services import look_at_upload
from tests.factories.clients import signed_in
from tests.factories.identity import prove
from tests.factories.likenesses import original
from tests.factories.people import World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "sandbox"])]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def world() -> World:
    return make_world()


def look_at_all() -> None:
    """What the worker does with the messages."""
    for pk in CaptureUpload.objects.filter(state="waiting").values_list("pk", flat=True):
        look_at_upload(upload_id=pk)


def test_each_photograph_gets_its_verdict_beside_it(
    page: Page, live_server, world: World, axe, console_errors, tmp_path: Path
):
    good, bad = tmp_path / "good.jpg", tmp_path / "bad.jpg"
    original("P001", "studio_portrait").resize((900, 900)).save(good)
    bad.write_text("no picture")
    prove(world.talent, world.maya)
    CaptureSet.objects.create(twin=world.twin, taken_on=date(2026, 6, 1))
    session = signed_in(world.maya).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.set_viewport_size(PHONE)
    page.goto(live_server.url + reverse("capture"))
    assert axe(page) == []
    front = page.get_by_role("region", name="Your face, from the front")
    front.get_by_label("Photograph").set_input_files([good, bad])
    front.get_by_role("button", name="Send").click()
    expect(front.get_by_text("Being looked at")).to_have_count(2)
    look_at_all()
    expect(front.get_by_text("Good")).to_be_visible()
    expect(front.get_by_text("This is not a JPEG, PNG, WebP or HEIC picture.")).to_be_visible()
    expect(front.locator("img")).to_be_visible()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    front.get_by_role("button", name="Put away").click()
    expect(front.get_by_text("Not kept")).to_have_count(0)
    assert axe(page) == []


def test_a_lost_connection_costs_her_nothing(page: Page, live_server, world: World, tmp_path: Path):
    """The file goes again by itself; she is told in the meantime."""
    good = tmp_path / "good.jpg"
    original("P001", "studio_portrait").resize((900, 900)).save(good)
    prove(world.talent, world.maya)
    CaptureSet.objects.create(twin=world.twin, taken_on=date(2026, 6, 1))
    session = signed_in(world.maya).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(live_server.url + reverse("capture"))
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        if len(lost) < 2:
            lost.append(route.request.url)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/files/incoming/**", lose_the_first)
    front = page.get_by_role("region", name="Your face, from the front")
    front.get_by_label("Photograph").set_input_files(good)
    front.get_by_role("button", name="Send").click()
    expect(front.get_by_text("No connection. It goes on by itself.")).to_be_visible()
    expect(front.get_by_text("Being looked at")).to_have_count(1, timeout=20_000)
    assert len(lost) == 2 and CaptureUpload.objects.count() == 1
