"""A party's month: what came, for what, and how each booking's fee was shared. A few queries, however many rows.

Amounts are seen from the party's side, in minor units: what it has coming is positive, what it was sent negative.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from apps.ledger.models import Account, Entry
from apps.ledger.services import balance
from apps.royalties.models import Royalty, Statement
from apps.royalties.periods import Month
from apps.royalties.services import account_of
from apps.royalties.split import Kind, Reason

EARNING_KINDS = ("earned", "closed", "taken_back")
LABELS = {
    "earned": "earned",
    "closed": "earned at closing",
    "taken_back": "taken back",
    "transfer": "Transfer",
    "payout": "Payout",
    "refund": "Refund",
    "reversal": "Correction",
}


@dataclass(frozen=True)
class StatementLine:
    """One entry of the party's account. `code` is the reason for what is earned, else the kind of movement."""

    booked_at: datetime
    position: int
    kind: str
    code: str
    label: str
    ref: str
    amount_minor: int
    balance_minor: int


@dataclass(frozen=True)
class PartOfFee:
    party: str
    kind: str
    reason: str
    label: str
    rate_bp: int
    amount_minor: int


@dataclass(frozen=True)
class SharedCharge:
    """How one charge of the month was shared, as far as this party may see it. `fee_minor` is F as it was earned."""

    ref: str
    fee_minor: int
    parts: tuple[PartOfFee, ...]


@dataclass(frozen=True)
class StatementSheet:
    """Opening and lines make the closing, which is the next month's opening. `closed` is the frozen row, if any."""

    party: str
    currency: str
    year: int
    month: int
    opening_minor: int
    lines: tuple[StatementLine, ...]
    closing_minor: int
    charges: tuple[SharedCharge, ...]
    closed: Statement | None

    @property
    def totals(self) -> dict[str, int]:
        """Per code of the lines (fee, commission, service, platform, transfer …), in the order they appear."""
        sums: Counter[str] = Counter()
        for line in self.lines:
            sums[line.code] += line.amount_minor
        return dict(sums)

    @property
    def earned_minor(self) -> int:
        return sum(line.amount_minor for line in self.lines if line.kind in EARNING_KINDS)

    @property
    def moved_minor(self) -> int:
        """Transfers, refunds and corrections: everything that is not earning."""
        return sum(line.amount_minor for line in self.lines if line.kind not in EARNING_KINDS)


@dataclass(frozen=True)
class MonthTotal:
    year: int
    month: int
    earned_minor: int
    moved_minor: int


def currencies(party: str) -> list[str]:
    """The currencies in which this party has an account, the most used first."""
    rows = Account.objects.filter(code=account_of(party)).order_by("-balance__n", "currency")
    return list(rows.values_list("currency", flat=True))


def statement(party: str, year: int, month: int, *, currency: str | None = None) -> StatementSheet:
    """One party's month in one currency, else in the one it uses most. An unknown party has an empty month."""
    period = Month(year, month)
    chosen = currency or next(iter(currencies(party)), "EUR")
    closed = Statement.objects.filter(party=party, currency=chosen, period=period.first_day).first()
    entries = _entries(party, chosen)
    before = entries.filter(booked_at__lt=period.start).order_by("-position").first()
    opening = -before.balance_after if before else 0
    rows = entries.filter(booked_at__gte=period.start, booked_at__lt=period.end).select_related("journal")
    lines = tuple(_line(entry) for entry in rows.order_by("position"))
    return StatementSheet(
        party=party,
        currency=chosen,
        year=year,
        month=month,
        opening_minor=opening,
        lines=lines,
        closing_minor=lines[-1].balance_minor if lines else opening,
        charges=_charges(party, [line.ref for line in lines if line.kind in EARNING_KINDS]),
        closed=closed,
    )


def monthly_totals(
    party: str, *, months: int = 12, currency: str | None = None, until: date | None = None
) -> list[MonthTotal]:
    """The last months up to and with the one of `until` (else today, UTC), oldest first, empty months included."""
    last = Month.of(until or datetime.now(UTC).date())
    span = [last.plus(-back) for back in range(months - 1, -1, -1)]
    chosen = currency or next(iter(currencies(party)), "EUR")
    rows = (
        _entries(party, chosen)
        .filter(booked_at__gte=span[0].start, booked_at__lt=last.end)
        .annotate(period=TruncMonth("booked_at", tzinfo=UTC))
        .values("period")
        .annotate(
            earned=Sum("amount", filter=Q(journal__kind__in=EARNING_KINDS), default=0),
            moved=Sum("amount", filter=~Q(journal__kind__in=EARNING_KINDS), default=0),
        )
        .order_by("period")
    )
    found = {Month.of(row["period"].date()): row for row in rows}
    return [
        MonthTotal(
            period.year,
            period.month,
            earned_minor=-found[period]["earned"] if period in found else 0,
            moved_minor=-found[period]["moved"] if period in found else 0,
        )
        for period in span
    ]


def owed(party: str, currency: str) -> int:
    """What the party has earned and was not sent yet. One query."""
    return -balance(account_of(party), currency)


def _entries(party: str, currency: str) -> QuerySet[Entry]:
    return Entry.objects.filter(account__code=account_of(party), account__currency=currency)


def _line(entry: Entry) -> StatementLine:
    kind = entry.journal.kind
    earning = kind in EARNING_KINDS and entry.memo in Reason.values
    moved = LABELS.get(kind, kind.replace("_", " ").capitalize())
    label = str(Reason(entry.memo).label) if earning else moved
    return StatementLine(
        booked_at=entry.booked_at,
        position=entry.position,
        kind=kind,
        code=entry.memo if earning else kind,
        label=f"{label} ({moved})" if earning and kind != "earned" else label,
        ref=entry.journal.ref,
        amount_minor=-entry.amount,
        balance_minor=-entry.balance_after,
    )


def _charges(party: str, refs: Sequence[str]) -> tuple[SharedCharge, ...]:
    """Everybody sees all parts of a charge, but a mother agency, which has no vote, only the fee and her own, and one
    of the crew nothing but her own."""
    order = {ref: number for number, ref in enumerate(dict.fromkeys(refs))}
    shared: dict[str, list[Royalty]] = {ref: [] for ref in order}
    for row in Royalty.objects.filter(charge_ref__in=order):
        shared[row.charge_ref].append(row)
    return tuple(_charge(party, ref, rows) for ref, rows in shared.items() if rows)


def _charge(party: str, ref: str, rows: list[Royalty]) -> SharedCharge:
    own_kinds = {row.kind for row in rows if row.party == party}
    of_the_crew = own_kinds == {Kind.CREW.value}
    only_own = of_the_crew or own_kinds == {Kind.MOTHER_AGENCY.value}
    visible = [row for row in rows if not only_own or row.party == party]
    visible.sort(key=lambda row: (Kind.values.index(row.kind), Reason.values.index(row.reason)))
    of_fee = [] if of_the_crew else [row for row in rows if row.reason in {Reason.FEE, Reason.COMMISSION}]
    fee = sum(row.earned_minor or 0 for row in of_fee)
    parts = (
        PartOfFee(row.party, row.kind, row.reason, str(Reason(row.reason).label), row.rate_bp, row.earned_minor or 0)
        for row in visible
    )
    return SharedCharge(ref, fee, tuple(parts))
