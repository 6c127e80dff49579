"""An agency or a brand registers, and later changes what it said of itself."""

from dataclasses import dataclass, fields

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from apps.accounts.actor import Actor
from apps.accounts.addresses import verified_addresses
from apps.accounts.models import User
from apps.audit.services import record
from apps.common.errors import InvalidInput, NotAllowed, Refused
from apps.common.territories import COUNTRIES
from apps.common.vocabulary import CURRENCIES, Category
from apps.organizations.models import Membership, Organization
from apps.organizations.permissions import OWNER, Permission
from apps.organizations.services.checking import look_again
from apps.organizations.services.news import tell_about_registering
from apps.organizations.vat import checked_vat_number

# What staff looked at when they checked: a change of it is looked at again. The last two decide who may be booked.
MATERIAL = frozenset({"legal_name", "country", "registration_number", "vat_number", "category", "competitor_group"})
WORDS = {
    "legal_name": "legal name",
    "country": "country",
    "registration_number": "registration number",
    "vat_number": "VAT number",
    "category": "category",
    "competitor_group": "competitor group",
}
_REQUIRED = ("name", "legal_name", "registration_number", "contact_email", "contact_phone")
_SLUG_TRIES = 20


@dataclass(frozen=True)
class Details:
    """What a party says of itself. `category` and `competitor_group` are a brand's; an agency leaves them empty."""

    name: str
    legal_name: str
    registration_number: str
    country: str
    contact_email: str
    contact_phone: str
    currency: str
    vat_number: str = ""
    category: str = ""
    competitor_group: str = ""
    about: str = ""


@transaction.atomic
def register(*, by: User, kind: str, details: Details) -> Organization:
    """A new, unchecked agency or brand, owned by the person who registers it.

    She needs a verified address. Raises Refused without one, InvalidInput(field=…) for what cannot be right, and for
    the same legal name a second time: a form sent twice makes one party.
    """
    if not verified_addresses(by):
        raise Refused("Confirm your e-mail address first.", code="address")
    told = _checked(kind, details)
    User.objects.select_for_update().get(pk=by.pk)
    own = Organization.objects.filter(memberships__user=by, memberships__role=OWNER, kind=kind)
    if own.filter(legal_name__iexact=told["legal_name"]).exists():
        raise InvalidInput("You have registered this one already.", field="legal_name")
    organization = _with_free_slug(kind, told)
    Membership.objects.create(user=by, organization=organization, role=OWNER)
    tell_about_registering(organization)
    record(
        kind="organization.registered",
        subject=organization.party,
        by=f"user:{by.pk} for {organization.party}",
        payload={"kind": kind, **told},
    )
    return organization


@transaction.atomic
def change_details(*, by: Actor, organization: Organization, details: Details) -> Organization:
    """An owner changes the details. What staff had checked and is different now waits to be checked again.

    The row is read again under a lock. Raises NotAllowed, InvalidInput(field=…).
    """
    by.require(Permission.MANAGE_TEAM)
    if by.party != organization.party:
        raise NotAllowed("These are the details of another party.")
    row = Organization.objects.select_for_update().get(pk=organization.pk)
    told = _checked(row.kind, details)
    changed = sorted(name for name, value in told.items() if getattr(row, name) != value)
    if not changed:
        return row
    for name in changed:
        setattr(row, name, told[name])
    row.save(update_fields=changed)
    material = [WORDS[name] for name in changed if name in MATERIAL]
    if material:
        look_again(organization=row, by=by, what=material)
    record(
        kind="organization.changed",
        subject=row.party,
        by=by.label,
        payload={"fields": changed, "checked": row.checked_at is not None},
    )
    return row


def _checked(kind: str, details: Details) -> dict[str, str]:
    """The details as they are stored. Raises InvalidInput with the first field that cannot be right."""
    told = {field.name: str(getattr(details, field.name)).strip() for field in fields(details)}
    for name in _REQUIRED:
        if not told[name]:
            raise InvalidInput("Please fill this in.", field=name)
    for name, value in told.items():
        longest = getattr(Organization._meta.get_field(name), "max_length", None)
        if longest and len(value) > longest:
            raise InvalidInput(f"At most {longest} characters.", field=name)
    if told["country"] not in COUNTRIES:
        raise InvalidInput("Choose a country.", field="country")
    if told["currency"] not in CURRENCIES:
        raise InvalidInput(f"Prices are made in {', '.join(CURRENCIES)}.", field="currency")
    brand = kind == Organization.Kind.BRAND
    told["vat_number"] = checked_vat_number(told["vat_number"], country=told["country"], required=brand)
    told["competitor_group"] = slugify(told["competitor_group"]) if brand else ""
    if not brand:
        told["category"] = ""
    elif told["category"] not in Category.values:
        raise InvalidInput("Choose the category you sell most of.", field="category")
    elif not told["competitor_group"]:
        raise InvalidInput("Choose a group, or name your own.", field="competitor_group")
    return told


def _with_free_slug(kind: str, told: dict[str, str]) -> Organization:
    """Made from the name, with a number behind it where the name is taken, also by somebody a moment ago."""
    stem = slugify(told["name"])[:70] or kind
    for number in range(1, _SLUG_TRIES):
        slug = stem if number == 1 else f"{stem}-{number}"
        if Organization.objects.filter(slug=slug).exists():
            continue
        try:
            with transaction.atomic():
                return Organization.objects.create(kind=kind, slug=slug, **told)
        except IntegrityError:
            continue
    raise InvalidInput("Too many carry this name already. Add what tells you apart.", field="name")
