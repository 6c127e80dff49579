"""Starting a draft from what was composed before: a booking of the brand's own, or a template."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.bookings.models import Booking, BookingTemplate, Look, LookProduct
from apps.bookings.services.access import require_brand
from apps.bookings.services.compose import start_draft
from apps.bookings.services.looks import copy_look, copy_products
from apps.common.errors import InvalidInput, NotAllowed, Refused
from apps.media.models import StoredFile
from apps.organizations.permissions import Permission
from apps.twins.models import Twin

USAGE = ("media", "territories", "window_months", "exclusivity", "category")
TYPED = ("title", "scene", "brief", "pictures", "format", "colour", "light", "crop")
LONGEST_NAME = 80


@transaction.atomic
def duplicate_booking(*, by: Actor, booking: Booking) -> Booking:
    """Exit: a new draft with the looks, the product's pictures and the use of this booking. Dates are not taken over.

    Raises NotAllowed for others, Refused when the twin is gone.
    """
    require_brand(by, booking, Permission.COMPOSE)
    draft = start_draft(by=by, twin=_still_there(booking.twin))
    _use(draft, {name: getattr(booking, name) for name in USAGE} | {"title": f"{booking.title[:114]} again"})
    for look in booking.looks.prefetch_related("products"):
        row = copy_look(look)
        row.booking, row.position = draft, look.position
        row.save(force_insert=True)
        copy_products(list(look.products.all()), row)
    record(kind="booking.duplicated", subject=draft.ref, by=by.label, payload={"from": booking.ref})
    return draft


@transaction.atomic
def save_template(*, by: Actor, booking: Booking, name: str) -> BookingTemplate:
    """Keep what a booking asks for under a name, without twin and dates. Raises InvalidInput(field="name")."""
    require_brand(by, booking, Permission.COMPOSE)
    template = BookingTemplate(
        brand=booking.brand,
        name=_free_name(booking.brand_id, name),
        usage={name: getattr(booking, name) for name in USAGE},
        looks=[_plain(look) for look in booking.looks.prefetch_related("products")],
        made_by_id=by.user_id,
    )
    _save(template)
    record(kind="booking_template.saved", subject=booking.ref, by=by.label, payload={"template": str(template.pk)})
    return template


@transaction.atomic
def start_from_template(*, by: Actor, template: BookingTemplate, twin: Twin) -> Booking:
    """Exit: a draft for this twin with the template's looks and use. Raises NotAllowed for others' templates."""
    _require_own(by, template)
    draft = start_draft(by=by, twin=twin)
    _use(draft, template.usage)
    files = _files(template)
    for position, kept in enumerate(template.looks, start=1):
        look = Look(booking=draft, position=position, **{name: kept[name] for name in TYPED})
        shown = [row for row in kept["products"] if row["file"] in files]
        placed = next((row["file"] for row in shown if row["ground"] != LookProduct.Ground.BUSY), None)
        look.product_id = UUID(placed) if placed else None
        look.save(force_insert=True)
        LookProduct.objects.bulk_create(
            LookProduct(look=look, file_id=row["file"], position=number, ground=row["ground"])
            for number, row in enumerate(shown, start=1)
        )
    record(kind="booking.from_template", subject=draft.ref, by=by.label, payload={"template": str(template.pk)})
    return draft


@transaction.atomic
def rename_template(*, by: Actor, template: BookingTemplate, name: str) -> None:
    """Raises InvalidInput(field="name") for none, one too long, or one that is taken."""
    _require_own(by, template)
    template.name = _free_name(template.brand_id, name, apart_from=template)
    _save(template)
    record(kind="booking_template.renamed", subject=str(template.pk), by=by.label, payload={})


@transaction.atomic
def delete_template(*, by: Actor, template: BookingTemplate) -> None:
    _require_own(by, template)
    record(kind="booking_template.deleted", subject=str(template.pk), by=by.label, payload={})
    template.delete()


def _require_own(by: Actor, template: BookingTemplate) -> None:
    by.require(Permission.COMPOSE)
    if by.kind != "brand" or by.party != template.brand.party:
        raise NotAllowed("This template belongs to another brand.")


def _still_there(twin: Twin) -> Twin:
    if twin.state == Twin.State.RETIRED:
        raise Refused("This twin is gone. Save the booking as a template and choose another twin.")
    return twin


def _use(draft: Booking, usage: dict[str, Any]) -> None:
    for name, value in usage.items():
        setattr(draft, name, value)
    draft.save(update_fields=sorted(usage))


def _plain(look: Look) -> dict[str, Any]:
    products = [{"file": str(row.file_id), "ground": row.ground} for row in look.products.all()]
    return {name: getattr(look, name) for name in TYPED} | {"products": products}


def _files(template: BookingTemplate) -> set[str]:
    """Which of the template's product pictures still exist."""
    wanted = [row["file"] for look in template.looks for row in look["products"]]
    there = StoredFile.objects.filter(pk__in=wanted, owner=template.brand.party, deleted_at=None)
    return {str(pk) for pk in there.values_list("pk", flat=True)}


def _free_name(brand: UUID, name: str, *, apart_from: BookingTemplate | None = None) -> str:
    name = " ".join(name.split())
    if not name:
        raise InvalidInput("Give the template a name.", field="name")
    if len(name) > LONGEST_NAME:
        raise InvalidInput(f"A name has at most {LONGEST_NAME} characters.", field="name")
    taken = BookingTemplate.objects.filter(brand=brand, name=name).first()
    if taken and taken != apart_from:
        raise InvalidInput("A template of this name is there already.", field="name")
    return name


def _save(template: BookingTemplate) -> None:
    try:
        with transaction.atomic():
            template.save()
    except IntegrityError as error:  # a colleague took the name in this moment
        raise InvalidInput("A template of this name is there already.", field="name") from error
