"""Connected accounts (v2) and the hosted page on which a payee fills hers in.

v2 keeps a key for 30 days, never repeats what succeeded under it, and goes on with what failed; the key stays the same.
"""

from dataclasses import dataclass
from typing import Any, Literal

import stripe
from django.conf import settings

from apps.integrations.stripe import checks, types
from apps.integrations.stripe.connection import translated, transport

PAYEE = "payee"  # the metadata by which an account is found again
INCLUDED: list[Literal["configuration.recipient"]] = ["configuration.recipient"]


@dataclass(frozen=True)
class PayeeOrder:
    """Who is to be paid. `payee` is our own id of the account, `country` upper-case ISO 3166-1."""

    payee: str
    name: str
    email: str
    country: str


class AccountsGateway:
    """Raises Rejected for a definite no, OutcomeUnknown where it may have happened, InvalidCall for our mistakes."""

    def __init__(self, *, key: str, http_client: stripe.HTTPClient) -> None:
        self._core = stripe.StripeClient(key, http_client=http_client, max_network_retries=0).v2.core

    def create(self, order: PayeeOrder, *, key: str) -> types.ConnectedAccount:
        """An account that may receive transfers once she has given what Stripe asks. We bear fees and losses."""
        with translated():
            account = self._core.accounts.create(
                {
                    "contact_email": order.email,
                    "display_name": checks.text(order.name, name="the name"),
                    "dashboard": "express",
                    "identity": {"country": checks.country(order.country)},
                    "defaults": {
                        "responsibilities": {"fees_collector": "application", "losses_collector": "application"}
                    },
                    "configuration": {
                        "recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}
                    },
                    "metadata": checks.metadata({PAYEE: order.payee}),
                    "include": [*INCLUDED],
                },
                {"idempotency_key": checks.idempotency_key(key)},
            )
        return _account(account)

    def read(self, account_id: str) -> types.ConnectedAccount:
        with translated():
            return _account(self._core.accounts.retrieve(account_id, {"include": [*INCLUDED]}))

    def find(self, payee: str) -> types.ConnectedAccount | None:
        """The account that was made for this payee, over every page of them; only after an answer was lost."""
        with translated():
            page = self._core.accounts.list({"applied_configurations": ["recipient"], "limit": 100})
            for account in page.auto_paging_iter():
                if account.metadata and account.metadata.to_dict().get(PAYEE) == payee:
                    return self.read(account.id)
        return None

    def link(self, account_id: str, *, return_url: str, refresh_url: str, key: str) -> str:
        """The address of the hosted page: short-lived, for one visit, for her alone. Never kept."""
        with translated():
            made = self._core.account_links.create(
                {
                    "account": account_id,
                    "use_case": {
                        "type": "account_onboarding",
                        "account_onboarding": {"return_url": return_url, "refresh_url": refresh_url},
                    },
                },
                {"idempotency_key": checks.idempotency_key(key)},
            )
        return made.url


def accounts() -> AccountsGateway:
    """The one that the settings choose."""
    return AccountsGateway(key=settings.STRIPE_SECRET_KEY, http_client=transport())


def _account(account: stripe.v2.core.Account) -> types.ConnectedAccount:
    """A capability that Stripe has not looked at yet counts as restricted."""
    transfers = _transfers(account)
    details = transfers.status_details if transfers else []
    return types.ConnectedAccount(
        id=account.id,
        closed=bool(getattr(account, "closed", False)),
        transfers=transfers.status if transfers else "restricted",
        reason=details[0].code if details else "",
        resolution=details[0].resolution if details else "",
    )


def _transfers(account: stripe.v2.core.Account) -> Any:
    """The state of the capability, or None while it is not there."""
    found: Any = account
    for step in ("configuration", "recipient", "capabilities", "stripe_balance", "stripe_transfers"):
        found = getattr(found, step, None)
        if found is None:
            return None
    return found
