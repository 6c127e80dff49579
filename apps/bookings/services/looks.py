"""Putting the looks of a draft in order: their product's pictures, up and down, and one like another.

Entry and exit of every act: draft. All raise NotAllowed for others and StaleState when it is no draft any more.
"""

from django.db import transaction
from django.db.models import Max

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.bookings.grounds import ground_of_picture
from apps.bookings.models import MOST_PRODUCTS, Look, LookProduct
from apps.bookings.services.access import own_draft
from apps.common.errors import InvalidInput
from apps.media.services import store
from apps.media.uploads import sanitise

UNPLACED = 0  # a position that no look keeps


@transaction.atomic
def add_product(*, by: Actor, look: Look, raw: bytes) -> LookProduct:
    """One more picture of the look's product. Raises InvalidInput(field="product") for one too many, Unusable for what
    is no picture."""
    booking = own_draft(by, look.booking)
    if look.products.count() >= MOST_PRODUCTS:
        raise InvalidInput(f"A look shows at most {MOST_PRODUCTS} pictures of its product.", field="product")
    clean = sanitise(raw)
    file = store(data=clean.data, kind="product", owner=booking.brand.party, content_type=clean.content_type)
    last = look.products.aggregate(last=Max("position"))["last"] or 0
    product = look.products.create(file=file, position=last + 1, ground=ground_of_picture(clean.data))
    _place(look)
    record(kind="look.product_added", subject=look.ref, by=by.label, payload={"sha256": file.sha256})
    return product


@transaction.atomic
def remove_product(*, by: Actor, product: LookProduct) -> None:
    own_draft(by, product.look.booking)
    product.delete()
    _place(product.look)
    record(kind="look.product_removed", subject=product.look.ref, by=by.label, payload={"sha256": product.file.sha256})


@transaction.atomic
def move_look(*, by: Actor, look: Look, up: bool) -> None:
    """Change places with the neighbour; at the end of the row nothing happens."""
    booking = own_draft(by, look.booking)
    others = booking.looks.exclude(pk=look.pk)
    if up:
        other = others.filter(position__lt=look.position).order_by("-position").first()
    else:
        other = others.filter(position__gt=look.position).order_by("position").first()
    if other is None:
        return
    here, there = look.position, other.position
    for row, position in ((look, UNPLACED), (other, here), (look, there)):
        Look.objects.filter(pk=row.pk).update(position=position)
    look.position = there
    record(kind="look.moved", subject=look.ref, by=by.label, payload={"position": there})


@transaction.atomic
def duplicate_look(*, by: Actor, look: Look) -> Look:
    """One more look like this at the end, its product's pictures too."""
    booking = own_draft(by, look.booking)
    last = booking.looks.aggregate(last=Max("position"))["last"] or 0
    twin = copy_look(look, title=f"{look.title[:73]} again")
    twin.booking, twin.position = booking, last + 1
    twin.save(force_insert=True)
    copy_products(list(look.products.all()), twin)
    record(kind="look.duplicated", subject=twin.ref, by=by.label, payload={"from": look.ref})
    return twin


COPIED = ("title", "scene", "brief", "pictures", "format", "colour", "light", "crop", "product_id")


def copy_look(look: Look, **changes: str) -> Look:
    """An unsaved look with everything that a person typed into this one."""
    return Look(**{name: getattr(look, name) for name in COPIED} | changes)


def copy_products(products: list[LookProduct], look: Look) -> None:
    LookProduct.objects.bulk_create(
        LookProduct(look=look, file_id=row.file_id, position=row.position, ground=row.ground) for row in products
    )


def _place(look: Look) -> None:
    """The scene places the first picture that comes off its ground."""
    first = look.products.exclude(ground=LookProduct.Ground.BUSY).first()
    look.product = first.file if first else None
    look.save(update_fields=["product"])
