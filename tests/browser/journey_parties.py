"""The journey's people, and the turns of its agency, its brand and the staff who check both."""

from collections.abc import Callable
from datetime import date

from django.utils.text import slugify
from playwright.sync_api import Browser, Page, expect

from apps.demonstration.programme import PASSWORD as STAFF_PASSWORD
from tests.browser.visitors import DESK, PHONE, Visitor
from tests.stack import Stack

DOMAIN, NAME, AGENCY, BRAND = "journey.example", "Iris Vale", "Aurelia Models", "Atelier Noord"
BORN = date(1996, 9, 3)
A_WRONG_MAIL_WOULD_BE_THERE = 2_000  # milliseconds: a worker mails within one

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
    page.wait_for_timeout(A_WRONG_MAIL_WOULD_BE_THERE)
    assert not house.iris.has_mail_with("/join/")


def staff_checks(staff: Visitor, name: str) -> None:
    page = staff.page
    page.goto("/admin/organizations/organization/?checked_at__isempty=1")
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("link", name="Approve").click()
    page.get_by_label("Reason").fill("The register agrees in every point.")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("done, and its owners are told")).to_be_visible()


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


def the_brand_finds_her_and_has_a_firm_price(producer: Visitor, axe: Axe) -> None:
    """Her day rate and her agency's commission, as in the worked example of the product."""
    page = producer.page
    page.goto(f"/twins/?q={NAME}")
    page.get_by_role("link", name=NAME, exact=True).click()
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
    expect(page.get_by_text("Saved. Nothing is sent until you send it.")).to_be_visible()
