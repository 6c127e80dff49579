"""The pages of a negotiation: three answers, the joint version, her signature, the brand's turn."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.bookings.models import Approval, Booking
from apps.bookings.services import answers
from apps.bookings.states import State
from apps.bookings.tasks import sweep_answers
from apps.bookings.terms import proposal_of
from tests.factories import negotiations as make
from tests.factories.bookings import fresh, submitted
from tests.factories.clients import signed_in
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


@pytest.fixture
def jonas(world: World) -> Client:
    return signed_in(world.producer)


def at(name: str, booking: Booking) -> str:
    return reverse(name, args=[booking.pk])


def html(client: Client, name: str, booking: Booking) -> str:
    return client.get(at(name, booking)).content.decode()


ASKED = {"version": 1, "longest_window_months": "12", "medium": ["own", "ecommerce"], "countries": ["DE", "FR"]}
VERSION = {"version": 1, "fee": "", "window_months": "6", "pictures": "4", "exclusivity": "category",
           "medium": ["own", "ecommerce"], "countries": ["DE", "FR"]}  # fmt: skip


class TestSettingConditions:
    def test_the_bar_has_three_answers(self, world, maya, claire):
        booking = submitted(world, **make.WIDE)
        for client in (maya, claire):
            page = html(client, "request", booking)
            assert all(f'commandfor="{answer}"' in page for answer in ("no", "conditions", "yes"))

    def test_what_she_narrows_is_sealed_and_read_back_to_her_alone(self, world, maya, claire, jonas):
        booking = submitted(world, **make.WIDE)
        sent = maya.post(
            at("request_conditions", booking),
            ASKED | {"lowest_fee": "16000.50", "countries": ["DE"], "no_exclusivity": "on", "most_pictures": "3",
                     "longest_window_months": "6", "medium": ["ecommerce"], "note": "No red"},
        )  # fmt: skip
        assert sent.status_code == 302
        assert Approval.objects.get().conditions == {
            "lowest_fee_minor": 1_600_050, "longest_window_months": 6, "media": ["ecommerce"], "territories": ["DE"],
            "no_exclusivity": True, "most_pictures": 3, "note": "No red",
        }  # fmt: skip
        read = html(maya, "request", booking)
        for words in ("You set conditions", "EUR 16,000.50", "At most 6 months", "Only E-commerce", "Only Germany",
                      "No exclusivity", "At most 3 pictures", "No red", "Take it back"):  # fmt: skip
            assert words in read, words
        for client, name in ((claire, "request"), (jonas, "booking")):
            assert "16,000.50" not in html(client, name, booking)

    @pytest.mark.parametrize(
        ("typed", "error"),
        [
            ({"lowest_fee": "0"}, "More than nothing, please."),
            ({"lowest_fee": "100"}, "Ask for more, or leave it empty."),
            ({"lowest_fee": "a lot"}, "An amount like 2200.00, please."),
            ({"most_pictures": "4"}, "fewer than they ask for"),
            ({"medium": []}, "Leave at least one ticked, or say no."),
            ({"countries": []}, "Leave at least one ticked, or say no."),
            ({"longest_window_months": "36"}, "Select a valid choice"),
            ({"note": "x" * 501, "lowest_fee": "99999"}, "At most 500 characters"),
            ({}, "Set at least one condition, or say yes."),
        ],
    )
    def test_what_cannot_be_is_said_in_the_open_dialog_and_nothing_typed_is_lost(self, world, maya, typed, error):
        booking = submitted(world, **make.WIDE)
        answer = maya.post(at("request_conditions", booking), {**ASKED, "note": "as I typed it"} | typed)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert error in page and "data-open" in page
        assert typed.get("note", "as I typed it") in page
        assert not Approval.objects.exists()

    def test_a_proof_of_who_she_is_does_not_cost_what_she_typed(self, world):
        booking, stale = submitted(world, **make.WIDE), signed_in(world.maya, fresh=False)
        sent = stale.post(at("request_conditions", booking), ASKED | {"lowest_fee": "17000", "note": "kept"})
        assert sent.status_code == 302 and "reauthenticate" in sent.headers["Location"]
        page = stale.get(at("request", booking) + "?answer=conditions").content.decode()
        assert "kept" in page and "17000" in page and "data-open" in page

    def test_fields_in_which_nothing_could_be_narrowed_are_left_out(self, world, maya):
        page = html(maya, "request", submitted(world, pictures=1))
        assert 'name="lowest_fee"' in page
        assert not any(f'name="{name}"' in page for name in ("medium", "countries", "no_exclusivity", "most_pictures"))


class TestWritingTheVersion:
    def test_the_agency_reads_what_was_asked_for_and_starts_from_it(self, world, claire):
        booking = make.proposing(world, longest_window_months=6, no_exclusivity=True, note="Not in summer")
        page = html(claire, "request_version", booking)
        for words in ("Model: with conditions", "Agency: yes", "At most 6 months", "Not in summer", "would pay"):
            assert words in page, words
        assert '<option value="6" selected' in page and '<option value="none" selected' in page
        assert b"Write the version" in claire.get(at("request", booking)).content

    def test_it_is_written_once_it_is_no_worse(self, world, claire, maya):
        booking = make.proposing(world)
        wrong = claire.post(at("request_version", booking), VERSION | {"window_months": "12"})
        assert wrong.status_code == 422
        assert "At most 6 months is the condition." in wrong.content.decode()
        assert claire.post(at("request_version", booking), VERSION).status_code == 302
        page = html(maya, "request", booking)
        for words in ("A version waits for your signature", "What is different in version 2", "6 months", ">Sign<"):
            assert words in page, words

    def test_the_live_price_follows_and_saves_nothing(self, world, claire):
        booking = make.proposing(world)
        page = claire.post(at("request_version_price", booking), VERSION | {"fee": "20000"}).content.decode()
        assert "20,000" not in page and "Maya Okafor receives" in page
        assert "€16,000.00" in page, "80 % of the fee"
        assert proposal_of(booking) is None
        problem = claire.post(at("request_version_price", booking), VERSION | {"fee": "20"}).content.decode()
        assert "The rate card asks for" in problem

    @pytest.mark.parametrize(("who", "status"), [("maya", 403), ("mother_booker", 403), ("producer", 403),
                                                 ("other_booker", 404), ("other_model", 404)])  # fmt: skip
    def test_nobody_else_writes_it(self, world, who, status):
        booking = make.proposing(world)
        assert signed_in(getattr(world, who)).get(at("request_version", booking)).status_code == status
        assert signed_in(getattr(world, who)).post(at("request_version", booking), VERSION).status_code == status

    def test_an_accountant_reads_and_does_not_write(self, world):
        accountant = signed_in(make_member(world.agency, "accountant", "anne"))
        assert accountant.get(at("request_version", make.proposing(world))).status_code == 403

    def test_the_proof_comes_before_the_typing(self, world):
        stale = signed_in(world.booker, fresh=False)
        answer = stale.get(at("request_version", make.proposing(world)))
        assert answer.status_code == 302 and "reauthenticate" in answer.headers["Location"]


class TestSayingNoInstead:
    def test_the_agency_says_it_on_the_page_and_takes_it_back(self, world, claire, maya):
        booking = make.proposing(world)
        assert "Say no instead" in html(claire, "request", booking)
        assert "Say no instead" not in html(maya, "request", booking)
        no = {"version": booking.version, "answer": "no", "reason": "Their last season ran late."}
        assert claire.post(at("request_answer", booking), no).status_code == 302
        page = html(claire, "request", booking)
        assert "You said no." in page and "Take it back" in page
        assert "Write the version" not in page and "Say no instead" not in page
        assert claire.get(at("request_version", booking)).status_code == 302
        assert "Write the version of" not in claire.get(reverse("agency_desk")).content.decode()
        assert claire.post(at("request_take_back", booking)).status_code == 302
        assert "Write the version" in html(claire, "request", booking)

    def test_afterwards_the_model_reads_that_her_agency_said_no_and_the_brand_reads_nothing(self, world, maya, jonas):
        booking = make.proposing(world)
        answers.answer(by=world.booker.actor, booking=booking, version=1, answer="no")
        assert "Agency: no" not in html(maya, "request", booking)
        Approval.objects.filter(answer="no").update(counts_from=timezone.now())
        sweep_answers()
        assert "Agency: no" in html(maya, "request", booking)
        page = html(jonas, "booking", booking)
        assert "Not available" in page and "gency: no" not in page

    def test_an_agency_under_check_has_no_button(self, world, claire):
        booking = make.proposing(world)
        type(world.agency).objects.filter(pk=world.agency.pk).update(checked_at=None)
        assert "Say no instead" not in html(claire, "request", booking)

    def test_without_an_agency_the_model_has_the_button(self, world, maya):
        world.talent.mandates.all().delete()
        booking = make.conditions(world, submitted(world, pictures=4), who="maya")
        assert "Say no instead" in html(maya, "request", booking)


class TestSigning:
    def test_she_signs_exactly_the_memo_on_the_page(self, world, maya):
        booking = make.proposing(world)
        written = make.propose(world, booking)
        page = html(maya, "request", booking)
        assert "Deal memo" in page and f"version {written.version}" in page
        yes = {"version": written.version, "answer": "yes", "shown": written.memo_sha256}
        assert maya.post(at("request_answer", booking), yes).status_code == 302
        assert fresh(booking).state == State.COUNTERED

    def test_the_agency_cannot_sign_for_her(self, world, claire):
        booking = make.proposing(world)
        make.propose(world, booking)
        sent = claire.post(at("request_answer", booking), {"version": 2, "answer": "yes"})
        assert sent.status_code == 409
        assert fresh(booking).state == State.PROPOSING

    def test_it_waits_in_her_inbox_and_then_on_nobodys_desk(self, world, maya, claire):
        booking = make.proposing(world)
        assert "Write the version of" in claire.get(reverse("agency_desk")).content.decode()
        assert "Nothing waits for you" in maya.get(reverse("model_home")).content.decode()
        make.propose(world, booking)
        assert "to sign" in maya.get(reverse("model_home")).content.decode()
        assert "Write the version of" not in claire.get(reverse("agency_desk")).content.decode()


class TestTheBrandsTurn:
    def test_it_reads_what_is_different_and_both_prices(self, world, jonas):
        booking = make.countered(world)
        assert "A counter-offer waits" in jonas.get(reverse("brand_home")).content.decode()
        page = html(jonas, "counter", booking)
        for words in ("What is different in version 2", "How long", "12 months from", "6 months from", "Your version:",
                      "Accept this version", "Answer with your own", "4 rounds left of five"):  # fmt: skip
            assert words in page, words

    def test_it_accepts_and_pays_next(self, world, jonas):
        booking = make.countered(world)
        sent = jonas.post(at("counter_accept", booking), {"version": 2})
        assert sent.headers["Location"] == at("booking", booking)
        assert "To pay" in html(jonas, "booking", booking)

    @pytest.mark.parametrize("version", ["1", "", "x", "9" * 30])
    def test_another_version_than_the_one_on_the_page_is_not_accepted(self, world, jonas, version):
        booking = make.countered(world)
        assert jonas.post(at("counter_accept", booking), {"version": version}).status_code == 409
        assert fresh(booking).state == State.COUNTERED

    def test_its_own_version_starts_from_the_counter_offer_and_goes_out_anew(self, world, jonas):
        booking = make.countered(world)
        assert "Pictures altogether" in html(jonas, "counter_own", booking)
        typed = {"version": 2, "pictures": "3", "fee": "", "medium": ["ecommerce"], "countries": ["DE"],
                 "window_months": "6", "exclusivity": "none", "category": "fashion"}  # fmt: skip
        wrong = jonas.post(at("counter_own", booking), typed | {"pictures": "9", "fee": "15000.00"})
        assert wrong.status_code == 422 and "From 1 to 4 pictures" in wrong.content.decode()
        assert "15000.00" in wrong.content.decode()
        assert "receives" in jonas.post(at("counter_own_price", booking), typed).content.decode()
        assert jonas.post(at("counter_own", booking), typed).status_code == 302
        assert (fresh(booking).state, fresh(booking).version, fresh(booking).pictures) == (State.SUBMITTED, 3, 3)

    @pytest.mark.parametrize(
        ("role", "accepts", "writes"), [("producer", 302, 200), ("finance", 403, 403), ("viewer", 403, 403)]
    )
    def test_who_of_the_brand_may_what(self, world, role, accepts, writes):
        booking, client = make.countered(world), signed_in(make_member(world.brand, role, f"the-{role}"))
        assert client.get(at("counter", booking)).status_code == 200
        assert client.get(at("counter_own", booking)).status_code == writes
        assert client.post(at("counter_accept", booking), {"version": 2}).status_code == accepts
