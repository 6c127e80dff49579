"""What the composer's smaller buttons do, once what is typed is saved."""

from uuid import UUID

from apps.accounts.actor import Actor
from apps.bookings.models import LookProduct
from apps.bookings.services import again, compose, in_person, looks
from apps.bookings.views.composer import Composer


def arrange(page: Composer, verb: str, key: str, *, by: Actor) -> str:
    """Remove, move or duplicate the look of this key, or take a picture of its product off. Returns the key of the look
    that the next page opens. A look or picture that is no longer there is nothing to do."""
    if verb == "unproduct":
        return _take_off(page, key, by)
    entry = page.entry(key)
    if entry is None or entry.look is None:
        return ""
    match verb:
        case "remove":
            compose.remove_look(by=by, look=entry.look)
        case "up" | "down":
            looks.move_look(by=by, look=entry.look, up=verb == "up")
            return key
        case "pictures":  # saved with the page; the look stays open to show them
            return key
        case "duplicate":
            return f"look-{looks.duplicate_look(by=by, look=entry.look).pk}"
    return ""


def keep_as_template(page: Composer, name: str, *, by: Actor) -> None:
    again.save_template(by=by, booking=page.booking, name=name)


def ask_in_person(page: Composer, *, by: Actor) -> None:
    in_person.ask_in_person(by=by, booking=page.booking)


def _take_off(page: Composer, key: str, by: Actor) -> str:
    try:
        pk = UUID(key)
    except ValueError:
        return ""
    mine = LookProduct.objects.filter(look__booking=page.booking, pk=pk)
    product = mine.select_related("look__booking__brand", "file").first()
    if product is None:
        return ""
    looks.remove_product(by=by, product=product)
    return f"look-{product.look_id}"
