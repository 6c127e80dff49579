"""The day rate: set by the model or her agency on a page that says what it would bring, and told to the other side."""

import pytest
from django.urls import reverse

from apps.common.errors import InvalidInput
from apps.common.money import Money
from apps.notifications.models import Mail, Notice
from apps.portal.catalogue import bookable
from apps.portal.onboarding import onboarding
from apps.pricing.models import DayRate
from apps.pricing.services import day_rate, publish_rate_card, set_day_rate, usual_currency
from apps.roster.models import RosterEntry
from apps.talent.models import Boundaries, Mandate
from tests.factories.clients import signed_in
from tests.factories.people import Person, World, make_member, make_talent, make_world

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


@pytest.fixture
def world() -> World:
    return make_world()


def hers(world: World) -> str:
    return reverse("roster_rate", args=[world.talent.slug])


def step(world_talent: object, key: str) -> tuple[str, str]:
    found = next(step for step in onboarding(world_talent).steps if step.key == key)  # type: ignore[arg-type]
    return found.state, found.words


def test_nobody_can_book_a_model_without_one(world: World) -> None:
    assert world.twin in bookable(world.brand)
    DayRate.objects.all().delete()
    assert world.twin not in bookable(world.brand)
    page = signed_in(world.booker).get(reverse("roster_model", args=[world.talent.slug])).content.decode()
    assert "None yet: nobody can book her before it is set." in page and hers(world) in page


def test_a_booker_sets_it_and_reads_what_a_usual_booking_would_bring(world: World) -> None:
    """The worked example of product.md: 40 pictures, e-commerce, one country, 12 months."""
    client = signed_in(world.booker)
    answer = client.post(hers(world), {"amount": "1500.00", "currency": "EUR"}, follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200 and day_rate(world.talent.party) == Money(150_000, "EUR")
    assert "40 pictures for a web shop in France" in page
    for amount in ("4,200.00", "€1,050.00", "€525.00", "€420.00"):
        assert amount in page, amount


def test_the_other_side_is_told(world: World) -> None:
    set_day_rate(by=world.booker.actor, talent_ref=world.talent.party, amount_minor=160_000, currency="EUR")
    told = Notice.objects.get(to=world.talent.party, kind="pricing.day_rate")
    words = told.words("en")
    assert words.title == "Your day rate is €1,600.00" and "Elan set it." in words.body
    assert told.url == reverse("day_rate") and Mail.objects.get(notice=told).address == world.maya.user.email
    set_day_rate(by=world.maya.actor, talent_ref=world.talent.party, amount_minor=170_000, currency="EUR")
    for agency in (world.agency, world.mother):
        words = Notice.objects.get(to=agency.party, kind="pricing.day_rate_of_model").words("en")
        assert words.title == "The day rate of Maya Okafor is €1,700.00"
    count = Notice.objects.count()
    set_day_rate(by=world.maya.actor, talent_ref=world.talent.party, amount_minor=170_000, currency="EUR")
    assert Notice.objects.count() == count, "nothing changed, and somebody was told"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"amount": "", "currency": "EUR"}, "Enter an amount."),
        ({"amount": "much", "currency": "EUR"}, "Enter an amount, like 1500."),
        ({"amount": "0", "currency": "EUR"}, "greater than or equal to 1"),
        ({"amount": "12.345", "currency": "EUR"}, "2 decimal places"),
        ({"amount": "2000000", "currency": "EUR"}, "less than or equal to 1000000"),
        ({"amount": "1500", "currency": "XYZ"}, "Select a valid choice"),
    ],
)
def test_a_senseless_amount_is_refused_beside_the_field_and_kept(world: World, typed: dict, said: str) -> None:
    before = day_rate(world.talent.party)
    answer = signed_in(world.maya).post(reverse("day_rate"), typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page
    assert not typed["amount"] or f'value="{typed["amount"]}"' in page
    assert day_rate(world.talent.party) == before


def test_the_page_answers_while_one_types_and_sets_nothing(world: World) -> None:
    client = signed_in(world.maya)
    typed = {"amount": "3000", "currency": "EUR"}
    part = client.get(reverse("day_rate"), typed, headers={"HX-Request": "true"}).content.decode()
    assert "8,400.00" in part and "<html" not in part
    assert day_rate(world.talent.party) == Money(150_000, "EUR")
    part = client.get(reverse("day_rate"), {"amount": "x"}, headers={"HX-Request": "true"}).content.decode()
    assert "Type an amount" in part


def test_the_example_counts_the_agencys_own_factors(world: World) -> None:
    publish_rate_card(by=world.booker.actor, owner=world.agency.party, factors={"media": {"ecommerce": 10_000}})
    page = signed_in(world.booker).get(hers(world)).content.decode()
    assert "3,000.00" in page and "4,200.00" not in page


def test_no_example_is_told_where_nobody_could_book_her(world: World) -> None:
    Mandate.objects.filter(talent=world.talent).update(covers_twins=False)
    page = signed_in(world.booker).get(hers(world)).content.decode()
    assert "no mandate covers her twin yet" in page


def test_her_lowest_fee_never_changes_its_meaning(world: World) -> None:
    """It is an amount in the currency of her day rate."""
    Boundaries.objects.filter(talent=world.talent).update(lowest_fee_minor=100_000)
    for who, said in ((world.booker, "own rules count in EUR"), (world.maya, "Your lowest fee is in EUR")):
        with pytest.raises(InvalidInput, match=said) as refused:
            set_day_rate(by=who.actor, talent_ref=world.talent.party, amount_minor=1_500_000, currency="SEK")
        assert refused.value.field == "currency"
    Boundaries.objects.filter(talent=world.talent).update(lowest_fee_minor=0)
    set_day_rate(by=world.booker.actor, talent_ref=world.talent.party, amount_minor=1_500_000, currency="SEK")
    assert "In SEK, before commission." in signed_in(world.maya).get(reverse("rules")).content.decode()


def test_before_there_is_one_amounts_are_meant_in_the_money_of_her_country() -> None:
    assert [usual_currency(country) for country in ("FR", "SE", "GB", "JP")] == ["EUR", "SEK", "GBP", "EUR"]


def test_it_is_a_step_of_hers_only_where_nobody_represents_her(world: World) -> None:
    alone, _ = make_talent("yasmin-duarte")
    assert step(alone, "rate") == ("done", "€1,500 a day. Every price is made from it.")
    DayRate.objects.all().delete()
    assert step(alone, "rate")[0] == "open"
    state, words = step(world.talent, "rate")
    assert state == "waits" and "Elan" in words
    RosterEntry.objects.create(
        agency=world.agency, talent=alone, email="y@tests.example", first_name="Y", last_name="D",
        birth_date="1998-05-02", country="FR", language="en",
    )  # fmt: skip
    assert step(alone, "rate")[0] == "waits", "who was invited waits for the agency, too"


def test_who_may_not(world: World) -> None:
    accountant = make_member(world.agency, "accountant", "anne")
    file = reverse("roster_model", args=[world.talent.slug])

    def codes(who: Person) -> list[int]:
        client = signed_in(who)
        return [client.get(hers(world)).status_code, client.post(hers(world)).status_code]

    assert codes(accountant) == [403, 403]
    assert codes(world.other_booker) == [404, 404]
    assert codes(world.maya) == [403, 403]
    assert hers(world) not in signed_in(accountant).get(file).content.decode()
