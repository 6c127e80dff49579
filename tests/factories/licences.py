"""Licences brought to where a test needs them, through the services."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from apps.bookings.models import Booking, Licence, Placement
from apps.bookings.services import answers, delivery, payment, placing, renewing, review
from apps.organizations.models import Organization
from apps.payments import services as payments
from apps.payments.models import Charge
from apps.talent.models import Mandate
from tests.factories import bookings as make
from tests.factories.people import World
from tests.fakes import stripe_site


def running(world: World, **fields: Any) -> Licence:
    """Delivered today: e-commerce in Germany for twelve months, one picture."""
    booking = make.chosen(world, **{"pictures": 1} | fields)
    review.finish(by=world.producer.actor, booking=booking)
    return delivery.release_selected(booking=make.fresh(booking)).licence


def place(world: World, licence: Licence, **fields: Any) -> Placement:
    day = timezone.now().date()
    usual = {"url": "https://shop.tests.example/red", "medium": "ecommerce", "territories": ["DE"], "first_on": day}
    return placing.log_placement(by=world.producer.actor, licence=licence, **(usual | fields))


def over(licence: Licence) -> None:
    """Its last day was yesterday, and it began when its length says."""
    ends_on = timezone.now().date() - timedelta(days=1)
    begin = licence.starts_on - (licence.ends_on - ends_on)
    Licence.objects.filter(pk=licence.pk).update(ends_on=ends_on, starts_on=begin)
    licence.placements.update(first_on=begin)
    licence.refresh_from_db()


def paid(charge: Charge) -> Charge:
    stripe_site.pay(charge)
    payments.settle(charge)
    payments.announce(charge_id=charge.pk)
    return Charge.objects.get(pk=charge.pk)


def renewed(world: World, licence: Licence) -> Booking:
    return carried_out(world, renewing.ask_renewal(by=world.producer.actor, licence=licence))


def carried_out(world: World, booking: Booking) -> Booking:
    """Both said yes, the brand paid, the worker started the licence."""
    answers.answer(by=world.booker.actor, booking=booking, version=1, answer="yes")
    answers.answer(by=world.maya.actor, booking=booking, version=1, answer="yes")
    paid(payment.checkout(by=world.producer.actor, booking=make.fresh(booking)))
    return renewing.start(booking=make.fresh(booking))


def parties(world: World) -> list[str]:
    return [world.talent.party, world.agency.party, world.mother.party]


def other_agency(world: World) -> Organization:
    return world.other_booker.user.memberships.get().organization


def move_to_other_agency(world: World) -> None:
    """Her mandate here ended yesterday and another agency's began."""
    day = timezone.now().date()
    Mandate.objects.filter(talent=world.talent).update(ends_on=day - timedelta(days=1))
    Mandate.objects.create(
        talent=world.talent, agency=other_agency(world), kind="local", covers_twins=True, territories=["WORLD"],
        commission_bp=1_000, mother_bp=0, starts_on=day, ends_on=day + timedelta(days=300),
    )  # fmt: skip


def exclusive_for_somebody_else(world: World, *, after: date) -> Booking:
    """The rival's exclusivity in the same category and country, agreed for the time after this licence."""
    return make.agreed(world, brand="rival_producer", exclusivity="category", starts_on=after + timedelta(days=1))
