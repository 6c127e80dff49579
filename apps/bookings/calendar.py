"""Taking, giving back and looking up a twin's rights. Exclusivity itself is held by the database constraint."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, NumericRange
from django.db.models import CharField, F, Func, Max, Q
from django.utils import timezone

from apps.bookings.models.booking import Booking
from apps.bookings.models.rights import RightsSlot
from apps.common.dates import add_months
from apps.common.errors import Refused
from apps.common.territories import COUNTRIES, WORLD
from apps.common.vocabulary import Category, Exclusivity
from apps.talent.models import OutsideCommitment
from apps.twins.models import Twin

if TYPE_CHECKING:
    from django.db.models import QuerySet

# A licence that starts on delivery is kept free from the agreement on, with this room for making the pictures.
ROOM_FOR_MAKING = timedelta(days=45)
ALL_LANES = NumericRange(0, None)
CALENDAR_LOCK = 7_701  # the first half of an advisory lock of two; the second one is the twin


@dataclass(frozen=True)
class Wish:
    """What a booking would take of the calendar."""

    twin: Twin
    category: str
    exclusivity: str
    territories: tuple[str, ...]
    starts_on: date
    ends_on: date  # inclusive

    @property
    def window(self) -> DateRange:
        return DateRange(self.starts_on, self.ends_on + timedelta(days=1))

    @property
    def categories(self) -> list[str]:
        return list(Category.values) if self.exclusivity == Exclusivity.FULL else [self.category]


def wish_of(booking: Booking) -> Wish:
    """The wish as far as it is known before delivery: a start on delivery may come any day in the making time."""
    today = timezone.now().date()
    starts = booking.starts_on or today
    slack = timedelta(0) if booking.starts_on else ROOM_FOR_MAKING
    return Wish(
        twin=booking.twin,
        category=booking.category,
        exclusivity=booking.exclusivity,
        territories=tuple(booking.territories),
        starts_on=max(starts, today),  # an extension counts from its licence's first day and takes nothing of the past
        ends_on=add_months(starts, booking.window_months) + slack,
    )


@dataclass(frozen=True)
class Standing:
    """What stands against a wish: in which of its countries, and the last day of it; `date.max` for an open end."""

    territories: tuple[str, ...]
    until: date  # inclusive


def standing(wish: Wish, *, apart_from: Booking | None = None) -> Standing | None:
    """The exclusivity, ours or signed elsewhere, that stands against this wish; never whose it is. One query."""
    here = set(countries_of(wish.territories))
    territories: set[str] = set()
    last = date.min
    for countries, end in _against(wish, apart_from):
        territories |= here & set(countries_of(countries))
        last = max(last, end - timedelta(days=1) if end else date.max)
    if not territories:
        return None
    return Standing((WORLD,) if territories == COUNTRIES else tuple(sorted(territories)), last)


def take_turns(twin_id: UUID) -> None:
    """One agreement about a twin after another, until this transaction ends; called before anything else is locked but
    the booking. Two that take conflicting slots at the same moment would wait for each other in the constraint's index,
    and one that holds the audit chain for one that waits for it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [CALENDAR_LOCK, str(twin_id)])


def claim(booking: Booking) -> None:
    """Take the rights of an agreed booking. Raises Refused when an exclusivity was quicker; nothing is taken then."""
    wish = wish_of(booking)
    lane = ALL_LANES if wish.exclusivity != Exclusivity.NONE else NumericRange(booking.lane, booking.lane + 1)
    held = _held_already(booking)
    slots = [
        RightsSlot(booking=booking, twin=wish.twin, category=category, territory=country, window=window, lane=lane)
        for category in wish.categories
        for country in countries_of(wish.territories)
        if (window := _beyond(wish.window, held.get((category, country))))
    ]
    try:
        with transaction.atomic():
            RightsSlot.objects.bulk_create(slots)
    except IntegrityError as error:
        raise Refused(
            "Another licence with exclusivity was agreed for this use first.", code="exclusivity_conflict"
        ) from error


def settle(booking: Booking, *, starts_on: date, ends_on: date) -> None:
    """Narrow the taken window to the licence's real dates once it is delivered."""
    booking.rights.filter(released_at__isnull=True).update(window=DateRange(starts_on, ends_on + timedelta(days=1)))


def release(booking: Booking) -> None:
    """Give the rights of a closed booking back."""
    booking.rights.filter(released_at__isnull=True).update(released_at=timezone.now())


def renewed_by(booking: Booking) -> list[UUID]:
    """The bookings whose licence this one renews, directly or through others: their rights are the brand's own."""
    found: list[UUID] = []
    while booking.renews is not None:
        booking = booking.renews.booking
        found.append(booking.pk)
    return found


def countries_of(territories: Iterable[str]) -> list[str]:
    return sorted(COUNTRIES) if WORLD in territories else sorted(set(territories))


def _held_already(booking: Booking) -> dict[tuple[str, str], date]:
    """Until when the licences that this booking renews hold each category and country with exclusivity."""
    rows = RightsSlot.objects.filter(booking__in=renewed_by(booking), released_at=None, lane__endswith__isnull=True)
    found: dict[tuple[str, str], date] = {}
    for category, territory, window in rows.values_list("category", "territory", "window"):
        found[category, territory] = max(window.upper, found.get((category, territory), window.upper))
    return found


def _beyond(window: DateRange, held_until: date | None) -> DateRange | None:
    """What of a window is not held yet; None where all of it is."""
    if held_until is None or held_until <= window.lower:
        return window
    return DateRange(held_until, window.upper) if held_until < window.upper else None


def blocking(
    wish: Wish, *, apart_from: Booking | None = None
) -> "tuple[QuerySet[RightsSlot], QuerySet[OutsideCommitment]]":
    """Everything that stands against a wish: slots of our own licences, and commitments elsewhere."""
    slots = RightsSlot.objects.filter(
        twin=wish.twin,
        category__in=wish.categories,
        territory__in=countries_of(wish.territories),
        window__overlap=wish.window,
        released_at__isnull=True,
    )
    if wish.exclusivity == Exclusivity.NONE:
        slots = slots.filter(lane__endswith__isnull=True)
    if apart_from is not None:
        slots = slots.exclude(booking__in=[apart_from.pk, *renewed_by(apart_from)])
    elsewhere = OutsideCommitment.objects.filter(talent_id=wish.twin.talent_id, window__overlap=wish.window)
    if wish.exclusivity != Exclusivity.FULL:
        elsewhere = elsewhere.filter(Q(category=wish.category) | Q(exclusivity=Exclusivity.FULL))
    if WORLD not in wish.territories:
        elsewhere = elsewhere.filter(territories__overlap=[*wish.territories, WORLD])
    return slots.order_by(), elsewhere.order_by()


def _against(wish: Wish, apart_from: Booking | None) -> "QuerySet[RightsSlot, tuple[list[str], date | None]]":
    """Countries and the day after the last one, in one query: one row for each country whatever the number of slots,
    and every commitment elsewhere."""
    slots, elsewhere = blocking(wish, apart_from=apart_from)
    places = Func(F("territory"), template="ARRAY[%(expressions)s]", output_field=ArrayField(CharField()))
    taken = slots.values(places=places).annotate(until=Max("window__endswith"))
    return taken.values_list("places", "until").union(
        elsewhere.values_list("territories", "window__endswith"), all=True
    )
