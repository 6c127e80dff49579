"""Two parties that came by themselves: an agency that nobody has checked yet, and a brand refused at first."""

from dataclasses import dataclass

from apps.accounts.models import User
from apps.organizations.models import Organization
from apps.organizations.services import Details, decide, register


@dataclass(frozen=True)
class Newcomer:
    """`account` is the slug that the name gives; `decisions` are what staff decided, in order, with the reasons."""

    account: str
    owner: str
    kind: str
    details: Details
    decisions: tuple[tuple[str, str], ...] = ()


NEWCOMERS = (
    Newcomer(
        "ostra-models",
        "Elin Dahl",
        "agency",
        Details(
            name="Östra Models",
            legal_name="Östra Models AB",
            registration_number="559000-0005",
            country="SE",
            contact_email="office@ostra.example",
            contact_phone="+46 8 000 00 00",
            currency="SEK",
            about="Gothenburg, seven models and a coffee machine.",
        ),
    ),
    Newcomer(
        "linde-korn",
        "Paul Linde",
        "brand",
        Details(
            name="Linde & Korn",
            legal_name="Linde & Korn GmbH",
            registration_number="HRB 000001",
            country="DE",
            vat_number="DE999000009",
            contact_email="office@lindekorn.example",
            contact_phone="+49 30 000000",
            currency="EUR",
            category="bags",
            competitor_group="leather-goods",
            about="Bags that outlive a wardrobe.",
        ),
        (
            ("refused", "The register shows another legal form. Please send us the present extract."),
            ("approved", "The extract arrived and agrees."),
        ),
    ),
)


def load_newcomer(newcomer: Newcomer, *, owner: User, staff: User) -> None:
    """Registered by its owner, and decided on by staff, through the services of the screens. Idempotent."""
    if Organization.objects.filter(slug=newcomer.account).exists():
        return
    organization = register(by=owner, kind=newcomer.kind, details=newcomer.details)
    organization.synthetic = True
    organization.save(update_fields=["synthetic"])
    for decision, reason in newcomer.decisions:
        decide(by=staff, organization=organization, decision=decision, reason=reason)
