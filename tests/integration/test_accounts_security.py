"""Accounts: nobody learns who has one or locks the owner out for good; secrets are sealed, sessions end at once."""

import base64
import re
import time
from pathlib import Path

import allauth
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from apps.accounts.letters import LETTERS, saying_and_link
from apps.accounts.models import User
from apps.common.sealing import Damaged
from apps.common.wording import words_of
from tests.factories.clients import signed_in
from tests.factories.joining import newcomer, verified
from tests.factories.people import Person, acting

pytestmark = [pytest.mark.django_db(databases=["default", "sandbox"]), pytest.mark.usefixtures("letters_go_out")]

PASSWORD = "a-long-test-password"
KNOWN, UNKNOWN = "vera@tests.example", "nobody@tests.example"


@pytest.fixture(autouse=True)
def _limits_start_anew() -> None:
    cache.clear()


@pytest.fixture
def vera() -> User:
    return newcomer("vera")


def sign_in(client: Client, email: str, password: str = PASSWORD) -> HttpResponse:
    return client.post(reverse("account_login"), {"login": email, "password": password})


def told(answer: HttpResponse, address: str) -> tuple[int, str, str]:
    """What an answer says, without the address that was typed and what is new on every page."""
    text = answer.content.decode().replace(address, "…")
    text = re.sub(r'(name="csrfmiddlewaretoken" value|nonce|content)="[^"]*"', "", text)
    return answer.status_code, answer.headers.get("Location", ""), text


class TestNobodyLearnsWhoHasAnAccount:
    def test_a_wrong_sign_in_says_the_same(self, vera: User) -> None:
        known, unknown = (sign_in(Client(), address, "wrong") for address in (KNOWN, UNKNOWN))
        assert told(known, KNOWN) == told(unknown, UNKNOWN)

    def test_a_locked_sign_in_says_the_same(self, vera: User) -> None:
        last = []
        for address in (KNOWN, UNKNOWN):
            cache.clear()
            last.append(told([sign_in(Client(), address, "wrong") for _ in range(6)][-1], address))
        assert last[0] == last[1]
        assert "Too many wrong passwords" in last[0][2]

    def test_joining_says_the_same(self, vera: User, mailoutbox: list) -> None:
        answers = [
            Client().post(reverse("account_signup"), {"email": address, "password1": "another long password 7"})
            for address in (KNOWN, UNKNOWN)
        ]
        assert told(answers[0], KNOWN) == told(answers[1], UNKNOWN)
        assert answers[0].status_code == 302
        assert [mail.subject for mail in mailoutbox] == ["You have an account already", "Confirm your e-mail address"]

    def test_a_new_password_says_the_same(self, vera: User, mailoutbox: list) -> None:
        answers = [Client().post(reverse("account_reset_password"), {"email": address}) for address in (KNOWN, UNKNOWN)]
        assert told(answers[0], KNOWN) == told(answers[1], UNKNOWN)
        assert [mail.subject for mail in mailoutbox] == ["A new password", "There is no account with this address"]


class TestNobodyLocksTheOwnerOut:
    def test_a_stranger_who_guesses_locks_one_address_for_five_minutes_only(self, vera: User) -> None:
        verified(vera, "second@vera.example")
        for _ in range(6):
            sign_in(Client(REMOTE_ADDR="203.0.113.9"), KNOWN, "wrong")
        assert "Too many wrong passwords" in sign_in(Client(), KNOWN).content.decode(), "the right password too"
        assert sign_in(Client(), "second@vera.example").status_code == 302, "another address of hers still works"

    def test_a_new_password_by_mail_opens_the_lock(self, vera: User, mailoutbox: list) -> None:
        for _ in range(6):
            sign_in(Client(), KNOWN, "wrong")
        client = Client()
        client.post(reverse("account_reset_password"), {"email": KNOWN})
        link = re.search(r"/accounts/password/reset/key/\S+", mailoutbox[-1].body)
        page = client.get(link[0], follow=True)
        new = {"password1": "another long password 7", "password2": "another long password 7"}
        assert client.post(page.request["PATH_INFO"], new).status_code == 302
        assert sign_in(Client(), KNOWN, "another long password 7").status_code == 302

    def test_the_lock_does_not_end_a_session_that_runs(self, vera: User) -> None:
        inside = Client()
        sign_in(inside, KNOWN)
        for _ in range(6):
            sign_in(Client(REMOTE_ADDR="203.0.113.9"), KNOWN, "wrong")
        assert inside.get(reverse("account")).status_code == 200


class TestSecretsAtRest:
    def test_a_totp_secret_and_recovery_codes_are_sealed_in_the_table(self, vera: User) -> None:
        secret = "JBSWY3DPEHPK3PXP"
        TOTP.activate(vera, secret)
        codes = RecoveryCodes.activate(vera)
        for row in Authenticator.objects.all():
            assert secret not in str(row.data)
        assert len(set(RecoveryCodes(codes.instance).get_unused_codes())) == 10
        code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
        assert TOTP(Authenticator.objects.get(type="totp")).validate_code(code)

    def test_another_key_opens_nothing(self, settings: Settings) -> None:
        sealed = get_adapter().encrypt("secret")
        assert get_adapter().encrypt("secret") != sealed, "never twice the same"
        assert get_adapter().decrypt(sealed) == "secret"
        settings.MASTER_KEY = base64.urlsafe_b64encode(b"x" * 32).decode()
        with pytest.raises(Damaged):
            get_adapter().decrypt(sealed)


class TestSessions:
    def two(self, vera: User) -> tuple[Client, Client]:
        browsers = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/141"), Client(HTTP_USER_AGENT="Other")
        for browser in browsers:
            sign_in(browser, vera.email)
            assert browser.get(reverse("account")).status_code == 200
        return browsers

    def test_one_is_signed_out_at_once(self, vera: User) -> None:
        here, there = self.two(vera)
        page = here.get(reverse("usersessions_list")).content.decode()
        assert "Chrome on Windows" in page and "This one" in page
        other = UserSession.objects.get(user_agent="Other")
        here.post(reverse("session_end", args=[other.pk]))
        assert there.get(reverse("account")).status_code == 302
        assert here.get(reverse("account")).status_code == 200

    def test_all_others_are_signed_out_at_once(self, vera: User) -> None:
        here, there = self.two(vera)
        here.post(reverse("usersessions_list"))
        assert there.get(reverse("account")).status_code == 302
        assert here.get(reverse("account")).status_code == 200

    def test_the_present_one_ends_as_well(self, vera: User) -> None:
        here, _ = self.two(vera)
        mine = UserSession.objects.get(user_agent__contains="Chrome")
        assert here.post(reverse("session_end", args=[mine.pk])).headers["Location"] == reverse("home")
        assert here.get(reverse("account")).status_code == 302

    def test_nobody_ends_another_persons(self, vera: User) -> None:
        self.two(vera)
        stranger = Client()
        stranger.force_login(newcomer("otto"))
        pk = UserSession.objects.filter(user=vera).first().pk
        foreign = stranger.post(reverse("session_end", args=[pk]))
        missing = stranger.post(reverse("session_end", args=[pk + 10_000]))
        assert foreign.status_code == missing.status_code == 404
        assert UserSession.objects.filter(user=vera).count() == 2


class TestTheAccountsOwnPages:
    def client_of(self, user: User) -> Client:
        return signed_in(Person(user, acting(user, "", "", frozenset())))

    def test_one_page_leads_to_everything(self, vera: User) -> None:
        page = self.client_of(vera).get(reverse("account")).content.decode()
        for name in (
            *("account_email", "account_change_password", "mfa_add_webauthn", "mfa_activate_totp"),
            *("usersessions_list", "begin"),
        ):
            assert f'href="{reverse(name)}"' in page, name

    def test_name_language_and_clock_are_hers_to_set(self, vera: User) -> None:
        client = self.client_of(vera)
        told = {"name": "Vera Lind", "language": "en-gb", "time_zone": "Asia/Tokyo"}
        assert client.post(reverse("account"), told).status_code == 302
        vera.refresh_from_db()
        assert (vera.name, vera.time_zone) == ("Vera Lind", "Asia/Tokyo")
        for field, value in {"name": " ", "language": "xx", "time_zone": "Moon/Sea"}.items():
            assert client.post(reverse("account"), told | {field: value}).status_code == 422

    def test_no_page_speaks_with_a_foreign_voice(self, vera: User) -> None:
        TOTP.activate(vera, "JBSWY3DPEHPK3PXP")
        RecoveryCodes.activate(vera)
        client = self.client_of(vera)
        session = client.session
        session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "reauthenticated": True}]
        session.save()
        pages = {
            "mfa_index": "Two-factor sign-in",
            "mfa_view_recovery_codes": "Recovery codes",
            "mfa_generate_recovery_codes": "Make new recovery codes?",
            "mfa_deactivate_totp": "Turn off the authenticator app?",
            "mfa_list_webauthn": "Passkeys",
            "mfa_add_webauthn": "Add a passkey",
            "account_email": "E-mail addresses",
            "account_change_password": "Password",
            "usersessions_list": "Where you are signed in",
        }
        for name, heading in pages.items():
            answer = client.get(reverse(name))
            assert answer.status_code == 200, name
            assert f"<h1>{heading}" in answer.content.decode(), name
            assert not re.search(r"Two-Factor|Security Key|Recovery Codes|Email Address", answer.content.decode()), name

    def test_a_closed_account_says_whom_to_write_to(self, settings: Settings) -> None:
        page = Client().get(reverse("account_inactive")).content.decode()
        assert f"mailto:{settings.SUPPORT_EMAIL}" in page

    def test_a_new_passkey_or_password_is_told_by_mail_in_our_words(self, vera: User, mailoutbox: list) -> None:
        new = {"oldpassword": PASSWORD, "password1": "another long password 7", "password2": "another long password 7"}
        assert self.client_of(vera).post(reverse("account_change_password"), new).status_code == 302
        mail = mailoutbox[-1]
        assert mail.subject == "Your password was changed"
        assert "Was it not you?" in mail.body and mail.alternatives[0][1] == "text/html"

    def test_an_address_can_be_added_and_made_the_main_one(self, vera: User) -> None:
        client = self.client_of(vera)
        assert client.post(reverse("account_email"), {"action_add": "", "email": "new@vera.example"}).status_code == 302
        row = EmailAddress.objects.get(email="new@vera.example")
        assert not row.verified and "Not confirmed" in client.get(reverse("account_email")).content.decode()


def test_every_mail_of_an_account_has_words_of_ours() -> None:
    """All that the library can send with our settings: a mail that nobody wrote would be an error in her face."""
    told = dict.fromkeys(["email", "from_email", "to_email", "deleted_email"], "a@b.example")
    told |= {letter.link: "https://x.example/" for letter in LETTERS.values() if letter.link}
    for prefix in LETTERS:
        saying, link = saying_and_link(prefix, told)
        assert words_of(saying, "de").title != words_of(saying, "en").title and link.startswith("http")
    folders = [Path(allauth.__file__).parent / "templates" / app / "email" for app in ("account", "mfa")]
    there = {f"{file.parent.parent.name}/email/{file.name.removesuffix('_subject.txt')}"
             for folder in folders for file in folder.glob("*_subject.txt")}  # fmt: skip
    not_used = {"account/email/login_code", "account/email/password_reset_code"}  # codes instead of links: turned off
    assert there - not_used == set(LETTERS)
