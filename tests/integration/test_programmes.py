"""A programme asks many models; each answers for herself, and nobody else can."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from apps.audit.models import Event
from apps.common.canonical import sha256_hex
from apps.common.errors import InvalidInput, NotAllowed, Refused, StaleState
from apps.common.legal_texts import LANGUAGES
from apps.common.money import Money
from apps.consents.models import Consent
from apps.notifications.models import Notice
from apps.organizations.models import Organization
from apps.pricing.services import day_rate
from apps.programmes import services
from apps.programmes.mailing import send, untold
from apps.programmes.models import Place, Programme
from apps.programmes.services import Asked
from apps.signatures.models import Signature
from apps.talent.models import MandateProposal
from tests.factories import programmes as some
from tests.factories.mandates import sign_as
from tests.factories.people import Person, acting, make_member, make_organization, make_talent

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
State = Place.State


@pytest.fixture
def brand() -> Organization:
    return make_organization("brand", "halden-rye", country="DE")


@pytest.fixture
def producer(brand: Organization) -> Person:
    return make_member(brand, "producer", "jonas")


@pytest.fixture
def agency() -> Organization:
    return make_organization("agency", "elan", country="FR")


@pytest.fixture
def booker(agency: Organization) -> Person:
    return make_member(agency, "booker", "claire")


@pytest.fixture
def programme(brand: Organization, producer: Person) -> Programme:
    return some.programme_of(producer, brand)


class TestStarting:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"name": " "}, "name"),
            ({"day_rate_minor": 0}, "day_rate_minor"),
            ({"ends_on": date(2020, 1, 1)}, "ends_on"),
            ({"mandate_months": 24, "mandate_commission_bp": 2_000, "mandate_territories": ["FR"]}, "mandate_months"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(self, brand, producer, changes, field):
        with pytest.raises(InvalidInput) as refusal:
            some.programme_of(producer, brand, **changes)
        assert refusal.value.field == field and not Programme.objects.exists()

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"mandate_months": 37}, "mandate_months"),
            ({"mandate_commission_bp": 2_001}, "mandate_commission_bp"),
            ({"mandate_territories": ["ZZ"]}, "mandate_territories"),
        ],
    )
    def test_new_york_fashion_workers_act_mandate_at_most_3_years_commission_at_most_20_percent(
        self, agency, booker, changes, field
    ):
        usual = {"mandate_months": 36, "mandate_commission_bp": 2_000, "mandate_territories": ["FR"]}
        with pytest.raises(InvalidInput) as refusal:
            some.programme_of(booker, agency, **usual | changes)
        assert refusal.value.field == field

    @pytest.mark.parametrize(("kind", "role"), [("brand", "finance"), ("brand", "viewer"), ("agency", "accountant")])
    def test_only_those_who_keep_the_roster_or_compose(self, kind, role):
        organization = make_organization(kind, "some-house")
        with pytest.raises(NotAllowed):
            some.programme_of(make_member(organization, role, "nina"), organization)

    def test_nobody_starts_one_for_another_house(self, agency, producer):
        with pytest.raises(NotAllowed):
            some.programme_of(producer, agency)


class TestAsking:
    def test_each_address_once_however_it_is_written(self, programme, producer):
        people = [
            Asked("Iris@Tests.Example ", "Iris Vale"),
            Asked("iris@tests.example", "Iris"),
            Asked("b@t.example", ""),
        ]
        assert services.ask(by=producer.actor, programme=programme, people=people) == 2
        assert services.ask(by=producer.actor, programme=programme, people=people) == 0
        assert set(programme.places.values_list("email", "name")) == {
            ("iris@tests.example", "Iris"),
            ("b@t.example", "b"),
        }
        assert Event.objects.filter(kind="programme.asked").count() == 1

    def test_no_address_no_place(self, programme, producer):
        with pytest.raises(InvalidInput) as refusal:
            services.ask(by=producer.actor, programme=programme, people=[Asked("nobody", "Nobody")])
        assert refusal.value.field == "people" and not programme.places.exists()

    def test_somebody_new_gets_a_mail_that_decides_nothing(self, programme, producer, mailoutbox):
        services.ask(by=producer.actor, programme=programme, people=[Asked("iris@tests.example", "Iris")])
        place = programme.places.get()
        assert send(place.pk) and not send(place.pk)
        assert [mail.to for mail in mailoutbox] == [["iris@tests.example"]]
        assert f"/programmes/places/{place.pk}/" in mailoutbox[0].body
        place.refresh_from_db()
        assert place.state == State.INVITED

    def test_a_model_who_is_here_already_reads_it_here(self, programme, producer):
        talent, person = some.model("iris")
        place = some.invited(producer, programme, person)
        assert send(place.pk)
        notice = Notice.objects.get(to=talent.party)
        assert notice.kind == "programme.asked" and str(place.pk) in notice.url
        assert notice.mails.get().address == person.user.email

    def test_an_unchecked_brand_prepares_and_nobody_is_told_before_it_is_checked(self, brand, programme, producer):
        Organization.objects.filter(pk=brand.pk).update(checked_at=None)
        services.ask(by=producer.actor, programme=programme, people=[Asked("iris@tests.example", "Iris")])
        assert not untold().exists()
        Organization.objects.filter(pk=brand.pk).update(checked_at=timezone.now())
        assert untold().count() == 1

    def test_a_question_is_taken_back_before_the_answer_and_never_after(self, programme, producer):
        talent, person = some.model("iris")
        services.take_back(by=producer.actor, place=some.invited(producer, programme, person))
        assert not programme.places.exists()
        place = some.take(some.invited(producer, programme, person), talent, person)
        with pytest.raises(StaleState):
            services.take_back(by=producer.actor, place=place)

    def test_another_house_neither_asks_nor_takes_back(self, programme, producer, booker):
        _, person = some.model("iris")
        place = some.invited(producer, programme, person)
        for act in (
            lambda: services.ask(by=booker.actor, programme=programme, people=[Asked("a@t.example", "A")]),
            lambda: services.take_back(by=booker.actor, place=place),
            lambda: services.end(by=booker.actor, programme=programme),
        ):
            with pytest.raises(NotAllowed):
                act()


class TestAnswering:
    def test_her_yes_is_signed_over_the_text_that_she_saw_and_freezes_the_price(self, programme, producer):
        place, talent, _ = some.accepted(producer, programme, "iris")
        signature = Signature.objects.get(kind="programme")
        assert place.state == State.ACCEPTED and place.signature == signature and place.talent == talent
        assert sha256_hex(some.text_for(place, talent).encode()) == signature.text_sha256
        price = place.price
        assert price and (price.fee_minor, price.service_minor, price.platform_minor) == (187_500, 0, 15_000)
        assert (price.vat_minor, price.total_minor) == (38_475, 240_975)  # 19 % of 2,025.00
        assert place.receives == Money(187_500, "EUR")

    def test_a_yes_to_a_programme_is_no_consent(self, programme, producer):
        some.accepted(producer, programme, "iris")
        assert not Consent.objects.exists()

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_new_york_fashion_workers_act_rate_of_pay_in_her_language(self, programme, producer, language):
        talent, person = some.model("iris")
        text = some.text_for(some.invited(producer, programme, person), talent, language)
        assert text.count("\n") == 6 and "$" not in text.replace("US$", "")
        assert "875" in text and "Halden" in text and str(programme.ends_on.year) in text

    def test_another_text_than_she_saw_is_not_signed(self, programme, producer):
        talent, person = some.model("iris")
        place = some.invited(producer, programme, person)
        with pytest.raises(StaleState):
            services.accept(by=person.actor, talent=talent, place=place, language="en", shown_sha256="0" * 64)
        assert not Signature.objects.exists()

    def test_nobody_signs_for_her(self, programme, producer, booker):
        """New York Fashion Workers Act: signed by the model in person, no proxy, no staff."""
        talent, person = some.model("iris")
        place = some.invited(producer, programme, person)
        _, other = some.model("rosa")
        staff = acting(other.user, "platform", "staff", frozenset())
        for somebody in (producer.actor, booker.actor, other.actor, staff):
            for act in (services.decline, services.leave):
                with pytest.raises(NotAllowed):
                    act(by=somebody, talent=talent, place=place)
            with pytest.raises(NotAllowed):
                shown = sha256_hex(some.text_for(place, talent).encode())
                services.accept(by=somebody, talent=talent, place=place, language="en", shown_sha256=shown)

    def test_a_place_is_for_the_address_that_was_invited(self, programme, producer):
        _, person = some.model("iris")
        place = some.invited(producer, programme, person)
        other, somebody = some.model("rosa")
        with pytest.raises(NotAllowed):
            some.take(place, other, somebody)

    def test_without_a_fresh_sign_in_nothing_is_signed(self, programme, producer):
        talent, person = some.model("iris")
        place = some.invited(producer, programme, person)
        stale = acting(person.user, talent.party, "talent", person.actor.permissions, stepped_up=False)
        with pytest.raises(NotAllowed) as refusal:
            some.take(place, talent, Person(person.user, stale))
        assert refusal.value.code == "step_up"

    def test_a_no_needs_neither_reason_nor_step_up_and_stays(self, programme, producer):
        talent, person = some.model("iris")
        place = some.invited(producer, programme, person)
        stale = acting(person.user, talent.party, "talent", person.actor.permissions, stepped_up=False)
        services.decline(by=stale, talent=talent, place=place)
        assert services.ask(by=producer.actor, programme=programme, people=[Asked(person.user.email, "Iris")]) == 0
        with pytest.raises(StaleState):
            some.take(place, talent, person)

    def test_one_programme_pays_for_a_twin_and_an_existing_twin_is_paid_by_nobody(self, brand, programme, producer):
        _, talent, person = some.accepted(producer, programme, "iris")
        second = some.programme_of(producer, brand, name="Another")
        with pytest.raises(Refused) as refusal:
            some.take(some.invited(producer, second, person), talent, person)
        assert refusal.value.code == "another"
        rosa, herself = some.model("rosa")
        some.approve(rosa, herself)
        with pytest.raises(Refused) as refusal:
            some.take(some.invited(producer, programme, herself), rosa, herself)
        assert refusal.value.code == "made"

    def test_after_the_last_day_there_is_nothing_to_accept(self, programme, producer):
        talent, person = some.model("iris")
        place = some.invited(producer, programme, person)
        Programme.objects.update(ends_on=timezone.now().date() - timedelta(days=1))
        place.programme.refresh_from_db()
        with pytest.raises(StaleState):
            some.take(place, talent, person)


class TestTheAgencysPart:
    def test_a_represented_models_agency_adds_its_service_charge_and_takes_its_commission(
        self, brand, producer, agency
    ):
        programme = some.programme_of(producer, brand)
        talent, person = make_talent("maya-okafor", agency=agency)
        place = some.take(some.invited(producer, programme, some.verified(person.user) and person), talent, person)
        price = place.price
        assert price and (price.fee_minor, price.service_minor, price.platform_minor) == (187_500, 37_500, 15_000)
        assert place.receives == Money(150_000, "EUR")
        assert {(s.party, s.reason, s.amount_minor) for s in place.agreed_shares} >= {
            (agency.party, "commission", 37_500), (agency.party, "service", 37_500),
        }  # fmt: skip
        assert "20 %" in some.text_for(place, talent).replace("\xa0", " ") or "20%" in some.text_for(place, talent)

    def test_an_agency_that_pays_for_its_own_model_takes_nothing_of_it(self, agency, booker):
        programme = some.programme_of(booker, agency)
        talent, person = make_talent("maya-okafor", agency=agency)
        place = some.take(some.invited(booker, programme, some.verified(person.user) and person), talent, person)
        price = place.price
        assert price and (price.service_minor, price.platform_minor) == (0, 15_000)
        assert place.receives == Money(187_500, "EUR")

    def test_the_mandate_is_proposed_by_itself_and_binds_nobody_before_she_signs(self, agency, booker):
        programme = services.start(by=booker.actor, organization=agency, plan=some.with_mandate())
        _, talent, _ = some.accepted(booker, programme, "iris")
        proposal = MandateProposal.objects.get(talent=talent)
        assert (proposal.state, proposal.covers_twins, proposal.commission_bp) == ("waiting", True, 2_000)
        assert not talent.mandates.exists()

    def test_signing_it_gives_her_the_programmes_day_rate_unless_she_has_one(self, agency, booker):
        programme = services.start(by=booker.actor, organization=agency, plan=some.with_mandate())
        _, talent, person = some.accepted(booker, programme, "iris")
        assert day_rate(talent.party) is None
        sign_as(person, MandateProposal.objects.get(talent=talent))
        assert day_rate(talent.party) == Money(some.DAY_RATE, "EUR")

    def test_whoever_has_a_mandate_with_the_agency_is_not_asked_again(self, agency, booker):
        programme = services.start(by=booker.actor, organization=agency, plan=some.with_mandate())
        talent, person = make_talent("maya-okafor", agency=agency)
        some.take(some.invited(booker, programme, some.verified(person.user) and person), talent, person)
        assert not MandateProposal.objects.exists()
        assert day_rate(talent.party) == Money(150_000, "EUR")
