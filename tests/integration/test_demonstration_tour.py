"""The tours: each can be played to its end through the real pages, left and resumed, and nothing counts steps."""

import html
import re
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from apps.bookings.models import Booking
from apps.bookings.services import delivery, making
from apps.bookings.states import State
from apps.demonstration.models import Tour
from apps.demonstration.people import actor_of, user_of
from apps.generation.models import Job
from apps.payments import services as payments
from apps.payments.models import Charge
from apps.twins.services import listing
from tests.factories import bookings as make
from tests.factories.programme import load_programme
from tests.fakes import stripe_site

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])

CAST = ("maya-okafor", "noor-adel", "yasmin-duarte")


@pytest.fixture(autouse=True)
def _starts_are_counted_anew() -> None:
    """A visitor starts a dozen tours a minute at most; a quick machine plays more than that in these tests."""
    cache.clear()


@pytest.fixture(autouse=True)
def twins():
    return load_programme(*CAST)


def address(name: str, *args: object) -> str:
    return reverse(name, args=args)


def bar(page: str) -> str:
    """The bar of a page as one reads it; empty where there is none."""
    found = re.search(r'<aside id="tour".*?</aside>', page, re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", found[0]))).strip() if found else ""


class Visitor:
    """Somebody with a browser who does what the bar says."""

    def __init__(self) -> None:
        self.client = Client()

    def start(self, story: str) -> str:
        return self.press("demonstration:tour_start", story=story)

    def go_on(self) -> str:
        return self.press("demonstration:tour_go")

    def press(self, name: str, *args: object, **fields: object) -> str:
        answer = self.client.post(address(name, *args), fields, follow=True)
        assert answer.status_code == 200, f"{name}: {answer.status_code}"
        self.at = answer.request["PATH_INFO"]
        return bar(answer.content.decode())

    def look(self, path: str) -> str:
        return bar(self.client.get(path, follow=True).content.decode())

    @property
    def who(self) -> str:
        return str(self.client.get(address("landing"), follow=True).context["user"])


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


def the_booking() -> Booking:
    found = Tour.objects.get().booking
    assert found is not None
    return make.fresh(found)


def say_yes(visitor: Visitor) -> str:
    booking = the_booking()
    shown = booking.current_terms.memo_sha256
    return visitor.press("request_answer", booking.pk, version=1, answer="yes", shown=shown)


def pay(visitor: Visitor) -> None:
    """As the brand presses, and as the signed notice of the bank then arrives."""
    booking = the_booking()
    answer = visitor.client.post(address("checkout", booking.pk))
    assert "/sandbox/" in answer.headers["Location"]
    charge = Charge.objects.get(ref=booking.ref)
    stripe_site.pay(charge)
    payments.settle(charge)
    payments.announce(charge_id=charge.pk)


def make_pictures() -> None:
    booking = the_booking()
    if booking.state == State.FUNDED:
        making.start_making(booking=booking)
    for job in list(Job.objects.of_booking(booking.ref).open()):
        making.receive_candidate(candidate=make.make_candidate(job))


def play_from_payment(visitor: Visitor, total: int, model: str, producer: str) -> str:
    """Both said yes. Returns the last bar, on the brand's page."""
    assert f"Go on as {producer}" in visitor.look(visitor.at)
    shown = visitor.go_on()
    assert visitor.at == address("booking", the_booking().pk) and "Go on as" not in shown
    pay(visitor)
    shown = visitor.look(address("checkout_return", the_booking().pk))
    assert f"{total - 3} of {total}" in shown and "Really made, now" in shown
    make_pictures()
    assert f"Go on as {model}" in visitor.look(visitor.at)
    visitor.go_on()
    assert visitor.at == address("picture_check", the_booking().pk)
    for picture in the_booking().reviews.all():
        shown = visitor.press("picture_decide", picture.pk, verdict="pass")
    assert f"{total - 1} of {total}" in shown and f"Go on as {producer}" in shown
    visitor.go_on()
    assert visitor.at == address("select", the_booking().pk)
    for picture in the_booking().reviews.all():
        visitor.press("select_choose", picture.pk, chosen="1")
    shown = visitor.press("select_finish", the_booking().pk)
    assert f"{total} of {total}" in shown and "being labelled" in shown
    delivery.release_selected(booking=the_booking())
    return visitor.look(address("booking", the_booking().pk))


def test_the_agencys_tour_is_played_from_the_desk_to_the_statement(visitor):
    shown = visitor.start("agency")
    assert visitor.at == address("agency_desk") and visitor.who == "Claire Fontaine"
    assert "1 of 7" in shown and "Show me" in shown
    visitor.go_on()
    assert visitor.at == address("request", the_booking().pk)
    assert "Go on as Maya Okafor" in say_yes(visitor)
    visitor.go_on()
    assert "3 of 7" in say_yes(visitor)
    assert "Go on as Claire Fontaine" in play_from_payment(visitor, 7, "Maya Okafor", "Jonas Brandt")
    shown = visitor.go_on()
    assert visitor.at == address("earnings") and "Try to break it" in shown


def test_the_models_tour_is_played_from_her_request_to_her_earnings(visitor):
    shown = visitor.start("model")
    assert visitor.at == address("model_home") and visitor.who == "Noor Adel" and "1 of 7" in shown
    assert "Go on as Claire Fontaine" in say_yes(visitor)
    visitor.go_on()
    say_yes(visitor)
    play_from_payment(visitor, 7, "Noor Adel", "Inès Laurent")
    visitor.go_on()
    assert visitor.at == address("earnings") and visitor.who == "Noor Adel"


def compose(visitor: Visitor, slug: str) -> str:
    visitor.press("booking_new", slug)
    booking = the_booking()
    look = {"title": "Look 1", "scene": "block", "pictures": "2", "format": "4:5", "brief": "", "here": "1"}
    usage = {"title": "My own", "medium": "ecommerce", "countries": "DE", "window_months": "6", "exclusivity": "none"}
    key = f"look-{uuid4()}"
    fields = usage | {f"{key}-{name}": value for name, value in look.items()} | {"category": "fashion"}
    return visitor.press("booking_compose", booking.pk, act="submit", **fields)


def test_the_brands_tour_follows_the_booking_that_the_visitor_composes_herself(visitor):
    shown = visitor.start("brand")
    assert visitor.at == address("twins") and visitor.who == "Jonas Brandt" and "1 of 9" in shown
    assert Tour.objects.get().booking is None
    assert "Go on as Claire Fontaine" in compose(visitor, "maya-okafor")
    visitor.go_on()
    say_yes(visitor)
    visitor.go_on()
    say_yes(visitor)
    shown = play_from_payment(visitor, 9, "Maya Okafor", "Jonas Brandt")
    assert "Try to break it" in shown and "drop it on “Verify a picture”" in shown


def test_without_an_agency_there_is_one_answer_less(visitor):
    visitor.start("brand")
    shown = compose(visitor, "yasmin-duarte")
    assert "3 of 8" in shown and "Go on as Yasmin Duarte" in shown


def test_a_discarded_draft_is_let_go_and_another_twin_can_be_chosen(visitor):
    visitor.start("brand")
    visitor.press("booking_new", "maya-okafor")
    assert "1 of 9" in visitor.press("booking_cancel", the_booking().pk)
    assert "2 of 9" in visitor.press("booking_new", "noor-adel")


def test_anothers_draft_is_not_taken_for_the_visitors(visitor):
    visitor.start("brand")
    other = Visitor()
    other.start("brand")
    other.press("booking_new", "maya-okafor")
    mine, theirs = Tour.objects.order_by("created_at")
    assert mine.booking is None and theirs.booking is not None


def test_it_is_left_with_one_press_and_resumed_where_it_was(visitor):
    visitor.start("agency")
    say_yes(visitor)
    desk = address("agency_desk")
    assert visitor.press("demonstration:tour_leave", back=desk) == "" and visitor.at == desk
    assert visitor.look(desk) == ""
    home = visitor.client.get(address("home")).content.decode()
    assert "Go on with the tour" in home and "2 of 7" in home
    visitor.client.post(address("account_logout"))
    assert "2 of 7" in visitor.go_on() and visitor.who == "Maya Okafor"


def test_one_may_wander_anywhere_and_the_bar_offers_to_come_back(visitor):
    visitor.start("model")
    for name in ("my_twin", "rules", "earnings", "notices"):
        shown = visitor.look(address(name))
        assert "1 of 7" in shown and "Show me" in shown, name


def test_each_start_makes_a_fresh_request_and_a_visit_makes_none(visitor):
    visitor.client.get(address("home"))
    assert not Booking.objects.exists()
    visitor.start("agency")
    visitor.start("agency")
    assert Booking.objects.filter(state=State.SUBMITTED).count() == 2


def test_a_no_is_told_and_can_be_taken_back(visitor):
    visitor.start("model")
    shown = visitor.press("request_answer", the_booking().pk, version=1, answer="no", reason="not that coat")
    assert "A no was sealed" in shown
    assert "1 of 7" in visitor.press("request_take_back", the_booking().pk)


def test_a_paused_twin_stops_the_tour_and_its_model_alone_lets_it_go_on(visitor, twins):
    visitor.start("agency")
    listing.pause(by=actor_of(user_of("maya-okafor")), twin=twins["maya-okafor"])
    shown = visitor.look(address("agency_desk"))
    assert "Nothing goes on while it rests" in shown and "Go on as Maya Okafor" in shown
    visitor.go_on()
    assert visitor.at == address("my_twin")
    assert "1 of 7" in visitor.press("twin_act", "resume")


def test_a_tour_takes_the_next_twin_when_the_first_is_paused(visitor, twins):
    listing.pause(by=actor_of(user_of("maya-okafor")), twin=twins["maya-okafor"])
    visitor.start("agency")
    assert the_booking().twin == twins["noor-adel"]


def test_a_closed_booking_offers_a_new_start(visitor):
    visitor.start("agency")
    Booking.objects.update(state=State.EXPIRED)
    assert "This booking is closed" in visitor.look(address("agency_desk"))


def test_the_moving_bar_asks_again_only_while_machines_work(visitor):
    visitor.start("agency")
    asked = visitor.client.get(address("demonstration:tour_bar"), {"at": address("agency_desk")})
    assert b"hx-trigger" not in asked.content and b"1 of 7" in asked.content


def test_the_way_back_never_leaves_the_site(visitor):
    visitor.start("agency")
    answer = visitor.client.post(address("demonstration:tour_leave"), {"back": "https://elsewhere.example/"})
    assert answer.headers["Location"] == address("landing")


def test_an_unknown_story_and_a_forged_cookie_lead_nowhere(visitor):
    assert visitor.client.post(address("demonstration:tour_start"), {"story": "thief"}).status_code == 404
    visitor.start("agency")
    thief = Client()
    thief.cookies["tour"] = str(Tour.objects.get().pk)
    assert bar(thief.get(address("verify")).content.decode()) == ""
