"""Whether the settings say clearly who looks at documents."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

PROVIDERS = ("person", "stripe")


def provider_is_known(**_kwargs: Any) -> list[CheckMessage]:
    if settings.IDENTITY_PROVIDER not in PROVIDERS:
        return [Error(f"IDENTITY_PROVIDER is one of {', '.join(PROVIDERS)}.", id="identity.E001")]
    real = settings.IDENTITY_PROVIDER == "stripe" and settings.STRIPE_TRANSPORT == "stripe"
    if real and not settings.STRIPE_IDENTITY_KEY.startswith("rk_"):
        return [
            Error("STRIPE_IDENTITY_KEY: Stripe gives a date of birth to a restricted key only.", id="identity.E002")
        ]
    return []
