"""Looking at pictures: who reaches which page, what comes back with an error, and that questions do not grow."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.bookings.models import Booking, Pin, Review, Wish
from apps.bookings.services import looking, pins, review
from apps.talent.models import NeverAgain
from tests.factories import bookings as make
from tests.factories.clients import signed_in
from tests.factories.counting import FEW, MANY, queries_of
from tests.factories.people import World, make_world

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def jonas(world: World) -> Client:
    return signed_in(world.producer)


@pytest.fixture
def maya(world: World) -> Client:
    return signed_in(world.maya)


def rows(booking: Booking) -> list[Review]:
    related = ("booking__twin__talent", "booking__brand", "booking__agency", "look", "candidate")
    return list(Review.objects.filter(booking=booking).select_related(*related).order_by("created_at"))


def passed(world: World, number: int = 1) -> Booking:
    booking = make.in_review(world, pictures=number)
    for row in rows(booking):
        review.decide(by=world.maya.actor, review=row, passed=True)
    return booking


def remark(world: World, row: Review, text: str = "Lower the hand") -> Pin:
    return pins.pin(by=world.producer.actor, review=row, x=400, y=300, text=text)


class TestRemarks:
    def test_one_comes_back_to_the_picture_and_reads_it_there(self, world, jonas):
        row = rows(passed(world))[0]
        answer = jonas.post(reverse("pin_add", args=[row.pk]), {"x": 10, "y": 20, "text": "The seam"})
        assert answer.headers["Location"].endswith(f"?picture={row.pk}#remarks")
        html = jonas.get(answer.headers["Location"]).content.decode()
        assert "The seam" in html and "1 open" in html

    def test_what_is_wrong_stands_by_its_field_and_nothing_typed_is_lost(self, world, jonas):
        row = rows(passed(world))[0]
        answer = jonas.post(reverse("pin_add", args=[row.pk]), {"x": 4000, "y": 20, "text": "The seam"})
        html = answer.content.decode()
        assert answer.status_code == 422 and "The seam" in html and "less than or equal to 1000" in html

    def test_the_brand_finds_none_of_the_models_words_on_its_pages(self, world, jonas):
        row = rows(passed(world))[0]
        pins.pin(by=world.maya.actor, review=row, x=1, y=1, text="Between us")
        page = jonas.get(reverse("select", args=[row.booking_id]) + f"?picture={row.pk}")
        assert b"Between us" not in page.content

    @pytest.mark.parametrize(
        ("who", "status"), [("rival_producer", 404), ("other_model", 404), ("other_booker", 404), ("booker", 404)]
    )
    def test_a_picture_that_somebody_may_not_see_does_not_exist_for_her(self, world, who, status):
        row = rows(make.in_review(world, pictures=1))[0]
        address = reverse("pin_add", args=[row.pk])
        assert signed_in(getattr(world, who)).post(address, {"x": 1, "y": 1, "text": "a"}).status_code == status
        assert not Pin.objects.exists()

    def test_a_remark_of_the_other_side_does_not_exist_for_the_brand(self, world, jonas):
        row = rows(passed(world))[0]
        hers = pins.pin(by=world.maya.actor, review=row, x=1, y=1, text="Between us")
        assert jonas.post(reverse("pin_settle", args=[hers.pk])).status_code == 404


class TestWishes:
    def test_she_reads_the_words_before_she_answers_and_a_link_never_answers(self, world, jonas, maya):
        booking = passed(world)
        row = rows(booking)[0]
        remark(world, row)
        jonas.post(reverse("select_another", args=[row.look_id]))
        wish = Wish.objects.get()
        page = maya.get(reverse("picture_check", args=[booking.pk])).content.decode()
        assert "Lower the hand" in page and "silence is no" in page
        address = reverse("wish_answer", args=[wish.pk])
        assert maya.get(address).status_code == 405
        assert signed_in(world.other_model).post(address, {"answer": "yes"}).status_code == 404
        maya.post(address, {"answer": "yes"})
        wish.refresh_from_db()
        assert wish.state == "granted"


class TestNeverAgain:
    def test_a_tick_with_the_verdict_is_a_rule_that_she_takes_out_on_her_page(self, world, maya):
        row = rows(make.in_review(world, pictures=1))[0]
        data = {"verdict": "reject", "never": ["light:hard"]}
        assert maya.post(reverse("picture_decide", args=[row.pk]), data).status_code == 302
        rule = NeverAgain.objects.get()
        assert b"Hard light with a sharp shadow" in maya.get(reverse("rules")).content
        address = reverse("rule_remove", args=[rule.pk])
        assert signed_in(world.other_model).post(address).status_code == 404
        assert maya.post(address).status_code == 302 and not NeverAgain.objects.exists()

    def test_what_the_picture_does_not_show_cannot_be_ticked(self, world, maya):
        row = rows(make.in_review(world, pictures=1))[0]
        data = {"verdict": "reject", "never": ["scene:beauty"]}
        assert maya.post(reverse("picture_decide", args=[row.pk]), data).status_code == 422


class TestSeveral:
    def test_passing_unopened_pictures_is_refused_with_the_page(self, world, maya):
        booking = make.in_review(world, pictures=2)
        ticked = {"several": [str(row.pk) for row in rows(booking)] + ["nonsense"]}
        answer = maya.post(reverse("pictures_pass", args=[booking.pk]), ticked)
        assert answer.status_code == 422 and b"full size first" in answer.content
        for row in rows(booking):
            maya.post(reverse("picture_open", args=[row.pk]))
        assert maya.post(reverse("pictures_pass", args=[booking.pk]), ticked).status_code == 302
        assert booking.reviews.filter(decision="passed").count() == 2

    def test_the_brand_ticks_what_it_wants(self, world, jonas):
        booking = passed(world, 2)
        ticked = {"several": [str(row.pk) for row in rows(booking)]}
        jonas.post(reverse("select_several", args=[booking.pk]), ticked)
        assert booking.reviews.filter(selected_at__isnull=False).count() == 2


class TestAgency:
    def test_it_sees_what_she_passed_or_asks_about_and_nothing_else(self, world):
        booking = make.in_review(world, pictures=3)
        asked, given, hidden = rows(booking)
        looking.ask_advice(by=world.maya.actor, review=asked)
        review.decide(by=world.maya.actor, review=given, passed=True)
        html = signed_in(world.booker).get(reverse("picture_advice", args=[booking.pk])).content.decode()
        assert str(asked.pk) in html and str(given.pk) in html and str(hidden.pk) not in html

    @pytest.mark.parametrize(("who", "status"), [("other_booker", 404), ("mother_booker", 404), ("producer", 403)])
    def test_another_party_has_no_such_page(self, world, who, status):
        address = reverse("picture_advice", args=[make.in_review(world, pictures=1).pk])
        assert signed_in(getattr(world, who)).get(address).status_code == status


def test_the_questions_do_not_grow_with_the_pictures_or_the_remarks(world, jonas, maya):
    booker = signed_in(world.booker)
    counts = []
    for number in (FEW, MANY):
        booking = passed(world, number)
        first = rows(booking)[0]
        for row in rows(booking)[:number]:
            remark(world, row)
        waiting = make.in_review(world, pictures=number)
        counts.append(
            [
                queries_of(jonas, reverse("select", args=[booking.pk])),
                queries_of(jonas, reverse("select", args=[booking.pk]) + f"?picture={first.pk}"),
                queries_of(booker, reverse("picture_advice", args=[booking.pk])),
                queries_of(maya, reverse("pictures_waiting", args=[waiting.pk])),
                queries_of(maya, reverse("picture_check", args=[waiting.pk])),
            ]
        )
    assert counts[0] == counts[1]
