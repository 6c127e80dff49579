"""People who have nothing but a browser and a letter box: how they sign up, read their mail and use a passkey."""

import email
import json
import re
import time
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default

from playwright.sync_api import Browser, CDPSession, ConsoleMessage, Page, Request, expect

from apps.demonstration.programme import PASSWORD as OF_THE_DEMONSTRATION
from tests.browser.conftest import LOCAL
from tests.stack import Stack

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
PASSWORD = "a very long password 7"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
PATIENCE = 30  # seconds
# What htmx says of a request that a newer one replaced.
TAKEN_BACK = ("htmx:sendAbort", "htmx:afterRequest")
BETWEEN_MAILS = "-" * 79
AN_HOUR_AGO = """
import time
from importlib import import_module
from django.conf import settings
session = import_module(settings.SESSION_ENGINE).SessionStore({key!r})
for record in session["account_authentication_methods"]:
    record["at"] = time.time() - 3600
session.save()
"""


class Visitor:
    """`complaints` is what her pages logged, lost, or asked of other hosts."""

    def __init__(self, browser: Browser, stack: Stack, address: str, name: str, *, size: dict[str, int]) -> None:
        # Browsers know passkeys for names only, never for the number of a machine.
        self.site = stack.url.replace("127.0.0.1", "localhost")
        self.stack, self.address, self.name, self.password = stack, address, name, PASSWORD
        context = browser.new_context(
            base_url=self.site,
            viewport=size,  # type: ignore[arg-type]
            has_touch=size is PHONE,
            locale="en-GB",
            timezone_id="Europe/Paris",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE * 1_000)
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self._listen(self.page)
        self._devtools: CDPSession | None = None

    def _listen(self, page: Page) -> None:
        def on_console(message: ConsoleMessage) -> None:
            if message.type == "error" and not message.text.startswith(TAKEN_BACK):
                self.complaints.append(f"{self.name}: {message.text} ({page.url})")

        def on_request(request: Request) -> None:
            if not request.url.startswith(LOCAL):
                self.complaints.append(f"{self.name}: asked another host: {request.url}")

        page.on("console", on_console)
        page.on("request", on_request)
        page.on("pageerror", lambda error: self.complaints.append(f"{self.name}: {error}"))

    # ---- her letter box ----

    def link_from(self, path: str) -> str:
        """The link under this path out of the newest mail to her that has one; waits until it comes."""
        pattern = re.compile(rf"https?://[^/\s]+({re.escape(path)}[^\s]+)")
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for letter in self._letters():
                body = letter.get_body(("plain",))
                found = pattern.search(body.get_content()) if body else None
                if found:
                    return found[1]
            time.sleep(0.2)
        raise AssertionError(f"no mail with a link to {path} came for {self.address}")

    def has_mail_with(self, path: str) -> bool:
        return any(path in letter.as_string() for letter in self._letters())

    def _letters(self) -> Iterator[EmailMessage]:
        """The mails to her, the newest first."""
        files = sorted((self.stack.var / "mail").glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)
        for file in files:
            for text in reversed(file.read_text().split(BETWEEN_MAILS)):
                letter = email.message_from_string(text.lstrip(), policy=default)
                if self.address in str(letter["To"]):
                    yield letter

    # ---- her account ----

    def enter(self, account: str) -> None:
        """As one of the demonstration's people, by its own way in: freshly proven."""
        self.password = OF_THE_DEMONSTRATION
        self.page.goto("/")
        self.page.locator(f'form:has(input[name=account][value="{account}"])').first.get_by_role("button").click()
        self.page.wait_for_url(re.compile("/home/|/start/|/admin/"))

    def sign_up(self) -> None:
        """From the page she stands on: it has a way to join, or to make an account."""
        page = self.page
        page.get_by_label("E-mail address").fill(self.address)
        page.get_by_label("Password", exact=True).fill(self.password)
        page.get_by_role("button", name="Join", exact=True).click()
        expect(page.get_by_role("heading", name="One more step")).to_be_visible()
        page.goto(self.link_from("/accounts/confirm-email/"))
        page.get_by_role("button", name="Yes, confirm it").click()
        page.wait_for_url(re.compile("^(?!.*confirm-email)"))

    def add_passkey(self, name: str) -> None:
        """Her telephone or computer gets an authenticator, and the account a passkey on it."""
        self._devtools = self.page.context.new_cdp_session(self.page)
        self._devtools.send("WebAuthn.enable")
        self._devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        page = self.page
        page.goto("/account/")
        page.get_by_role("link", name="Add a passkey").click()
        if page.get_by_role("heading", name="Is it you?").is_visible():
            page.get_by_label("Password").fill(self.password)
            page.get_by_role("button", name="It is me").click()
        page.get_by_label("Name").fill(name)
        page.get_by_role("button", name="Add the passkey").click()
        expect(page.get_by_text("The passkey is saved.")).to_be_visible()

    def sign_out(self) -> None:
        self.page.get_by_role("button", name="Account").first.click()
        self.page.get_by_role("button", name="Sign out").click()
        expect(self.page.get_by_role("link", name="Sign in")).to_be_visible()

    def sign_in_with_passkey(self) -> None:
        self.page.goto("/accounts/login/")
        self.page.get_by_role("button", name="Sign in with a passkey").click()
        self.page.wait_for_url(re.compile("/home/|/begin/"))

    def prove_it_with_passkey(self) -> None:
        """What a signature asks for a quarter of an hour after she signed in."""
        expect(self.page.get_by_role("heading", name="Is it you?")).to_be_visible()
        self.page.get_by_role("link", name=re.compile("passkey|security key", re.I)).click()
        self.page.get_by_role("button", name="Use a passkey").click()

    def an_hour_later(self) -> None:
        """The site's clock goes on, hers does not: her last proof of who she is becomes an hour old."""
        [key] = [cookie["value"] for cookie in self.page.context.cookies() if cookie["name"] == "sessionid"]
        self.stack.manage("shell", "-c", AN_HOUR_AGO.format(key=key))

    # ---- looking around ----

    def status_of(self, path: str) -> int:
        """What the site answers her there, without going."""
        return self.page.context.request.get(path, max_redirects=0).status

    def was_refused(self, status: int) -> None:
        """Her last press was answered with this status, which the browser logs; nothing else is forgotten."""
        meant = [one for one in self.complaints if f"status of {status} " in one]
        assert len(meant) == 1, self.complaints
        self.complaints.remove(meant[0])

    def has_told_nothing_bad(self) -> None:
        assert self.complaints == [], json.dumps(self.complaints, indent=1)
