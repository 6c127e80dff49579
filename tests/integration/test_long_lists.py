"""Each list asks the database the same number of questions with ten rows, a thousand and a hundred thousand."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from apps.bookings.models import Booking, Licence
from apps.bookings.services import delivery, review
from apps.notifications.models import Notice
from apps.roster.models import Invitation, RosterEntry
from tests.factories import bookings as make
from tests.factories import programmes as some
from tests.factories.clients import signed_in
from tests.factories.counting import queries_of
from tests.factories.many import multiply
from tests.factories.people import Person, World, make_member, make_world

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
MORE = (9, 990, 99_000)  # after each there are ten, a thousand, a hundred thousand
ADDRESS = "'n' || n || md5(random()::text) || '@tests.example'"


@pytest.fixture
def world() -> World:
    return make_world()


def assert_constant(pages: dict[str, Person], add: Callable[[int], object]) -> None:
    """`pages` are addresses, each with whoever reads it."""
    readers = {address: signed_in(person) for address, person in pages.items()}
    asked: dict[str, list[int]] = {address: [] for address in pages}
    for more in MORE:
        add(more)
        for address, client in readers.items():
            asked[address].append(queries_of(client, address))
    assert {address: counts for address, counts in asked.items() if len(set(counts)) != 1} == {}


def code(more: int, number: str = "n") -> str:
    """A code has seven characters: the first tells the rounds apart."""
    return f"'{'ABC'[MORE.index(more)]}' || lpad(({number})::text, 6, '0')"


def copies_of(booking: Booking, more: int) -> None:
    multiply(booking, more, code=code(more), lane="(random() * 9e17)::bigint")


def test_requests_at_the_brand_the_agency_and_the_model(world: World) -> None:
    booking = make.submitted(world)
    pages = {
        reverse("bookings"): world.producer,
        reverse("brand_home"): world.producer,
        reverse("agency_desk"): world.booker,
        reverse("model_home"): world.maya,
    }
    assert_constant(pages, lambda more: copies_of(booking, more))


def test_licences(world: World) -> None:
    booking = make.chosen(world, pictures=1)
    review.finish(by=world.producer.actor, booking=booking)
    booking = make.fresh(delivery.release_selected(booking=make.fresh(booking)))
    licence = Licence.objects.get(booking=booking)
    without = (
        "SELECT id FROM bookings_booking b WHERE NOT EXISTS (SELECT FROM bookings_licence WHERE booking_id = b.id)"
    )

    def add(more: int) -> None:
        copies_of(booking, more)
        multiply(licence, more, each=without, booking_id="n", code=code(more, "row_number() OVER ()"))

    pages = {reverse("library"): world.producer, reverse("brand_home"): world.producer, reverse("my_twin"): world.maya}
    assert_constant(pages, add)


def test_notices(world: World) -> None:
    make.submitted(world)
    notice = Notice.objects.filter(to=world.agency.party)[0]
    assert_constant({reverse("notices"): world.booker}, lambda more: multiply(notice, more))


def test_people_invited_to_the_roster(world: World) -> None:
    told = {"first_name": "A", "last_name": "B", "birth_date": "2000-01-01", "country": "FR", "language": "en"}
    entry = RosterEntry.objects.create(agency=world.agency, email="new@tests.example", board="women", **told)
    invitation = Invitation.objects.create(entry=entry)
    without = (
        "SELECT id FROM roster_rosterentry e WHERE NOT EXISTS (SELECT FROM roster_invitation WHERE entry_id = e.id)"
    )

    def add(more: int) -> None:
        multiply(entry, more, email=ADDRESS)
        multiply(invitation, more, each=without, entry_id="n")

    assert_constant({reverse("roster_invited"): world.booker}, add)


def test_places_of_a_programme(world: World) -> None:
    keeper = make_member(world.brand, "owner", "keeper")
    programme = some.programme_of(keeper, world.brand)
    place = some.invited(keeper, programme, some.model("iris")[1])
    pages = dict.fromkeys([reverse("programme", args=[programme.pk]), reverse("programmes")], keeper)
    assert_constant(pages, lambda more: multiply(place, more, email=ADDRESS))
