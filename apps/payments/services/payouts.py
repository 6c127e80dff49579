"""Where a payee is paid: her account at Stripe, the way to its hosted page, and how far it is.

No money is sent here. No lock and no transaction is held while Stripe is asked.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import InvalidInput, NotAllowed, Refused
from apps.common.territories import country_name
from apps.integrations.stripe.accounts import PayeeOrder, accounts
from apps.integrations.stripe.checks import PAYOUT_COUNTRIES
from apps.integrations.stripe.errors import OutcomeUnknown, Rejected
from apps.integrations.stripe.types import ConnectedAccount
from apps.organizations.permissions import Permission
from apps.payments.errors import NotSettledYet, PaymentUnavailable
from apps.payments.models import PayoutAccount
from apps.payments.payees import Payee, payee_of
from apps.payments.services.payout_news import tell

PAYEES = ("talent", "agency", "crew")
MOST_READINGS = 3
NO_ANSWER = "Stripe does not answer. Nothing was changed; please try again in a minute."
State = PayoutAccount.State


@dataclass(frozen=True)
class WayThere:
    """`address` is the hosted page: for one visit, for her alone. It is never stored."""

    account: PayoutAccount
    address: str


def begin_payouts(*, by: Actor, return_url: str, refresh_url: str) -> WayThere:
    """Her account, made at the first press, and a way to its hosted page. Must not be called inside a transaction.

    Exit: `account_id` set. Raises NotAllowed without the right, StepUpNeeded, Refused where no transfer reaches her
    country (code "country") or Stripe has said no (code "refused"), PaymentUnavailable when Stripe does not answer:
    pressed again, the same account is found, never a second one made.
    """
    if by.kind not in PAYEES:
        raise NotAllowed("Only models, agencies and crews are paid.")
    by.require(Permission.SET_UP_PAYOUTS)
    by.require_step_up()
    payee = payee_of(by.party)
    row = _row(by, payee)
    if row.state == State.REFUSED:
        raise Refused("Stripe has refused this account. Please write to us.", code="refused")
    try:
        if row.account_id is None:
            row = _with_account(by, row, payee)
        return WayThere(row, _link(row, return_url=return_url, refresh_url=refresh_url))
    except OutcomeUnknown as error:
        raise PaymentUnavailable(NO_ANSWER) from error
    except Rejected as error:
        raise PaymentUnavailable("Stripe did not open the page. Please try again later.") from error


def came_back(*, by: Actor) -> PayoutAccount | None:
    """She is back from the hosted page, which says nothing of what she did there: the account is read. None without
    one. Raises PaymentUnavailable when Stripe does not answer; its notice, or the next look, then tells."""
    by.require(Permission.SET_UP_PAYOUTS)
    rows = PayoutAccount.objects.filter(party=by.party, account_id__isnull=False)
    rows.update(returned_at=timezone.now())
    row = rows.first()
    if row is None:
        return None
    try:
        return refresh(row)
    except (OutcomeUnknown, Rejected, NotSettledYet) as error:
        raise PaymentUnavailable("Stripe does not answer yet. This page shows how far it was before.") from error


def refresh_by_id(account_id: str) -> None:
    """What an event tells of; an account that we did not make is none of ours."""
    row = PayoutAccount.objects.filter(account_id=account_id).first()
    if row is not None:
        refresh(row)


def refresh(row: PayoutAccount) -> PayoutAccount:
    """Asks Stripe how far the account is. Exit: state as read, the payee told where it matters to her.

    What is stored was asked for after everything stored before it: two workers, and events in any order, cannot put
    an older answer over a newer one. Raises OutcomeUnknown, Rejected, NotSettledYet when others were quicker thrice.
    """
    for _ in range(MOST_READINGS):
        row.refresh_from_db()
        found = accounts().read(row.account_id or "")
        if _store(row, found):
            row.refresh_from_db()
            return row
    raise NotSettledYet(f"account {row.account_id} is read by others")


def _row(by: Actor, payee: Payee) -> PayoutAccount:
    row = PayoutAccount.objects.filter(party=payee.party).first()
    if row is not None:
        return row
    if payee.country not in PAYOUT_COUNTRIES:
        raise Refused(
            f"Stripe does not reach {country_name(payee.country)} from here yet. Payouts work in the United States, "
            "the United Kingdom, the European Economic Area, Canada and Switzerland.",
            code="country",
        )
    with transaction.atomic(durable=True):
        row, _ = PayoutAccount.objects.get_or_create(party=payee.party, defaults={"country": payee.country})
    return row


def _with_account(by: Actor, row: PayoutAccount, payee: Payee) -> PayoutAccount:
    """Looked for before it is made, once an earlier try may have made it; the key protects two presses at once."""
    if not payee.email:
        raise InvalidInput("Stripe needs an e-mail address to write to. Add one to your details first.")
    asked_before = row.tries > 0
    PayoutAccount.objects.filter(pk=row.pk).update(tries=F("tries") + 1)
    stripe = accounts()
    found = stripe.find(str(row.pk)) if asked_before else None
    if found is None:
        order = PayeeOrder(payee=str(row.pk), name=payee.name, email=payee.email, country=row.country)
        found = stripe.create(order, key=f"payout_account:{row.pk}")
    with transaction.atomic():
        if PayoutAccount.objects.filter(pk=row.pk, account_id=None).update(account_id=found.id):
            record(
                kind="payout.account_made",
                subject=row.party,
                by=by.label,
                payload={"account": found.id, "country": row.country},
            )
    row.refresh_from_db()
    return row


def _link(row: PayoutAccount, *, return_url: str, refresh_url: str) -> str:
    """Each press is another link: one works once."""
    PayoutAccount.objects.filter(pk=row.pk).update(links=F("links") + 1)
    row.refresh_from_db()
    key = f"payout_link:{row.pk}:{row.links}"
    return accounts().link(row.account_id or "", return_url=return_url, refresh_url=refresh_url, key=key)


def _store(row: PayoutAccount, found: ConnectedAccount) -> bool:
    """One transaction: the state, the audit row, the notice. False when something newer was stored meanwhile."""
    with transaction.atomic():
        now = PayoutAccount.objects.select_for_update().get(pk=row.pk)
        if now.readings != row.readings:
            return False
        before, now.state = now.state, _state(found, back=now.returned_at is not None)
        now.reason = found.reason[:60]
        now.readings += 1
        now.looked_at = timezone.now()
        now.active_since = (now.active_since or timezone.now()) if now.state == State.ACTIVE else None
        now.save(update_fields=["state", "reason", "readings", "looked_at", "active_since"])
        if now.state != before:
            payload = {"account": found.id, "before": before, "reason": found.reason}
            record(kind=f"payout.{now.state}", subject=now.party, by=Actor.SYSTEM.label, payload=payload)
            tell(now, payee_of(now.party))
    return True


def _state(found: ConnectedAccount, *, back: bool) -> PayoutAccount.State:
    """What Stripe's words mean to her. Before she was at its page everything is missing, and nothing is wrong."""
    if found.closed or found.transfers in ("rejected", "unsupported"):
        return State.REFUSED
    if found.transfers == "active":
        return State.ACTIVE
    if found.transfers == "pending":
        return State.CHECKING
    if found.resolution == "provide_info" or not found.resolution:
        return State.NEEDS_MORE if back else State.STARTED
    return State.CHECKING if found.reason in UNDER_WAY else State.REFUSED


# Restricted, yet nothing that she could give is missing: Stripe is still at it.
UNDER_WAY = ("determining_status", "requirements_pending_verification")
