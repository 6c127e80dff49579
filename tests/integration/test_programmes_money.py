"""The making is paid at once for all, held for each, earned with her approval, and goes back whole where it is not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.common.errors import NotAllowed, Refused, StaleState
from apps.ledger.services import balance
from apps.notifications.models import Notice
from apps.organizations.models import Organization
from apps.payments import services as payments
from apps.payments.models import Charge, Refund
from apps.programmes import services
from apps.programmes.models import Order, Place, Programme
from apps.programmes.tasks import sweep
from apps.royalties.models import Royalty
from tests.factories import programmes as some
from tests.factories.people import Person, make_member, make_organization, make_talent
from tests.factories.racing import at_once
from tests.fakes import stripe_site as site

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
State = Place.State
ONE = 240_975  # 1.25 × 1,500.00, 8 % platform fee, 19 % VAT
NET, VAT, FEE, PLATFORM = 202_500, 38_475, 187_500, 15_000


@pytest.fixture
def brand() -> Organization:
    return make_organization("brand", "halden-rye", country="DE")


@pytest.fixture
def owner(brand: Organization) -> Person:
    return make_member(brand, "owner", "jonas")


@pytest.fixture
def programme(brand: Organization, owner: Person) -> Programme:
    return some.programme_of(owner, brand)


def pay(owner: Person, programme: Programme) -> Charge:
    """The brand pays at Stripe's page, and the worker hears of it."""
    charge = services.checkout(by=owner.actor, programme=programme)
    site.pay(charge)
    payments.settle(charge)
    payments.announce(charge_id=charge.pk)
    charge.refresh_from_db()
    return charge


def state_of(place: Place) -> str:
    place.refresh_from_db()
    return place.state


def test_one_payment_for_all_who_said_yes(owner, programme):
    places = [some.accepted(owner, programme, slug)[0] for slug in ("iris", "rosa", "vera")]
    some.invited(owner, programme, some.model("not-yet")[1])
    charge = pay(owner, programme)
    assert charge.amount_minor == 3 * ONE and charge.vat_minor == 3 * VAT
    assert [balance(f"held:{place.ref}", "EUR") for place in places] == [-NET] * 3
    assert balance(f"held:{charge.ref}", "EUR") == 0
    with pytest.raises(Refused):
        services.checkout(by=owner.actor, programme=programme)
    site.assert_books_agree()


def test_asking_for_the_page_twice_is_one_order_and_one_charge(owner, programme):
    some.accepted(owner, programme, "iris")
    first, second = (services.checkout(by=owner.actor, programme=programme) for _ in range(2))
    assert first.pk == second.pk and Order.objects.count() == 1


@pytest.mark.django_db(databases=["default", "sandbox"], transaction=True)
def test_two_who_press_pay_at_once_make_one_order(owner, programme):
    some.accepted(owner, programme, "iris")
    pressed = at_once(*[lambda: services.checkout(by=owner.actor, programme=programme)] * 2)
    assert "done" in pressed and Order.objects.count() == 1 and Charge.objects.count() == 1


def test_her_approval_earns_it_to_the_cent(owner, programme):
    place, talent, person = some.accepted(owner, programme, "iris")
    pay(owner, programme)
    some.approve(talent, person)
    assert services.earn(place_id=place.pk) and not services.earn(place_id=place.pk)
    assert state_of(place) == State.EARNED
    assert balance(f"payable:{talent.party}", "EUR") == -FEE
    assert balance("platform:fees", "EUR") == -PLATFORM
    assert balance(f"held:{place.ref}", "EUR") == 0 and balance("vat:DE", "EUR") == -VAT
    assert Royalty.objects.get(party=talent.party).state == Royalty.State.EARNED
    assert Notice.objects.filter(to=talent.party, kind="programme.earned").exists()
    site.assert_books_agree()


def test_it_is_earned_by_the_sweep_where_the_message_was_lost(owner, programme, monkeypatch):
    place, talent, person = some.accepted(owner, programme, "iris")
    some.approve(talent, person)
    pay(owner, programme)
    Order.objects.update(paid_at=timezone.now() - timedelta(minutes=5))
    monkeypatch.setattr("apps.programmes.tasks.earn.delay", lambda pk: services.earn(place_id=pk))
    sweep()
    assert state_of(place) == State.EARNED


def test_unpaid_or_unapproved_nothing_is_earned(owner, programme):
    unpaid, talent, person = some.accepted(owner, programme, "iris")
    some.approve(talent, person)
    assert not services.earn(place_id=unpaid.pk)
    unapproved, _, _ = some.accepted(owner, programme, "rosa")
    pay(owner, programme)
    assert not services.earn(place_id=unapproved.pk)
    assert services.earn(place_id=unpaid.pk)


def test_the_agency_that_represents_her_gets_commission_and_service(owner, programme):
    agency = make_organization("agency", "elan", country="FR")
    talent, person = make_talent("maya-okafor", agency=agency)
    some.verified(person.user)
    place = some.take(some.invited(owner, programme, person), talent, person)
    pay(owner, programme)
    some.approve(talent, person)
    services.earn(place_id=place.pk)
    assert balance(f"payable:{talent.party}", "EUR") == -150_000
    assert balance(f"payable:{agency.party}", "EUR") == -75_000
    site.assert_books_agree()


def test_who_leaves_owes_nothing_and_her_part_goes_back_whole(owner, programme):
    place, talent, person = some.accepted(owner, programme, "iris")
    stays, _, _ = some.accepted(owner, programme, "rosa")
    pay(owner, programme)
    services.leave(by=person.actor, talent=talent, place=place)
    refund = Refund.objects.get()
    assert (refund.amount_minor, refund.held_minor, refund.vat_minor) == (ONE, NET, VAT)
    site.work()
    assert state_of(place) == State.LEFT and state_of(stays) == State.ACCEPTED
    assert balance(f"held:{stays.ref}", "EUR") == -NET and balance("vat:DE", "EUR") == -VAT
    assert set(Royalty.objects.filter(charge_ref=place.ref).values_list("state", flat=True)) == {"lapsed"}
    site.assert_books_agree()


def test_who_leaves_between_order_and_payment_is_refunded_when_it_arrives(owner, programme):
    place, talent, person = some.accepted(owner, programme, "iris")
    charge = services.checkout(by=owner.actor, programme=programme)
    services.leave(by=person.actor, talent=talent, place=place)
    assert not Refund.objects.exists()
    site.pay(charge)
    payments.settle(charge)
    payments.announce(charge_id=charge.pk)
    site.work()
    assert Refund.objects.get().amount_minor == ONE and balance("stripe", "EUR") == 0
    site.assert_books_agree()


def test_what_is_earned_is_hers_and_cannot_be_left(owner, programme):
    place, talent, person = some.accepted(owner, programme, "iris")
    pay(owner, programme)
    some.approve(talent, person)
    services.earn(place_id=place.pk)
    with pytest.raises(StaleState):
        services.leave(by=person.actor, talent=talent, place=place)
    services.end(by=owner.actor, programme=programme)
    assert state_of(place) == State.EARNED and not Refund.objects.exists()


def test_the_last_day_refunds_what_was_not_approved_and_pays_what_was(owner, programme):
    late, _, _ = some.accepted(owner, programme, "iris")
    done, talent, person = some.accepted(owner, programme, "rosa")
    asked = some.invited(owner, programme, some.model("vera")[1])
    pay(owner, programme)
    some.approve(talent, person)
    Programme.objects.update(ends_on=timezone.now().date() - timedelta(days=1))
    assert services.end_overdue(today=timezone.now().date()) == 1
    assert services.end_overdue(today=timezone.now().date()) == 0
    site.work()
    assert [state_of(place) for place in (late, done, asked)] == [State.ENDED, State.EARNED, State.ENDED]
    assert Refund.objects.get().amount_minor == ONE
    assert Notice.objects.filter(kind="programme.ended").count() == 1
    site.assert_books_agree()


def test_an_order_that_was_not_paid_before_the_end_is_not_paid_after_it(owner, programme):
    some.accepted(owner, programme, "iris")
    services.checkout(by=owner.actor, programme=programme)
    services.end(by=owner.actor, programme=programme)
    with pytest.raises(StaleState):
        services.checkout(by=owner.actor, programme=programme)


def test_only_whoever_may_pay_pays(brand, programme):
    some_owner = make_member(brand, "owner", "olga")
    some.accepted(some_owner, programme, "iris")
    for role in ("viewer",):
        with pytest.raises(NotAllowed):
            services.checkout(by=make_member(brand, role, role).actor, programme=programme)
    rival = make_member(make_organization("brand", "rival"), "owner", "ines")
    with pytest.raises(NotAllowed):
        services.checkout(by=rival.actor, programme=programme)
    assert services.checkout(by=make_member(brand, "finance", "finn").actor, programme=programme).checkout_url


def test_an_unchecked_house_does_not_pay(brand, owner, programme):
    some.accepted(owner, programme, "iris")
    Organization.objects.filter(pk=brand.pk).update(checked_at=None)
    with pytest.raises(Refused):
        services.checkout(by=owner.actor, programme=programme)
