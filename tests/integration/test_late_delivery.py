"""“Delivery late through no fault of the brand moves both where the calendar allows, else the days are credited.”"""

from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from apps.bookings.models import Booking, Licence, RightsSlot, Terms, Transition
from apps.bookings.services import delivery, review
from apps.bookings.states import State
from apps.common.dates import add_months
from apps.ledger.services import audit, balance
from apps.notifications.models import Notice
from apps.payments.models import Charge
from apps.talent.commitments import enter_commitment
from tests.factories import bookings as make
from tests.factories.people import World, make_world

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])

LATE = 10
DAY = timedelta(days=1)


@pytest.fixture
def world() -> World:
    return make_world()


def today() -> date:
    return timezone.now().date()


def overdue(world: World, *, paying: int = 0, choosing: int = 0, **fields) -> Booking:
    """Everything is chosen, and the licence should have begun ten days ago. The brand took some of the days itself."""
    booking = make.chosen(world, starts_on=today(), **fields)
    agreed = today() - LATE * DAY
    end = add_months(agreed, booking.window_months) + DAY
    Terms.objects.filter(booking=booking).update(starts_on=agreed)
    Booking.objects.filter(pk=booking.pk).update(starts_on=agreed)
    RightsSlot.objects.filter(booking=booking).update(window=DateRange(agreed, end))
    now = timezone.now()
    Transition.objects.filter(booking=booking, action="agree").update(created_at=now - 30 * DAY)
    Transition.objects.filter(booking=booking, action="fund").update(created_at=now - 30 * DAY + paying * DAY)
    booking.reviews.update(decided_at=now - choosing * DAY)
    return make.fresh(booking)


def delivered(world: World, booking: Booking) -> Licence:
    review.finish(by=world.producer.actor, booking=booking)
    booking = make.fresh(delivery.release_selected(booking=make.fresh(booking)))
    assert booking.state == State.DELIVERED
    return booking.licence


def bind_after(world: World, booking: Booking, *, days: int = 0) -> None:
    """She signs an exclusivity elsewhere that begins so many days after the agreed end."""
    first = add_months(booking.starts_on, booking.window_months) + (days + 1) * DAY
    enter_commitment(
        by=world.maya.actor, talent=world.talent, exclusivity="category", category="fashion", territories=["DE"],
        starts_on=first, ends_on=first + 30 * DAY,
    )  # fmt: skip


def test_both_days_move_where_the_calendar_allows(world):
    booking = overdue(world)
    licence = delivered(world, booking)
    assert (licence.starts_on, licence.credited_days) == (today(), 0)
    assert licence.ends_on == add_months(booking.starts_on, 12) + LATE * DAY
    slot = RightsSlot.objects.get(booking=booking)
    assert (slot.window.lower, slot.window.upper) == (licence.starts_on, licence.ends_on + DAY)
    assert Charge.objects.get().promised_minor == 0


def test_else_the_days_are_credited_to_the_cent(world):
    """S 1,500.00, U 3,000.00. Ten of 365 days: U becomes 2,917.81, F 4,417.81, service 883.56, platform 353.42, net
    5,654.79, VAT 1,074.41. Of 6,854.40 paid 125.20 comes back."""
    booking = overdue(world)
    bind_after(world, booking)
    licence = delivered(world, booking)
    assert (licence.starts_on, licence.credited_days) == (today(), LATE)
    assert licence.ends_on == add_months(booking.starts_on, 12)
    assert booking.current_terms.total_minor == 685_440
    assert Charge.objects.get().promised_minor == 12_520
    assert balance("vat:DE", "EUR") == -109_440, "the VAT is corrected when the refund is sent"
    assert balance(f"payable:{world.talent.party}", "EUR") == -(441_781 - 88_356)
    assert balance("platform:fees", "EUR") == -35_342
    assert audit().balanced
    notice = Notice.objects.get(to=world.brand.party, kind="booking.days_credited")
    assert notice.values == {"title": booking.title, "count": LATE}


def test_an_exclusivity_of_another_brand_behind_it_stands_in_the_way_as_well(world):
    booking = overdue(world)
    end = add_months(booking.starts_on, 12) + DAY
    RightsSlot.objects.create(
        booking=make.submitted(world, brand="rival_producer"), twin=world.twin, category="fashion", territory="DE",
        window=DateRange(end, end + 90 * DAY), lane="[0,)",
    )  # fmt: skip
    assert delivered(world, booking).credited_days == LATE


def test_what_begins_after_the_moved_days_stands_in_no_way(world):
    booking = overdue(world)
    bind_after(world, booking, days=LATE)
    assert delivered(world, booking).credited_days == 0


@pytest.mark.parametrize(
    ("paying", "choosing", "moved"), [(0, 0, 10), (4, 0, 6), (0, 3, 7), (4, 3, 3), (6, 9, 0)]
)  # fmt: skip
def test_days_that_the_brand_took_itself_are_its_own(world, paying, choosing, moved):
    booking = overdue(world, paying=paying, choosing=choosing)
    licence = delivered(world, booking)
    assert (licence.starts_on - booking.starts_on).days == moved
    assert (licence.ends_on - add_months(booking.starts_on, 12)).days == moved


def test_a_licence_from_delivery_on_keeps_its_whole_window(world):
    licence = delivered(world, make.chosen(world))
    assert (licence.starts_on, licence.ends_on) == (today(), add_months(today(), 12))


def test_one_from_delivery_on_that_outlasts_what_was_kept_free_is_credited_too(world):
    """Agreed so long ago that its room for making is used up, and somebody else was promised what follows."""
    booking = make.chosen(world)
    kept = add_months(today(), 12) - 5 * DAY
    RightsSlot.objects.filter(booking=booking).update(window=DateRange(today() - 60 * DAY, kept + DAY))
    enter_commitment(
        by=world.maya.actor, talent=world.talent, exclusivity="full", category="hair", territories=["WORLD"],
        starts_on=kept + DAY, ends_on=kept + 300 * DAY,
    )  # fmt: skip
    licence = delivered(world, booking)
    assert (licence.starts_on, licence.ends_on, licence.credited_days) == (today(), kept, 5)
