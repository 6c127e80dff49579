"""Named people with what they need to meet: a model with a listed twin, an agency that represents her, a brand."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import count

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.text import slugify

from apps.accounts.models import User
from apps.consents.models import Consent, Purpose
from apps.organizations.models import Membership, Organization
from apps.pricing.models import DayRate
from apps.signatures.models import Signature
from apps.talent.models import Boundaries, Mandate, Talent
from apps.twins.models import Twin

_numbers = count(1)


def person(name: str, *, staff: bool = False) -> User:
    return get_user_model().objects.create_user(
        f"{slugify(name)}-{next(_numbers)}@people.example", "correct horse battery", name=name, is_staff=staff
    )


def organization(kind: str, name: str, **fields: object) -> Organization:
    defaults: dict[str, object] = {
        "slug": f"{slugify(name)}-{next(_numbers)}",
        "legal_name": f"{name} SAS",
        "country": "FR",
        "checked_at": timezone.now(),
    }
    return Organization.objects.create(kind=kind, name=name, **(defaults | fields))


def brand(name: str = "Maison Orsay", **fields: object) -> Organization:
    return organization("brand", name, **({"category": "fashion"} | fields))


def agency(name: str = "Élan Models", **fields: object) -> Organization:
    return organization("agency", name, **fields)


def member(of: Organization, name: str, role: str = "owner") -> User:
    user = person(name)
    Membership.objects.create(user=user, organization=of, role=role)
    return user


def signature(signer: User, talent: Talent, kind: str = "consent") -> Signature:
    return Signature.objects.create(
        kind=kind,
        subject=talent.party,
        version="test",
        language="en",
        text="I agree.",
        text_sha256="0" * 64,
        signer=signer.pk,
        party=talent.party,
        signed_at=timezone.now(),
        stepped_up_at=timezone.now(),
    )


def talent(name: str = "Noor Achebe", **fields: object) -> Talent:
    defaults: dict[str, object] = {
        "birth_date": date(2000, 5, 17),
        "country": "FR",
        "height_cm": 178,
        "synthetic": True,
    }
    made = Talent.objects.create(
        user=person(name), stage_name=name, slug=f"{slugify(name)}-{next(_numbers)}", **(defaults | fields)
    )
    Boundaries.objects.create(talent=made)
    return made


def consent_to(made: Talent, purposes: Sequence[Purpose] = tuple(Purpose)) -> None:
    for purpose in purposes:
        Consent.objects.create(
            talent=made,
            purpose=purpose,
            signature=signature(made.user or person("nobody"), made),
            scope="my twin",
            rate_of_pay="as agreed per booking",
            intended_uses=["fashion pictures"],
            granted_at=timezone.now() - timedelta(days=1),
            ends_at=timezone.now() + timedelta(days=700),
        )


def mandate(made: Talent, of: Organization, **fields: object) -> Mandate:
    today = timezone.now().date()
    defaults: dict[str, object] = {
        "territories": ["WORLD"],
        "covers_twins": True,
        "starts_on": today - timedelta(days=100),
        "ends_on": today + timedelta(days=600),
    }
    return Mandate.objects.create(talent=made, agency=of, **(defaults | fields))


def twin(
    name: str = "Noor Achebe", *, of: Organization | None = None, day_rate: int = 150_000, **fields: object
) -> Twin:
    """A twin that brands may book: listed, all consents given, with a day rate and, given an agency, a mandate."""
    made = talent(name, **fields)
    consent_to(made)
    if of:
        mandate(made, of)
    DayRate.objects.create(talent_ref=made.party, amount_minor=day_rate, currency="EUR", changed_by="test")
    return Twin.objects.create(talent=made, state=Twin.State.LISTED)
