"""Who sets which price, and which one holds."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.models import Event
from apps.common.errors import InvalidInput, NotAllowed
from apps.common.money import Money
from apps.organizations.models import Organization
from apps.organizations.permissions import ROLE_PERMISSIONS, TALENT_PERMISSIONS
from apps.pricing.models import RateCard
from apps.pricing.services import day_rate, factors_for, publish_rate_card, set_day_rate
from apps.talent.models import Mandate, Talent

pytestmark = pytest.mark.django_db


@pytest.fixture
def amina() -> Talent:
    return Talent.objects.create(stage_name="Amina", slug="amina", birth_date=date(2000, 5, 4), country="DE")


@pytest.fixture
def nordlys() -> Organization:
    return Organization.objects.create(
        kind="agency", name="Nordlys", slug="nordlys", legal_name="Nordlys AB", country="SE"
    )


def as_talent(talent: Talent) -> Actor:
    return Actor(uuid4(), talent.party, "talent", talent.stage_name, frozenset(TALENT_PERMISSIONS))


def as_booker(agency: Organization, role: str = "booker") -> Actor:
    return Actor(uuid4(), agency.party, "agency", "Freja", frozenset(ROLE_PERMISSIONS["agency"][role]))


def mandate(talent: Talent, agency: Organization, ends_on: date) -> Mandate:
    start = ends_on - timedelta(days=365)
    return Mandate.objects.create(talent=talent, agency=agency, territories=["SE"], starts_on=start, ends_on=ends_on)


def test_amina_sets_her_own_day_rate(amina: Talent) -> None:
    assert day_rate(amina.party) is None
    set_day_rate(by=as_talent(amina), talent_ref=amina.party, amount_minor=150_000, currency="EUR")
    set_day_rate(by=as_talent(amina), talent_ref=amina.party, amount_minor=160_000, currency="EUR")

    assert day_rate(amina.party) == Money(160_000, "EUR")
    assert Event.objects.filter(kind="pricing.day_rate_set", subject=amina.party).count() == 2


def test_her_agency_sets_it_while_the_mandate_runs(amina: Talent, nordlys: Organization) -> None:
    today = timezone.now().date()
    old = mandate(amina, nordlys, today - timedelta(days=1))
    with pytest.raises(NotAllowed):
        set_day_rate(by=as_booker(nordlys), talent_ref=amina.party, amount_minor=1, currency="EUR")
    old.ends_on = today
    old.save()

    set_day_rate(by=as_booker(nordlys), talent_ref=amina.party, amount_minor=140_000, currency="EUR")
    with pytest.raises(NotAllowed):
        set_day_rate(by=as_booker(nordlys, "accountant"), talent_ref=amina.party, amount_minor=1, currency="EUR")
    assert day_rate(amina.party) == Money(140_000, "EUR")


def test_no_other_model_and_no_staff_sets_it(amina: Talent) -> None:
    bea = Talent.objects.create(stage_name="Bea", slug="bea", birth_date=date(1999, 1, 1), country="DE")
    staff = Actor(uuid4(), "platform", "staff", "Sam")
    for outsider in (as_talent(bea), staff):
        with pytest.raises(NotAllowed):
            set_day_rate(by=outsider, talent_ref=amina.party, amount_minor=150_000, currency="EUR")


@pytest.mark.parametrize(("amount", "currency"), [(0, "EUR"), (-1, "EUR"), (150_000, "XYZ")])
def test_a_senseless_day_rate_is_refused(amina: Talent, amount: int, currency: str) -> None:
    with pytest.raises(InvalidInput):
        set_day_rate(by=as_talent(amina), talent_ref=amina.party, amount_minor=amount, currency=currency)


def test_cards_lie_over_each_other(amina: Talent, nordlys: Organization) -> None:
    staff = Actor(uuid4(), "platform", "staff", "Sam")
    publish_rate_card(by=staff, owner="platform", factors={"share": {"platform": 700}, "media": {"tv": 50_000}})
    publish_rate_card(by=as_booker(nordlys), owner=nordlys.party, factors={"media": {"tv": 60_000, "own": 11_000}})
    publish_rate_card(by=as_talent(amina), owner=amina.party, factors={"media": {"tv": 80_000}})
    publish_rate_card(by=as_talent(amina), owner=amina.party, factors={"media": {"tv": 70_000}})

    hers = factors_for(talent_ref=amina.party, agency=nordlys.party)
    alone = factors_for(talent_ref="talent:" + str(uuid4()))
    assert (hers.bp("media", "tv"), hers.bp("media", "own"), hers.bp("share", "platform")) == (70_000, 11_000, 700)
    assert (alone.bp("media", "tv"), alone.bp("media", "own")) == (50_000, 10_000)
    assert RateCard.objects.filter(owner=amina.party).count() == 2


def test_nobody_writes_another_partys_card(amina: Talent, nordlys: Organization) -> None:
    staff = Actor(uuid4(), "platform", "staff", "Sam")
    for by, owner in (
        (as_booker(nordlys), "platform"),
        (as_booker(nordlys), f"org:{uuid4()}"),
        (staff, nordlys.party),
        (as_talent(amina), nordlys.party),
    ):
        with pytest.raises(NotAllowed):
            publish_rate_card(by=by, owner=owner, factors={"media": {"tv": 1}})


@pytest.mark.parametrize(
    "card",
    [
        {},
        {"media": {}},
        {"weather": {"sun": 1}},
        {"media": {"skywriting": 10_000}},
        {"media": {"tv": 0}},
        {"media": {"tv": 1.5}},
        {"media": {"tv": True}},
        {"share": {"service": 10_001}},
        {"share": {"platform": 0}},
    ],
)
def test_a_card_with_a_wrong_factor_is_refused(nordlys: Organization, card: dict[str, dict[str, int]]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        publish_rate_card(by=as_booker(nordlys), owner=nordlys.party, factors=card)
    assert refusal.value.field == "factors"


def test_a_published_version_never_changes(nordlys: Organization) -> None:
    card = publish_rate_card(by=as_booker(nordlys), owner=nordlys.party, factors={"media": {"tv": 60_000}})
    for attack in ("UPDATE pricing_ratecard SET version = 9", "DELETE FROM pricing_ratecard"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)
    assert RateCard.objects.get() == card
