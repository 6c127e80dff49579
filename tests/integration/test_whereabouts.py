"""A model's view of everything: where she is, who looked at her pictures, and one press that stops it all."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.bookings.models import Booking, Licence, PictureView
from apps.bookings.models.booking import new_code, new_lane
from apps.bookings.services import delivery, labelling, review, viewing
from apps.bookings.states import State
from apps.bookings.tasks import forget_views
from apps.common.territories import COUNTRIES, REGIONS
from apps.portal.world import PARTS, world_of
from apps.twins.models import Twin
from tests.factories import bookings as make
from tests.factories.clients import signed_in
from tests.factories.counting import with_few_and_many
from tests.factories.people import World, make_member, make_world

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
PAGES = ("where", "access_log", "pause")


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def maya(world: World) -> Client:
    return signed_in(world.maya)


def delivered(world: World, **fields) -> Booking:
    booking = make.chosen(world, pictures=1, **fields)
    review.finish(by=world.producer.actor, booking=booking)
    return delivery.release_selected(booking=make.fresh(booking))


def licence(world: World, number: int, **fields) -> Licence:
    booking = make.draft(world)
    row = {"state": State.DELIVERED, "submitted_at": timezone.now(), "delivered_at": timezone.now()}
    Booking.objects.filter(pk=booking.pk).update(**row, code=new_code(), lane=new_lane(), title=f"Booking {number}")
    today = timezone.now().date()
    dates = {"starts_on": today - timedelta(days=10), "ends_on": today + timedelta(days=20 + number)}
    return Licence.objects.create(
        booking=booking, brand=world.brand, twin=world.twin, category="fashion", exclusivity="none",
        **{"media": ["own"], "state": "active", "territories": ["DE", "FR"]} | dates | fields,
    )  # fmt: skip


class TestWhere:
    def test_by_brand_with_the_last_day_on_the_line_and_on_the_map(self, world, maya):
        licence(world, 1, ends_on=date(2099, 3, 5))
        licence(world, 2, state="expired")
        answer = maya.get(reverse("where"))
        page, html = answer.context["page"], answer.content.decode()
        [(brand, [run])] = page.runs
        assert brand == world.brand.name and run.cut and "5 March 2099" in html
        assert run.x >= 0 and run.x + run.width <= 1_006
        europe = page.world[0]
        assert (europe.name, europe.lit, europe.words) == ("Europe", 2, "France, Germany")
        assert "Europe, filled: France, Germany" in html

    def test_worldwide_fills_every_square(self):
        assert all(part.lit == len(part.tiles) and part.words == "all of it" for part in world_of(["WORLD"]))

    def test_every_country_of_a_priced_region_has_one_square(self):
        placed = [code for codes in PARTS.values() for code in codes.split()]
        assert len(placed) == len(set(placed)) and set(placed) <= COUNTRIES
        assert frozenset().union(*(countries for _, countries in REGIONS.values())) <= set(placed)
        assert world_of(["AQ"])[-1].words == "all of it"  # nobody lives there, and it is not left out

    def test_without_a_licence_there_is_a_next_step(self, maya):
        assert "Nothing runs" in maya.get(reverse("where")).content.decode()

    def test_as_many_questions_for_three_licences_as_for_thirty(self, world, maya):
        few, many = with_few_and_many(maya, reverse("where"), lambda number: licence(world, number))
        assert few == many


class TestAccessLog:
    """GDPR: access log that the model can read."""

    def test_a_candidate_that_the_brand_looks_at_is_one_row_a_day_for_each_person(self, world, maya):
        booking = make.chosen(world, pictures=1)
        jonas = signed_in(world.producer)
        for _ in range(2):
            jonas.get(reverse("select", args=[booking.pk]))
        signed_in(make_member(world.brand, "viewer", "ada")).get(reverse("select", args=[booking.pk]))
        assert PictureView.objects.count() == 2
        html = maya.get(reverse("access_log")).content.decode()
        assert world.brand.name in html and world.producer.user.name in html

    def test_the_library_the_licence_and_the_booking_are_looked_at_too(self, world, maya):
        booking = delivered(world)
        jonas = signed_in(world.producer)
        for address in (
            reverse("library"),
            reverse("own_licence", args=[booking.licence.pk]),
            reverse("booking", args=[booking.pk]),
        ):
            PictureView.objects.all().delete()
            jonas.get(address)
            assert PictureView.objects.count() == 1, address

    def test_herself_and_her_agency_are_not_written_down(self, world, maya):
        booking = delivered(world)
        maya.get(reverse("own_licence", args=[booking.licence.pk]))
        signed_in(world.booker).get(reverse("own_licence", args=[booking.licence.pk]))
        assert not PictureView.objects.exists()

    def test_downloads_stand_beside(self, world, maya):
        booking = delivered(world)
        producer = world.producer.actor
        choice = labelling.choose_label(by=producer, licence=booking.licence, territory="DE", channel="ecommerce")
        labelling.make_labelled(choice_id=choice.pk)
        picture = booking.licence.deliverables.get(label="eu:de")
        signed_in(world.producer).post(reverse("download", args=[picture.pk]))
        answer = maya.get(reverse("access_log") + "?view=downloads")
        assert answer.context["tabs"][1][2] == 1 and world.brand.name in answer.content.decode()

    def test_it_is_kept_for_two_years(self, world):
        booking = make.chosen(world, pictures=1)
        reviews = list(booking.reviews.all())
        viewing.note_views(by=world.producer.actor, reviews=reviews)
        PictureView.objects.update(day=timezone.now().date() - timedelta(days=730))
        forget_views()
        assert PictureView.objects.exists()
        PictureView.objects.update(day=timezone.now().date() - timedelta(days=731))
        forget_views()
        assert not PictureView.objects.exists()

    def test_as_many_questions_for_three_rows_as_for_thirty(self, world, maya):
        booking = make.chosen(world, pictures=1)
        picture, today = booking.reviews.get(), timezone.now().date()

        def add(number: int) -> None:
            PictureView.objects.create(
                review=picture, user=world.producer.user, party=world.brand.party, day=today - timedelta(days=number)
            )

        few, many = with_few_and_many(maya, reverse("access_log"), add)
        assert few == many


class TestPause:
    def test_before_she_presses_she_sees_what_stops_and_what_goes_on(self, world, maya):
        licence(world, 1)
        held = make.generating(world)
        waiting = make.submitted(world)
        page = maya.get(reverse("pause")).context["page"]
        assert [row.pk for row in page.held.rows] == [held.pk] and [row.pk for row in page.waiting.rows] == [waiting.pk]
        assert (page.licences, page.jobs, page.can_pause) == (1, 2, True)
        maya.post(reverse("twin_act", args=["pause"]))
        assert make.fresh(held).state == State.ON_HOLD
        assert Twin.objects.get(pk=world.twin.pk).state == Twin.State.PAUSED
        assert maya.get(reverse("pause")).context["page"].paused

    def test_it_can_be_reached_from_every_page_of_hers(self, maya):
        for name in ("model_home", "my_twin", "earnings", "where", "notices", "rules"):
            assert f'href="{reverse("pause")}"' in maya.get(reverse(name)).content.decode(), name


@pytest.mark.parametrize("name", PAGES)
def test_nobody_else_opens_her_pages(world, name):
    for person in (world.producer, world.booker):
        assert signed_in(person).get(reverse(name)).status_code == 403
