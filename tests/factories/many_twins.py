"""Thousands of bookable twins in seconds: rows written past the triggers, then worked out at once, as a mend does."""

from datetime import date, timedelta
from itertools import cycle

from django.db import connection
from django.utils import timezone

from apps.common.vocabulary import Medium
from apps.consents.models import Consent, Purpose
from apps.organizations.models import Organization
from apps.pricing.models import DayRate
from apps.signatures.models import Signature
from apps.talent.models import Boundaries, Mandate, Talent
from apps.twins.models import Twin
from tests.factories import portal_people as people

FIRST = "Noor Mateo Saga Inès Yuki Amara Lior Freya Tomás Zofia Anouk Bilal Céleste Dario Elif Farah".split()
LAST = "Achebe Ruiz Lindqvist Moreau Tanaka Diallo Stern Holm Rocha Nowak Visser Haddad Fontaine Greco".split()
BARRED: list[list[str]] = [[], [], [Medium.TV], [Medium.OUT_OF_HOME, Medium.TV], [Medium.PAID_SOCIAL]]
BATCH = 5_000


def many_twins(count: int, agencies: int = 20, first: int = 0) -> list[Organization]:
    """Answers the agencies. One twin in ten is paused; `first` is the number of the first one."""
    houses = [people.agency(f"House {number:03d}") for number in range(agencies)]
    signer = people.person("signer")
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    for start in range(first, first + count, BATCH):
        _batch(range(start, min(start + BATCH, first + count)), houses, str(signer.pk))
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("SELECT boards_refresh(ARRAY(SELECT talent_id FROM twins_twin))")
        cursor.execute(
            "ANALYZE boards_findable, twins_twin, talent_talent, consents_consent, talent_boundaries, talent_mandate"
        )
    return houses


def _batch(numbers: range, houses: list[Organization], signer: str) -> None:
    now, today = timezone.now(), timezone.now().date()
    talents = [
        Talent(
            stage_name=f"{FIRST[n % len(FIRST)]} {LAST[n // len(FIRST) % len(LAST)]} {n}", slug=f"many-{n}",
            birth_date=date(1999, 1, 1), country="FR", board=("women", "men", "open")[n % 3], height_cm=160 + n % 40,
        )
        for n in numbers
    ]  # fmt: skip
    Talent.objects.bulk_create(talents)
    Boundaries.objects.bulk_create(
        Boundaries(talent=talent, barred_media=[str(medium) for medium in barred])
        for talent, barred in zip(talents, cycle(BARRED), strict=False)
    )
    DayRate.objects.bulk_create(
        DayRate(talent_ref=talent.party, amount_minor=100_000 + n % 900 * 100, currency="EUR", changed_by="test")
        for n, talent in zip(numbers, talents, strict=True)
    )
    Mandate.objects.bulk_create(
        Mandate(
            talent=talent, agency=houses[n % len(houses)], covers_twins=True, territories=["WORLD"],
            starts_on=today - timedelta(days=100), ends_on=today + timedelta(days=600),
        )
        for n, talent in zip(numbers, talents, strict=True)
    )  # fmt: skip
    Twin.objects.bulk_create(
        Twin(talent=talent, state=Twin.State.PAUSED if n % 10 == 9 else Twin.State.LISTED)
        for n, talent in zip(numbers, talents, strict=True)
    )
    needed = (Purpose.GENERATE, Purpose.PUBLISH, Purpose.PROMOTE)
    consents = [(talent, purpose) for talent in talents for purpose in needed]
    signatures = [
        Signature(
            kind="consent", subject=talent.party, version="test", language="en", text="I agree.", text_sha256="0" * 64,
            signer=signer, party=talent.party, signed_at=now, stepped_up_at=now,
        )
        for talent, _ in consents
    ]  # fmt: skip
    Signature.objects.bulk_create(signatures)
    Consent.objects.bulk_create(
        Consent(
            talent=talent, purpose=purpose, signature=signature, scope="my twin", rate_of_pay="as agreed",
            intended_uses=["fashion"], granted_at=now - timedelta(days=1), ends_at=now + timedelta(days=700),
        )
        for (talent, purpose), signature in zip(consents, signatures, strict=True)
    )  # fmt: skip
