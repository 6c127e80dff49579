"""What allauth asks us for: mails in our words and look, and secrets of the second factor encrypted at rest."""

import base64
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from apps.accounts.letters import words_of
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

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMultiAlternatives:
        """The same frame as every mail of ours, HTML and text."""
        words = words_of(template_prefix, context)
        link = context[words.link] if words.link else settings.SITE_URL + reverse("account")
        filled = {"letter": words, "link": link, "site": settings.SITE_URL}
        text = render_to_string("notifications/mail.txt", filled)
        to = [email] if isinstance(email, str) else email
        mail = EmailMultiAlternatives(words.title, text, self.get_from_email(), to, headers=headers)
        mail.attach_alternative(render_to_string("notifications/mail.html", filled), "text/html")
        return mail


class MFAAdapter(DefaultMFAAdapter):
    """Whoever reads the table has neither a TOTP secret nor a recovery code: the key stands outside the database."""

    def generate_authenticator_name(self, user: User, type: str) -> str:
        """What a passkey is called unless she calls it something else: the device that she makes it on."""
        return device(context.request.META.get("HTTP_USER_AGENT", ""))

    def encrypt(self, text: str) -> str:
        return base64.urlsafe_b64encode(seal(master_key(), text.encode(), _SECOND_FACTOR)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(master_key(), base64.urlsafe_b64decode(encrypted_text), _SECOND_FACTOR).decode()
