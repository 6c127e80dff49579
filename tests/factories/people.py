"""The people of the tests: Maya and her agency, two competing brands, an outsider of each kind."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from apps.accounts.actor import Actor
from apps.accounts.models import User
from apps.consents.models import Purpose
from apps.consents.services import grant
from apps.media.services import store
from apps.notifications.models import Notice
from apps.organizations.models import Membership, Organization
from apps.organizations.permissions import ROLE_PERMISSIONS, TALENT_PERMISSIONS
from apps.pricing.models import DayRate
from apps.signatures.services import sign
from apps.talent.models import Boundaries, Mandate, Talent
from apps.twins.models import CaptureSet, Photograph, Twin, TwinVersion


@dataclass
class Person:
    user: User
    actor: Actor


def make_user(slug: str, name: str = "") -> User:
    return User.objects.create_user(f"{slug}@tests.example", "a-long-test-password", name=name or slug.title())


def acting(user: User, party: str, kind: str, permissions: frozenset, *, stepped_up: bool = True) -> Actor:
    return Actor(
        user_id=user.pk,
        party=party,
        kind=kind,
        name=str(user),
        permissions=permissions,
        stepped_up_at=timezone.now() if stepped_up else None,
        session="test-session",
        address="127.0.0.1",
        method="password",
    )


def make_organization(kind: str, slug: str, *, country: str = "DE", checked: bool = True, **fields) -> Organization:
    return Organization.objects.create(
        kind=kind,
        slug=slug,
        name=slug.replace("-", " ").title(),
        legal_name=f"{slug} GmbH",
        country=country,
        checked_at=timezone.now() if checked else None,
        **({"category": "fashion", "competitor_group": "premium"} if kind == "brand" else {}) | fields,
    )


def make_member(organization: Organization, role: str, slug: str) -> Person:
    user = make_user(slug)
    membership = Membership.objects.create(user=user, organization=organization, role=role)
    assert membership.permissions <= ROLE_PERMISSIONS[organization.kind][role]
    return Person(user, acting(user, organization.party, organization.kind, membership.permissions))


def make_talent(
    slug: str, *, agency: Organization | None = None, mother: Organization | None = None, rate: int = 150_000
):
    """A model with rules, consents and a day rate; represented when an agency is named. Returns (talent, Person)."""
    user = make_user(slug)
    talent = Talent.objects.create(
        user=user, stage_name=slug.replace("-", " ").title(), slug=slug, birth_date=date(1998, 5, 2), country="FR"
    )
    person = Person(user, acting(user, talent.party, "talent", TALENT_PERMISSIONS))
    Boundaries.objects.create(talent=talent)
    DayRate.objects.create(talent_ref=talent.party, amount_minor=rate, currency="EUR", changed_by="tests")
    today = timezone.now().date()
    for organization, kind, mother_bp in ((agency, "local", 1_000 if mother else 0), (mother, "mother", 0)):
        if organization is not None:
            Mandate.objects.create(
                talent=talent,
                agency=organization,
                kind=kind,
                covers_twins=True,
                territories=["WORLD"],
                commission_bp=2_000,
                mother_bp=mother_bp,
                starts_on=today - timedelta(days=10),
                ends_on=today + timedelta(days=700),
            )
    for purpose in Purpose:
        grant(
            by=person.actor,
            talent=talent,
            purpose=purpose,
            scope="My face and figure",
            rate_of_pay="As quoted",
            intended_uses=["Campaigns I say yes to"],
            ends_at=timezone.now() + timedelta(days=1_000),
        )
    Notice.objects.for_party(talent.party).delete()  # the receipts; what a test looks for is new
    return talent, person


def make_listed_twin(talent: Talent, person: Person) -> Twin:
    """A listed twin with one approved version; its photographs are stand-ins, no face is read."""
    twin = Twin.objects.create(talent=talent)
    capture_set = CaptureSet.objects.create(twin=twin, taken_on=date(2026, 6, 1), closed_at=timezone.now())
    for name in ("front", "left", "right"):
        file = store(
            data=f"{talent.slug} {name}".encode(),
            kind="photograph",
            owner=talent.party,
            content_type="application/octet-stream",
            twin_ref=twin.ref,
        )
        Photograph.objects.create(capture_set=capture_set, file=file, name=name)
    signature = sign(
        by=person.actor, kind="twin_version", subject=twin.ref, version="1", language="en", text="It looks like me."
    )
    TwinVersion.objects.create(
        twin=twin, capture_set=capture_set, number=1, state=TwinVersion.State.APPROVED, approval=signature
    )
    twin.state, twin.best_before = Twin.State.LISTED, timezone.now().date() + timedelta(days=365)
    twin.save()
    return twin


@dataclass
class World:
    """Everybody needed for one booking, and one outsider of each kind."""

    agency: Organization
    mother: Organization
    brand: Organization
    rival: Organization
    talent: Talent
    twin: Twin
    maya: Person
    booker: Person
    producer: Person
    rival_producer: Person
    mother_booker: Person
    other_model: Person
    other_booker: Person


def make_world() -> World:
    agency = make_organization("agency", "elan", country="FR")
    mother = make_organization("agency", "casa-nueve", country="ES")
    other = make_organization("agency", "northlight", country="SE")
    brand = make_organization("brand", "halden-rye", country="DE")
    rival = make_organization("brand", "maison-orsay", country="FR")
    talent, maya = make_talent("maya-okafor", agency=agency, mother=mother)
    _, other_model = make_talent("kai-lindgren", agency=other)
    return World(
        agency=agency,
        mother=mother,
        brand=brand,
        rival=rival,
        talent=talent,
        twin=make_listed_twin(talent, maya),
        maya=maya,
        booker=make_member(agency, "booker", "claire"),
        producer=make_member(brand, "owner", "jonas"),
        rival_producer=make_member(rival, "owner", "ines"),
        mother_booker=make_member(mother, "booker", "lucia"),
        other_model=other_model,
        other_booker=make_member(other, "booker", "axel"),
    )
