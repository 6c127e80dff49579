"""Notices to the parties. Each is written in the transaction of the act; mails follow its commit."""

from django.urls import reverse

from apps.accounts.models import User
from apps.bookings.models import Booking
from apps.bookings.times import PAYMENT_WINDOW
from apps.common.refs import parse_ref
from apps.common.wording import Saying, say
from apps.notifications.services import notify
from apps.organizations.models import Membership
from apps.talent.models import Talent


def tell_about_request(booking: Booking) -> None:
    brand, model = booking.brand.name, booking.twin.talent.stage_name
    _tell(booking.twin.talent.party, say("booking.asked", brand=brand), _url("request", booking))
    if booking.agency:
        _tell(booking.agency.party, say("booking.submitted", brand=brand, model=model), _url("request", booking))
    if booking.mother_agency:
        _tell(booking.mother_agency.party, say("booking.informed", brand=brand, model=model), _url("request", booking))


def tell_about_decline(booking: Booking) -> None:
    """The brand learns only that it is not available: never who said no, or why."""
    talent = booking.twin.talent
    _tell(booking.brand.party, say("booking.not_available", model=talent.stage_name), _url("booking", booking))
    if talent.user_id:
        _tell(talent.party, say("booking.declined", brand=booking.brand.name), _url("request", booking))


def tell_about_agreement(booking: Booking) -> None:
    what = say("booking.agreed", model=booking.twin.talent.stage_name, count=PAYMENT_WINDOW.days)
    _tell(booking.brand.party, what, _url("booking", booking))


def tell_about_pictures(booking: Booking) -> None:
    what = say("booking.pictures", brand=booking.brand.name)
    _tell(booking.twin.talent.party, what, _url("picture_check", booking))


def tell_about_delivery(booking: Booking) -> None:
    _tell(booking.brand.party, say("booking.delivered", title=booking.title), _url("booking", booking))
    for party in [booking.twin.talent.party, *(_voters(booking)[1:]), *_mother(booking)]:
        _tell(party, say("booking.earned", brand=booking.brand.name), reverse("landing"))


def tell_about_closing(booking: Booking, what: Saying) -> None:
    """Every party of a paid booking that ends without delivery."""
    for party in [booking.brand.party, *_voters(booking)]:
        _tell(party, what, reverse("landing"))


def _voters(booking: Booking) -> list[str]:
    return [booking.twin.talent.party, *([booking.agency.party] if booking.agency else [])]


def _mother(booking: Booking) -> list[str]:
    return [booking.mother_agency.party] if booking.mother_agency else []


def _url(name: str, booking: Booking) -> str:
    return reverse(name, args=[booking.pk])


def _tell(party: str, what: Saying, url: str) -> None:
    notify(to=party, what=what, url=url, people=people_of(party))


def people_of(party: str) -> list[User]:
    """Those who act for this party; somebody who only looks is not written to."""
    if party.startswith("talent:"):
        talent = Talent.objects.filter(pk=parse_ref(party, "talent")).select_related("user").first()
        return talent.people if talent else []
    members = Membership.objects.filter(organization=parse_ref(party, "org")).exclude(role="viewer")
    return [member.user for member in members.select_related("user")]
