"""Where the stand-in may run: never beside a live key, and in the open only in the declared demonstration."""

from django.conf import settings

LIVE_KEYS = ("sk_live_", "rk_live_")


def objections() -> list[str]:
    """Why the stand-in may not run here; empty when it may, or when it is not chosen."""
    if settings.STRIPE_TRANSPORT != "sandbox":
        return []
    found = []
    if settings.STRIPE_SECRET_KEY.startswith(LIVE_KEYS):
        found.append("STRIPE_TRANSPORT is sandbox, yet STRIPE_SECRET_KEY is a live key.")
    if not (settings.DEBUG or settings.DEMONSTRATION):
        found.append("STRIPE_TRANSPORT is sandbox outside of the demonstration; set DEMONSTRATION=1 or use Stripe.")
    return found
