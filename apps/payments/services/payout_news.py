"""What a payee is told of her account, in the portal and by mail. Nothing while she herself is at it."""

from django.urls import reverse

from apps.notifications.services import notify
from apps.payments.models import PayoutAccount
from apps.payments.payees import Payee

State = PayoutAccount.State
WORDS: dict[str, tuple[str, str]] = {
    State.ACTIVE: ("You can be paid", "Stripe has everything it needs. What you earn can be sent to your account."),
    State.NEEDS_MORE: ("Stripe needs more from you", "Something is missing before you can be paid. The page says how."),
    State.REFUSED: ("Stripe cannot pay you", "It has refused the account. Write to us; what you earned stays yours."),
}


def tell(account: PayoutAccount, payee: Payee) -> None:
    """In the transaction that changed the state; mails follow its commit."""
    if account.state not in WORDS:
        return
    title, body = WORDS[account.state]
    kind = f"payout.{account.state}"
    notify(to=account.party, kind=kind, title=title, body=body, url=reverse("payouts"), emails=payee.told)
