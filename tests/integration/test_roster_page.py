"""The agency's roster: saved views with their counts, search, sorting, a person's own columns, and the file of it."""

import csv
import io
from datetime import timedelta
from itertools import count

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.audit.models import Event
from apps.bookings.models import Booking, Licence
from apps.consents.models import Consent
from apps.roster.models import RosterColumns, RosterEntry, RosterPlace
from apps.talent.models import Talent
from tests.factories import bookings as make
from tests.factories.clients import signed_in
from tests.factories.counting import with_few_and_many
from tests.factories.people import World, make_listed_twin, make_member, make_talent, make_world

pytestmark = pytest.mark.django_db

ROSTER = "/home/agency/roster/"
_numbers = count(1)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def booker(world: World) -> Client:
    return signed_in(world.booker)


def names(client: Client, query: str = "") -> list[str]:
    """The models on the page, in their order."""
    answer = client.get(f"{ROSTER}?{query}")
    assert answer.status_code == 200
    return [row.model.talent.stage_name for row in answer.context["roster"].rows]


def counted(client: Client) -> dict[str, int]:
    return {view.key: view.count for view in client.get(ROSTER).context["roster"].views}


def add(world: World, name: str = "") -> Talent:
    talent, person = make_talent(name or f"model-{next(_numbers)}", agency=world.agency)
    make_listed_twin(talent, person)
    return talent


class TestViews:
    def test_a_request_that_waits_for_the_agency(self, world: World, booker: Client) -> None:
        add(world, "ada")
        assert names(booker, "view=waiting") == []
        make.submitted(world)
        assert names(booker, "view=waiting") == ["Maya Okafor"]
        assert counted(booker)["waiting"] == 1

    def test_a_licence_that_ends_within_thirty_days(self, world: World, booker: Client) -> None:
        licence = licensed(world, days=30)
        assert names(booker, "view=ending") == ["Maya Okafor"]
        Licence.objects.filter(pk=licence.pk).update(ends_on=timezone.now().date() + timedelta(days=31))
        assert names(booker, "view=ending") == []

    def test_a_consent_that_ends_within_sixty_days_or_is_not_given(self, world: World, booker: Client) -> None:
        ada = add(world, "ada")
        assert names(booker, "view=consent") == []
        Consent.objects.filter(talent=ada, purpose="promote").update(ends_at=timezone.now() + timedelta(days=59))
        assert names(booker, "view=consent") == ["Ada"]
        Consent.objects.filter(talent=world.talent, purpose="promote").update(withdrawn_at=timezone.now())
        assert names(booker, "view=consent") == ["Ada", "Maya Okafor"]

    def test_nobody_asked_for_her_in_thirty_days(self, world: World, booker: Client) -> None:
        add(world, "ada")
        booking = make.submitted(world)
        assert names(booker, "view=quiet") == ["Ada"]
        Booking.objects.filter(pk=booking.pk).update(state="declined", submitted_at=timezone.now() - timedelta(days=31))
        assert names(booker, "view=quiet") == ["Ada", "Maya Okafor"]

    def test_a_mandate_that_ends_and_a_twin_that_is_paused(self, world: World, booker: Client) -> None:
        world.talent.mandates.filter(agency=world.agency).update(ends_on=timezone.now().date() + timedelta(days=90))
        world.twin.state = "paused"
        world.twin.save()
        assert names(booker, "view=mandate") == names(booker, "view=paused") == ["Maya Okafor"]

    def test_who_is_set_aside_shows_in_that_view_alone(self, world: World, booker: Client) -> None:
        RosterPlace.objects.create(agency=world.agency, talent=world.talent, set_aside_at=timezone.now())
        assert (names(booker), names(booker, "view=aside")) == ([], ["Maya Okafor"])
        assert names(signed_in(world.mother_booker)) == ["Maya Okafor"], "each agency files for itself"

    def test_an_unknown_view_is_the_whole_roster(self, booker: Client) -> None:
        assert names(booker, "view=nonsense&sort=nonsense&page=99") == ["Maya Okafor"]

    def test_an_empty_view_says_what_that_means(self, booker: Client) -> None:
        assert "Nobody has paused her twin." in booker.get(f"{ROSTER}?view=paused").content.decode()
        assert "Nobody by that name" in booker.get(f"{ROSTER}?q=zzz").content.decode()


class TestFinding:
    def test_by_her_name_or_by_what_the_agency_wrote_down(self, world: World, booker: Client) -> None:
        add(world, "ada")
        entry = {"first_name": "Grace", "last_name": "Okafor", "birth_date": "1999-01-01", "country": "FR"}
        RosterEntry.objects.create(
            agency=world.agency, talent=world.talent, email="grace@example.com", board="women", language="en", **entry
        )
        assert names(booker, "q=okaf") == names(booker, "q=grace@") == ["Maya Okafor"]
        assert names(signed_in(world.mother_booker), "q=grace") == [], "another agency's list is not searched"

    @pytest.mark.parametrize(
        ("sort", "order"),
        [
            ("name", ["Ada", "Maya Okafor"]),
            ("-name", ["Maya Okafor", "Ada"]),
            ("waiting", ["Ada", "Maya Okafor"]),
            ("-waiting", ["Maya Okafor", "Ada"]),
            ("asked", ["Maya Okafor", "Ada"]),
            ("-asked", ["Maya Okafor", "Ada"]),
            ("height", ["Ada", "Maya Okafor"]),
        ],
    )
    def test_sorted_by_a_column_with_the_empty_ones_last(
        self, world: World, booker: Client, sort: str, order: list[str]
    ) -> None:
        ada = add(world, "ada")
        Talent.objects.filter(pk=ada.pk).update(height_cm=180)
        make.submitted(world)
        assert names(booker, f"sort={sort}") == order

    def test_the_head_says_how_it_is_sorted(self, booker: Client) -> None:
        words = booker.get(f"{ROSTER}?sort=-waiting").content.decode()
        assert words.count('aria-sort="') == 1 and 'aria-sort="descending"' in words


class TestColumns:
    def test_a_person_keeps_her_own(self, world: World, booker: Client) -> None:
        choice = {"column": ["asked", "board", "nonsense"]}
        assert booker.post(f"{ROSTER}columns/?view=quiet", choice)["Location"] == f"{ROSTER}?view=quiet"
        labels = [head.label for head in signed_in(world.booker).get(ROSTER).context["roster"].heads]
        assert labels == ["Model", "Board", "Last asked for"]
        colleague = signed_in(make_member(world.agency, "owner", "olga"))
        assert len(colleague.get(ROSTER).context["roster"].heads) > 3
        assert RosterColumns.objects.count() == 1

    def test_choosing_none_brings_the_usual_ones_back(self, booker: Client) -> None:
        usual = len(booker.get(ROSTER).context["roster"].heads)
        booker.post(f"{ROSTER}columns/", {"column": ["board"]})
        booker.post(f"{ROSTER}columns/", {})
        assert len(booker.get(ROSTER).context["roster"].heads) == usual


class TestTheFile:
    def rows(self, client: Client, query: str = "") -> list[list[str]]:
        answer = client.post(f"{ROSTER}csv/?{query}")
        assert answer["Content-Type"].startswith("text/csv") and "attachment" in answer["Content-Disposition"]
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

    def test_it_has_the_view_the_columns_and_the_order_of_the_screen(self, world: World, booker: Client) -> None:
        add(world, "ada")
        make.submitted(world)
        booker.post(f"{ROSTER}columns/", {"column": ["board", "waiting"]})
        assert self.rows(booker, "sort=-waiting") == [
            ["Model", "Board", "To answer"],
            ["Maya Okafor", "Women", "1"],
            ["Ada", "Women", "0"],
        ]
        assert len(self.rows(booker, "view=waiting")) == 2

    def test_a_name_that_a_spreadsheet_would_run_stays_text(self, world: World, booker: Client) -> None:
        Talent.objects.filter(pk=world.talent.pk).update(stage_name="=HYPERLINK(0)")
        assert self.rows(booker)[1][0] == "'=HYPERLINK(0)"

    def test_who_took_what_stands_in_the_audit_chain(self, world: World, booker: Client) -> None:
        self.rows(booker, "view=quiet")
        event = Event.objects.get(kind="roster.exported")
        assert (event.subject, event.body["by"]) == (world.agency.party, world.booker.actor.label)
        assert (event.body["data"]["view"], event.body["data"]["rows"]) == ("quiet", 1)

    def test_a_get_takes_nothing(self, booker: Client) -> None:
        assert booker.get(f"{ROSTER}csv/").status_code == 405
        assert not Event.objects.filter(kind="roster.exported").exists()


def test_the_roster_asks_the_same_number_of_questions_for_any_number_of_models(world: World, booker: Client) -> None:
    few, many = with_few_and_many(booker, reverse("roster"), lambda number: add(world))
    assert few == many


def licensed(world: World, *, days: int) -> Licence:
    """A licence of Maya's through her agency that ends in so many days."""
    booking = make.agreed(world)
    today = timezone.now().date()
    return Licence.objects.create(
        booking=booking, brand=world.brand, twin=world.twin, media=["own"], territories=["DE"], category="fashion",
        exclusivity="none", starts_on=today, ends_on=today + timedelta(days=days), state="active",
    )  # fmt: skip
