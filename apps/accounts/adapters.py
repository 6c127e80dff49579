"""What allauth asks us for: mails in our words and look, and secrets of the second factor encrypted at rest."""

import base64
from functools import partial
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.db import transaction
from django.http import HttpRequest

from apps.accounts import languages, tasks
from apps.accounts.letters import saying_and_link
from apps.accounts.models import User
from apps.common.devices import device
from apps.common.sealing import master_key, seal, unseal

_SECOND_FACTOR = b"second factor"


class AccountAdapter(DefaultAccountAdapter):
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "This account is closed.",
        "duplicate_email": "This address belongs to your account already.",
        "email_password_mismatch": "Address and password do not go together.",
        "enter_current_password": "Type your present password.",
        "incorrect_code": "This is not the code.",
        "incorrect_password": "This is not the password.",
        "too_many_login_attempts": "Too many wrong passwords. Wait five minutes, use a passkey, or choose a new one.",
        "rate_limited": "Too often. Wait a minute and try again.",
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In our words and her language, by a worker, after the commit."""
        saying, link = saying_and_link(template_prefix, {"email": email, **context})
        language = languages.of_address(email, self.request)
        message = tasks.sealed(saying, to=email, language=language, link=link)
        transaction.on_commit(partial(tasks.send_letter.delay, message))

    def new_user(self, request: HttpRequest) -> User:
        """A new account begins in the language of its invitation or its browser."""
        return User(language=languages.wished(request))


class MFAAdapter(DefaultMFAAdapter):
    """Whoever reads the table has neither a TOTP secret nor a recovery code: the key stands outside the database."""

    def generate_authenticator_name(self, user: User, type: str) -> str:
        """What a passkey is called unless she calls it something else: the device that she makes it on."""
        return device(context.request.META.get("HTTP_USER_AGENT", ""))

    def encrypt(self, text: str) -> str:
        return base64.urlsafe_b64encode(seal(master_key(), text.encode(), _SECOND_FACTOR)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(master_key(), base64.urlsafe_b64decode(encrypted_text), _SECOND_FACTOR).decode()
