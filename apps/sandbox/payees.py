"""Payees' accounts at the stand-in: the v2 calls, and what happens on their hosted page."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from apps.sandbox import render_hosted as render
from apps.sandbox.events import emit
from apps.sandbox.models import AccountLink, ConnectedAccount
from apps.sandbox.params import find, required
from apps.sandbox.wire import JSON, Request, invalid

LINK_LASTS = timedelta(minutes=10)
CAPABILITY = "v2.core.account[configuration.recipient].capability_status_updated"
RETURNED = "v2.core.account_link.returned"
# What a payee may do on the hosted page, and what comes of it: the state of her transfers, the reason, the way out.
OUTCOMES = {
    "complete": (ConnectedAccount.Transfers.ACTIVE, "", ""),
    "later": (ConnectedAccount.Transfers.PENDING, "requirements_pending_verification", "no_resolution"),
    "missing": (ConnectedAccount.Transfers.RESTRICTED, "requirements_past_due", "provide_info"),
    "rejected": (ConnectedAccount.Transfers.REJECTED, "rejected_other", "contact_stripe"),
}


class LinkUsed(Exception):
    """The page was visited before, or is too old."""


def create_account(request: Request) -> JSON:
    params = request.params
    recipient = params.get("configuration", {}).get("recipient", {}).get("capabilities", {})
    if not recipient.get("stripe_balance", {}).get("stripe_transfers", {}).get("requested"):
        raise invalid("The stand-in knows recipients of transfers only.", param="configuration")
    duties = params["defaults"]["responsibilities"]
    row = ConnectedAccount.objects.create(
        display_name=params.get("display_name", ""),
        contact_email=required(params, "contact_email"),
        country=required(params["identity"], "country"),
        dashboard=required(params, "dashboard"),
        fees_collector=duties["fees_collector"],
        losses_collector=duties["losses_collector"],
        metadata=params.get("metadata", {}),
    )
    emit("v2.core.account.created", row)
    return render.account(row, params.get("include", []))


def read_account(request: Request, pk: str) -> JSON:
    return render.account(find(ConnectedAccount.objects.all(), pk), request.params.get("include", []))


def list_accounts(request: Request) -> JSON:
    return render.account_page(list(ConnectedAccount.objects.order_by("-created_at")), [])


def create_link(request: Request) -> JSON:
    account = find(ConnectedAccount.objects.all(), required(request.params, "account"), param="account")
    wanted = request.params["use_case"]["account_onboarding"]
    row = AccountLink.objects.create(
        account=account,
        return_url=wanted["return_url"],
        refresh_url=required(wanted, "refresh_url"),
        expires_at=timezone.now() + LINK_LASTS,
    )
    return render.account_link(row)


def is_usable(link: AccountLink) -> bool:
    return link.used_at is None and link.expires_at > timezone.now()


def fill_in(link_id: str, *, outcome: str) -> str:
    """She leaves the hosted page, having done one of OUTCOMES; where she goes back to. Raises LinkUsed."""
    with transaction.atomic(using="sandbox"):
        link = AccountLink.objects.select_for_update().select_related("account").get(pk=link_id)
        if not is_usable(link):
            raise LinkUsed(link.refresh_url)
        link.used_at = timezone.now()
        link.save(update_fields=["used_at"])
        decide(link.account, outcome)
        emit(RETURNED, link)
    return link.return_url


def decide(account: ConnectedAccount, outcome: str) -> None:
    """Stripe makes up its mind, or another one later."""
    with transaction.atomic(using="sandbox"):
        account.transfers, account.reason, account.resolution = OUTCOMES[outcome]
        account.save(update_fields=["transfers", "reason", "resolution"])
        emit(CAPABILITY, account)
