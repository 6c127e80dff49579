"""What a payee is told of her account, in the portal and by mail. Nothing while she herself is at it."""

from apps.common.wording import Saying, say
from apps.notifications.services import notify
from apps.payments.models import PayoutAccount
from apps.payments.payees import Payee

State = PayoutAccount.State


def tell(account: PayoutAccount, payee: Payee) -> None:
    """In the transaction that changed the state; mails follow its commit."""
    what = _what(account.state)
    if what is not None:
        notify(to=account.party, what=what, url=payee.page, people=payee.told)


def _what(state: str) -> Saying | None:
    match state:
        case State.ACTIVE:
            return say("payout.active")
        case State.NEEDS_MORE:
            return say("payout.needs_more")
        case State.REFUSED:
            return say("payout.refused")
    return None
