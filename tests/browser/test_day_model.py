"""A model's day on his phone: answers, a signature, pictures, who looked, a pause, what a withdrawal costs."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.days import WORKED, Axe, Day, is_seen_by_keyboard, main
from tests.browser.test_review_pages import swipe
from tests.browser.visitors import PHONE, Visitor
from tests.stack import Stack

pytestmark = pytest.mark.browser
BEFORE = "UPDATE accounts_user SET language = 'en-gb' WHERE email = 'mateo-silva@double.example'"
PASSKEYS = """DELETE FROM mfa_authenticator USING accounts_user
    WHERE user_id = accounts_user.id AND email = 'mateo-silva@double.example'"""


@pytest.fixture
def day(browser: Browser, stack: Stack, axe: Axe) -> Iterator[Day]:
    """His account is as it was when the day is over: his language, and no passkey."""
    day = Day(browser, stack, axe)
    yield day
    stack.rows(BEFORE)
    stack.rows(PASSKEYS)
    day.ends()


def test_he_answers_signs_and_looks_at_his_pictures(day: Day) -> None:
    books = day.has("model")
    mateo = day.comes("mateo-silva", size=PHONE)
    mateo.add_passkey("My telephone")
    read_in_his_language(day, mateo.page)
    mateo.an_hour_later()
    set_conditions_with_the_passkey(day, mateo)
    take_them_back_and_say_yes(day, mateo.page)
    sign_the_joint_version(day, mateo.page, books["to_sign"])
    look_at_the_pictures(day, mateo.page, books["paid"])


def read_in_his_language(day: Day, page: Page) -> None:
    page.goto("/home/model/")
    day.looks(page)
    page.get_by_role("link", name=f"Cotton {day.mark}").click()
    expect(page.get_by_role("heading", name="Ce que la marque peut faire")).to_be_visible()
    expect(page.get_by_role("heading", name="Ce que la marque ne peut pas faire")).to_be_visible()
    expect(main(page)).to_contain_text("12 mois")
    day.looks(page)
    page.get_by_role("link", name="The deal memo on a page of its own").click()
    expect(page.get_by_text("You are reading it in that language.")).to_be_visible()
    day.looks(page)
    page.get_by_role("link", name="Italiano").click()
    expect(page.get_by_text("a translation for reading")).to_be_visible()
    page.go_back()
    page.go_back()


def set_conditions_with_the_passkey(day: Day, mateo: Visitor) -> None:
    """He signed in an hour ago: what he typed is still there when he has proven who he is."""
    page = mateo.page
    is_seen_by_keyboard(page.get_by_role("button", name="Conditions"))
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("How long they may use the pictures").select_option("6")
    dialog.get_by_label("A note").fill("Six months, then we talk.")
    day.looks(page)
    dialog.get_by_role("button", name="Seal the conditions").click()
    mateo.prove_it_with_passkey()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("A note")).to_have_value("Six months, then we talk.")
    dialog.get_by_role("button", name="Seal the conditions").click()
    expect(page.get_by_text("You set conditions.")).to_be_visible()
    expect(page.get_by_text("Your answer is sealed; both open together.")).to_be_visible()
    day.looks(page)


def take_them_back_and_say_yes(day: Day, page: Page) -> None:
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("Taken back. You can answer again.")).to_be_visible()
    page.get_by_role("button", name="Yes", exact=True).click()
    expect(page.get_by_role("dialog").get_by_role("region", name="Deal memo")).to_contain_text("Mémo de l’accord")
    day.looks(page)
    page.get_by_role("button", name="Sign and say yes").click()
    expect(page.get_by_text("You said yes.")).to_be_visible()


def sign_the_joint_version(day: Day, page: Page, booking: str) -> None:
    page.goto(f"/requests/{booking}/")
    expect(page.get_by_text("A version waits for your signature")).to_be_visible()
    different = page.get_by_role("region", name=re.compile("^What is different"))
    expect(different).to_be_visible()
    day.looks(page)
    page.get_by_role("button", name="Sign", exact=True).click()
    day.looks(page)
    page.get_by_role("button", name="Sign this version").click()
    expect(page.get_by_role("button", name="Take it back")).to_be_visible()
    day.looks(page)


def look_at_the_pictures(day: Day, page: Page, booking: str) -> None:
    """One by a swipe, one is never wanted again: what it shows is a rule of his from then on."""
    page.goto(f"/requests/{booking}/pictures/")
    wait_for_pictures(page)
    day.looks(page)
    swipe(page, -200)
    expect(page.get_by_text("Rejected in a moment")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    swipe(page, 200)
    expect(page.get_by_text("Passed in a moment")).to_be_visible()
    day.looks(page)
    expect(page.get_by_text("Passed in a moment")).to_be_hidden(timeout=WORKED)
    wait_for_pictures(page)
    page.get_by_role("button", name="Reject", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(re.compile("^This scene")).check(force=True)
    day.looks(page)
    dialog.get_by_role("button", name="Reject it").click()
    expect(page.get_by_text("kept as a rule of yours")).to_be_visible()
    page.goto("/home/model/rules/")
    day.looks(page)
    page.get_by_role("button", name="Take it out").first.click()
    expect(page.get_by_text("Taken out.")).to_be_visible()


def wait_for_pictures(page: Page) -> None:
    reject = page.get_by_role("button", name="Reject", exact=True)
    for _ in range(WORKED // 1_000):
        if reject.count():
            return
        page.wait_for_timeout(1_000)
        page.reload()
    raise AssertionError("no picture came")


def test_he_reads_where_he_is_and_stops_everything_for_a_while(day: Day) -> None:
    page = day.comes("mateo-silva", size=PHONE).page
    read_where_he_is_and_who_looked(day, page)
    pause_everything_and_go_on(day, page)
    see_what_a_withdrawal_would_touch(day, page)


def read_where_he_is_and_who_looked(day: Day, page: Page) -> None:
    page.goto("/home/model/where/")
    expect(page.get_by_role("region", name="Running licences")).to_contain_text("The suit, and no other")
    expect(page.get_by_role("img", name=re.compile("Europe, filled: .*France"))).to_be_visible()
    day.looks(page)
    page.get_by_role("link", name="The suit, and no other").click()
    expect(page.get_by_role("heading", name="Where they ran")).to_be_visible()
    day.looks(page)
    page.go_back()
    page.get_by_role("link", name="Who looked").click()
    expect(main(page)).to_contain_text("Inès Laurent")
    day.looks(page)
    page.get_by_role("link", name=re.compile("^Downloaded")).click()
    day.looks(page)


def pause_everything_and_go_on(day: Day, page: Page) -> None:
    page.get_by_role("link", name="Pause everything").first.click()
    expect(page.get_by_role("heading", name="What stops")).to_be_visible()
    day.looks(page)
    page.get_by_role("button", name="Pause everything now").click()
    page.goto("/home/model/pause/")
    expect(page.get_by_role("heading", name="Your twin is paused")).to_be_visible()
    day.looks(page)
    page.get_by_role("button", name="Let it work again").click()
    page.goto("/home/model/twin/")
    expect(page.get_by_role("button", name="Pause my twin")).to_be_visible()
    day.looks(page)


def see_what_a_withdrawal_would_touch(day: Day, page: Page) -> None:
    """He looks, and keeps it."""
    publish = page.locator("dl.terms > div").filter(has_text=re.compile("Publish", re.I))
    publish.get_by_role("link", name="Take it back").first.click()
    touched = page.get_by_role("region", name="What this touches")
    expect(touched).to_contain_text("The suit, and no other")
    expect(touched).to_contain_text("Refund")
    day.looks(page)
    page.get_by_role("link", name="Keep it").click()
    expect(page.get_by_role("button", name="Pause my twin")).to_be_visible()
