"""Landing pages, statements and lists as named people see them, at a constant number of queries."""

import hashlib
import html
from collections.abc import Iterator
from datetime import UTC, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.bookings.models import Booking, Deliverable, Licence, Review
from apps.bookings.services import answers, delivery, review
from apps.common.templatetags.ui import money
from apps.common.wording import say
from apps.consents.models import Consent, Purpose
from apps.media.services import read
from apps.notifications.services import notify
from apps.twins.models import Twin
from tests.factories import bookings
from tests.factories.clients import signed_in
from tests.factories.counting import with_few_and_many
from tests.factories.people import Person, World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def page_of(person: Person, address: str) -> str:
    client = Client()
    client.force_login(person.user)
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def status_of(person: Person, address: str) -> int:
    client = Client()
    client.force_login(person.user)
    return client.get(address).status_code


def browser_of(person: Person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


# ---- what waits ----


def test_a_request_waits_for_the_model_with_her_own_share(world: World) -> None:
    booking = bookings.submitted(world, title="Spring campaign")
    page = page_of(world.maya, reverse("model_home"))
    assert "1 thing waits for you" in page and "Spring campaign" in page
    assert reverse("request", args=[booking.pk]) in page
    # day rate 1,500: session 1,500 + usage 1,500 × 2 × 1; less 20 %
    assert "€3,600" in page


def test_an_answered_request_waits_no_longer_for_whoever_answered(world: World) -> None:
    booking = bookings.submitted(world)
    answers.answer(by=world.maya.actor, booking=booking, version=1, answer="yes")
    assert "Nothing waits for you" in page_of(world.maya, reverse("model_home"))
    assert world.talent.stage_name in page_of(world.booker, reverse("agency_desk"))


def test_the_agency_desk_shows_fee_and_own_part(world: World) -> None:
    bookings.submitted(world)
    page = page_of(world.booker, reverse("agency_desk"))
    # F 4,500.00; service 20 % = 900.00; commission 20 % less the mother agency's 10 % = 450.00
    assert "€4,500.00" in page and "€1,350.00" in page


def test_a_mother_agency_sees_the_booking_but_nothing_waits_for_her(world: World) -> None:
    bookings.submitted(world)
    assert "Nothing waits for you" in page_of(world.mother_booker, reverse("agency_desk"))
    assert world.talent.stage_name in page_of(world.mother_booker, reverse("agency_desk") + "?view=others")


def test_another_agency_sees_nothing_of_it(world: World) -> None:
    bookings.submitted(world)
    for view in ("waiting", "others", "made", "delivered"):
        assert world.talent.stage_name not in page_of(world.other_booker, f"{reverse('agency_desk')}?view={view}")


def test_the_roster_has_the_models_under_a_running_mandate_only(world: World) -> None:
    assert world.talent.stage_name in page_of(world.booker, reverse("roster"))
    assert world.talent.stage_name not in page_of(world.other_booker, reverse("roster"))
    world.talent.mandates.filter(agency=world.agency).update(ended_on=timezone.now().date())
    assert world.talent.stage_name not in page_of(world.booker, reverse("roster"))


def test_a_brand_is_told_to_pay_what_is_agreed_and_its_rival_is_not(world: World) -> None:
    bookings.agreed(world, title="Spring campaign")
    assert "Agreed: pay to start" in page_of(world.producer, reverse("brand_home"))
    assert "Spring campaign" not in page_of(world.rival_producer, reverse("brand_home"))


@pytest.mark.parametrize(
    ("who", "pages"),
    [
        ("maya", ["brand_home", "twins", "agency_desk", "roster"]),
        ("booker", ["model_home", "my_twin", "brand_home", "twins"]),
        ("producer", ["model_home", "my_twin", "agency_desk", "roster", "earnings"]),
    ],
)
def test_pages_of_another_kind_of_actor_are_refused(world: World, who: str, pages: list[str]) -> None:
    assert {status_of(getattr(world, who), reverse(name)) for name in pages} == {403}


@pytest.mark.parametrize(
    ("who", "landing"), [("maya", "model_home"), ("booker", "agency_desk"), ("producer", "brand_home")]
)
def test_everybody_lands_where_the_work_waits(world: World, who: str, landing: str) -> None:
    assert browser_of(getattr(world, who)).get(reverse("landing"))["Location"] == reverse(landing)


@pytest.mark.parametrize(
    ("who", "address"),
    [("maya", "model_home"), ("booker", "agency_desk"), ("producer", "brand_home")],
)
def test_a_landing_page_asks_the_same_number_of_questions_for_any_number_of_bookings(
    world: World, who: str, address: str
) -> None:
    client = browser_of(getattr(world, who))

    def add(number: int) -> Booking:
        made = bookings.submitted(world, title=f"Booking {number}")
        if who == "producer":
            bookings.draft(world, title=f"Draft {number}")
        return made

    few, many = with_few_and_many(client, reverse(address), add)
    assert few == many


# ---- her twin ----


def test_she_pauses_her_twin_with_one_press_and_a_get_does_nothing(world: World) -> None:
    client = browser_of(world.maya)
    assert client.get(reverse("twin_act", args=["pause"])).status_code == 405
    client.post(reverse("twin_act", args=["pause"]))
    world.twin.refresh_from_db()
    assert world.twin.state == Twin.State.PAUSED
    client.post(reverse("twin_act", args=["resume"]))
    world.twin.refresh_from_db()
    assert world.twin.state == Twin.State.LISTED


def test_nobody_else_presses_it(world: World) -> None:
    for stranger in (world.booker, world.producer):
        assert browser_of(stranger).post(reverse("twin_act", args=["pause"])).status_code == 403
    assert browser_of(world.other_model).post(reverse("twin_act", args=["pause"])).status_code == 404
    world.twin.refresh_from_db()
    assert world.twin.state == Twin.State.LISTED


def test_taking_a_consent_back_names_what_it_touches_first(world: World) -> None:
    bookings.agreed(world, title="Spring campaign")
    consent = Consent.objects.get(talent=world.talent, purpose=Purpose.PUBLISH)
    page = page_of(world.maya, reverse("withdraw_consent", args=[consent.pk]))
    assert "What this touches" in page and "Spring campaign" in page
    consent.refresh_from_db()
    assert consent.withdrawn_at is None


def test_she_takes_a_consent_back_and_only_her_own(world: World) -> None:
    consent = Consent.objects.get(talent=world.talent, purpose=Purpose.PROMOTE)
    address = reverse("withdraw_consent", args=[consent.pk])
    assert browser_of(world.other_model).post(address).status_code == 404
    browser_of(world.maya).post(address)
    consent.refresh_from_db()
    assert consent.withdrawn_at


# ---- money ----


@pytest.fixture
def delivered(world: World) -> Iterator[Booking]:
    booking = bookings.chosen(world, title="Spring campaign")
    review.finish(by=world.producer.actor, booking=booking)
    delivery.release_selected(booking=bookings.fresh(booking))
    yield bookings.fresh(booking)


@pytest.mark.django_db(databases=["default", "sandbox"])
def test_a_landing_page_says_what_was_earned_and_what_a_yes_would_bring(world: World, delivered: Booking) -> None:
    bookings.submitted(world, title="Autumn campaign")
    hers = page_of(world.maya, reverse("model_home"))
    # F 4,500.00 less 20 % was earned this month and in the year, and is on its way; a yes brings as much again
    assert "If you say yes to all that waits" in hers and hers.count("€3,600.00") == 4
    ours = page_of(world.booker, reverse("agency_desk"))
    assert "1 request to answer" in ours and ours.count("€1,350.00") == 4  # waiting twice: as a sum and in its row
    assert "€1,350.00" not in page_of(world.other_booker, reverse("agency_desk"))


@pytest.mark.django_db(databases=["default", "sandbox"])
def test_a_brand_sees_what_it_paid_and_what_is_still_to_be_paid(world: World, delivered: Booking) -> None:
    paid = delivered.current_terms
    agreed = bookings.agreed(world, title="Autumn campaign", media=["own"]).current_terms
    assert agreed.total_minor != paid.total_minor
    page = page_of(world.producer, reverse("brand_home"))
    assert page.count(money(paid.total_minor, paid.currency)) == 2  # this month, and in twelve months
    assert money(agreed.total_minor, agreed.currency) in page
    assert money(paid.total_minor, paid.currency) not in page_of(world.rival_producer, reverse("brand_home"))


@pytest.mark.django_db(databases=["default", "sandbox"])
def test_a_licence_that_ends_within_thirty_days_says_so_to_agency_and_brand(world: World, delivered: Booking) -> None:
    assert "days left" not in page_of(world.producer, reverse("brand_home"))
    today = timezone.now().astimezone(UTC).date()
    Licence.objects.filter(booking=delivered).update(starts_on=today, ends_on=today + timedelta(days=12))
    for person, page in ((world.producer, "brand_home"), (world.booker, "agency_desk")):
        shown = page_of(person, reverse(page))
        assert "12 days left" in shown and "1 ends within 30 days" in shown


@pytest.mark.django_db(databases=["default", "sandbox"])
@pytest.mark.parametrize(
    ("who", "earned"),
    [("maya", "€3,600.00"), ("booker", "€1,350.00"), ("mother_booker", "€450.00")],
)
def test_each_party_finds_its_own_part_on_its_statement(
    world: World, delivered: Booking, who: str, earned: str
) -> None:
    today = timezone.now().date()
    person = getattr(world, who)
    assert earned in page_of(person, reverse("earnings"))
    page = page_of(person, reverse("statement", args=[today.year, today.month]))
    assert earned in page and "Spring campaign" in page
    sheet = browser_of(person).get(reverse("statement_csv", args=[today.year, today.month]))
    assert sheet["Content-Type"].startswith("text/csv") and earned.replace("€", "").replace(",", "") in (
        sheet.content.decode()
    )


@pytest.mark.django_db(databases=["default", "sandbox"])
def test_the_model_sees_both_of_the_agencys_lines(world: World, delivered: Booking) -> None:
    today = timezone.now().date()
    page = page_of(world.maya, reverse("statement", args=[today.year, today.month]))
    assert "commission on the model" in page and "service charge" in page


def test_a_month_to_come_or_no_month_has_no_statement(world: World) -> None:
    for year, month in ((2026, 13), (2026, 0), (timezone.now().year + 1, 1), (1999, 5)):
        assert status_of(world.maya, f"/earnings/{year}/{month}/") == 404


# ---- verify ----


@pytest.mark.django_db(databases=["default", "sandbox"])
def test_a_delivered_picture_is_found_with_its_licence_and_its_live_state(
    world: World, delivered: Booking, client: Client
) -> None:
    deliverable = Deliverable.objects.filter(licence__booking=delivered).select_related("file", "licence").first()
    assert deliverable
    data = read(deliverable.file)
    assert hashlib.sha256(data).hexdigest() == deliverable.sha256
    page = client.post(reverse("verify"), {"picture": SimpleUploadedFile("stranger.jpg", data)}).content.decode()
    assert "Licensed and valid" in page and world.talent.stage_name in page and world.brand.name in page
    Licence.objects.update(state=Licence.State.REVOKED)
    address = reverse("licence", args=[deliverable.licence.code])
    assert "Ours, but revoked" in client.get(address).content.decode()


@pytest.mark.django_db(databases=["default", "sandbox"])
def test_the_public_page_keeps_price_and_bookings_to_itself(world: World, delivered: Booking, client: Client) -> None:
    licence = Licence.objects.get(booking=delivered)
    page = client.get(reverse("licence", args=[licence.code])).content.decode()
    assert "€" not in page and delivered.code not in page and str(delivered.pk) not in page


# ---- notices ----


def test_news_is_counted_and_read_by_its_own_party(world: World) -> None:
    notify(to=world.talent.party, what=say("booking.pictures", brand="Halden Rye"), url="/start/")
    page = page_of(world.maya, reverse("notices"))
    assert "what was made for Halden Rye" in page and "Notices, 1 new" in page
    assert "Halden Rye" not in page_of(world.booker, reverse("notices"))
    browser_of(world.booker).post(reverse("notices_read"))
    assert "Notices, 1 new" in page_of(world.maya, reverse("model_home"))
    browser_of(world.maya).post(reverse("notices_read"))
    assert "1 new" not in page_of(world.maya, reverse("model_home"))


def test_notices_ask_the_same_number_of_questions_however_many_there_are(world: World) -> None:
    few, many = with_few_and_many(
        browser_of(world.maya),
        reverse("notices"),
        lambda number: notify(to=world.talent.party, what=say("booking.pictures", brand=f"B{number}"), url="/start/"),
    )
    assert few == many


@pytest.mark.django_db(databases=["default", "sandbox"])
def test_pictures_to_check_wait_for_the_model_as_one_thing(world: World) -> None:
    booking = bookings.in_review(world, title="Spring campaign", pictures=3)
    assert Review.objects.filter(booking=booking).count() == 3
    page = page_of(world.maya, reverse("model_home"))
    assert "1 thing waits for you" in page and "3 pictures to check: Spring campaign" in page


def test_she_reads_the_very_text_before_she_signs_a_consent(world: World) -> None:
    Consent.objects.filter(talent=world.talent, purpose=Purpose.PROMOTE).update(withdrawn_at=timezone.now())
    client = signed_in(world.maya)
    address = reverse("give_consent", args=["promote"])
    assert "checked" not in client.get(address).content.decode()
    assert client.post(address, {}).status_code == 422
    wanted = {"uses": ["listing"], "months": "12", "counsel": ""}
    answer = client.post(address, wanted)
    page, shown = answer.content.decode(), answer.context["shown"]
    assert "I, Maya Okafor, agree to one thing" in page and "Intended uses: the list of twins" in page
    assert not Consent.objects.in_force().filter(talent=world.talent, purpose=Purpose.PROMOTE).exists()
    sign = wanted | {"step": "sign", "shown": shown}
    assert client.post(address, sign).status_code == 422
    assert client.post(address, sign | {"agreed": "yes", "shown": "0" * 64}).status_code == 409
    client.post(address, sign | {"agreed": "yes"})
    given = Consent.objects.in_force().get(talent=world.talent, purpose=Purpose.PROMOTE)
    assert given.intended_uses == ["the list of twins that brands browse"]
    assert given.signature.text_sha256 == shown
    for line in given.signature.text.splitlines():
        assert line in html.unescape(page)


def test_signing_a_consent_asks_for_a_fresh_proof(world: World) -> None:
    Consent.objects.filter(talent=world.talent, purpose=Purpose.PROMOTE).update(withdrawn_at=timezone.now())
    client = signed_in(world.maya, fresh=False)
    wanted = {"uses": ["listing"], "months": "6", "counsel": "", "step": "sign", "agreed": "yes"}
    address = reverse("give_consent", args=["promote"])
    answer = client.post(address, wanted | {"shown": client.post(address, wanted | {"step": ""}).context["shown"]})
    assert answer.status_code == 302 and answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not Consent.objects.in_force().filter(talent=world.talent, purpose=Purpose.PROMOTE).exists()
