"""Chromium that goes through the plan: one browser, one context per person and size, both colour schemes per load."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.screenshots.plan import Shot

SIZES = {1440: 900, 390: 844}
SCHEMES = ("light", "dark")
PATIENCE = 30_000  # milliseconds
# Pictures below the fold load when somebody scrolls there; nobody scrolls here.
SETTLE = """async () => {
  document.querySelectorAll('img[loading=lazy]').forEach((one) => { one.loading = 'eager'; });
  await Promise.all([...document.images].filter((one) => one.src).map((one) => one.decode().catch(() => null)));
  await document.fonts.ready;
}"""


@dataclass(frozen=True)
class Taken:
    """One shot in one size: its two files, and what was wrong with the page, if anything."""

    shot: Shot
    width: int
    files: dict[str, str]  # scheme → file name
    complaints: tuple[str, ...]


def photograph(shots: list[Shot], *, site: str, folder: Path) -> Iterator[Taken]:
    """Every shot in every size. A page that cannot be taken is told of and does not end the round."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        ordered = sorted(shots, key=lambda shot: shot.account)
        for account, mine in itertools.groupby(ordered, key=lambda shot: shot.account):
            wanted = list(mine)
            for width, height in SIZES.items():
                context = _context(browser, site, width, height)
                page = context.new_page()
                _enter(page, account)
                for shot in wanted:
                    yield _take(page, shot, width, folder)
                context.close()
        browser.close()


def _context(browser: Browser, site: str, width: int, height: int) -> BrowserContext:
    context = browser.new_context(
        base_url=site,
        viewport={"width": width, "height": height},
        has_touch=width < 600,
        locale="en-GB",
        timezone_id="Europe/Paris",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    return context


def _enter(page: Page, account: str) -> None:
    """By the demonstration's own way in; a stranger stays one."""
    if not account:
        return
    page.goto("/")
    page.locator(f'form:has(input[name=account][value="{account}"])').first.get_by_role("button").click()
    page.wait_for_url(lambda url: "/start/" in url or "/home/" in url or "/admin/" in url)


def _take(page: Page, shot: Shot, width: int, folder: Path) -> Taken:
    complaints: list[str] = []
    files: dict[str, str] = {}
    stem = "-".join(filter(None, [shot.role, shot.account, shot.page, shot.label, str(width)]))
    stem = "".join(letter if letter.isalnum() else "-" for letter in stem.lower())
    try:
        page.emulate_media(color_scheme="light")
        answer = page.goto(shot.path, wait_until="load")
        if answer is None or answer.status != shot.status:
            complaints.append(f"answered {answer.status if answer else 'nothing'}")
        if page.url.split("?")[0].removesuffix(shot.path) == page.url:
            complaints.append(f"went on to {page.url}")
        page.evaluate(SETTLE)
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            complaints.append(f"is {wide} px wide on {width}")
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            files[scheme] = f"{stem}-{scheme}.png"
            page.screenshot(path=folder / files[scheme], full_page=True)
    except Error as error:
        complaints.append(error.message.splitlines()[0])
    return Taken(shot, width, files, tuple(complaints))
