"""What taking one consent back would touch, shown before it is confirmed: bookings, jobs, licences, refunds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils import timezone

from apps.bookings.models import Booking, Licence, Terms
from apps.bookings.services.ending import early_end, running
from apps.bookings.states import IN_THE_MAKING, State
from apps.common.money import Money
from apps.consents.models import Consent, Purpose
from apps.generation.models import Job
from apps.generation.states import ENDED
from apps.portal.shares import in_force, terms_of
from apps.royalties.services import FEE_REASONS
from apps.royalties.taking_back import allocate

STOPS_WORK = (Purpose.GENERATE, Purpose.PUBLISH)
WHAT_STOPS = {
    Purpose.SCAN: "Your capture set may not be used any more, nothing new is made from it, and an archive is deleted.",
    Purpose.TRAIN: "No new version of your twin can be made.",
    Purpose.GENERATE: "At once no picture of your twin is made any more. Licences that run go on.",
    Purpose.PUBLISH: "At once no new licence can start. Licences that run end early, with 30 days’ notice.",
    Purpose.PROMOTE: "Your twin disappears from what brands can browse, and its cover from every page, at once.",
}


@dataclass(frozen=True)
class CutShort:
    """A running licence: when it would end, and what of its usage fee U is unused then. `hers` is her part of that."""

    licence: Licence
    ends_on: date
    unused_days: int
    refund: Money
    hers: Money


@dataclass(frozen=True)
class BlastRadius:
    stops: str
    held: Sequence[Booking]
    lost: Sequence[Booking]
    jobs: int
    candidates: int
    licences: list[CutShort]
    refunds: list[Money]
    hers: list[Money]

    @property
    def touches_nothing(self) -> bool:
        return not (self.held or self.lost or self.jobs or self.licences)


def blast_radius(consent: Consent) -> BlastRadius:
    """Eight queries at most. `held` are bookings that stop for 14 days, `lost` those that cannot be agreed any more."""
    purpose = Purpose(consent.purpose)
    hers = Booking.objects.filter(twin__talent=consent.talent_id).select_related("brand")
    stops_work = purpose in STOPS_WORK
    held = list(hers.filter(state__in=IN_THE_MAKING).annotate(candidates=_candidates())) if stops_work else []
    before = (State.SUBMITTED, State.PROPOSING, State.COUNTERED, State.AGREED)
    cut = _cut_short(consent) if purpose == Purpose.PUBLISH else []
    return BlastRadius(
        stops=WHAT_STOPS[purpose],
        held=held,
        lost=list(hers.filter(state__in=before)) if stops_work else [],
        jobs=_jobs(consent, purpose),
        candidates=sum(getattr(booking, "candidates", 0) for booking in held),
        licences=cut,
        refunds=_totals([row.refund for row in cut]),
        hers=_totals([row.hers for row in cut]),
    )


def _candidates() -> Count:
    return Count("reviews", distinct=True)


def _jobs(consent: Consent, purpose: Purpose) -> int:
    """Work at the GPU service that this purpose is asked for right before each call."""
    if purpose == Purpose.PROMOTE:
        return 0
    of_bookings = Q(kind=Job.Kind.GENERATE)
    wanted = of_bookings if purpose in STOPS_WORK else ~of_bookings
    return Job.objects.filter(wanted, version__twin__talent=consent.talent_id).exclude(state__in=ENDED).count()


def _cut_short(consent: Consent) -> list[CutShort]:
    today = timezone.now().date()
    licences = running(consent.talent, today)
    rows = licences.select_related("brand", "booking").order_by("ends_on", "pk")
    bookings = {row.pk: row for row in Booking.objects.filter(licence__in=rows).prefetch_related(in_force())}
    found = [cut_short(row, terms_of(bookings[row.booking_id]), consent.talent.party, today) for row in rows]
    return [row for row in found if row is not None]


def cut_short(licence: Licence, terms: Terms | None, talent: str, today: date) -> CutShort | None:
    """The licence after thirty days' notice, and what goes back of its usage fee before tax.

    Her part is what she will have less: the refund is laid over the shares of the fee as it will be taken back. None
    for a licence without terms, and for one that ends within the notice anyway.
    """
    if terms is None:
        return None
    end = early_end(licence, terms, today)
    if not end.held_minor:
        return None
    of_fee = [share for share in terms.split if share["reason"] in FEE_REASONS]
    parts = allocate(end.held_minor, [share["amount_minor"] for share in of_fee])
    hers = sum(part for share, part in zip(of_fee, parts, strict=True) if share["party"] == talent)
    refund = Money(end.held_minor, terms.currency)
    return CutShort(licence, end.last_day, end.unused_days, refund, Money(hers, terms.currency))


def _totals(amounts: list[Money]) -> list[Money]:
    """One sum for each currency; what is nothing is left out."""
    sums: dict[str, int] = {}
    for amount in amounts:
        sums[amount.currency] = sums.get(amount.currency, 0) + amount.amount_minor
    return [Money(total, currency) for currency, total in sorted(sums.items()) if total]
