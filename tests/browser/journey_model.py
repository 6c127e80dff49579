"""The turns of the journey's model, on her phone."""

import re
from importlib.resources import files
from pathlib import Path

from django.utils.text import slugify
from playwright.sync_api import Page, expect

from apps.demonstration.specimen import specimen
from tests.browser.journey_parties import AGENCY, BORN, NAME, Axe, House, not_found_by_the_brand
from tests.browser.visitors import Visitor

FACE = "P002"  # a synthetic person whom the short demonstration leaves out
SHOTS = {
    "Your face, from the front": "studio_portrait",
    "Half turned to the left": "amateur_selfie",
    "Head to foot": "studio_posture",
}
TRAINED = 90_000  # milliseconds: a real job at the GPU service, and the pictures of the test sheet


def a_model_joins_by_the_mailed_link(house: House, axe: Axe) -> None:
    iris, page = house.iris, house.iris.page
    page.goto(iris.link_from("/join/"))
    assert axe(page) == []
    page.get_by_role("link", name="Make an account").click()
    iris.sign_up()
    expect(page.get_by_role("heading", name=f"Join {AGENCY} on Double?")).to_be_visible()
    assert page.get_by_label("The name you work under").input_value() == NAME
    page.get_by_role("button", name=f"Join {AGENCY}").click()
    expect(page.get_by_role("heading", name=f"Step by step, {NAME}")).to_be_visible()
    expect(page.get_by_text("0 of 9 done")).to_be_visible()
    assert axe(page) == []
    assert iris.status_of("/home/agency/") == 403
    iris.add_passkey("My telephone")


def she_proves_who_she_is(house: House, axe: Axe, folder: Path) -> None:
    page, staff = house.iris.page, house.staff.page
    page.goto("/home/model/capture/")
    expect(page.get_by_text("First, who you are.")).to_be_visible()
    page.get_by_role("link", name="Show a document").click()
    card = folder / "card.jpg"
    card.write_bytes(specimen(NAME, BORN))
    page.get_by_label("Identity card").check()
    page.get_by_label("The side with your photograph").set_input_files(card)
    page.get_by_label("Your face, now").set_input_files(photograph_of("amateur_selfie"))
    assert axe(page) == []
    page.get_by_role("button", name="Send it, encrypted").click()
    expect(page.get_by_text("Somebody looks at it")).to_be_visible()
    assert axe(page) == []
    staff.goto("/admin/identity/identitycheck/?state__exact=submitted")
    staff.get_by_role("row", name=NAME).get_by_role("link", name="Look and decide").click()
    expect(staff.get_by_role("img", name="Her document")).to_be_visible()
    staff.get_by_label("Approve").check()
    staff.get_by_label("Date of birth in the document").fill(BORN.isoformat())
    staff.get_by_role("button", name="Decide").click()
    expect(staff.get_by_text(f"{NAME}: decided.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("You are who you say.")).to_be_visible()


def photograph_of(name: str) -> Path:
    return Path(str(files("openpeople"))) / "data" / "curated" / FACE / "assets" / f"{name}.jpg"


def she_tells_of_herself_and_sets_her_rules(iris: Visitor, axe: Axe) -> None:
    page = iris.page
    page.goto("/home/model/steps/")
    page.get_by_role("link", name="Fill it in").click()
    for label, told in {
        "Height, cm": "174",
        "Hair": "Dark curls",
        "Eyes": "Brown",
        "About you": "Reads on set.",
    }.items():
        page.get_by_label(label).fill(told)
    page.get_by_label("Italian").check()
    assert axe(page) == []
    page.get_by_role("button", name="Save my profile").click()
    page.get_by_role("link", name="Set your rules").click()
    page.get_by_label("Fur").check()
    page.get_by_label("12 months").check()
    page.get_by_label("Lowest fee of a booking").fill("400")
    assert axe(page) == []
    page.get_by_role("button", name="Save my rules").click()
    expect(page.get_by_text("Your rules bind every request from now on.")).to_be_visible()
    expect(page.get_by_text("3 of 9 done")).to_be_visible()


def the_agency_proposes_and_she_signs_twice(house: House, axe: Axe) -> None:
    booker, iris = house.booker.page, house.iris
    assert house.booker.status_of(f"/home/agency/roster/models/{slugify(NAME)}/") == 404, "no mandate, no file"
    booker.goto("/home/agency/mandates/new/")
    booker.get_by_label("Model", exact=True).select_option(label=NAME)
    booker.get_by_label("Local agency").check()
    booker.get_by_label("Worldwide").check()
    booker.get_by_label("Ask her as well whether it covers her twin").check()
    assert axe(booker) == []
    booker.get_by_role("button", name="Send it to her").click()
    expect(booker.get_by_text("Waits for the model")).to_be_visible()
    page = iris.page
    page.goto(iris.link_from("/home/model/mandates/proposals/"))
    assert axe(page) == []
    iris.an_hour_later()
    agree_and_sign(page)
    iris.prove_it_with_passkey()
    agree_and_sign(page)
    expect(page.get_by_role("heading", name="And your twin?")).to_be_visible()
    assert axe(page) == []
    agree_and_sign(page)
    expect(page.get_by_text("Covers your twin")).to_be_visible()


def agree_and_sign(page: Page) -> None:
    """The box is empty at first, and nothing is signed while it is."""
    box = page.get_by_label("I have read this")
    expect(box).not_to_be_checked()
    box.check()
    page.get_by_role("button", name="Sign", exact=True).click()


def she_gives_four_consents_one_by_one(iris: Visitor, axe: Axe) -> None:
    page = iris.page
    page.goto("/home/model/capture/")
    expect(page.get_by_text("First, your consent.")).to_be_visible()
    page.goto("/home/model/steps/")
    for given in range(4):
        expect(page.get_by_text(f"{given} of 4 given")).to_be_visible()
        page.get_by_role("listitem").filter(has_text="Your consents").get_by_role("link").click()
        sign_one_consent(page, axe)


def sign_one_consent(page: Page, axe: Axe, *, last: bool = False) -> None:
    """Everything starts unticked (GDPR art. 7); one signature for one purpose."""
    assert page.locator("main input:checked").count() == 0
    assert axe(page) == []
    page.locator("input[name=uses]").first.check()
    page.get_by_label("Two years").check()
    page.get_by_role("button", name="Show me what I would sign").click()
    agree_and_sign(page)
    page.wait_for_url(re.compile("/certificates/"))
    if not last:
        page.get_by_role("link", name="Go on").click()


def she_takes_her_photographs(iris: Visitor, axe: Axe) -> None:
    """Each is looked at by itself: one that does not show what was asked is not kept, and she reads why."""
    page = iris.page
    page.goto("/home/model/capture/")
    page.get_by_role("button", name="Begin").click()
    for title, name in SHOTS.items():
        send(page, title, name)
        expect(page.get_by_role("region", name=title).get_by_text("Good")).to_be_visible()
    expect(page.get_by_text("3 good photographs.")).to_be_visible()
    send(page, "Half turned to the right", "studio_portrait")
    refused = page.get_by_role("region", name="Half turned to the right")
    expect(refused.get_by_text("You look straight ahead in it.")).to_be_visible()
    assert axe(page) == []
    refused.get_by_role("button", name="Put away").click()
    expect(page.get_by_text("Not kept.")).to_have_count(0)
    page.get_by_role("button", name="Make my twin").click()


def send(page: Page, title: str, name: str) -> None:
    region = page.get_by_role("region", name=title)
    region.get_by_label("Photograph").set_input_files(photograph_of(name))
    region.get_by_role("button", name="Send").click()


def she_approves_her_test_sheet(house: House, axe: Axe) -> None:
    page = house.iris.page
    expect(page.get_by_role("heading", name="Is this you?")).to_be_visible(timeout=TRAINED)
    assert axe(page) == []
    not_found_by_the_brand(house.producer)
    page.get_by_role("button", name="Yes, this is me").click()
    page.get_by_role("button", name="Approve and sign").click()
    expect(page.get_by_text("Approved for one year.")).to_be_visible()


def she_is_shown_only_once_she_agrees(house: House, axe: Axe) -> None:
    page = house.iris.page
    expect(page.get_by_text("Only you see these pictures.")).to_be_visible()
    not_found_by_the_brand(house.producer)
    page.goto("/home/model/steps/")
    expect(page.get_by_text("8 of 9 done")).to_be_visible()
    page.get_by_role("listitem").filter(has_text="Shown to brands").get_by_role("link").click()
    sign_one_consent(page, axe, last=True)
    page.goto("/home/model/twin/")
    page.get_by_role("button", name=re.compile("Make it my cover")).first.click()
    expect(page.get_by_text("This is your cover now.")).to_be_visible()
    assert axe(page) == []
    page.goto("/home/model/steps/")
    expect(page.get_by_text("9 of 9 done")).to_be_visible()
