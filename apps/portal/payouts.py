"""Payouts as a payee sees them: how far her account is, what she can do, and what waits for her."""

from dataclasses import dataclass

from apps.accounts.actor import Actor
from apps.common.money import Money
from apps.common.territories import country_name
from apps.integrations.stripe.checks import PAYOUT_COUNTRIES
from apps.payments.models import PayoutAccount
from apps.payments.payees import payee_of
from apps.royalties.statements import currencies, owed

State = PayoutAccount.State


@dataclass(frozen=True)
class Standing:
    """`press` is empty where there is nothing that she can do."""

    tone: str
    icon: str
    title: str
    words: str
    press: str = ""


NONE = Standing("", "wallet", "Not set up.", "Nobody can be paid without it. It takes some minutes.", "Set up payouts")
STANDINGS: dict[str, Standing] = {
    State.STARTED: Standing(
        "warn", "circle-alert", "Begun.", "Stripe still waits for your details.", "Go on at Stripe"
    ),
    State.CHECKING: Standing(
        "", "hourglass", "Stripe checks it.", "Nothing is needed from you. You will be told here and by mail."
    ),
    State.NEEDS_MORE: Standing(
        "warn", "circle-alert", "Stripe needs more.", "Its page says what is missing.", "Give what is missing"
    ),
    State.ACTIVE: Standing(
        "pos", "circle-check", "Active.", "Stripe has everything it needs and can pay you.", "Change it at Stripe"
    ),
    State.REFUSED: Standing(
        "neg", "circle-alert", "Refused by Stripe.", "It pays nothing to this account. What you earned stays yours."
    ),
}


@dataclass(frozen=True)
class PayoutsPage:
    """`account` is None until the first press. `reaches` says whether transfers go to her country at all."""

    account: PayoutAccount | None
    standing: Standing
    country: str
    reaches: bool
    waiting: list[Money]

    @property
    def press(self) -> str:
        return self.standing.press if self.account or self.reaches else ""

    @property
    def refused(self) -> bool:
        return self.account is not None and self.account.state == State.REFUSED


def payouts_page(actor: Actor) -> PayoutsPage:
    """Four queries, and one more for each currency that she earned in."""
    account = PayoutAccount.objects.filter(party=actor.party).first()
    country = account.country if account else payee_of(actor.party).country
    return PayoutsPage(
        account=account,
        standing=STANDINGS[account.state] if account else NONE,
        country=country_name(country),
        reaches=country in PAYOUT_COUNTRIES,
        waiting=_waiting(actor.party),
    )


def _waiting(party: str) -> list[Money]:
    """Earned and not sent, in each currency that it was earned in."""
    sums = [Money(owed(party, currency), currency) for currency in currencies(party)]
    return [sum_ for sum_ in sums if sum_.amount_minor > 0]
