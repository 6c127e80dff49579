"""A model, an agency and a brand go from nothing to a bookable twin, each with a browser and a letter box alone.

Nothing is made, shown or used without the model's own, specific, provable yes: at each turn this also asks for what
must not be possible yet.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from django.utils.text import slugify
from playwright.sync_api import Browser, Page, expect

from apps.demonstration.programme import PASSWORD as STAFF_PASSWORD
from apps.demonstration.specimen import specimen
from tests.browser.visitors import DESK, PHONE, Visitor
from tests.stack import Stack

pytestmark = pytest.mark.browser

DOMAIN, NAME, AGENCY, BRAND = "journey.example", "Iris Vale", "Aurelia Models", "Atelier Noord"
FACE = "P002"  # a synthetic person whom the short demonstration leaves out
BORN = date(1996, 9, 3)
SHOTS = {
    "Your face, from the front": "studio_portrait",
    "Half turned to the left": "amateur_selfie",
    "Head to foot": "studio_posture",
}
TRAINED = 90_000  # milliseconds: a real job at the GPU service, and the pictures of the test sheet

Axe = Callable[[Page], list[str]]


class House:
    """Everybody of this story, in browsers of their own."""

    def __init__(self, browser: Browser, stack: Stack) -> None:
        def visitor(who: str, name: str, size: dict[str, int] = DESK) -> Visitor:
            return Visitor(browser, stack, f"{who}@{DOMAIN}", name, size=size)

        self.owner = visitor("livia", "Livia Conti")
        self.booker = visitor("bruno", "Bruno Sala")
        self.iris = visitor("iris", NAME, PHONE)
        self.producer = visitor("noemi", "Noémi Claes")
        self.staff = visitor("staff", "Double staff")

    def everybody(self) -> list[Visitor]:
        return [self.owner, self.booker, self.iris, self.producer, self.staff]


@pytest.fixture
def house(browser: Browser, stack: Stack) -> Iterator[House]:
    house = House(browser, stack)
    yield house
    for visitor in house.everybody():
        visitor.page.context.close()


def test_from_nothing_to_a_bookable_twin(house: House, axe: Axe, tmp_path: Path) -> None:
    staff_signs_in(house.staff)
    an_agency_registers(house, axe)
    nothing_is_mailed_before_the_check(house)
    staff_checks(house.staff, AGENCY)
    a_model_joins_by_the_mailed_link(house, axe)
    she_proves_who_she_is(house, axe, tmp_path)
    she_tells_of_herself_and_sets_her_rules(house.iris, axe)
    the_agency_proposes_and_she_signs_twice(house, axe)
    the_agency_sets_her_day_rate(house.booker, axe)
    a_brand_registers_and_is_checked(house, axe)
    she_gives_four_consents_one_by_one(house.iris, axe)
    she_takes_her_photographs(house.iris, axe)
    she_approves_her_test_sheet(house, axe)
    she_is_shown_only_once_she_agrees(house, axe)
    the_brand_finds_her_and_has_a_firm_price(house.producer, axe)
    for visitor in house.everybody():
        visitor.has_told_nothing_bad()


def staff_signs_in(staff: Visitor) -> None:
    staff.page.goto("/admin/")
    staff.page.get_by_label("E-mail").fill("staff@double.example")
    staff.page.get_by_label("Password").fill(STAFF_PASSWORD)
    staff.page.get_by_role("button", name="Log in").click()
    expect(staff.page.get_by_role("heading", name="Site administration")).to_be_visible()


def an_agency_registers(house: House, axe: Axe) -> None:
    owner, page = house.owner, house.owner.page
    page.goto("/")
    page.get_by_role("link", name="Join").first.click()
    owner.sign_up()
    assert axe(page) == []
    page.get_by_role("link", name="Register an agency").click()
    page.get_by_label("Your own name").fill(owner.name)
    fill_details(page, name=AGENCY, legal=f"{AGENCY} S.r.l.", register="MI-000001", country="IT")
    assert axe(page) == []
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text(f"{AGENCY} is not checked yet.")).to_be_visible()
    assert axe(page) == []
    owner.add_passkey("My computer")
    owner.sign_out()
    owner.sign_in_with_passkey()
    page.goto("/organization/team/")
    page.get_by_label("E-mail address").fill(house.booker.address)
    page.locator("#id_role").select_option("booker")
    page.get_by_role("button", name="Send the invitation").click()
    a_booker_joins(house.booker)


def a_booker_joins(booker: Visitor) -> None:
    page = booker.page
    page.goto(booker.link_from("/joining/"))
    page.get_by_role("link", name="New here: make an account").click()
    booker.sign_up()
    page.get_by_label("Your own name").fill(booker.name)
    page.get_by_role("button", name=f"Join {AGENCY}").click()
    expect(page.get_by_text(f"You work for {AGENCY} now.")).to_be_visible()


def fill_details(page: Page, *, name: str, legal: str, register: str, country: str) -> None:
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Legal name").fill(legal)
    page.get_by_label("Registration number").fill(register)
    page.get_by_label("Country").select_option(country)
    page.get_by_label("Contact phone").fill("+39 02 0000000")


def nothing_is_mailed_before_the_check(house: House) -> None:
    page = house.booker.page
    page.goto("/home/agency/roster/invited/")
    page.get_by_role("link", name="Invite a model").first.click()
    page.get_by_label("First name").fill(NAME.split()[0])
    page.get_by_label("Last name").fill(NAME.split()[1])
    page.get_by_label("E-mail address").fill(house.iris.address)
    page.get_by_label("Date of birth").fill(BORN.isoformat())
    page.get_by_label("Country").select_option("IT")
    page.get_by_label("Women").check()
    page.get_by_role("button", name="Keep the invitation").click()
    expect(page.get_by_role("row", name=NAME)).to_contain_text("Waits for your check")
    assert not house.iris.has_mail_with("/join/")


def staff_checks(staff: Visitor, name: str) -> None:
    page = staff.page
    page.goto("/admin/organizations/organization/?checked_at__isempty=1")
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("link", name="Approve").click()
    page.get_by_label("Reason").fill("The register agrees in every point.")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("done, and its owners are told")).to_be_visible()


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


def the_agency_sets_her_day_rate(booker: Visitor, axe: Axe) -> None:
    page = booker.page
    page.goto(f"/home/agency/roster/models/{slugify(NAME)}/")
    expect(page.get_by_text("None yet: nobody can book her before it is set.")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("link", name="Set it").click()
    page.get_by_label("For a day").fill("1500")
    expect(page.locator("#example")).to_contain_text("€4,200.00")
    assert axe(page) == []
    page.get_by_role("button", name="Set the day rate").click()
    expect(page.get_by_text("The day rate is set.")).to_be_visible()


def a_brand_registers_and_is_checked(house: House, axe: Axe) -> None:
    producer, page = house.producer, house.producer.page
    page.goto("/accounts/signup/")
    producer.sign_up()
    page.get_by_role("link", name="Register a brand").click()
    page.get_by_label("Your own name").fill(producer.name)
    fill_details(page, name=BRAND, legal=f"{BRAND} BV", register="0428.759.497", country="BE")
    page.get_by_label("Main category").select_option("fashion")
    page.get_by_label("Competitor group").fill("tailoring")
    page.get_by_label("VAT number").fill("BE 0428 759 498")
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text("This is no VAT number of Belgium.")).to_be_visible()
    producer.complaints.clear()  # Chromium tells of every 422
    page.get_by_label("VAT number").fill("BE 0428 759 497")
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text(f"{BRAND} is not checked yet.")).to_be_visible()
    assert axe(page) == []
    staff_checks(house.staff, BRAND)
    not_found_by_the_brand(producer)


def not_found_by_the_brand(producer: Visitor) -> None:
    assert producer.status_of(f"/twins/{slugify(NAME)}/") == 404
    producer.page.goto(f"/twins/?q={NAME}")
    expect(producer.page.get_by_text("No twin fits all of that")).to_be_visible()


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
    send(page, "Half turned to the right", "amateur_posture")
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


def the_brand_finds_her_and_has_a_firm_price(producer: Visitor, axe: Axe) -> None:
    """Her day rate and her agency's commission, as in the worked example of the product."""
    page = producer.page
    page.goto(f"/twins/?q={NAME}")
    page.get_by_role("link", name=NAME).click()
    assert axe(page) == []
    page.get_by_role("button", name="Compose booking").click()
    page.get_by_label("Name of the booking").fill("Forty for the shop")
    look = page.locator(".look-card").first
    look.locator('input[type=number][name$="pictures"]').fill("40")
    price = page.locator("#quote")
    expect(price).to_contain_text("€1,050.00")
    expect(price.locator(".model-gets")).to_have_text(f"{NAME} receives€4,200.00")
    expect(price.get_by_text("Clear: rules, consents, calendar and mandate allow this.")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("Saved")).to_be_visible()
