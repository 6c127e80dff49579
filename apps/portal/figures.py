"""The few figures on a landing page: what is earned or spent, what a yes would bring, what ends soon."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import Count, F, Min, Q, Sum
from django.urls import reverse
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.bookings.models import Booking, Licence
from apps.bookings.states import State
from apps.common.money import Money
from apps.payments.selectors import spent
from apps.royalties import statements
from apps.royalties.periods import Month

ENDS_SOON = timedelta(days=30)


@dataclass(frozen=True)
class Earned:
    """In the party's first currency: this month so far, what is earned and not sent, the last twelve months."""

    month: date
    this_month: Money
    coming: Money
    year: Money
    statement: str


@dataclass(frozen=True)
class Spent:
    """What a brand paid, less what it got back; `agreed` waits to be paid."""

    this_month: Money
    year: Money
    agreed: Money | None


@dataclass(frozen=True)
class Running:
    """Licences in force, how many of them end within thirty days, and when the next one does."""

    count: int
    soon: int
    next_end: date | None


def earned(actor: Actor) -> Earned:
    """Three queries."""
    currency = next(iter(statements.currencies(actor.party)), "EUR")
    totals = statements.monthly_totals(actor.party, currency=currency)
    now = totals[-1]
    return Earned(
        month=date(now.year, now.month, 1),
        this_month=Money(now.earned_minor, currency),
        coming=Money(statements.owed(actor.party, currency), currency),
        year=Money(sum(total.earned_minor for total in totals), currency),
        statement=reverse("statement", args=[now.year, now.month]),
    )


def brand_spent(actor: Actor) -> Spent:
    """Two queries."""
    month = Month.of(datetime.now(UTC).date())
    this_month, year = spent(actor.party, since=(month.start, month.plus(-11).start))
    agreed = Booking.objects.visible_to(actor).filter(state=State.AGREED, terms__version=F("version"))
    waits = agreed.values("terms__currency").annotate(sum=Sum("terms__total_minor")).order_by("-sum").first()
    return Spent(
        this_month=this_month, year=year, agreed=Money(waits["sum"], waits["terms__currency"]) if waits else None
    )


def running(actor: Actor) -> Running:
    """One query."""
    today = timezone.now().date()
    active = Licence.objects.visible_to(actor).filter(state=Licence.State.ACTIVE)
    found = active.aggregate(
        count=Count("pk"), soon=Count("pk", filter=Q(ends_on__lte=today + ENDS_SOON)), next_end=Min("ends_on")
    )
    return Running(**found)


def total(amounts: Iterable[Money | None]) -> Money | None:
    """The sum in the first currency that appears; None where nothing does."""
    known = [amount for amount in amounts if amount is not None]
    if not known:
        return None
    currency = known[0].currency
    return Money(sum(amount.amount_minor for amount in known if amount.currency == currency), currency)
