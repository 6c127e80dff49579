"""How far each model of a programme is, read from the facts and stored nowhere.

An organisation learns the stage and nothing behind it: no photograph, no reason (the text that she signed says so).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from apps.consents.models import Consent, Purpose
from apps.pricing.models import DayRate
from apps.programmes.models import Place
from apps.twins.models import CaptureSet, Twin, TwinVersion

FOR_THE_MAKING = (Purpose.SCAN, Purpose.TRAIN, Purpose.GENERATE, Purpose.PUBLISH)
TO_BE_FOUND = (Purpose.GENERATE, Purpose.PUBLISH, Purpose.PROMOTE)
VersionState = TwinVersion.State


@dataclass(frozen=True)
class Stage:
    """`waits` says whose turn it is at this stage."""

    key: str
    label: str
    waits: str


STAGES = (
    Stage("invited", "Invited", "For her answer"),
    Stage("accepted", "Said yes", "For her consents"),
    Stage("consented", "Consented", "For her photographs"),
    Stage("captured", "Photographed", "For the twin to be made"),
    Stage("trained", "Made", "For her look at the test sheet"),
    Stage("approved", "Approved", "For her rules, her cover and a day rate"),
    Stage("bookable", "Bookable", "For nobody: brands can ask for her"),
)
INVITED, ACCEPTED, CONSENTED, CAPTURED, TRAINED, APPROVED, BOOKABLE = range(len(STAGES))


def with_stages(places: "QuerySet[Place]") -> "QuerySet[Any]":
    """Each with `stage`, an index of STAGES: the furthest that she has reached. One query, whatever the rows."""
    return places.annotate(
        stage=Case(
            When(~Q(state__in=Place.TAKEN), then=Value(INVITED)),
            When(_bookable(), then=Value(BOOKABLE)),
            When(_version(VersionState.APPROVED), then=Value(APPROVED)),
            When(_version(VersionState.TESTING, VersionState.READY), then=Value(TRAINED)),
            When(_captured(), then=Value(CAPTURED)),
            When(_gave(FOR_THE_MAKING), then=Value(CONSENTED)),
            default=Value(ACCEPTED),
            output_field=IntegerField(),
        )
    )


def _bookable() -> Q:
    """As the catalogue has it, apart from what a single brand adds to it."""
    today = timezone.now().date()
    party = Concat(Value("talent:"), Cast(OuterRef("talent_id"), CharField()))
    twins = Twin.objects.filter(
        Q(best_before=None) | Q(best_before__gte=today),
        talent=OuterRef("talent_id"), state=Twin.State.LISTED, talent__boundaries__isnull=False,
    )  # fmt: skip
    return Q(Exists(twins)) & Q(Exists(DayRate.objects.filter(talent_ref=party))) & _gave(TO_BE_FOUND)


def _version(*states: str) -> Exists:
    return Exists(TwinVersion.objects.filter(twin__talent=OuterRef("talent_id"), state__in=states))


def _captured() -> Exists:
    return Exists(CaptureSet.objects.filter(twin__talent=OuterRef("talent_id"), closed_at__isnull=False))


def _gave(purposes: Iterable[Purpose]) -> Q:
    met = Q()
    for purpose in purposes:
        met &= Q(Exists(Consent.objects.in_force().filter(talent=OuterRef("talent_id"), purpose=purpose)))
    return met
