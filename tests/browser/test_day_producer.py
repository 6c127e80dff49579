"""A producer's day at her desk: she finds, shares, puts an option, composes, negotiates, downloads, renews."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.days import WORKED, Axe, Day, is_seen_by_keyboard, main
from tests.browser.visitors import PATIENCE, Visitor
from tests.stack import Stack

pytestmark = pytest.mark.browser
THREE = {"Maya Okafor": "maya-okafor", "Noor Adel": "noor-adel", "Mateo Silva": "mateo-silva"}
SAVED_AT = re.compile(r"Saved \d\d:\d\d")
GONE = 404
SECOND_LOOK = """SELECT 1 FROM bookings_look JOIN bookings_booking ON booking_id = bookings_booking.id
    WHERE bookings_booking.title = %s AND brief = 'The second: wool against the window.'"""


@pytest.fixture
def day(browser: Browser, stack: Stack, axe: Axe) -> Iterator[Day]:
    day = Day(browser, stack, axe)
    yield day
    day.ends()


def test_she_finds_compares_and_shares(day: Day) -> None:
    page = day.comes("maison-orsay").page
    find_somebody_whose_name_she_does_not_know_well(day, page)
    put_three_on_the_shortlist_and_compare(day, page)
    link = make_a_board_and_share_it(day, page)
    visitor = day.comes("")
    somebody_without_an_account_opens_it(day, visitor, link)
    she_sees_it_opened_and_takes_it_back(day, page, visitor, link)


def find_somebody_whose_name_she_does_not_know_well(day: Day, page: Page) -> None:
    page.goto("/twins/")
    day.looks(page)
    is_seen_by_keyboard(page.get_by_label("Search by name or agency"))
    page.get_by_label("Search by name or agency").fill("Oakfor Mya")
    expect(page.get_by_role("heading", name="Maya Okafor")).to_be_visible()
    expect(page.get_by_role("heading", name="Noor Adel")).to_have_count(0)
    page.wait_for_url("**q=Oakfor**")
    page.get_by_role("link", name="Remove filter “Oakfor Mya”").click()
    page.get_by_label("Women").check()
    page.get_by_label("Out-of-home").check()  # before the answer to the first tick is there
    expect(page.get_by_role("link", name="Remove filter Women")).to_be_visible()
    expect(page.get_by_role("link", name="Remove filter Out-of-home")).to_be_visible()
    page.get_by_label("To", exact=True).fill("178")
    page.get_by_label("To", exact=True).press("Tab")
    expect(page.get_by_role("link", name="Remove filter Up to 178 cm")).to_be_visible()
    expect(page.get_by_role("heading", name="Mateo Silva")).to_have_count(0)
    day.looks(page)
    keep_the_search(day, page)
    page.get_by_role("link", name="Clear", exact=True).click()
    expect(page.get_by_role("heading", name="Mateo Silva")).to_be_visible()


def keep_the_search(day: Day, page: Page) -> None:
    page.get_by_role("button", name="Save this filter").click()
    page.get_by_role("dialog").get_by_label("Name").fill(f"Billboards {day.mark}")
    page.get_by_role("dialog").get_by_role("button", name="Save", exact=True).click()
    kept = page.get_by_role("navigation", name="Saved filters")
    kept.get_by_role("link", name=f"Billboards {day.mark}").click()
    expect(page.get_by_role("link", name="Remove filter Up to 178 cm")).to_be_visible()
    page.get_by_role("button", name=f"Remove the saved filter Billboards {day.mark}").click()
    expect(page.get_by_role("link", name=f"Billboards {day.mark}")).to_have_count(0)
    page.get_by_label("Women").check()


def put_three_on_the_shortlist_and_compare(day: Day, page: Page) -> None:
    pressed = page.get_by_role("button", name="on my shortlist", pressed=True)
    while pressed.count():  # the demonstration has put some there
        press(pressed.first, "false")
    for name in THREE:
        press(page.get_by_role("button", name=f"{name} on my shortlist"), "true")
    tray = page.get_by_role("complementary", name="Shortlist")
    expect(tray).to_contain_text("3 on my shortlist")
    day.looks(page)
    tray.get_by_role("link", name="Compare").click()
    for name in THREE:
        expect(page.get_by_role("columnheader", name=name)).to_be_visible()
    expect(page.get_by_role("row", name="Height")).to_contain_text("177 cm")
    day.looks(page)


def press(heart: Locator, then: str) -> None:
    """By its id: pressed it is another element of the same place."""
    again = heart.page.locator(f"#{heart.get_attribute('id')}")
    again.click()
    expect(again).to_have_attribute("aria-pressed", then)


def make_a_board_and_share_it(day: Day, page: Page) -> str:
    page.goto("/twins/")
    page.get_by_role("complementary", name="Shortlist").get_by_role("link", name="See it").click()
    expect(page.get_by_role("heading", name="My shortlist")).to_be_visible()
    day.looks(page)
    page.get_by_role("link", name="Make a board of it").click()
    day.looks(page)
    page.get_by_label("Name", exact=True).fill(f"Cold light {day.mark}")
    page.get_by_label("Note").fill("Three faces for January.")
    page.get_by_role("button", name="Make the board").click()
    expect(page.get_by_role("heading", name=f"Cold light {day.mark}")).to_be_visible()
    maya = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Maya Okafor"))
    maya.get_by_text("Note", exact=True).click()
    maya.get_by_label("Note on Maya Okafor", exact=True).fill("For the opening picture.")
    page.get_by_role("button", name="Save the note on Maya Okafor").click()
    expect(page.get_by_text("The note is saved.")).to_be_visible()
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_label("The link, now and only now")
    expect(link).to_have_value(re.compile("/s/"))
    day.looks(page)
    return link.input_value()


def somebody_without_an_account_opens_it(day: Day, visitor: Visitor, link: str) -> None:
    page = visitor.page
    page.goto(link)
    expect(page.get_by_role("heading", name=f"Cold light {day.mark}")).to_be_visible()
    for name in THREE:
        expect(page.get_by_role("img", name=f"{name}, portrait")).to_be_visible()
    expect(page.get_by_text("For the opening picture.")).to_be_visible()
    expect(page.get_by_text("Every picture is watermarked")).to_be_visible()
    expect(main(page)).not_to_contain_text("€")
    day.looks(page)


def she_sees_it_opened_and_takes_it_back(day: Day, page: Page, visitor: Visitor, link: str) -> None:
    page.goto("/boards/")
    expect(page.get_by_role("listitem").filter(has_text=f"Cold light {day.mark}")).to_contain_text("opened 1×")
    day.looks(page)
    page.get_by_role("link", name=f"Cold light {day.mark}").click()
    expect(page.get_by_role("heading", name="Opened 1×")).to_be_visible()
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("It opens nothing any more.")).to_be_visible()
    assert visitor.status_of(link) == GONE
    page.get_by_role("button", name="Edit").click()
    day.looks(page)
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("is gone, and so are its links.")).to_be_visible()


def test_she_puts_an_option_composes_and_answers_a_counter_offer(day: Day) -> None:
    books = day.has("producer")
    page = day.comes("maison-orsay").page
    put_an_option(day, page)
    booking = compose_two_looks(day, page)
    lose_nothing_on_a_reload(page)
    read_the_price_and_what_stands_against_it(day, page)
    send_it(day, page, booking)
    accept_the_counter_offer(day, page, f"/bookings/{books['countered']}/")
    name_the_crew(day, page)
    give_the_option_up(page)


def put_an_option(day: Day, page: Page) -> None:
    page.goto("/twins/noor-adel/")
    page.get_by_role("link", name="When and where it is free").click()
    day.looks(page)
    put = page.get_by_role("region", name="Put an option")
    put.get_by_label("First day").fill("2020-01-01")
    put.get_by_role("button", name="Ask for an option").click()
    expect(page.get_by_text("Choose a day from today on")).to_be_visible()
    day.people[0].was_refused(422)
    day.looks(page)
    put.get_by_label("First day").fill(date.today().isoformat())  # noqa: DTZ011  as her browser's calendar
    put.get_by_label("What the pictures sell").select_option("knitwear")
    put.get_by_label("Countries").select_option(["ES"])
    put.get_by_role("button", name="Ask for an option").click()
    page.wait_for_url(re.compile("/options/"))
    expect(page.get_by_role("listitem").filter(has_text="Noor Adel").first).to_contain_text("Waits for the agency")
    day.looks(page)


def compose_two_looks(day: Day, page: Page) -> str:
    page.goto("/twins/noor-adel/")
    day.looks(page)
    page.get_by_role("button", name="Compose booking").click()
    page.wait_for_url(re.compile("/compose/"))
    page.get_by_label("Name of the booking").fill(f"Merino {day.mark}")
    if page.locator(".look-card").count() == 0:
        page.get_by_role("button", name="Add a look").click()
    fill_look(page, 0, "The first cold day", "gobo")
    page.get_by_role("button", name="Add a look").click()
    fill_look(page, 1, "The second", "mono")
    wait_until_it_is_saved(day, page)
    return page.url.split("compose/")[0]


def wait_until_it_is_saved(day: Day, page: Page) -> None:
    """She presses nothing."""
    for _ in range(PATIENCE * 5):
        if day.stack.rows(SECOND_LOOK, f"Merino {day.mark}"):
            page.wait_for_timeout(2_000)  # a tick and letters are sent apart
            return
        page.wait_for_timeout(200)
    raise AssertionError("what she typed was not saved")


def fill_look(page: Page, number: int, title: str, scene: str) -> None:
    look = page.locator(".look-card").nth(number)
    look.get_by_label("Name of the look").fill(title)
    look.get_by_label("Pictures", exact=True).fill("2")
    look.locator(f'input[type=radio][value="{scene}"]').check(force=True)
    look.locator("textarea").first.fill(f"{title}: wool against the window.")


def lose_nothing_on_a_reload(page: Page) -> None:
    expect(page.locator("#saved")).to_contain_text(SAVED_AT)
    page.reload()
    cards = page.locator(".look-card")
    expect(cards).to_have_count(2)
    expect(cards.nth(0).get_by_label("Name of the look")).to_have_value("The first cold day")
    expect(cards.nth(1).locator("textarea").first).to_have_value("The second: wool against the window.")
    expect(cards.nth(1).locator('input[value="mono"]')).to_be_checked()


def read_the_price_and_what_stands_against_it(day: Day, page: Page) -> None:
    quote = page.locator("#quote")
    expect(quote).to_contain_text("Beside a real shoot")
    expect(quote.get_by_text("Clear: rules, consents, calendar and mandate allow this.")).to_be_visible()
    sell(page, "tobacco")
    expect(quote.get_by_role("list", name="What stands against this booking")).to_be_visible()
    day.looks(page)
    sell(page, "knitwear")
    expect(quote.get_by_text("Clear: rules, consents, calendar and mandate allow this.")).to_be_visible()


def sell(page: Page, category: str) -> None:
    """And it is saved: what arrives after a press on a button of the page comes too late."""
    with page.expect_response(re.compile("/autosave/")) as saved:
        page.get_by_label("What the pictures sell").select_option(category)
    assert saved.value.ok


def send_it(day: Day, page: Page, booking: str) -> None:
    page.get_by_role("button", name="Keep as a template").click()
    day.looks(page)
    page.get_by_label("Name of the template").fill(f"Wool {day.mark}")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("heading", name=re.compile("^Book Noor Adel"))).to_be_visible()
    page.locator(".look-card summary").first.click()
    page.get_by_role("button", name=re.compile("^Duplicate")).first.click()
    expect(page.locator(".look-card")).to_have_count(3)
    page.get_by_role("button", name="Send the request").click()
    page.wait_for_url(re.compile(r"/bookings/[0-9a-f-]{36}/(#|$)"))
    expect(page.get_by_role("heading", name="Waiting for answers")).to_be_visible()
    day.looks(page)
    page.get_by_role("link", name=re.compile("^Deal memo, version 1")).click()
    day.looks(page)
    page.goto("/bookings/templates/")
    day.looks(page)
    page.get_by_role("button", name=f"Delete Wool {day.mark}").click()
    expect(page.get_by_role("button", name=f"Delete Wool {day.mark}")).to_have_count(0)
    page.goto(booking)
    page.get_by_role("button", name="Cancel this booking").click()
    page.get_by_role("button", name="Cancel the booking").click()
    expect(page.get_by_role("heading", name="Cancelled")).to_be_visible()
    page.get_by_role("button", name="Book like this again").click()
    expect(page.locator(".look-card")).to_have_count(3)
    page.get_by_role("button", name="Discard this draft").click()
    page.get_by_role("button", name="Discard it").click()
    page.wait_for_url(re.compile("(?<!compose)/$"))


def accept_the_counter_offer(day: Day, page: Page, booking: str) -> None:
    page.goto(booking)
    page.get_by_role("link", name="Read what is different").click()
    different = page.get_by_role("region", name=re.compile("^What is different"))
    expect(different).to_contain_text("6 months")
    expect(different.locator("s")).not_to_have_count(0)
    day.looks(page)
    page.get_by_role("link", name="Answer with your own").click()
    day.looks(page)
    page.get_by_role("link", name="Not now").click()
    is_seen_by_keyboard(page.get_by_role("button", name="Accept this version"))
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("region", name="Deal memo")).to_contain_text("6")
    day.looks(page)
    dialog.get_by_role("button", name="Accept it").click()
    expect(page.get_by_role("heading", name="Agreed. Pay and the pictures are made")).to_be_visible()


def name_the_crew(day: Day, page: Page) -> None:
    crew = page.locator("#crew")
    crew.get_by_text("Name somebody").click()
    crew.get_by_role("button", name="Add the name").click()
    expect(page.locator("#crew .errorlist").first).to_be_visible()
    day.people[0].was_refused(422)
    page.locator("#crew").get_by_label("Name", exact=True).fill("Odile Marchetti")
    page.locator("#crew").get_by_label("Part").select_option("photographer")
    page.locator("#crew").get_by_role("button", name="Add the name").click()
    expect(page.locator("#crew")).to_contain_text("Odile Marchetti")
    day.looks(page)


def give_the_option_up(page: Page) -> None:
    page.goto("/options/")
    page.get_by_role("button", name="Give up the option on Noor Adel").click()
    expect(page.get_by_text("Given up.")).to_be_visible()


def test_she_downloads_logs_a_place_and_renews(day: Day) -> None:
    assert day.has("licence") == {"state": "delivered"}
    page = day.comes("maison-orsay").page
    find_the_licence(day, page, "The suit, and no other")
    download_in_the_label_of_its_market(day, page)
    find_the_licence(day, page, f"Loden {day.mark}")
    pack_it(page)
    log_where_it_runs(day, page)
    ask_for_a_renewal_and_think_again(day, page)


def find_the_licence(day: Day, page: Page, title: str) -> None:
    page.goto("/library/")
    day.looks(page)
    page.get_by_label("Title, model or licence code").fill(title.lower())
    page.keyboard.press("Enter")
    page.get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", name="Labels")).to_be_visible()
    day.looks(page)


def download_in_the_label_of_its_market(day: Day, page: Page) -> None:
    kit = page.get_by_role("region", name="Labels")
    kit.get_by_label("Country").select_option("DE")
    kit.get_by_label("Channel").select_option("ecommerce")
    kit.get_by_role("button", name="Choose this label").click()
    page.wait_for_load_state()
    kit = page.get_by_role("region", name="Labels")
    chosen = kit.get_by_role("listitem").filter(has_text="Germany, E-commerce")
    expect(chosen).to_contain_text("Asked by")
    expect(chosen.get_by_text(re.compile(r"\d files?$"))).to_be_visible(timeout=WORKED)  # by itself
    day.looks(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name=re.compile("DE ?, JPEG of")).first.click()
    assert waiting.value.suggested_filename.endswith(".jpg")
    page.reload()
    expect(page.get_by_role("region", name="Downloads", exact=True)).to_contain_text("Inès Laurent")


def pack_it(page: Page) -> None:
    """Packed in the background; the page tells how far it is by itself."""
    packs = page.locator("#packs")
    ready = packs.get_by_role("button", name=re.compile("^ZIP of"))
    if not ready.count():
        packs.get_by_role("button", name=re.compile("^Pack ")).first.click()
    expect(page.locator("#packs").get_by_role("button", name=re.compile("^ZIP of")).first).to_be_visible(timeout=WORKED)
    with page.expect_download() as waiting:
        page.locator("#packs").get_by_role("button", name=re.compile("^ZIP of")).first.click()
    assert waiting.value.suggested_filename.endswith(".zip")


def log_where_it_runs(day: Day, page: Page) -> None:
    page.get_by_text("Log a place").click()
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_text("Give its address, or say where it is.")).to_be_visible()
    day.people[0].was_refused(422)
    day.looks(page)
    places = page.get_by_role("region", name="Where they ran")
    places.get_by_label("Address").fill(f"https://orsay.example/{day.mark}")
    places.get_by_label("Channel").select_option("ecommerce")
    places.get_by_label("Country", exact=True).select_option("FR")
    places.get_by_label("First day").fill(date.today().isoformat())  # noqa: DTZ011  as her browser's calendar
    places.get_by_role("button", name="Log it").click()
    logged = page.get_by_role("listitem").filter(has_text=f"orsay.example/{day.mark}")
    expect(logged).to_contain_text("within the licence")


def ask_for_a_renewal_and_think_again(day: Day, page: Page) -> None:
    page.get_by_role("link", name="See the price").click()
    expect(page.get_by_role("heading", name="The same again")).to_be_visible()
    day.looks(page)
    more = page.get_by_role("region", name="More, from now on")
    more.get_by_role("button", name="See the price").click()
    expect(page.get_by_role("region", name="More, from now on").locator(".errorlist")).to_be_visible()
    day.people[0].was_refused(422)
    more.get_by_label("Paid social").check(force=True)
    more.get_by_role("button", name="See the price").click()
    expect(more).to_contain_text("VAT")
    day.looks(page)
    page.get_by_role("button", name="Ask for the renewal").click()
    page.wait_for_url(re.compile(r"/bookings/[0-9a-f-]{36}/(#|$)"))
    expect(page.get_by_text("Nothing new is made.")).to_be_visible()
    day.looks(page)
    page.get_by_role("button", name="Cancel this booking").click()
    page.get_by_role("button", name="Cancel the booking").click()
    expect(page.get_by_role("heading", name="Cancelled")).to_be_visible()
