"""The words of the mails about an account. allauth names each by a template path; here they stand in one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Words:
    """`link` names the value of the mail's context that the button leads to; without one it leads to the account."""

    title: str
    body: str
    link: str = ""


CONFIRM = Words(
    "Confirm your e-mail address",
    "Open the page and press the button: then the address is yours here. Not you? Leave this mail.",
    "activate_url",
)
NOT_YOU = "Was it not you? Change your password now and look where you are signed in."

LETTERS: dict[str, Words] = {
    "account/email/email_confirmation": CONFIRM,
    "account/email/email_confirmation_signup": CONFIRM,
    "account/email/account_already_exists": Words(
        "You have an account already",
        "Somebody, probably you, tried to join Double with {email}. It has an account. Forgotten the password? "
        "Here you choose a new one.",
        "password_reset_url",
    ),
    "account/email/unknown_account": Words(
        "There is no account with this address",
        "Somebody, probably you, asked for a new password for {email}. No account has it; perhaps you joined with "
        "another address. Not you? Leave this mail.",
        "signup_url",
    ),
    "account/email/password_reset_key": Words(
        "A new password",
        "Open the page and choose one. The link works once. Not you? Leave this mail.",
        "password_reset_url",
    ),
    "account/email/password_reset": Words("Your password is new", NOT_YOU),
    "account/email/password_changed": Words("Your password was changed", NOT_YOU),
    "account/email/password_set": Words("Your account has a password now", NOT_YOU),
    "account/email/email_changed": Words(
        "Your main address is another one", "From {from_email} to {to_email}. " + NOT_YOU
    ),
    "account/email/email_confirm": Words("Your address is confirmed", NOT_YOU),
    "account/email/email_deleted": Words(
        "An address was removed", "{deleted_email} lets nobody in any more. " + NOT_YOU
    ),
    "mfa/email/recovery_codes_generated": Words(
        "You have new recovery codes", "The old ones stopped working. " + NOT_YOU
    ),
    "mfa/email/totp_activated": Words("The authenticator app is on", NOT_YOU),
    "mfa/email/totp_deactivated": Words("The authenticator app is off", NOT_YOU),
    "mfa/email/webauthn_added": Words("A passkey was added", NOT_YOU),
    "mfa/email/webauthn_removed": Words("A passkey was removed", NOT_YOU),
}


def words_of(template_prefix: str, context: Mapping[str, Any]) -> Words:
    """Filled in. Raises KeyError for a mail that nobody wrote: allauth's own words are not ours."""
    words = LETTERS[template_prefix]
    return Words(words.title, words.body.format_map(context), words.link)
