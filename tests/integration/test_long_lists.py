"""Each list asks the database the same number of questions with ten rows, a thousand and a hundred thousand.

Here what is booked, and what is told of it; twins, boards and options in test_long_lists_of_twins.py, licences and
messages in test_long_lists_of_licences.py. What cannot grow so far needs no test: 60 twins on a board, 20 saved
filters, open links and people of a crew, 5 rounds of a negotiation, 500 pictures of a booking, 4 twins compared, and
what she never wants again, which is chosen from a vocabulary.
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.bookings.models import Booking
from apps.notifications.models import Notice
from apps.organizations.models import Absence
from apps.roster.models import Invitation, RosterEntry
from tests.factories import bookings as make
from tests.factories import programmes as some
from tests.factories.long_lists import assert_constant
from tests.factories.many import code, id_of, multiply
from tests.factories.people import World, make_member, make_world

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
ADDRESS = "'n' || n || '@tests.example'"


@pytest.fixture
def world() -> World:
    return make_world()


def copies_of(booking: Booking, numbers: range) -> None:
    multiply(booking, numbers, code=code(), lane="n")


def test_requests_at_the_brand_the_agency_and_the_model(world: World) -> None:
    """A colleague is away, and the reader stands in for her."""
    booking, away, today = make.submitted(world), make_member(world.agency, "booker", "away"), timezone.now().date()
    Booking.objects.filter(pk=booking.pk).update(booker=away.user)
    Absence.objects.create(
        organization=world.agency, user=away.user, deputy=world.booker.user, starts_on=today,
        ends_on=today + timedelta(days=9),
    )  # fmt: skip
    desk = reverse("agency_desk")
    pages = {
        reverse("bookings"): world.producer,
        reverse("brand_home"): world.producer,
        desk: world.booker,
        f"{desk}?view=for-{away.user.pk}": world.booker,
        f"{desk}?q=maya": world.booker,
        reverse("model_home"): world.maya,
        reverse("pause"): world.maya,
    }
    assert_constant(pages, lambda numbers: copies_of(booking, numbers))


def test_agreed_bookings(world: World) -> None:
    booking, desk = make.agreed(world), reverse("agency_desk")
    pages = {
        reverse("bookings"): world.producer,
        reverse("brand_home"): world.producer,
        f"{desk}?view=others": world.booker,
        reverse("model_home"): world.maya,
        reverse("my_twin"): world.maya,
        reverse("pause"): world.maya,
    }
    assert_constant(pages, lambda numbers: copies_of(booking, numbers))


def test_notices(world: World) -> None:
    make.submitted(world)
    notice = Notice.objects.filter(to=world.agency.party)[0]
    assert_constant({reverse("notices"): world.booker}, lambda numbers: multiply(notice, numbers))


def test_people_invited_to_the_roster(world: World) -> None:
    told = {"first_name": "A", "last_name": "B", "birth_date": "2000-01-01", "country": "FR", "language": "en"}
    entry = RosterEntry.objects.create(agency=world.agency, email="new@tests.example", board="women", **told)
    invitation = Invitation.objects.create(entry=entry)

    def add(numbers: range) -> None:
        multiply(entry, numbers, id=id_of("entry"), email=ADDRESS)
        multiply(invitation, numbers, entry_id=id_of("entry"))

    assert_constant({reverse("roster_invited"): world.booker}, add)


def test_places_of_a_programme(world: World) -> None:
    keeper = make_member(world.brand, "owner", "keeper")
    programme = some.programme_of(keeper, world.brand)
    place = some.invited(keeper, programme, some.model("iris")[1])
    pages = dict.fromkeys([reverse("programme", args=[programme.pk]), reverse("programmes")], keeper)
    assert_constant(pages, lambda numbers: multiply(place, numbers, email=ADDRESS))
