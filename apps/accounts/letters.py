"""The mails about an account, in our words: which kind each of allauth's template paths means, and where it leads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse

from apps.common.wording import Saying, say

Context = Mapping[str, Any]


@dataclass(frozen=True)
class Letter:
    """`link` names the value of allauth's context that the button leads to; without one it leads to the account."""

    says: Callable[[Context], Saying]
    link: str = ""


CONFIRM = Letter(lambda _: say("account.confirm"), "activate_url")
CHANGED = Letter(lambda _: say("account.password_changed"))

LETTERS: dict[str, Letter] = {
    "account/email/email_confirmation": CONFIRM,
    "account/email/email_confirmation_signup": CONFIRM,
    "account/email/account_already_exists": Letter(
        lambda told: say("account.exists", address=told["email"]), "password_reset_url"
    ),
    "account/email/unknown_account": Letter(lambda told: say("account.unknown", address=told["email"]), "signup_url"),
    "account/email/password_reset_key": Letter(lambda _: say("account.new_password"), "password_reset_url"),
    "account/email/password_reset": CHANGED,
    "account/email/password_changed": CHANGED,
    "account/email/password_set": Letter(lambda _: say("account.password_set")),
    "account/email/email_changed": Letter(
        lambda told: say("account.address_changed", old=told["from_email"], new=told["to_email"])
    ),
    "account/email/email_confirm": Letter(lambda _: say("account.address_confirmed")),
    "account/email/email_deleted": Letter(lambda told: say("account.address_removed", address=told["deleted_email"])),
    "mfa/email/recovery_codes_generated": Letter(lambda _: say("account.recovery_codes")),
    "mfa/email/totp_activated": Letter(lambda _: say("account.app_on")),
    "mfa/email/totp_deactivated": Letter(lambda _: say("account.app_off")),
    "mfa/email/webauthn_added": Letter(lambda _: say("account.passkey_added")),
    "mfa/email/webauthn_removed": Letter(lambda _: say("account.passkey_removed")),
}


def saying_and_link(template_prefix: str, context: Context) -> tuple[Saying, str]:
    """Raises KeyError for a mail that nobody wrote: allauth's own words are not ours."""
    of = LETTERS[template_prefix]
    link = context[of.link] if of.link else settings.SITE_URL + reverse("account")
    return of.says(context), link
