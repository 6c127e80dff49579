"""“Try to break it”: what the page promises is what the product says, at the place where it belongs."""

import html
import re
from collections.abc import Generator
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from apps.bookings.models import Booking, Deliverable, Download
from apps.bookings.services import answers, delivery, review
from apps.bookings.states import State
from apps.demonstration.people import actor_of, user_of
from apps.demonstration.refusals import REFUSALS
from apps.demonstration.tour_booking import draft
from apps.generation.vouchers import public_key
from tests.factories import bookings as make
from tests.factories.programme import load_programme
from tests.gpu_service.support import KEY, Service

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])

CAST = ("maya-okafor", "noor-adel", "rafael-nadir", "mateo-silva", "leila-hart")


@pytest.fixture(autouse=True)
def twins():
    return load_programme(*CAST)


@pytest.fixture
def visitor() -> Client:
    return Client()


def attempt(visitor: Client, key: str):
    return visitor.post(reverse("demonstration:refusal_try", args=[key]), follow=True)


def words(answer) -> str:
    """The page as one reads it."""
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", html.unescape(text))


def who(answer) -> str:
    return str(answer.context["user"])


def send(visitor: Client, booking: Booking):
    """Press “Send the request” with the page as it stands."""
    look = booking.looks.get()
    fields = {"title": look.title, "scene": look.scene, "pictures": "1", "format": "4:5", "brief": "", "here": "1"}
    usage = {"title": booking.title, "medium": booking.media, "countries": booking.territories, "act": "submit"}
    usage |= {"window_months": "6", "exclusivity": booking.exclusivity, "category": booking.category}
    data = usage | {f"look-{look.pk}-{name}": value for name, value in fields.items()}
    return visitor.post(reverse("booking_compose", args=[booking.pk]), data)


def error_below(answer, field: str) -> str:
    """What stands below one field of the form."""
    found = answer.context["page"].usage.errors.get(field, [])
    return " ".join(str(error) for error in found)


def test_the_list_promises_the_words_that_are_read(visitor):
    page = words(visitor.get(reverse("demonstration:refusals")))
    for refusal in REFUSALS.values():
        assert refusal.title in page and refusal.says in page


def test_a_paused_twin_says_that_it_rests_and_what_to_do(visitor):
    answer = attempt(visitor, "paused")
    page = words(answer)
    assert who(answer) == "Inès Laurent" and answer.status_code == 404
    assert f"Rafael Nadir {REFUSALS['paused'].says}" in page and "See other twins" in page
    assert "no reason is given" in page and "Compose booking" not in page
    pressed = visitor.post(reverse("booking_new", args=["rafael-nadir"]))
    assert pressed.status_code == 404 and not Booking.objects.exists()


def test_a_barred_category_is_refused_next_to_its_field_without_a_reason(visitor):
    answer = attempt(visitor, "lingerie")
    assert who(answer) == "Inès Laurent" and REFUSALS["lingerie"].says in words(answer)
    refused = send(visitor, Booking.objects.get())
    assert refused.status_code == 422
    assert REFUSALS["lingerie"].says in error_below(refused, "category")
    assert "or another twin for this" in error_below(refused, "category")
    assert Booking.objects.get().state == State.DRAFT


def test_the_prepared_draft_is_used_again(visitor):
    attempt(visitor, "lingerie")
    attempt(visitor, "lingerie")
    assert Booking.objects.count() == 1


def hold_exclusively(twin) -> Booking:
    """Maison Orsay holds Mateo for its category in three countries."""
    wish = {"exclusivity": "category", "territories": ["DE", "FR", "IT"]}
    asked = draft(brand="maison-orsay", twin=twin, title="Held", looks=(("One", "block", ""),), **wish)
    booking = make.compose.submit(by=actor_of(user_of("maison-orsay")), booking=asked)
    answers.answer(by=actor_of(user_of("elan")), booking=booking, version=1, answer="yes")
    return answers.answer(by=actor_of(user_of("mateo-silva")), booking=booking, version=1, answer="yes")


def test_an_exclusivity_says_where_and_until_when_and_never_whose_it_is(visitor, twins):
    held = hold_exclusively(twins["mateo-silva"])
    answer = attempt(visitor, "exclusivity")
    assert who(answer) == "Jonas Brandt"
    refused = send(visitor, Booking.objects.exclude(pk=held.pk).get())
    told = error_below(refused, "regions")
    assert refused.status_code == 422 and REFUSALS["exclusivity"].says in told
    assert "in Germany until" in told and "Choose other countries" in told
    assert "Orsay" not in words(refused)


@pytest.fixture
def gpu_service(tmp_path, settings) -> Generator[Service]:
    """The real service in a process of its own, which knows this site's public voucher key."""
    keys = {"GPU_SERVICE_VOUCHER_KEYS": public_key()}
    service = Service(tmp_path, origins=settings.SITE_URL, slots=1, **keys)
    settings.GPU_SERVICE_URL, settings.GPU_SERVICE_KEY = f"http://127.0.0.1:{service.port}", KEY
    yield service
    service.kill()


def test_forged_vouchers_are_refused_by_the_service_itself(visitor, gpu_service, twins):
    deliver(twins["maya-okafor"])
    page = words(attempt(visitor, "voucher"))
    assert page.count("HTTP 403") == 3 and page.count(f'"{REFUSALS["voucher"].says}"') == 3
    assert page.count("no known key signed this voucher") == 2 and "makes nothing without a voucher" in page
    health = gpu_service.call("GET", "/v1/health").json()
    assert (health["queued"], health["running"]) == (0, 0)


def test_before_any_voucher_was_issued_two_are_tried(visitor, gpu_service):
    assert words(attempt(visitor, "voucher")).count("HTTP 403") == 2


def test_a_service_that_is_down_is_told_and_nothing_is_made_up(visitor, settings):
    settings.GPU_SERVICE_URL = "http://127.0.0.1:9"
    page = words(attempt(visitor, "voucher"))
    assert "The GPU service does not answer now" in page and "HTTP 403" not in page


def test_a_yes_to_the_version_before_counts_for_nothing_and_shows_what_changed(visitor):
    answer = attempt(visitor, "stale")
    booking = Booking.objects.get()
    assert who(answer) == "Leila Hart" and (booking.version, booking.state) == (2, State.SUBMITTED)
    pressed = visitor.post(reverse("request_answer", args=[booking.pk]), {"version": 1, "answer": "yes"})
    page = words(pressed)
    assert pressed.status_code == 409 and REFUSALS["stale"].says in page
    assert "What changed in version 2" in page
    assert "before: 6 months" in page and "now: 12 months" in page and "Leila Hart receives" in page
    assert not booking.terms.filter(approvals__isnull=False).exists()
    signed = {"version": 2, "answer": "yes", "shown": booking.current_terms.memo_sha256}
    again = visitor.post(reverse("request_answer", args=[booking.pk]), signed, follow=True)
    assert "You said yes" in words(again)


def acting(account: str) -> SimpleNamespace:
    return SimpleNamespace(actor=actor_of(user_of(account)))


def deliver(twin) -> Booking:
    """A booking of Halden & Rye with Maya, delivered."""
    cast = {"producer": acting("halden-rye"), "booker": acting("elan"), "maya": acting("maya-okafor")}
    booking = make.chosen(SimpleNamespace(twin=twin, **cast), pictures=1)
    review.finish(by=cast["producer"].actor, booking=booking)
    return delivery.release_selected(booking=make.fresh(booking))


def test_another_house_finds_nothing_at_the_address_of_a_picture(visitor, twins):
    deliver(twins["maya-okafor"])
    picture = Deliverable.objects.get()
    answer = attempt(visitor, "picture")
    assert who(answer) == "Inès Laurent" and reverse("download", args=[picture.pk]) in words(answer)
    pressed = visitor.post(reverse("download", args=[picture.pk]))
    page = words(pressed)
    assert pressed.status_code == 404 and REFUSALS["picture"].says in page
    assert "You are looking as Maison Orsay" in page and "Halden" not in page.split("All of them")[-1]
    assert not Download.objects.exists()


@pytest.mark.parametrize(
    ("key", "told"), [("exclusivity", "No exclusivity runs"), ("picture", "No picture is delivered yet")]
)
def test_what_cannot_be_prepared_is_said_on_the_list(visitor, key, told):
    answer = attempt(visitor, key)
    assert answer.request["PATH_INFO"] == reverse("demonstration:refusals")
    assert told in words(answer)
    assert who(answer) == "AnonymousUser"


def test_the_bar_goes_along_and_is_put_away(visitor):
    assert "All of them" in words(attempt(visitor, "lingerie"))
    back = reverse("brand_home")
    left = visitor.post(reverse("demonstration:refusal_leave"), {"back": back}, follow=True)
    assert left.request["PATH_INFO"] == back and "All of them" not in words(left)


def test_an_unknown_attempt_is_not_found_and_a_page_without_one_leads_to_the_list(visitor):
    assert visitor.post(reverse("demonstration:refusal_try", args=["bribe"])).status_code == 404
    page = visitor.get(reverse("demonstration:refusal", args=["stale"]))
    assert page.headers["Location"] == reverse("demonstration:refusals")
