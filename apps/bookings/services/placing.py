"""Where a licensed picture ran: logged by the brand, compared with the licence, over-use invoiced and paid.

An address is kept as it was typed and shown as text: nothing of ours ever opens it.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.bookings.models import Licence, Placement
from apps.bookings.services.access import require_brand
from apps.bookings.services.news import tell_brand, tell_model_and_agency
from apps.common.errors import InvalidInput, NotAllowed, Refused, StaleState
from apps.common.money import Money
from apps.common.territories import COUNTRIES, covers
from apps.common.wording import say
from apps.organizations.permissions import Permission
from apps.payments.models import Charge
from apps.payments.services import start_checkout
from apps.pricing.amounts import Amounts, amounts_from_json
from apps.pricing.extras import over_use
from apps.pricing.quote import Quote
from apps.pricing.services import factors_for
from apps.royalties.services import agree, earn
from apps.royalties.split import Share, split

MEDIUM, TERRITORY, EARLY, LATE = "medium", "territory", "early", "late"


@transaction.atomic
def log_placement(
    *,
    by: Actor,
    licence: Licence,
    medium: str,
    territories: Sequence[str],
    first_on: date,
    last_on: date | None = None,
    url: str = "",
    where: str = "",
) -> Placement:
    """The brand says where a picture ran. Exit: kept, seen by model and agency; beyond the licence it is invoiced.

    Raises NotAllowed, InvalidInput(field=…).
    """
    require_brand(by, licence.booking, Permission.DOWNLOAD)
    if by.user_id is None:
        raise NotAllowed("A person of the brand logs where a picture ran.")
    if licence.state == Licence.State.PENDING:
        raise StaleState("This licence is still being prepared.")
    row = Placement(
        licence=licence, url=url.strip(), where=where.strip(), medium=medium, territories=list(territories),
        first_on=first_on, last_on=last_on, logged_by=by.user_id,
    )  # fmt: skip
    _check(row)
    _compare(row, family_of(licence))
    row.save(force_insert=True)
    _tell(row)
    record(
        kind="placement.logged", subject=licence.ref, by=by.label,
        payload={"placement": row.ref, "medium": medium, "territories": list(territories), "beyond": row.beyond},
    )  # fmt: skip
    return row


@transaction.atomic
def state_take_down(*, by: Actor, placement: Placement, taken_down_on: date, taken_down_by: str) -> Placement:
    """When and by whom a placement was taken down. Entry: no statement yet; exit: stated, for good.

    Taken down after the licence's end it was over-use until then, and is invoiced. Raises NotAllowed,
    InvalidInput(field=…), StaleState when it is stated already.
    """
    require_brand(by, placement.licence.booking, Permission.DOWNLOAD)
    row = Placement.objects.select_for_update(of=("self",)).select_related("licence__booking").get(pk=placement.pk)
    if row.stated_at:
        raise StaleState("The take-down of this placement is stated already.")
    if not taken_down_by.strip():
        raise InvalidInput("Say who took it down.", field="taken_down_by")
    if taken_down_on > timezone.now().date():
        raise InvalidInput("This day is not over yet.", field="taken_down_on")
    if taken_down_on < row.first_on:
        raise InvalidInput("It cannot be taken down before its first day.", field="taken_down_on")
    was_over_use = row.is_over_use
    row.taken_down_on, row.taken_down_by, row.stated_at = taken_down_on, taken_down_by.strip()[:120], timezone.now()
    row.last_on = min(row.last_on, taken_down_on) if row.last_on else taken_down_on
    if not was_over_use:
        _compare(row, family_of(row.licence))
    row.save()
    if row.is_over_use and not was_over_use:
        _tell(row)
    record(
        kind="placement.taken_down", subject=row.licence.ref, by=by.label,
        payload={"placement": row.ref, "on": taken_down_on.isoformat(), "beyond": row.beyond},
    )  # fmt: skip
    return row


def checkout_over_use(*, by: Actor, placement: Placement) -> Charge:
    """The payment page of an over-use; asked twice, the same page. Raises NotAllowed, Refused."""
    require_brand(by, placement.licence.booking, Permission.PAY)
    if placement.price is None:
        raise Refused("This placement is within the licence. Nothing is to be paid.")
    price = price_of(placement)
    back = settings.SITE_URL + reverse("own_licence", args=[placement.licence_id])
    return start_checkout(
        by=by,
        charge_ref=placement.ref,
        payer=placement.licence.brand.party,
        amount_minor=price.total_minor,
        held_minor=price.net_minor,
        vat_minor=price.vat_minor,
        vat_country=price.vat.country,
        currency=price.currency,
        description=f"{placement.licence.code}: use beyond the licence",
        success_url=back,
        cancel_url=back,
    )


@transaction.atomic
def settle_over_use(*, placement: Placement, charge: Charge) -> None:
    """Paid: everybody earns her part at once. Idempotent."""
    row = Placement.objects.select_for_update(of=("self",)).select_related("licence__booking").get(pk=placement.pk)
    if row.paid_at or not row.split:
        return
    shares = [Share(**share) for share in row.split]
    agree(charge_ref=row.ref, shares=shares, by=Actor.SYSTEM)
    earn(charge_ref=row.ref, delivered_at=timezone.now(), by=Actor.SYSTEM)
    row.paid_at = timezone.now()
    row.save(update_fields=["paid_at"])
    what = say("placement.paid", brand=row.licence.brand.name, amount=Money(charge.held_minor, charge.currency))
    tell_model_and_agency(row.licence.booking, what, _page(row))
    record(kind="placement.paid", subject=row.licence.ref, by=Actor.SYSTEM.label, payload={"placement": row.ref})


def price_of(placement: Placement) -> Amounts:
    if placement.price is None:
        raise ValueError(f"{placement.ref} is no over-use")
    return amounts_from_json(placement.price)


def family_of(licence: Licence) -> list[Licence]:
    """The licence, the one it renews and the one that renews it: a place within any of them is within."""
    found = [licence]
    if licence.booking.renews_id:
        found += Licence.objects.filter(pk=licence.booking.renews_id)
    return found + list(Licence.objects.filter(booking__renews=licence).exclude(state=Licence.State.PENDING))


def outside(row: Placement, licence: Licence) -> list[str]:
    """What of a placement lies beyond one licence; empty when it lies within."""
    found = []
    if row.medium not in licence.media:
        found.append(MEDIUM)
    if not covers(licence.territories, row.territories):
        found.append(TERRITORY)
    if row.first_on < licence.starts_on:
        found.append(EARLY)
    if max(row.first_on, row.last_on or row.first_on) > licence.last_day:
        found.append(LATE)
    return found


def _compare(row: Placement, family: list[Licence]) -> None:
    """Sets what is beyond and its price: twice the usage fee, frozen (product.md, licence)."""
    if any(not outside(row, licence) for licence in family):
        return
    booking = row.licence.booking
    talent, agency = booking.twin.talent.party, booking.agency
    factors = factors_for(talent_ref=talent, agency=agency.party if agency else None)
    priced = over_use(Quote.from_json(booking.current_terms.quote), on=timezone.now().date(), factors=factors)
    shares = split(
        priced,
        talent=talent,
        agency=agency.party if agency else None,
        mother_agency=booking.mother_agency.party if booking.mother_agency else None,
        commission_bp=booking.commission_bp,
        mother_bp=booking.mother_bp,
    )
    row.beyond = outside(row, row.licence)
    row.price, row.split = priced.amounts_json(), [asdict(share) for share in shares]


def _check(row: Placement) -> None:
    if not row.url and not row.where:
        raise InvalidInput("Give its address, or say where it is.", field="url")
    if not row.territories or not set(row.territories) <= COUNTRIES:
        raise InvalidInput("Choose the countries where it can be seen.", field="territories")
    if row.last_on and row.last_on < row.first_on:
        raise InvalidInput("The last day comes after the first.", field="last_on")
    if row.first_on > timezone.now().date():
        raise InvalidInput("Log it once it runs.", field="first_on")
    try:
        row.full_clean(exclude=["beyond", "price", "split"], validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        field, problems = next(iter(error.message_dict.items()))
        raise InvalidInput(problems[0], field=field) from error


def _tell(row: Placement) -> None:
    licence, booking = row.licence, row.licence.booking
    if not row.is_over_use:
        what = say("placement.logged", brand=licence.brand.name, place=str(row), code=licence.code)
        tell_model_and_agency(booking, what, _page(row))
        return
    amount = Money(price_of(row).total_minor, price_of(row).currency)
    tell_brand(booking, say("placement.owed", place=str(row), code=licence.code, amount=amount), _page(row))
    what = say("placement.beyond", brand=licence.brand.name, place=str(row), code=licence.code)
    tell_model_and_agency(booking, what, _page(row))


def _page(row: Placement) -> str:
    return reverse("own_licence", args=[row.licence_id])
