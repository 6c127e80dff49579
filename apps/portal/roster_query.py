"""The models of an agency's roster with the figures of its columns, and the conditions of its saved views."""

from datetime import timedelta
from typing import Any

from django.db.models import (
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.bookings.models import Booking, Licence
from apps.bookings.states import TERMINAL, State
from apps.common.refs import parse_ref
from apps.consents.models import Consent, Purpose
from apps.portal.figures import ENDS_SOON
from apps.roster.models import RosterPlace
from apps.talent.models import Mandate, Talent

CONSENTS = len(Purpose)
MANDATE_DUE, CONSENT_DUE, QUIET = timedelta(days=90), timedelta(days=60), timedelta(days=30)


def represented(actor: Actor) -> QuerySet[Talent]:
    """Everybody under a running mandate with this agency, with the figures of its columns. Only bookings and licences
    of this agency count: what she does through another one is not its business."""
    agency = parse_ref(actor.party, "org")
    today = timezone.now().date()
    mandates = Mandate.objects.filter(agency=agency).running_on(today)
    bookings = Booking.objects.filter(agency=agency, twin__talent=OuterRef("pk"), submitted_at__isnull=False)
    licences = Licence.objects.filter(twin__talent=OuterRef("pk"), booking__agency=agency, state=Licence.State.ACTIVE)
    consents = Consent.objects.in_force().filter(talent=OuterRef("pk")).order_by().values("talent")
    place = RosterPlace.objects.filter(agency=agency, talent=OuterRef("pk"))
    ours = mandates.filter(talent=OuterRef("pk")).order_by("-ends_on")
    return (
        Talent.objects.filter(pk__in=mandates.values("talent"))
        .annotate(
            waiting=_count(Booking.objects.waiting_for_answer_of(actor).filter(twin__talent=OuterRef("pk"))),
            going_on=_count(bookings.exclude(state__in=[*TERMINAL, State.DRAFT])),
            live=_count(licences),
            next_end=Subquery(licences.order_by().values("twin__talent").annotate(d=Min("ends_on")).values("d")),
            asked=Subquery(bookings.order_by().values("twin__talent").annotate(d=Max("submitted_at")).values("d")),
            given=Coalesce(Subquery(consents.annotate(n=Count("pk")).values("n"), IntegerField()), 0),
            consent_until=Subquery(consents.annotate(d=Min("ends_at")).values("d")),
            mandate_until=Subquery(ours.values("ends_on")[:1]),
            mandate_kind=Subquery(ours.values("kind")[:1]),
            commission=Subquery(ours.values("commission_bp")[:1]),
            filed=Coalesce(
                NullIf(Subquery(place.values("board")[:1], output_field=CharField()), Value("")), F("board")
            ),
            aside=Exists(place.filter(set_aside_at__isnull=False)),
        )
        .select_related("twin__chosen_cover")
        .prefetch_related(Prefetch("mandates", queryset=mandates.order_by("-ends_on"), to_attr="ours"))
    )


def filters() -> dict[str, Q]:
    today = timezone.now().date()
    in_sight = Q(aside=False)
    return {
        "all": in_sight,
        "waiting": in_sight & Q(waiting__gt=0),
        "ending": in_sight & Q(next_end__lte=today + ENDS_SOON),
        "consent": in_sight & (Q(given__lt=CONSENTS) | Q(consent_until__lte=timezone.now() + CONSENT_DUE)),
        "mandate": in_sight & Q(mandate_until__lte=today + MANDATE_DUE),
        "quiet": in_sight & Q(going_on=0) & (Q(asked=None) | Q(asked__lt=timezone.now() - QUIET)),
        "paused": in_sight & Q(twin__state="paused"),
        "aside": Q(aside=True),
    }


def _count(rows: QuerySet[Any]) -> Coalesce:
    path = "twin__talent"
    counted = rows.order_by().values(path).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
