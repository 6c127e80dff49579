"""A request before the model and the agency: read everything, answer once, sealed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.bookings.models import Approval, Booking
from apps.bookings.services import answers
from apps.bookings.states import State
from apps.media.services import store
from apps.signatures.models import Signature
from apps.twins.models import Twin
from tests.factories import bookings as make
from tests.factories.clients import signed_in
from tests.factories.counting import FEW, MANY, queries_of
from tests.factories.people import World, make_member, make_world

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def maya(world: World) -> Client:
    return signed_in(world.maya)


@pytest.fixture
def claire(world: World) -> Client:
    return signed_in(world.booker)


def page(booking: Booking) -> str:
    return reverse("request", args=[booking.pk])


def say(client: Client, booking: Booking, answer: str, **fields: object):
    shown = booking.terms.get(version=1).memo_sha256 if booking.version else ""
    typed = {"version": 1, "answer": answer, "shown": shown} | fields
    return client.post(reverse("request_answer", args=[booking.pk]), typed)


class TestReading:
    def test_the_model_reads_her_share_and_every_other_line_to_the_cent(self, world, maya):
        html = maya.get(page(make.submitted(world, pictures=40))).content.decode()
        assert "You receive" in html and ">4,200.00<" in html.replace("</span>", "><").replace("€", "")
        for line in ("You 80%", "Elan, commission 10%", "Elan, service charge 20%", "Casa Nueve, commission 10%",
                     "Double 8%", "VAT, handed to the state", "Halden Rye pays", "€7,996.80", "€525.00"):  # fmt: skip
            assert line in html, line

    def test_she_reads_what_they_may_what_they_may_not_and_until_when_to_answer(self, world, maya):
        html = maya.get(page(make.submitted(world))).content.decode()
        for words in ("What they may do", "E-commerce", "Germany", "12 months", "What they may not do", "Train an AI",
                      "Answer by", "Red on red", "Everything is inside your rules"):  # fmt: skip
            assert words in html, words

    def test_no_picture_of_the_twin_is_on_the_request(self, world, maya):
        booking = make.submitted(world)
        cover = world.twin.capture_sets.get().photographs.first().file
        Twin.objects.update(chosen_cover=cover, cover_until=timezone.now() + timedelta(days=9))
        html = maya.get(page(booking)).content.decode()
        assert "/files/" not in html and "scene-block" in html

    def test_a_rule_that_changed_meanwhile_is_said(self, world, maya):
        booking = make.submitted(world)
        world.talent.boundaries.barred_media = ["ecommerce"]
        world.talent.boundaries.save()
        assert b"One thing stands" in maya.get(page(booking)).content

    def test_the_agency_reads_its_two_lines_and_who_the_model_is(self, world, claire):
        html = claire.get(page(make.submitted(world, pictures=40))).content.decode()
        for words in ("Your agency receives", "You, commission", "You, service charge", "Maya Okafor", "€1,050.00",
                      "Answers are sealed", "1,575.00"):  # fmt: skip
            assert words in html, words

    def test_a_mother_agency_is_informed_and_has_no_vote(self, world):
        booking = make.submitted(world)
        lucia = signed_in(world.mother_booker)
        html = lucia.get(page(booking)).content.decode()
        assert "For your information" in html and "Answer by" not in html
        assert say(lucia, booking, "yes").status_code == 403

    def test_outsiders_of_every_kind_find_nothing(self, world):
        booking = make.submitted(world)
        for person in (world.other_model, world.other_booker, world.rival_producer):
            assert signed_in(person).get(page(booking)).status_code == 404
            assert say(signed_in(person), booking, "yes").status_code in {403, 404}
        assert not Approval.objects.exists()

    def test_the_brand_is_led_to_its_own_page_and_cannot_answer(self, world):
        booking = make.submitted(world)
        jonas = signed_in(world.producer)
        assert jonas.get(page(booking)).headers["Location"] == reverse("booking", args=[booking.pk])
        assert say(jonas, booking, "yes").status_code == 403

    def test_a_draft_is_nobody_elses_business(self, world, maya, claire):
        booking = make.draft(world)
        assert (maya.get(page(booking)).status_code, claire.get(page(booking)).status_code) == (404, 404)

    @pytest.mark.parametrize("who", ["maya", "booker"])
    def test_the_questions_to_the_database_do_not_grow_with_the_looks(self, world, who):
        client, counts = signed_in(getattr(world, who)), []
        for looks in (FEW, MANY):
            booking = make.draft(world)
            for number in range(looks):
                product = store(data=b"bag", kind="product", owner=world.brand.party, content_type="application/x-bag")
                booking.looks.create(
                    position=number + 2, title=f"Look {number}", scene="arch", pictures=1, product=product
                ).products.create(file=product, position=1, ground="plain")
            booking = make.compose.submit(by=world.producer.actor, booking=booking)
            counts.append(queries_of(client, page(booking)))
        assert counts[0] == counts[1]


class TestAnswering:
    def test_a_yes_signs_the_memo_that_was_on_the_page(self, world, maya):
        booking = make.submitted(world)
        html = maya.get(page(booking)).content.decode()
        memo = booking.current_terms.memo_text
        assert memo.splitlines()[0] in html and "Sign and say yes" in html
        assert say(maya, booking, "yes").status_code == 302
        assert Signature.objects.get(kind="deal_memo").text == memo
        assert b"You said yes." in maya.get(page(booking)).content

    def test_without_a_fresh_sign_in_she_proves_it_first_and_comes_back_to_the_open_memo(self, world):
        booking = make.submitted(world)
        sleepy = signed_in(world.maya, fresh=False)
        answer = say(sleepy, booking, "yes")
        assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
        assert "answer%3Dyes" in answer.headers["Location"]
        assert not Approval.objects.exists()
        back = signed_in(world.maya).get(page(booking), {"answer": "yes"}).content.decode()
        assert 'id="yes" aria-labelledby="yes-title" data-open' in back
        assert not Approval.objects.exists()

    def test_a_no_needs_no_reason_and_a_reason_stays_private(self, world, maya, claire):
        booking = make.submitted(world)
        say(maya, booking, "no", reason="not with them")
        assert Approval.objects.get().private_reason == "not with them"
        assert b"It counts when the ten minutes are over" in maya.get(page(booking)).content
        assert b"not with them" not in claire.get(page(booking)).content

    def test_a_reason_that_is_too_long_comes_back_whole(self, world, maya):
        answer = say(maya, make.submitted(world), "no", reason="x" * 600)
        assert answer.status_code == 422
        assert b"x" * 600 in answer.content and b"At most 500 characters; this has 600" in answer.content

    def test_answers_stay_sealed_until_both_are_in(self, world, maya, claire):
        booking = make.submitted(world)
        before = len(claire.get(page(booking)).content)
        say(maya, booking, "yes")
        assert len(claire.get(page(booking)).content) == before
        say(claire, booking, "yes")
        assert make.fresh(booking).state == State.AGREED
        html = claire.get(page(booking)).content.decode()
        assert "Model: yes" in html and "Agency: yes" in html

    def test_an_answer_to_an_older_version_is_refused_with_the_fresh_page(self, world, maya):
        booking = make.submitted(world)
        answer = say(maya, booking, "yes", version=7)
        assert answer.status_code == 409 and b"terms changed" in answer.content

    def test_answering_twice_is_refused_with_the_fresh_page(self, world, maya):
        booking = make.submitted(world)
        say(maya, booking, "yes")
        assert say(maya, booking, "no").status_code == 409
        assert Approval.objects.get().answer == "yes"

    @pytest.mark.parametrize("wanted", ["maybe", "", "conditions"])
    def test_only_yes_or_no(self, world, maya, wanted):
        assert say(maya, make.submitted(world), wanted).status_code == 422
        assert not Approval.objects.exists()

    def test_a_link_in_a_mail_never_answers(self, world, maya):
        booking = make.submitted(world)
        maya.get(page(booking), {"answer": "yes", "version": "1"})
        assert maya.get(reverse("request_answer", args=[booking.pk])).status_code == 405
        assert not Approval.objects.exists()

    def test_it_can_be_taken_back_for_ten_minutes(self, world, maya):
        booking = make.submitted(world)
        say(maya, booking, "yes")
        assert b"Take it back" in maya.get(page(booking)).content
        maya.post(reverse("request_take_back", args=[booking.pk]))
        html = maya.get(page(booking)).content
        assert b"Taken back" in html and b"Sign and say yes" in html

    def test_after_ten_minutes_there_is_no_way_back(self, world, maya):
        booking = make.submitted(world)
        say(maya, booking, "yes")
        Approval.objects.update(answered_at=timezone.now() - timedelta(minutes=11))
        assert b"Take it back" not in maya.get(page(booking)).content
        answer = maya.post(reverse("request_take_back", args=[booking.pk]))
        assert answer.status_code == 409 and b"ten minutes are over" in answer.content

    def test_an_agencys_accountant_reads_and_cannot_answer(self, world):
        accountant = signed_in(make_member(world.agency, "accountant", "paul"))
        booking = make.submitted(world)
        assert b"Answer by" not in accountant.get(page(booking)).content
        assert say(accountant, booking, "yes").status_code == 403

    def test_without_an_agency_her_yes_alone_agrees(self, world, maya):
        world.talent.mandates.all().delete()
        booking = make.submitted(world)
        html = maya.get(page(booking)).content.decode()
        assert "through" not in html.split("<h1>")[0].split("checked brand")[-1]
        say(maya, booking, "yes")
        assert make.fresh(booking).state == State.AGREED
        assert answers.take_back(by=world.maya.actor, booking=booking).state == State.SUBMITTED
