"""A model's standing rules: set by herself alone, and each of them stands against a booking that crosses it."""

import html

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from apps.bookings.models import Booking
from apps.bookings.services import answers, compose
from apps.bookings.warnings import standing_against
from apps.common.errors import NotAllowed, Refused
from apps.generation.models import Voucher
from apps.organizations.models import Organization
from apps.talent.models import Boundaries, Talent
from apps.talent.services import set_boundaries
from tests.factories import bookings as make
from tests.factories.clients import signed_in
from tests.factories.people import Person, World, make_world

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])

USUAL = {
    "longest_window_months": "12", "lowest_fee": "0", "licence_types": ["a", "b"], "body_tolerance": "5",
    "skin_tolerance": "5", "hair_tolerance": "15",
}  # fmt: skip


@pytest.fixture
def world() -> World:
    return make_world()


def page(person: Person, address: str) -> str:
    answer = signed_in(person).get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def rule(world: World, **fields: object) -> None:
    Boundaries.objects.filter(talent=world.talent).update(**fields)


def said(booking: Booking) -> list[str]:
    return [warning.message for warning in standing_against(booking, fee_minor=100_000)]


# ---- each rule stands against what crosses it, and the brand hears no reason ----


@pytest.mark.parametrize(
    ("fields", "wish", "words"),
    [
        ({"barred_categories": ["denim"]}, {"category": "denim"}, "not available for denim"),
        ({"barred_media": ["tv"]}, {"media": ["tv"]}, "not available for television"),
        ({"barred_territories": ["JP"]}, {"territories": ["JP", "FR"]}, "not available in all of these territories"),
        ({"barred_territories": ["JP"]}, {"territories": ["WORLD"]}, "not available in all of these territories"),
        ({"longest_window_months": 6}, {"window_months": 12}, "at most 6 months"),
        ({"lowest_fee_minor": 100_001}, {}, "fee is below"),
        ({"licence_types": ["a"]}, {"exclusivity": "category"}, "does not license with exclusivity"),
        ({"licence_types": ["a"]}, {"exclusivity": "full"}, "does not license with exclusivity"),
        ({"licence_types": ["b"]}, {"exclusivity": "none"}, "does not license without exclusivity"),
    ],
)
def test_a_booking_that_crosses_a_rule_cannot_be_submitted(world: World, fields: dict, wish: dict, words: str) -> None:
    booking = make.draft(world, **wish)
    assert said(booking) == []
    rule(world, **fields)
    [message] = said(booking)
    assert words in message


def test_what_crosses_a_rule_is_refused_when_it_is_submitted_and_when_she_says_yes(world: World) -> None:
    booking = make.submitted(world, exclusivity="category")
    rule(world, licence_types=["a"])
    with pytest.raises(Refused, match="does not license with exclusivity"):
        answers.answer(by=world.booker.actor, booking=booking, version=1, answer="yes")
        answers.answer(by=world.maya.actor, booking=booking, version=1, answer="yes")
    with pytest.raises(Refused, match="does not license with exclusivity"):
        compose.submit(by=world.producer.actor, booking=make.draft(world, exclusivity="category"))


def test_a_voucher_carries_her_body_lock_and_the_type_of_licence_as_they_were_agreed(world: World) -> None:
    rule(world, body_tolerance=2, skin_tolerance=3, hair_tolerance=30)
    make.generating(world, exclusivity="category")
    scope = Voucher.objects.get().scope
    assert scope["body_lock"] == {"body": 2, "skin": 3, "hair": 30}
    assert scope["exclusivity"] == "category"


# ---- what is a rule at all ----


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("body_tolerance", "31"),
        ("skin_tolerance", "-1"),
        ("hair_tolerance", ""),
        ("licence_types", []),
        ("licence_types", ["c"]),
    ],
)
def test_what_is_no_rule_is_said_beside_its_field(world: World, field: str, value: object) -> None:
    answer = signed_in(world.maya).post(reverse("rules"), USUAL | {field: value})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


@pytest.mark.parametrize("fields", [{"body_tolerance": 31}, {"licence_types": []}])
def test_the_database_refuses_what_is_no_rule(world: World, fields: dict) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        rule(world, **fields)


def test_she_sees_what_she_set(world: World) -> None:
    client = signed_in(world.maya)
    client.post(reverse("rules"), USUAL | {"licence_types": ["a"], "body_tolerance": "0"})
    words = page(world.maya, reverse("my_twin"))
    assert "Type A" in words and "Type B" not in words
    assert "Body up to 0 %, skin up to 5 %, hair up to 15 %" in words


def test_her_union_stands_in_her_profile_and_her_agency_reads_it(world: World) -> None:
    told = {"stage_name": "Maya Okafor", "country": "FR", "board": "women", "union": "Equity"}
    assert signed_in(world.maya).post(reverse("profile"), told).status_code == 302
    assert Talent.objects.get(pk=world.talent.pk).union == "Equity"
    assert "Equity" in page(world.booker, reverse("roster_model", args=[world.talent.slug]))
    assert "Equity" not in page(world.producer, reverse("twin", args=[world.talent.slug]))


# ---- hers alone ----


def test_she_sets_her_rules_and_they_hide_her_at_once(world: World) -> None:
    client = signed_in(world.maya)
    wanted = {"barred_categories": ["fashion"], "longest_window_months": "12", "lowest_fee": "1500.50"}
    assert client.post(reverse("rules"), USUAL | wanted)["Location"] == reverse("my_twin")
    rules = world.talent.boundaries
    rules.refresh_from_db()
    assert (rules.barred_categories, rules.longest_window_months, rules.lowest_fee_minor) == (["fashion"], 12, 150_050)
    assert world.talent.stage_name not in page(world.producer, reverse("twins"))
    assert "1,500.50" in page(world.maya, reverse("my_twin"))


def test_a_brand_that_she_bars_does_not_find_her_and_is_not_told_so(world: World) -> None:
    client = signed_in(world.maya)
    wanted = {"barred_brands": [str(world.brand.pk)], "barred_territories": ["JP"]}
    client.post(reverse("rules"), USUAL | wanted | {"longest_window_months": "12", "lowest_fee": "0"})
    rules = world.talent.boundaries
    rules.refresh_from_db()
    assert (list(rules.barred_brands.all()), rules.barred_territories) == ([world.brand], ["JP"])
    shown = page(world.maya, reverse("my_twin"))
    assert "Japan" in shown and html.escape(world.brand.name) in shown
    assert world.talent.stage_name not in page(world.producer, reverse("twins"))
    assert signed_in(world.producer).get(reverse("twin", args=[world.talent.slug])).status_code == 404


def test_an_agency_is_no_brand_to_bar(world: World) -> None:
    agency = Organization.objects.filter(kind="agency").first()
    assert agency
    wanted = {"barred_brands": [str(agency.pk)], "longest_window_months": "12", "lowest_fee": "0"}
    assert signed_in(world.maya).post(reverse("rules"), USUAL | wanted).status_code == 422


def test_nobody_sets_the_rules_for_her(world: World) -> None:
    assert signed_in(world.booker).post(reverse("rules"), {}).status_code == 403
    with pytest.raises(NotAllowed):
        set_boundaries(
            by=world.other_model.actor,
            talent=world.talent,
            barred_categories=[],
            barred_media=[],
            barred_territories=[],
            barred_brands=[],
            longest_window_months=24,
            lowest_fee_minor=0,
            licence_types=["a"],
            body_tolerance=5,
            skin_tolerance=5,
            hair_tolerance=5,
        )


def test_a_rule_that_is_none_is_said_beside_its_field(world: World) -> None:
    answer = signed_in(world.maya).post(
        reverse("rules"), USUAL | {"barred_categories": ["happiness"], "lowest_fee": "-1"}
    )
    assert answer.status_code == 422 and answer.content.decode().count("errorlist") == 2
