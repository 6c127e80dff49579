"""The pages of a programme: who may open and press what, what bad input says, and how many questions a page asks."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.organizations.models import Organization
from apps.programmes import services
from apps.programmes.models import Place, Programme
from apps.programmes.services import Asked
from apps.roster.models import RosterEntry
from tests.factories import programmes as some
from tests.factories.clients import signed_in
from tests.factories.counting import with_few_and_many
from tests.factories.people import Person, make_member, make_organization, make_talent

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
ALL = {"name": "Thirty twins", "words": "For autumn", "day_rate": "1500", "ends_on": "2030-05-01"}


@pytest.fixture
def brand() -> Organization:
    return make_organization("brand", "halden-rye", country="DE")


@pytest.fixture
def owner(brand: Organization) -> Person:
    return make_member(brand, "owner", "jonas")


@pytest.fixture
def agency() -> Organization:
    return make_organization("agency", "elan", country="FR")


@pytest.fixture
def booker(agency: Organization) -> Person:
    return make_member(agency, "owner", "claire")


@pytest.fixture
def programme(brand: Organization, owner: Person) -> Programme:
    return some.programme_of(owner, brand)


def address(name: str, of: object) -> str:
    return reverse(name, args=[of.pk])


class TestStarting:
    def test_a_brand_starts_one_and_invites_pasted_people(self, owner):
        client = signed_in(owner)
        made = client.post(reverse("programme_new"), ALL)
        programme = Programme.objects.get()
        assert made.url == address("programme_ask", programme) and programme.day_rate_minor == 150_000
        pasted = "iris@tests.example, Iris Vale\nRosa Diaz <rosa@tests.example>\nvera@tests.example\tVera Holm\n\n"
        client.post(address("programme_ask", programme), {"people": pasted})
        assert list(programme.places.values_list("email", "name")) == [
            ("iris@tests.example", "Iris Vale"),
            ("rosa@tests.example", "Rosa Diaz"),
            ("vera@tests.example", "Vera Holm"),
        ]  # fmt: skip

    def test_a_line_without_an_address_is_named_and_nothing_typed_is_lost(self, owner, programme):
        typed = "iris@tests.example\nRosa without address"
        answer = signed_in(owner).post(address("programme_ask", programme), {"people": typed})
        assert answer.status_code == 422 and not programme.places.exists()
        assert "line 2" in answer.content.decode() and "Rosa without address" in answer.content.decode()

    @pytest.mark.parametrize(
        ("field", "value"), [("name", ""), ("day_rate", "0"), ("day_rate", "much"), ("ends_on", "2020-01-01")]
    )
    def test_what_is_wrong_stands_beside_its_field(self, owner, field, value):
        answer = signed_in(owner).post(reverse("programme_new"), ALL | {field: value})
        assert answer.status_code == 422 and answer.context["form"].errors[field] and not Programme.objects.exists()
        assert ALL["words"] in answer.content.decode()

    def test_an_agency_says_its_mandate_once(self, booker):
        mandate = {
            "with_mandate": "on", "mandate_months": "24", "mandate_commission": "17.5", "mandate_regions": ["benelux"],
            "mandate_countries": ["FR"],
        }  # fmt: skip
        signed_in(booker).post(reverse("programme_new"), ALL | mandate)
        made = Programme.objects.get()
        assert (made.mandate_months, made.mandate_commission_bp) == (24, 1_750)
        assert made.mandate_territories == ["BE", "FR", "LU", "NL"]

    def test_a_mandate_without_a_place_is_said_beside_its_field(self, booker):
        answer = signed_in(booker).post(
            reverse("programme_new"), ALL | {"with_mandate": "on", "mandate_months": "24", "mandate_commission": "20"}
        )
        assert answer.status_code == 422 and answer.context["form"].errors["mandate_regions"]


class TestTheAgencysPeople:
    def test_roster_and_mandated_models_without_a_twin_are_offered_once(self, agency, booker):
        programme = some.programme_of(booker, agency)
        RosterEntry.objects.create(
            agency=agency, email="new@tests.example", first_name="New", last_name="Face", **_rest()
        )
        _, person = make_talent("maya-okafor", agency=agency)
        made, herself = make_talent("with-a-twin", agency=agency)
        some.approve(made, herself)
        make_talent("somebody-elses", agency=make_organization("agency", "northlight"))
        client = signed_in(booker)
        shown = client.get(address("programme_ask", programme)).context["offered"]
        assert [(one.email, joined) for one, joined in shown] == [
            (person.user.email, True),
            ("new@tests.example", False),
        ]
        client.post(address("programme_ask", programme), {"all": "1"})
        assert programme.places.count() == 2
        assert not client.get(address("programme_ask", programme)).context["offered"]

    def test_an_address_that_was_not_offered_is_not_asked(self, agency, booker):
        programme = some.programme_of(booker, agency)
        answer = signed_in(booker).post(address("programme_ask", programme), {"email": ["stranger@tests.example"]})
        assert answer.status_code == 422 and not programme.places.exists()


class TestRights:
    """An outsider finds nothing; an insider without the right is told so."""

    PAGES = ("programme", "programme_ask")
    PRESSES = ("programme_pay", "programme_end", "programme_ask")

    def test_another_house_finds_nothing(self, programme, booker):
        client = signed_in(booker)
        assert {client.get(address(name, programme)).status_code for name in self.PAGES} == {404}
        assert {client.post(address(name, programme)).status_code for name in self.PRESSES} == {404}
        place = some.invited(*_keeper_and(programme), some.model("iris")[1])
        assert client.post(address("programme_take_back", place)).status_code == 404

    @pytest.mark.parametrize("role", ["viewer", "finance"])
    def test_a_reader_reads_and_presses_nothing_that_is_not_hers(self, brand, programme, role):
        client = signed_in(make_member(brand, role, role))
        assert client.get(address("programme", programme)).status_code == 200
        assert client.get(address("programme_ask", programme)).status_code == 403
        assert client.get(reverse("programme_new")).status_code == 403
        assert client.post(address("programme_end", programme)).status_code == 403
        paid = client.post(address("programme_pay", programme)).status_code
        assert paid == (403 if role == "viewer" else 422)  # finance may; nothing is to be paid yet

    def test_a_model_is_no_organisation_and_an_organisation_no_model(self, owner, programme):
        _, person = some.model("iris")
        place = some.invited(owner, programme, person)
        model = signed_in(person)
        assert model.get(reverse("programmes")).status_code == 403
        assert model.get(address("place", place)).status_code == 200
        assert signed_in(owner).get(address("place", place)).status_code == 404
        assert Client().get(address("place", place)).status_code == 302

    def test_another_models_place_does_not_exist(self, owner, programme):
        place = some.invited(owner, programme, some.model("iris")[1])
        other = signed_in(some.model("rosa")[1])
        assert other.get(address("place", place)).status_code == 404
        assert other.post(address("place", place), {"answer": "no"}).status_code == 404


class TestHerPage:
    def test_she_reads_ticks_and_signs(self, owner, programme):
        talent, person = some.model("iris")
        place = some.invited(owner, programme, person)
        client = signed_in(person)
        shown = client.get(address("place", place)).context["shown"]
        asked = {"answer": "yes", "language": "en", "shown": shown}
        assert client.post(address("place", place), asked).status_code == 422  # not ticked
        assert client.post(address("place", place), asked | {"agreed": "yes"}).url == reverse("onboarding")
        place.refresh_from_db()
        assert place.state == Place.State.ACCEPTED and place.talent == talent
        page = client.get(address("place", place)).content.decode()
        assert "€1,875.00" in page and client.get(reverse("certificate", args=[place.signature_id])).status_code == 200

    def test_without_a_fresh_sign_in_she_confirms_first(self, owner, programme):
        _, person = some.model("iris")
        place = some.invited(owner, programme, person)
        client = signed_in(person, fresh=False)
        shown = client.get(address("place", place)).context["shown"]
        answer = client.post(
            address("place", place), {"answer": "yes", "language": "en", "shown": shown, "agreed": "yes"}
        )
        assert answer.status_code == 302 and reverse("account_reauthenticate") in answer.url

    def test_somebody_who_is_no_model_yet_reads_who_asks_and_joins_first(self, owner, programme):
        user = some.verified(some.make_user("new-face"))
        services.ask(by=owner.actor, programme=programme, people=[Asked(user.email, "New Face")])
        client = signed_in(Person(user, None))
        place = programme.places.get()
        page = client.get(address("place", place))
        assert page.status_code == 200 and reverse("join") in page.content.decode() and "shown" not in page.context
        assert client.post(address("place", place), {"answer": "no"}).status_code == 403

    def test_her_steps_name_the_programme(self, owner, programme):
        _, person = some.model("iris")
        some.invited(owner, programme, person)
        page = signed_in(person).get(reverse("onboarding")).content.decode()
        assert programme.name in page and "would pay for the making" in page


class TestTheBoard:
    def test_each_stage_is_the_furthest_that_she_reached(self, owner, programme):
        accepted = [some.accepted(owner, programme, f"model-{number}") for number in range(5)]
        some.invited(owner, programme, some.model("invited")[1])
        for _, talent, person in accepted[1:]:
            some.consent(talent, person)
        for _, talent, _ in accepted[2:]:
            some.photographed(talent)
        some.made(accepted[3][1])
        some.approve(accepted[4][1], accepted[4][2])
        board = signed_in(owner).get(address("programme", programme)).context["board"]
        assert [(step.stage.key, step.count) for step in board.steps] == [
            ("invited", 1), ("accepted", 1), ("consented", 1), ("captured", 1), ("trained", 1), ("approved", 1),
            ("bookable", 0),
        ]  # fmt: skip

    def test_a_stage_shows_its_places_alone_and_who_is_out_stands_apart(self, owner, programme):
        some.accepted(owner, programme, "iris")
        talent, person = some.model("rosa")
        services.decline(by=person.actor, talent=talent, place=some.invited(owner, programme, person))
        client = signed_in(owner)
        names = lambda view: [  # noqa: E731
            line.place.name
            for line in client.get(address("programme", programme), {"view": view}).context["board"].lines
        ]
        assert names("") == names("accepted") == ["Iris"] and names("invited") == [] and names("over") == ["Rosa"]

    def test_questions_to_the_database_do_not_grow_with_the_places(self, owner, programme):
        few, many = with_few_and_many(
            signed_in(owner), address("programme", programme), lambda n: some.accepted(owner, programme, f"model-{n}")
        )
        assert few == many

    def test_nor_with_the_programmes(self, owner, brand):
        few, many = with_few_and_many(
            signed_in(owner), reverse("programmes"), lambda n: some.programme_of(owner, brand, name=f"No. {n}")
        )
        assert few == many


def _rest() -> dict[str, str]:
    return {"birth_date": "2000-01-01", "country": "FR", "board": "women", "language": "fr"}


def _keeper_and(programme: Programme) -> tuple[Person, Programme]:
    return make_member(programme.organization, "producer", "keeper"), programme
