"""A hundred thousand licences, places of one, people who looked, and messages: as few questions as with ten."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.bookings.labels import label_for
from apps.bookings.models import Deliverable, Download, LabelChoice, Licence, PictureView, Placement, Review
from apps.bookings.services import delivery, review
from apps.conversations import services as conversations
from apps.conversations.models import ReadMark, Thread
from tests.factories import bookings as make
from tests.factories.long_lists import assert_constant
from tests.factories.many import code, id_of, multiply
from tests.factories.people import World, make_world

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


@pytest.fixture
def world() -> World:
    return make_world()


def delivered(world: World) -> Licence:
    booking = make.chosen(world, pictures=1)
    review.finish(by=world.producer.actor, booking=booking)
    return Licence.objects.get(booking=delivery.release_selected(booking=make.fresh(booking)))


def copies_of(licence: Licence, numbers: range) -> None:
    """Each of a booking of its own, with one picture."""
    multiply(licence.booking, numbers, id=id_of("booking"), code=code(), lane="n")
    multiply(licence, numbers, id=id_of("licence"), booking_id=id_of("booking"), code=code())
    picture = Deliverable.objects.filter(licence=licence)[0]
    multiply(picture.file, numbers, id=id_of("file"), storage_name="'n' || n")
    multiply(picture, numbers, licence_id=id_of("licence"), file_id=id_of("file"), sha256="lpad(n::text, 64, '0')")


def test_licences(world: World) -> None:
    licence, library = delivered(world), reverse("library")
    pages = {
        library: world.producer,
        f"{library}?q=maya&sort=model": world.producer,
        f"{library}?view=ending&sort=new": world.producer,
        reverse("brand_home"): world.producer,
        f"{reverse('bookings')}?view=delivered": world.producer,
        reverse("agency_desk"): world.booker,
        f"{reverse('agency_desk')}?view=delivered": world.booker,
        reverse("model_home"): world.maya,
        reverse("my_twin"): world.maya,
        reverse("where"): world.maya,
        reverse("pause"): world.maya,
    }
    assert_constant(pages, lambda numbers: copies_of(licence, numbers))


def test_places_and_downloads_of_one_licence_and_who_looked_at_its_pictures(world: World) -> None:
    licence, today, person = delivered(world), timezone.now().date(), world.producer.user
    picture = Review.objects.get(booking=licence.booking)
    placement = Placement.objects.create(
        licence=licence, where="A poster", medium="ecommerce", territories=["DE"], first_on=today, logged_by=person.pk
    )
    LabelChoice.objects.create(
        licence=licence,
        territory="DE",
        channel="ecommerce",
        label=label_for("DE", "ecommerce").code,
        chosen_by=person.pk,
    )
    seen = PictureView.objects.create(
        review=picture, user=person, party=world.brand.party, day=today - timedelta(days=1)
    )
    taken = Download.objects.create(
        deliverable=licence.deliverables.first(), user=person, party=world.brand.party, address="127.0.0.1"
    )

    def add(numbers: range) -> None:
        multiply(placement, numbers)
        multiply(taken, numbers)
        multiply(seen, numbers, day="original.day - n")

    page, log = reverse("own_licence", args=[licence.pk]), reverse("access_log")
    pages = {
        page: world.producer,
        f"{page}?": world.maya,
        f"{page}?places=2&downloads=2": world.producer,
        log: world.maya,
        f"{log}?view=downloads": world.maya,
    }
    assert_constant(pages, add)


def test_conversations(world: World) -> None:
    booking = make.submitted(world)
    message = conversations.write(
        by=world.producer.actor, booking=booking, between="brand-agency", text="Could it be Thursday?"
    )

    def add(numbers: range) -> None:
        multiply(booking, numbers, id=id_of("booking"), code=code(), lane="n")
        multiply(message.thread, numbers, id=id_of("thread"), booking_id=id_of("booking"))
        multiply(message, numbers, thread_id=id_of("thread"))

    inbox = reverse("conversations")
    pages = {
        inbox: world.booker,
        f"{inbox}?view=unread": world.booker,
        f"{inbox}?": world.producer,
        reverse("agency_desk"): world.booker,
    }
    assert_constant(pages, add)


def test_one_long_conversation(world: World) -> None:
    booking = make.submitted(world)
    for by in (world.producer, world.booker):
        message = conversations.write(
            by=by.actor, booking=booking, between="brand-agency", text="Could it be Thursday?"
        )

    def add(numbers: range) -> None:
        multiply(message, numbers, number="n + 2")
        Thread.objects.update(last_number=numbers.stop + 1)
        ReadMark.objects.update(number=numbers.stop + 1)  # a first look marks what is new as read

    page = reverse("conversation", args=[booking.pk, "brand-agency"])
    pages = {
        page: world.producer,
        f"{page}?before=200": world.producer,
        f"{page}?": world.booker,
        reverse("conversations"): world.producer,
        reverse("booking", args=[booking.pk]): world.producer,
        reverse("request", args=[booking.pk]): world.booker,
    }
    assert_constant(pages, add)
