"""Exclusivities signed elsewhere: entered by the model or her agency, they block a booking like one of our own."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from apps.audit.models import Event
from apps.bookings.services import compose
from apps.bookings.warnings import standing_against
from apps.common.errors import InvalidInput, NotAllowed, Refused
from apps.talent.commitments import enter_commitment, remove_commitment
from apps.talent.models import OutsideCommitment
from tests.factories import bookings as make
from tests.factories.clients import signed_in
from tests.factories.people import Person, World, make_member, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def today(plus: int = 0) -> date:
    return timezone.now().date() + timedelta(days=plus)


def bind(world: World, by: Person, **fields: object) -> OutsideCommitment:
    wish = {"exclusivity": "category", "category": "fashion", "territories": ["DE"], "starts_on": today(),
            "ends_on": today(90), "brand": "Somebody Else", "note": "signed in March"}  # fmt: skip
    return enter_commitment(by=by.actor, talent=world.talent, **wish | fields)


def typed(**fields: object) -> dict[str, object]:
    return {"exclusivity": "category", "category": "fashion", "countries": ["DE"], "starts_on": today().isoformat(),
            "ends_on": today(90).isoformat(), "brand": "Somebody Else"} | fields  # fmt: skip


class TestItBlocks:
    @pytest.mark.parametrize("who", ["maya", "booker", "mother_booker"])
    def test_whoever_of_them_entered_it(self, world: World, who: str) -> None:
        bind(world, getattr(world, who))
        booking = make.draft(world)
        [warning] = standing_against(booking)
        assert warning.kind == "exclusivity"
        assert "Somebody Else" not in warning.message + warning.instead
        with pytest.raises(Refused):
            compose.submit(by=world.producer.actor, booking=booking)

    def test_to_its_last_day_and_not_before_its_first(self, world: World) -> None:
        bind(world, world.maya, starts_on=today(10), ends_on=today(400))
        inside = make.draft(world, starts_on=today(400), window_months=3)
        after = make.draft(world, starts_on=today(401), window_months=3)
        assert [warning.kind for warning in standing_against(inside)] == ["exclusivity"]
        assert standing_against(after) == []

    def test_a_full_one_every_category_and_one_in_a_category_only_that(self, world: World) -> None:
        bind(world, world.maya, category="beauty")
        assert standing_against(make.draft(world)) == []
        bind(world, world.maya, category="beauty", exclusivity="full")
        assert [warning.kind for warning in standing_against(make.draft(world))] == ["exclusivity"]

    def test_worldwide_everywhere(self, world: World) -> None:
        bind(world, world.maya, territories=["WORLD"])
        assert [warning.kind for warning in standing_against(make.draft(world, territories=["NZ"]))] == ["exclusivity"]

    def test_no_more_once_it_is_removed(self, world: World) -> None:
        row = bind(world, world.booker)
        remove_commitment(by=world.maya.actor, commitment=row)
        assert standing_against(make.draft(world)) == []
        kinds = Event.objects.filter(subject=world.talent.party).values_list("kind", flat=True)[:2]
        assert list(kinds) == ["commitment.removed", "commitment.entered"]


class TestWhoMay:
    @pytest.mark.parametrize("who", ["producer", "other_booker", "other_model"])
    def test_nobody_else_enters_one(self, world: World, who: str) -> None:
        with pytest.raises(NotAllowed):
            bind(world, getattr(world, who))

    def test_an_accountant_of_her_agency_does_not(self, world: World) -> None:
        accountant = make_member(world.agency, "accountant", "anne")
        with pytest.raises(NotAllowed):
            bind(world, accountant)
        assert signed_in(accountant).get(reverse("roster_commitments", args=[world.talent.slug])).status_code == 403

    def test_an_agency_whose_mandate_is_over_does_not(self, world: World) -> None:
        world.talent.mandates.filter(agency=world.agency).update(ended_on=today())
        with pytest.raises(NotAllowed):
            bind(world, world.booker)
        assert signed_in(world.booker).get(reverse("roster_commitments", args=[world.talent.slug])).status_code == 404

    def test_an_agency_removes_only_what_it_entered(self, world: World) -> None:
        row = bind(world, world.mother_booker)
        with pytest.raises(NotAllowed):
            remove_commitment(by=world.booker.actor, commitment=row)
        address = reverse("commitment_remove", args=[row.pk])
        assert signed_in(world.booker).post(address).status_code == 404
        assert signed_in(world.mother_booker).post(address).status_code == 302
        assert not OutsideCommitment.objects.exists()

    def test_for_which_brand_is_read_by_her_and_by_whoever_entered_it(self, world: World) -> None:
        bind(world, world.mother_booker)
        agency_page = reverse("roster_commitments", args=[world.talent.slug])
        assert "Somebody Else" in signed_in(world.maya).get(reverse("commitments")).content.decode()
        assert "Somebody Else" in signed_in(world.mother_booker).get(agency_page).content.decode()
        words = signed_in(world.booker).get(agency_page).content.decode()
        assert "Germany" in words and "Somebody Else" not in words and "signed in March" not in words


class TestTheForm:
    def test_she_enters_one_on_her_phone(self, world: World) -> None:
        client = signed_in(world.maya)
        assert client.post(reverse("commitments"), typed(regions=["dach"])).status_code == 302
        row = OutsideCommitment.objects.get()
        assert (row.territories, row.entered_by) == (["AT", "CH", "DE"], world.talent.party)
        assert row.window.upper == today(91)

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"countries": []}, "regions"),
            ({"ends_on": "2020-01-01", "starts_on": "2019-01-01"}, "ends_on"),
            ({"ends_on": "1999-01-01"}, "ends_on"),
            ({"ends_on": "2099-01-01"}, "ends_on"),
            ({"exclusivity": "none"}, "exclusivity"),
            ({"category": "happiness"}, "category"),
        ],
    )
    def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
        self, world: World, fields: dict, field: str
    ) -> None:
        answer = signed_in(world.maya).post(reverse("commitments"), typed(**fields))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
        assert "Somebody Else" in answer.content.decode()

    @pytest.mark.parametrize("fields", [{"exclusivity": "none"}, {"territories": []}, {"territories": ["XX"]}])
    def test_the_service_refuses_it_too(self, world: World, fields: dict) -> None:
        with pytest.raises(InvalidInput):
            bind(world, world.maya, **fields)

    def test_the_database_keeps_only_exclusivities(self, world: World) -> None:
        bind(world, world.maya)
        with pytest.raises(IntegrityError), transaction.atomic():
            OutsideCommitment.objects.update(exclusivity="none")
