"""Conflicts are found by one query, whatever stands in the calendar, and the database answers it from an index."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from apps.bookings.calendar import Standing, Wish, standing
from apps.bookings.models import Booking, RightsSlot
from apps.talent.models import OutsideCommitment
from tests.factories.bookings import submitted
from tests.factories.people import World, make_world

pytestmark = pytest.mark.django_db

FIRST = date(2027, 1, 1)
PLAIN_SLOTS = """
    INSERT INTO bookings_rightsslot (id, created_at, booking_id, twin_id, category, territory, "window", lane)
    SELECT gen_random_uuid(), now(), %(booking)s, %(twin)s,
           (ARRAY['fashion','denim','beauty','hair','bags'])[1 + n %% 5],
           (ARRAY['DE','FR','SE','ES','IT','GB','US','JP','AT','PL'])[1 + (n / 5) %% 10],
           daterange(DATE '2020-01-01' + n %% 9000, DATE '2020-01-01' + n %% 9000 + 200), int8range(n, n + 1)
    FROM generate_series(1, %(slots)s) n
"""


@pytest.fixture
def world() -> World:
    return make_world()


def wish(world: World, **fields) -> Wish:
    start = {"category": "fashion", "exclusivity": "none", "territories": ("DE",), "starts_on": FIRST}
    return Wish(twin=world.twin, ends_on=FIRST + timedelta(days=89), **start | fields)


def fill(world: World, slots: int) -> None:
    booking = submitted(world)
    with connection.cursor() as cursor:
        cursor.execute(PLAIN_SLOTS, {"booking": booking.pk, "twin": world.twin.pk, "slots": slots})
        cursor.execute("ANALYZE bookings_rightsslot")


def exclusive(world: World, booking: Booking, territory: str, first: date, end: date) -> None:
    RightsSlot.objects.create(
        booking=booking, twin=world.twin, category="fashion", territory=territory,
        window=DateRange(first, end), lane="[0,)",
    )  # fmt: skip


@pytest.mark.parametrize("slots", [10, 1_000, 100_000])
def test_one_query_over_an_index_whatever_the_calendar_holds(world, slots):
    fill(world, slots)
    with CaptureQueriesContext(connection) as plain:
        assert standing(wish(world)) is None, "plain licences stand beside each other"
    with CaptureQueriesContext(connection) as alone:
        found = standing(wish(world, exclusivity="category"))
    assert (len(plain), len(alone)) == (1, 1)
    if slots == 100_000:
        assert found is not None and found.territories == ("DE",)
        for queries in (plain, alone):
            assert "Seq Scan on bookings_rightsslot" not in (steps := explained(queries[0]["sql"])), steps
            assert "rights_exclusivity" in steps, steps


def test_everything_that_stands_against_it_is_said_at_once(world):
    today, booking = date(2027, 2, 1), submitted(world)
    exclusive(world, booking, "DE", FIRST, today)
    exclusive(world, booking, "FR", FIRST, today + timedelta(days=30))
    exclusive(world, booking, "SE", today + timedelta(days=300), today + timedelta(days=400))
    OutsideCommitment.objects.create(
        talent=world.talent, entered_by=world.talent.party, category="hair", exclusivity="full", territories=["WORLD"],
        window=DateRange(date(2027, 3, 1), date(2027, 3, 11)),
    )  # fmt: skip
    assert standing(wish(world, territories=("AT", "DE", "FR"))) == Standing(("AT", "DE", "FR"), date(2027, 3, 10))
    assert standing(wish(world, territories=("WORLD",))).territories == ("WORLD",)
    OutsideCommitment.objects.all().delete()
    assert standing(wish(world, territories=("WORLD",))) == Standing(("DE", "FR"), date(2027, 3, 2))
    assert standing(wish(world, territories=("SE",))) is None
    assert standing(wish(world, category="denim")) is None
    assert standing(wish(world, category="denim", exclusivity="full")) is not None


def explained(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + sql)
        return "\n".join(row[0] for row in cursor.fetchall())
