"""Questions about money that was paid."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F, Max, Q, Sum

from apps.common.money import Money
from apps.payments.models import Charge


def is_paid(ref: str) -> bool:
    """Whether the money for this reference arrived and not all of it goes back: one that came too late pays nothing."""
    paid = Charge.objects.filter(ref=ref, replaced_at=None, promised_minor__lt=F("amount_minor"))
    return paid.exclude(state__in=Charge.UNPAID).exists()


def spent(payer: str, *, since: Sequence[datetime]) -> list[Money]:
    """What `payer` paid since each of these times, VAT included, less what went back; in the currency paid last.

    One query, whatever the charges.
    """
    kept = F("amount_minor") - F("refunded_minor")
    sums = {f"since_{n}": Sum(kept, filter=Q(paid_at__gte=start), default=0) for n, start in enumerate(since)}
    paid = Charge.objects.filter(payer=payer, paid_at__gte=min(since)).values("currency")
    latest = paid.annotate(last=Max("paid_at"), **sums).order_by("-last")
    currency, *amounts = latest.values_list("currency", *sums).first() or ("EUR", *(0 for _ in since))
    return [Money(amount, currency) for amount in amounts]
