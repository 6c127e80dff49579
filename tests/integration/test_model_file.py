"""A model's file: her agency reads what it may know of her, and nothing beside it."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.bookings.models import Booking
from apps.bookings.services import delivery, review
from apps.consents.models import Consent
from apps.consents.services import withdraw
from apps.portal.model_file import model_file, represented_model
from apps.roster.models import RosterEntry
from apps.talent.models import Boundaries
from apps.twins.services import pause
from tests.factories import bookings as make
from tests.factories.clients import signed_in
from tests.factories.people import Person, World, make_member, make_world

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


@pytest.fixture
def world() -> World:
    return make_world()


def read(world: World, who: Person) -> str:
    answer = signed_in(who).get(reverse("roster_model", args=[world.talent.slug]))
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def delivered(world: World) -> None:
    booking = make.chosen(world)
    review.finish(by=world.producer.actor, booking=booking)
    delivery.release_selected(booking=make.fresh(booking))


class TestWhatItTells:
    def test_mandate_consents_twin_rules_and_work(self, world: World) -> None:
        booking = make.submitted(world, title="Spring campaign")
        words = read(world, world.booker)
        for shown in ("Local agency", "20%", "Listed", "Longest licence", "Spring campaign", "Publish"):
            assert shown in words, shown
        assert reverse("request", args=[booking.pk]) in words

    def test_a_consent_that_is_not_given(self, world: World) -> None:
        withdraw(by=world.maya.actor, consent=Consent.objects.get(talent=world.talent, purpose="promote"))
        words = read(world, world.booker)
        assert words.count("not given") == 1
        assert "Took her consent to promote back" in words

    def test_what_was_earned_with_her_through_this_agency(self, world: World) -> None:
        """1,500 a day, two pictures, e-commerce in one country for a year: F 4,500, service 900, commission 900."""
        delivered(world)
        [ours] = model_file(world.booker.actor, world.talent).shared or []
        [of_mother] = model_file(world.mother_booker.actor, world.talent).shared or []
        assert (ours.ours.amount_minor, ours.hers and ours.hers.amount_minor) == (135_000, 360_000)
        assert (of_mother.ours.amount_minor, of_mother.hers) == (45_000, None), "it has no vote, and no view of hers"

    def test_the_history_is_read_from_the_audit_chain(self, world: World) -> None:
        pause(by=world.maya.actor, twin=world.twin)
        [first, *_] = model_file(world.booker.actor, world.talent).history
        assert first.words == "Paused her twin"

    def test_the_address_only_where_the_agency_wrote_it_itself(self, world: World) -> None:
        told = {"first_name": "Maya", "last_name": "Okafor", "birth_date": date(1998, 5, 2), "country": "FR"}
        RosterEntry.objects.create(
            agency=world.agency, talent=world.talent, email="maya@home.example", board="women", language="en", **told
        )
        assert "maya@home.example" in read(world, world.booker)
        assert "maya@home.example" not in read(world, world.mother_booker)


class TestWhatItKeeps:
    def test_her_birthday_her_own_address_her_lowest_fee_and_whom_she_bars(self, world: World) -> None:
        Boundaries.objects.filter(talent=world.talent).update(lowest_fee_minor=123_456)
        world.talent.boundaries.barred_brands.add(world.rival)
        words = read(world, world.booker)
        for kept in ("1998", "2 May", world.maya.user.email, "1,234", world.rival.name, "Lowest fee", "Never with"):
            assert kept not in words, kept

    def test_what_she_does_through_another_agency(self, world: World) -> None:
        booking = make.submitted(world, title="Spring campaign")
        Booking.objects.filter(pk=booking.pk).update(agency=None, mother_agency=None)
        assert "Spring campaign" not in read(world, world.booker)

    def test_how_she_answered(self, world: World) -> None:
        make.submitted(world)
        before = [told.words for told in model_file(world.booker.actor, world.talent).history]
        assert not [words for words in before if "answer" in words.lower() or "booking" in words.lower()]


class TestWho:
    def test_another_agency_finds_nobody_and_the_same_for_a_name_that_is_none(self, world: World) -> None:
        client = signed_in(world.other_booker)
        for slug in (world.talent.slug, "nobody-at-all"):
            assert client.get(reverse("roster_model", args=[slug])).status_code == 404
            assert client.get(reverse("roster_commitments", args=[slug])).status_code == 404

    def test_when_the_mandate_is_over_the_file_is_closed(self, world: World) -> None:
        world.talent.mandates.filter(agency=world.agency).update(ended_on=timezone.now().date())
        assert signed_in(world.booker).get(reverse("roster_model", args=[world.talent.slug])).status_code == 404

    @pytest.mark.parametrize("who", ["maya", "producer"])
    def test_it_is_the_agencys_page(self, world: World, who: str) -> None:
        client = signed_in(getattr(world, who))
        assert client.get(reverse("roster_model", args=[world.talent.slug])).status_code == 403

    def test_an_accountant_reads_it_and_is_offered_no_act(self, world: World) -> None:
        words = read(world, make_member(world.agency, "accountant", "anne"))
        assert "Earned together" in words and "Propose a mandate" not in words


def test_it_asks_a_constant_number_of_questions(world: World) -> None:
    def asked() -> int:
        actor = world.booker.actor
        with CaptureQueriesContext(connection) as questions:
            model_file(actor, represented_model(actor, world.talent.slug))
        return len(questions)

    make.agreed(world)
    few = asked()
    for _ in range(5):
        make.agreed(world)
        make.submitted(world)
    assert asked() == few <= 15
