"""What the days of all roles have in common: who comes, with which bookings, and what every page on the way must be."""

import json
from collections.abc import Callable
from secrets import token_hex

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.visitors import DESK, PATIENCE, Visitor
from tests.stack import Stack

Axe = Callable[[Page], list[str]]
WORKED = 120_000  # milliseconds: a worker has done it, even after all that the demonstration left to it
RING = """part => {
    const style = getComputedStyle(part);
    return part.matches(":focus-visible") && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
}"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PREPARE = "from tests.browser.day_books import prepare; prepare({whose!r}, {mark!r})"


class Day:
    """One test's people. `mark` is in the name of everything that this day makes."""

    def __init__(self, browser: Browser, stack: Stack, axe: Axe) -> None:
        self.browser, self.stack, self.axe = browser, stack, axe
        self.mark = token_hex(2)
        self.people: list[Visitor] = []
        expect.set_options(timeout=1_000 * PATIENCE)  # workers do their part meanwhile, and the machine may be busy

    def comes(self, account: str, *, size: dict[str, int] = DESK) -> Visitor:
        """One of the demonstration's people, in a browser of her own; anybody where there is no account."""
        who = Visitor(self.browser, self.stack, f"{account}@double.example", account or "anybody", size=size)
        self.people.append(who)
        if account:
            who.enter(account)
        return who

    def has(self, whose: str) -> dict[str, str]:
        """The primary keys of the bookings that this role's day begins with."""
        told = self.stack.manage("shell", "-c", PREPARE.format(whose=whose, mark=self.mark)).stdout
        return dict(json.loads(told.strip().splitlines()[-1]))

    def looks(self, page: Page) -> None:
        """Accessible, and nothing sticks out sideways."""
        page.wait_for_load_state()
        found = self.axe(page)
        assert found == [], f"{page.url}: {found}"
        assert page.evaluate(SIDEWAYS) == 0, f"{page.url} is wider than its window"

    def ends(self) -> None:
        expect.set_options(timeout=5_000)
        for who in self.people:
            who.page.context.close()
        for who in self.people:
            who.has_told_nothing_bad()


def is_seen_by_keyboard(part: Locator) -> None:
    """Whoever comes with the keyboard sees where she is."""
    part.page.keyboard.press("Shift")  # the browser then knows that somebody has a keyboard
    part.focus()
    assert part.evaluate(RING), f"no ring around {part} when it has the focus"


def main(page: Page) -> Locator:
    return page.locator("main")
