"""The brand composes: draft, looks, firm price, submission."""

from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.bookings import terms as terms_of
from apps.bookings.machine import perform
from apps.bookings.models import LONGEST_BRIEF, Booking, Look
from apps.bookings.policies import plan_approvals
from apps.bookings.scenes import NAMES
from apps.bookings.services.access import locked, own_draft, require_brand, require_state
from apps.bookings.services.desks import usual_booker
from apps.bookings.services.looks import add_product
from apps.bookings.services.news import tell_about_request
from apps.bookings.states import State
from apps.bookings.times import ANSWER_WINDOW
from apps.common.errors import InvalidInput, NotAllowed
from apps.common.refs import parse_ref
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission
from apps.twins.models import Twin

DRAFT_FIELDS = frozenset({"title", "media", "territories", "window_months", "starts_on", "exclusivity", "category"})


@transaction.atomic
def start_draft(*, by: Actor, twin: Twin) -> Booking:
    """Exit: a draft of this brand for this twin, in the brand's own category, not yet priced."""
    by.require(Permission.COMPOSE)
    if by.kind != "brand":
        raise NotAllowed("Only brands compose bookings.")
    brand = Organization.objects.get(pk=parse_ref(by.party, "org"))
    booking = Booking.objects.create(
        brand=brand,
        twin=twin,
        composer_id=by.user_id,
        title=f"{brand.name} with {twin.talent.stage_name}",
        media=["ecommerce"],
        territories=[brand.country],
        category=brand.category or "fashion",
    )
    record(kind="booking.drafted", subject=booking.ref, by=by.label, payload={"twin": twin.ref})
    return booking


@transaction.atomic
def update_draft(*, by: Actor, booking: Booking, **fields: Any) -> Booking:
    """Change what a draft asks for. Entry and exit: draft. Raises InvalidInput(field=…), NotAllowed, StaleState."""
    unknown = set(fields) - DRAFT_FIELDS
    if unknown:
        raise TypeError(f"not fields of a draft: {sorted(unknown)}")
    row = own_draft(by, booking)
    for name, value in fields.items():
        setattr(row, name, value)
    if row.starts_on and row.starts_on < timezone.now().date():
        raise InvalidInput("The licence cannot start in the past.", field="starts_on")
    clean(row)
    row.save(update_fields=sorted(fields))
    return row


@transaction.atomic
def save_look(
    *,
    by: Actor,
    booking: Booking,
    look: Look | None = None,
    product: bytes | None = None,
    new_id: UUID | None = None,
    **fields: Any,
) -> Look:
    """Add a look to a draft or change one. `product` is one more picture of the brand's product.

    `new_id` is what the page already calls a look that was never saved: sent twice, it is still one look.
    Entry and exit: draft. Raises InvalidInput(field=…) for what a look cannot be, with nothing saved.
    """
    row = own_draft(by, booking)
    if fields.get("scene") not in NAMES:
        raise InvalidInput("Choose one of the scenes.", field="scene")
    if len(fields.get("brief", "")) > LONGEST_BRIEF:
        raise InvalidInput(f"A brief has at most {LONGEST_BRIEF:,} characters.", field="brief")
    if look is None:
        last = row.looks.aggregate(last=Max("position"))["last"] or 0
        look = Look(id=_free(new_id), booking=row, position=last + 1)
    for name, value in fields.items():
        setattr(look, name, value)
    clean(look)
    look.save()
    if product is not None:
        add_product(by=by, look=look, raw=product)
    return look


def _free(wished: UUID | None) -> UUID:
    """A page may name its new look as it likes, and never takes another one's name."""
    return wished if wished and not Look.objects.filter(pk=wished).exists() else uuid4()


@transaction.atomic
def remove_look(*, by: Actor, look: Look) -> None:
    """Entry and exit: draft."""
    own_draft(by, look.booking)
    look.delete()


@transaction.atomic
def submit(*, by: Actor, booking: Booking) -> Booking:
    """Send a draft to agency and model. Entry: draft; exit: submitted, with terms version 1 and 72 hours to answer.

    The plan of approvals (who answers, who earns) is frozen now. Raises Refused with every reason that stands
    against it, InvalidInput for what cannot be priced or made, StaleState when it is no draft any more.
    """
    require_brand(by, booking, Permission.COMPOSE)
    row = locked(booking)
    require_state(row, State.DRAFT)
    if lacking := [look.title for look in row.looks.all() if look.lacks_product]:
        raise InvalidInput(f"“{lacking[0]}” shows your product: please add a picture of it.", field="product")
    _freeze_plan(row)
    version = terms_of.write(booking=row, author=by.party)
    now = timezone.now()
    Booking.objects.filter(pk=row.pk).update(version=version.version)
    row = perform(booking=row, action="submit", by=by, rounds=1, submitted_at=now, deadline_at=now + ANSWER_WINDOW)
    tell_about_request(row)
    return row


def _freeze_plan(booking: Booking) -> None:
    plan = plan_approvals(
        talent=booking.twin.talent,
        territories=booking.territories,
        brand_country=booking.brand.country,
        day=timezone.now().date(),
    )
    booking.agency, booking.mother_agency = plan.agency, plan.mother_agency
    booking.commission_bp, booking.mother_bp = plan.commission_bp, plan.mother_bp
    booking.booker = usual_booker(booking)
    booking.save(update_fields=["agency", "mother_agency", "commission_bp", "mother_bp", "booker"])


def clean(row: Booking | Look) -> None:
    try:
        row.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        field, problems = next(iter(error.message_dict.items()))
        raise InvalidInput(problems[0], field=field) from error
