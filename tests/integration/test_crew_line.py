"""The crew line (product.md, 14): entered by brand or agency until the selection is finished, named on each picture."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.audit.models import Event
from apps.bookings.models import Booking, Credit, Deliverable
from apps.bookings.services import crew, delivery, review
from apps.common.errors import InvalidInput, NotAllowed, StaleState
from apps.media.services import read
from apps.provenance import jpeg, xmp
from tests.factories import bookings as make
from tests.factories.clients import signed_in
from tests.factories.identity import staff_member
from tests.factories.people import World, acting, make_member, make_world

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])

TYPED = {"role": "stylist", "role_text": "", "name": "Tomás Varga", "contact": "tomas@crew.example"}


@pytest.fixture
def world() -> World:
    return make_world()


def add_as(client: Client, booking: Booking, **typed: str):
    return client.post(reverse("credit_add", args=[booking.pk]), TYPED | typed)


class TestWhoMay:
    @pytest.mark.parametrize("who", ["producer", "booker"])
    def test_brand_and_answering_agency_name_and_take_off(self, world, who):
        booking = make.submitted(world)
        client = signed_in(getattr(world, who))
        add_as(client, booking)
        credit = booking.credits.get()
        assert (credit.name, credit.part, credit.entered_by) == (
            "Tomás Varga", "Stylist", getattr(world, who).actor.party,
        )  # fmt: skip
        client.post(reverse("credit_remove", args=[credit.pk]))
        assert not booking.credits.exists()
        assert Event.objects.filter(kind__in=["credit.added", "credit.removed"]).count() == 2

    @pytest.mark.parametrize(("who", "status"), [("maya", 403), ("rival_producer", 404)])
    def test_nobody_else_does(self, world, who, status):
        booking = make.submitted(world)
        person = getattr(world, who)
        assert add_as(signed_in(person), booking).status_code == status
        with pytest.raises(NotAllowed):
            crew.add_credit(by=person.actor, booking=booking, role="hair", name="Ruth")

    def test_neither_viewer_nor_accountant_nor_staff(self, world):
        booking = make.submitted(world)
        for member in (make_member(world.brand, "viewer", "ada"), make_member(world.agency, "accountant", "ben")):
            assert add_as(signed_in(member), booking).status_code == 403
        with pytest.raises(NotAllowed):
            crew.add_credit(
                by=acting(staff_member(), "platform", "staff", frozenset()), booking=booking, role="hair", name="Ruth"
            )

    def test_a_booking_of_another_agency_is_not_theirs(self, world):
        booking = make.submitted(world)
        Booking.objects.filter(pk=booking.pk).update(agency=None)
        assert add_as(signed_in(world.booker), booking).status_code == 404


class TestTyping:
    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"name": ""}, "This field is required."),
            ({"role": "pilot"}, "is not one of the available choices"),
            ({"role": "other"}, "Say in a few words"),
            ({"name": "x" * 81}, "at most 80 characters"),
        ],
    )
    def test_an_error_stands_beside_its_field_and_nothing_typed_is_lost(self, world, typed, words):
        booking = make.submitted(world)
        answer = add_as(signed_in(world.producer), booking, **typed)
        html = answer.content.decode()
        assert answer.status_code == 422 and words in html and "tomas@crew.example" in html

    def test_another_part_is_named_by_a_short_text(self, world):
        booking = make.submitted(world)
        add_as(signed_in(world.booker), booking, role="other", role_text="Nails")
        assert booking.credits.get().part == "Nails"

    def test_not_more_than_fit_on_a_line(self, world):
        booking = make.submitted(world)
        for number in range(20):
            crew.add_credit(by=world.producer.actor, booking=booking, role="hair", name=f"Person {number}")
        with pytest.raises(InvalidInput):
            crew.add_credit(by=world.producer.actor, booking=booking, role="hair", name="One more")


class TestDelivered:
    @pytest.fixture
    def delivered(self, world) -> Booking:
        booking = make.chosen(world, pictures=1)
        for role, name in (("photographer", "Odile Marchetti"), ("hair", "Ruth Okonjo")):
            crew.add_credit(by=world.producer.actor, booking=booking, role=role, name=name, contact="crew@crew.example")
        review.finish(by=world.producer.actor, booking=booking)
        with pytest.raises(StaleState):
            crew.add_credit(by=world.producer.actor, booking=make.fresh(booking), role="hair", name="Too late")
        return delivery.release_selected(booking=make.fresh(booking))

    def test_the_names_stand_in_the_file_on_the_licence_and_on_its_public_page(self, world, delivered, client):
        deliverable = Deliverable.objects.get()
        found = xmp.read(jpeg.xmp_packets(read(deliverable.file))[0])
        assert found["dc:creator"] == xmp.Items(("Odile Marchetti", "Double"), ordered=True)
        assert "Ruth Okonjo (Hair)" in str(found["Iptc4xmpExt:Contributor"])
        own = signed_in(world.maya).get(reverse("own_licence", args=[delivered.licence.pk])).content.decode()
        assert "Odile Marchetti" in own and "crew@crew.example" in own
        public = client.get(reverse("licence", args=[delivered.licence.code])).content.decode()
        assert "Odile Marchetti (photographer), Ruth Okonjo (hair)" in public and "crew@crew.example" not in public

    def test_what_is_delivered_names_whom_it_names(self, world, delivered):
        with pytest.raises(StaleState):
            crew.remove_credit(by=world.producer.actor, credit=Credit.objects.select_related("booking__brand").first())
