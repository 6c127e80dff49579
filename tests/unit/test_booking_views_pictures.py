"""Pictures: the model looks first, one at a time; the brand chooses among those she passed; then the library."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.bookings.models import Booking, Deliverable, Download, Licence, Review
from apps.bookings.services import delivery, making, review
from apps.bookings.services.labelling import choose_label
from apps.bookings.states import State
from apps.generation.models import Candidate, Job
from tests.factories import bookings as make
from tests.factories.clients import signed_in
from tests.factories.counting import FEW, MANY, queries_of
from tests.factories.people import World, make_member, make_world

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
HTMX = {"HX-Request": "true"}


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def maya(world: World) -> Client:
    return signed_in(world.maya)


@pytest.fixture
def jonas(world: World) -> Client:
    return signed_in(world.producer)


def check(booking: Booking) -> str:
    return reverse("picture_check", args=[booking.pk])


def select(booking: Booking) -> str:
    return reverse("select", args=[booking.pk])


def pass_all(world: World, booking: Booking) -> None:
    for waiting in Review.objects.filter(booking=booking).select_related("booking__twin__talent", "look"):
        review.decide(by=world.maya.actor, review=waiting, passed=True)


def delivered(world: World, **fields: object) -> Booking:
    booking = make.chosen(world, **fields)
    review.finish(by=world.producer.actor, booking=booking)
    return make.fresh(delivery.release_selected(booking=make.fresh(booking)))


class TestChecking:
    def decide(self, client: Client, picture: Review, verdict: str, **fields: object):
        return client.post(reverse("picture_decide", args=[picture.pk]), {"verdict": verdict} | fields)

    def test_one_picture_at_a_time_the_oldest_first_with_its_likeness_in_words(self, world, maya):
        booking = make.in_review(world, pictures=3)
        html = maya.get(check(booking)).content.decode()
        assert "1 of 3" in html and "The check is sure that this is you" in html
        assert "likeness 0.74 of 1" in html.lower() and "Decide by" in html
        self.decide(maya, booking.reviews.first(), "pass")
        assert b"2 of 3" in maya.get(check(booking)).content

    def test_a_picture_the_guard_doubts_is_said_to_be_doubtful(self, world, maya):
        booking = make.in_review(world, pictures=1)
        Candidate.objects.update(state="needs_person", verdict="needs_person", likeness=0.5)
        assert b"not sure that this is you" in maya.get(check(booking)).content

    def test_rejecting_needs_no_reason_and_takes_one(self, world, maya):
        booking = make.in_review(world, pictures=2)
        first, second = booking.reviews.all()
        self.decide(maya, first, "reject")
        self.decide(maya, second, "reject", because="The pose or crop", words="My hand")
        assert [row.reason for row in booking.reviews.filter(decision="rejected")] == ["", "The pose or crop. My hand"]

    def test_too_many_words_come_back_and_nothing_is_decided(self, world, maya):
        booking = make.in_review(world, pictures=1)
        answer = self.decide(maya, booking.reviews.get(), "reject", words="y" * 400)
        assert answer.status_code == 422 and b"y" * 400 in answer.content and b"data-open" in answer.content
        assert booking.reviews.get().decision == "waiting"

    def test_after_the_last_one_the_page_thanks_with_the_tally(self, world, maya):
        booking = make.in_review(world, pictures=2)
        pass_all(world, booking)
        html = maya.get(check(booking)).content.decode()
        assert "Thank you. All checked" in html and ">2</b>" in html

    def test_deciding_twice_is_refused_with_the_next_picture(self, world, maya):
        booking = make.in_review(world, pictures=2)
        first = booking.reviews.first()
        self.decide(maya, first, "pass")
        again = self.decide(maya, first, "reject")
        assert again.status_code == 409 and b"already decided" in again.content
        first.refresh_from_db()
        assert first.decision == "passed"

    @pytest.mark.parametrize(
        ("who", "status"), [("producer", 403), ("booker", 403), ("rival_producer", 403), ("other_model", 404)]
    )
    def test_nobody_else_looks_or_decides(self, world, who, status):
        booking = make.in_review(world, pictures=1)
        client = signed_in(getattr(world, who))
        assert client.get(check(booking)).status_code == status
        assert self.decide(client, booking.reviews.get(), "pass").status_code == status
        assert booking.reviews.get().decision == "waiting"

    def test_a_link_never_decides(self, world, maya):
        booking = make.in_review(world, pictures=1)
        assert maya.get(reverse("picture_decide", args=[booking.reviews.get().pk])).status_code == 405

    def test_the_questions_do_not_grow_with_the_pictures(self, world, maya):
        counts = [queries_of(maya, check(make.in_review(world, pictures=number))) for number in (FEW, MANY)]
        assert counts[0] == counts[1]


class TestChoosing:
    def choose(self, client: Client, passed: Review, **fields: object):
        return client.post(reverse("select_choose", args=[passed.pk]), {"chosen": "1"} | fields)

    def test_the_brand_sees_only_what_she_passed_and_only_with_a_watermark(self, world, jonas):
        booking = make.in_review(world, pictures=2)
        first, second = booking.reviews.all()
        html = jonas.get(select(booking)).content.decode()
        assert "/files/" not in html and "2 with the model" in html
        review.decide(by=world.maya.actor, review=first, passed=True)
        review.decide(by=world.maya.actor, review=second, passed=False, reason="my secret")
        html = jonas.get(select(booking)).content.decode()
        assert f"?picture={first.pk}" in html and str(second.pk) not in html and "my secret" not in html
        address = re.search(r'src="(/files/[^"]+)"', html).group(1)
        shown = jonas.get(address)
        assert shown.headers["Content-Type"] == "image/webp"
        assert first.candidate.file.renditions.get().name == "preview640"

    def test_what_she_has_not_passed_cannot_be_opened_or_chosen(self, world, jonas):
        booking = make.in_review(world, pictures=1)
        waiting = booking.reviews.get()
        assert self.choose(jonas, waiting).status_code == 404
        assert "/files/" not in jonas.get(select(booking), {"picture": str(waiting.pk)}).content.decode()

    def test_choosing_and_putting_back_works_with_and_without_javascript(self, world, jonas):
        booking = make.in_review(world, pictures=2)
        pass_all(world, booking)
        first, second = booking.reviews.all()
        assert self.choose(jonas, first).headers["Location"] == select(booking)
        html = jonas.post(reverse("select_choose", args=[second.pk]), {"chosen": "1"}, headers=HTMX).content.decode()
        assert html.lstrip().startswith('<div id="selection"') and "2 of 2 chosen" in html
        jonas.post(reverse("select_choose", args=[first.pk]), {})
        assert b"1 of 2 chosen" in jonas.get(select(booking)).content

    def test_from_the_large_view_one_comes_back_to_the_large_view(self, world, jonas):
        booking = make.in_review(world, pictures=2)
        pass_all(world, booking)
        first = booking.reviews.order_by("look__position", "created_at").first()
        answer = self.choose(jonas, first, picture=str(first.pk))
        assert answer.headers["Location"] == f"{select(booking)}?picture={first.pk}"
        html = jonas.get(answer.headers["Location"]).content.decode()
        assert 'data-key="j ArrowRight"' in html and 'ArrowLeft"' not in html and "Put it back" in html

    def test_one_more_than_ordered_is_refused_in_words(self, world, jonas):
        booking = make.chosen(world, pictures=1)
        review.ask_another(by=world.producer.actor, look=booking.looks.get())
        making.receive_candidate(candidate=make.make_candidate(Job.objects.of_booking(booking.ref).open().get()))
        pass_all_waiting = Review.objects.get(booking=booking, decision="waiting")
        review.decide(by=world.maya.actor, review=pass_all_waiting, passed=True)
        answer = self.choose(jonas, pass_all_waiting)
        assert answer.status_code == 422 and b"You ordered 1" in answer.content

    def test_another_is_ordered_within_the_voucher_and_the_rest_is_shown(self, world, jonas):
        booking = make.in_review(world, pictures=1)
        assert b"2 left for the whole booking" in jonas.get(select(booking)).content
        address = reverse("select_another", args=[booking.looks.get().pk])
        html = jonas.post(address, headers=HTMX).content.decode()
        assert "1 left for the whole booking" in html and "1 being made" in html
        jonas.post(address)
        assert b"are used" in jonas.get(select(booking)).content
        assert jonas.post(address).status_code == 422

    def test_finishing_needs_a_choice_and_is_final(self, world, jonas):
        booking = make.in_review(world, pictures=1)
        pass_all(world, booking)
        finish = reverse("select_finish", args=[booking.pk])
        assert jonas.post(finish).status_code == 422
        self.choose(jonas, booking.reviews.get())
        assert jonas.post(finish).headers["Location"] == reverse("booking", args=[booking.pk])
        assert make.fresh(booking).finished_at is not None
        assert jonas.post(finish).status_code in {302, 409}

    def test_when_a_colleague_has_finished_the_polling_page_moves_on_as_a_whole(self, world, jonas):
        booking = delivered(world, pictures=1)
        answer = jonas.get(select(booking), headers=HTMX)
        assert answer.headers["HX-Redirect"] == reverse("booking", args=[booking.pk])
        assert jonas.get(select(booking)).status_code == 302

    def test_a_colleague_without_the_right_looks_and_others_find_nothing(self, world):
        booking = make.in_review(world, pictures=1)
        pass_all(world, booking)
        picture = booking.reviews.get()
        viewer = signed_in(make_member(world.brand, "viewer", "ada"))
        assert viewer.get(select(booking)).status_code == 200
        assert self.choose(viewer, picture).status_code == 403
        rival = signed_in(world.rival_producer)
        assert (rival.get(select(booking)).status_code, self.choose(rival, picture).status_code) == (404, 404)
        assert rival.post(reverse("select_another", args=[booking.looks.get().pk])).status_code == 404
        assert signed_in(world.booker).get(select(booking)).status_code == 403

    def test_the_questions_do_not_grow_with_the_pictures(self, world, jonas):
        counts = []
        for number in (FEW, MANY):
            booking = make.in_review(world, pictures=number)
            pass_all(world, booking)
            counts.append(queries_of(jonas, select(booking)))
        assert counts[0] == counts[1]


def labelled(world, **fields):
    """Delivered, and the brand has chosen the label that its files carry."""
    licence = delivered(world, **fields).licence
    choose_label(by=world.producer.actor, licence=licence, territory="DE", channel="ecommerce")
    licence.label_choices.update(label=licence.deliverables.first().label)
    return licence


class TestLibrary:
    def test_without_pictures_the_page_says_what_comes(self, jonas):
        assert b"No pictures yet" in jonas.get(reverse("library")).content

    def test_a_brand_finds_its_pictures_with_their_end_and_others_do_not(self, world, jonas):
        licence = labelled(world)
        html = jonas.get(reverse("library")).content.decode()
        assert f"{licence.ends_on.day} " in html and html.count(", JPEG of Look 1, picture ") == 2
        assert b"No pictures yet" in signed_in(world.rival_producer).get(reverse("library")).content

    def test_a_download_is_a_press_that_is_logged_and_leads_to_the_file(self, world, jonas):
        licence = labelled(world, pictures=1)
        address = reverse("download", args=[Deliverable.objects.get().pk])
        assert jonas.get(address).status_code == 405
        file = jonas.get(jonas.post(address).headers["Location"])
        assert file.headers["Content-Type"] == "image/jpeg"
        assert f"double-{licence.code}" in file.headers["Content-Disposition"]
        assert Download.objects.get().user == world.producer.user

    def test_an_ended_licence_offers_nothing_and_refuses_a_kept_form(self, world, jonas):
        licence = labelled(world, pictures=1)
        yesterday = timezone.now().date() - timedelta(days=1)
        Licence.objects.update(starts_on=yesterday, ends_on=yesterday)
        page = jonas.get(reverse("own_licence", args=[licence.pk])).content.decode()
        assert "ended" in page and ">JPEG<" not in page
        answer = jonas.post(reverse("download", args=[Deliverable.objects.get().pk]))
        assert answer.status_code == 422 and b"This licence runs from" in answer.content
        assert not Download.objects.exists()

    @pytest.mark.parametrize(("who", "status"), [("rival_producer", 404), ("maya", 403), ("booker", 403)])
    def test_nobody_but_the_brand_downloads(self, world, who, status):
        delivered(world, pictures=1)
        client = signed_in(getattr(world, who))
        assert client.post(reverse("download", args=[Deliverable.objects.get().pk])).status_code == status

    def test_the_licence_is_read_by_those_who_gave_it_and_by_nobody_else(self, world):
        licence = delivered(world, pictures=1).licence
        address = reverse("own_licence", args=[licence.pk])
        for person in (world.producer, world.maya, world.booker):
            html = signed_in(person).get(address).content.decode()
            assert licence.code in html and licence.booking.current_terms.memo_sha256 in html
        for person in (world.rival_producer, world.other_model, world.other_booker):
            assert signed_in(person).get(address).status_code == 404

    def test_the_model_reads_who_downloaded(self, world, jonas, maya):
        licence = labelled(world, pictures=1)
        jonas.post(reverse("download", args=[Deliverable.objects.get().pk]))
        html = maya.get(reverse("own_licence", args=[licence.pk])).content.decode()
        assert str(world.producer.user) in html and "What was paid" not in html

    def test_a_licence_is_not_there_while_its_pictures_are_still_being_labelled(self, world, jonas):
        booking = make.chosen(world)
        review.finish(by=world.producer.actor, booking=booking)
        licence = Licence.objects.get(booking=booking)
        assert jonas.get(reverse("own_licence", args=[licence.pk])).status_code == 404

    def test_the_questions_do_not_grow_with_the_pictures(self, world, jonas):
        counts = []
        for number in (FEW, MANY):
            licence = delivered(world, pictures=number).licence
            counts.append(
                (queries_of(jonas, reverse("own_licence", args=[licence.pk])), queries_of(jonas, reverse("library")))
            )
        assert counts[0] == counts[1]


def test_pages_of_pictures_are_never_kept_by_a_shared_cache(world, maya):
    booking = make.in_review(world, pictures=1)
    assert "no-store" in maya.get(check(booking)).headers["Cache-Control"]
    assert make.fresh(booking).state == State.IN_REVIEW
