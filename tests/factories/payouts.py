"""Payees who set up where they are paid, both sides of it in one process."""

from urllib.parse import urlsplit

from apps.accounts.actor import Actor
from apps.payments import services
from apps.payments.models import PayoutAccount
from apps.sandbox import payees
from tests.fakes import stripe_site as site

BACK, AGAIN = "http://testserver/earnings/payouts/back/", "http://testserver/earnings/payouts/?link=over"


def begin(by: Actor) -> services.payouts.WayThere:
    return services.begin_payouts(by=by, return_url=BACK, refresh_url=AGAIN)


def link_of(address: str) -> str:
    """The id in the address of the hosted page."""
    return urlsplit(address).path.rstrip("/").rpartition("/")[2]


def set_up(by: Actor, *, outcome: str = "complete") -> PayoutAccount:
    """She went to the hosted page, did this there, and came back."""
    payees.fill_in(link_of(begin(by).address), outcome=outcome)
    row = services.came_back(by=by)
    assert row is not None
    return row


def mine(actor: Actor) -> PayoutAccount:
    return PayoutAccount.objects.get(party=actor.party)


def tell_all() -> None:
    """Every webhook that waits arrives, and is worked on."""
    site.deliver(site.pending())
    site.work()
