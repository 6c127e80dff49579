"""What a brand may book, asked of the facts: the truth wherever something is shown by name, kept or booked."""

from datetime import date
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from apps.consents.models import Consent, Purpose
from apps.organizations.models import Organization
from apps.pricing.models import DayRate
from apps.talent.models import Mandate
from apps.twins.models import Twin, TwinQuerySet

NEEDED = (Purpose.GENERATE, Purpose.PUBLISH, Purpose.PROMOTE)


def running_mandates(day: date) -> Q:
    """Mandates that represent the twin today."""
    return Q(starts_on__lte=day, ends_on__gte=day, covers_twins=True) & (Q(ended_on=None) | Q(ended_on__gt=day))


def bookable(brand: Organization | None) -> TwinQuerySet:
    """The twins that this brand may ask for: listed, approved in time, all consents in force, no rule against it.

    Without a brand: those that brands may ask for at all.
    """
    return _cleared(brand).filter(state=Twin.State.LISTED)


def resting(brand: Organization) -> TwinQuerySet:
    """The twins that this brand could ask for if their models had not paused them."""
    return _cleared(brand).filter(state=Twin.State.PAUSED)


def represented_by(agency: Organization) -> TwinQuerySet:
    """The twins that this agency's mandates cover today, and that brands may ask for at all."""
    running = Mandate.objects.filter(running_mandates(timezone.now().date()), agency=agency)
    return bookable(None).filter(talent__in=running.values("talent"))


def _cleared(brand: Organization | None) -> TwinQuerySet:
    today = timezone.now().date()
    twins = Twin.objects.filter(Q(best_before=None) | Q(best_before__gte=today))
    for purpose in NEEDED:
        given = Consent.objects.in_force().filter(talent=OuterRef("talent"), purpose=purpose)
        twins = twins.filter(Exists(given))
    twins = twins.filter(talent__boundaries__isnull=False)
    if brand is not None:
        barred = Q(talent__boundaries__barred_brands=brand)
        if brand.category:
            barred |= Q(talent__boundaries__barred_categories__contains=[brand.category])
        twins = twins.exclude(pk__in=Twin.objects.filter(barred).values("pk"))
    return twins.annotate(rate=_day_rate()).filter(rate__isnull=False)


def _day_rate() -> Any:
    party = Concat(Value("talent:"), Cast(OuterRef("talent_id"), CharField()))
    return Subquery(DayRate.objects.filter(talent_ref=party).values("amount_minor")[:1])
