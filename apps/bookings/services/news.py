"""Notices to the parties. Each is written in the transaction of the act; mails follow its commit."""

from django.conf import settings
from django.urls import reverse

from apps.bookings.models import Booking
from apps.common.refs import parse_ref
from apps.notifications.services import notify
from apps.organizations.models import Membership, Organization
from apps.talent.models import Talent


def tell_about_request(booking: Booking) -> None:
    for party in _voters(booking):
        _tell(party, "booking.submitted", f"{booking.brand.name} asks for {booking.twin.talent.stage_name}",
              "Your answer is sealed until both have answered. Silence is no.", _url("request", booking))  # fmt: skip
    if booking.mother_agency:
        _tell(booking.mother_agency.party, "booking.informed", f"{booking.brand.name} asks for your model",
              "The local agency answers; you earn your part.", _url("request", booking))  # fmt: skip


def tell_about_decline(booking: Booking) -> None:
    """The brand learns only that it is not available: never who said no, or why."""
    _tell(booking.brand.party, "booking.declined", f"{booking.twin.talent.stage_name} is not available",
          "This twin is not available for this booking.", _url("booking", booking))  # fmt: skip
    if booking.twin.talent.user_id:
        _tell(booking.twin.talent.party, "booking.declined", f"{booking.brand.name}: closed",
              "This request is closed. No pictures will be made.", _url("request", booking))  # fmt: skip


def tell_about_agreement(booking: Booking) -> None:
    _tell(booking.brand.party, "booking.agreed", f"{booking.twin.talent.stage_name} said yes",
          "Pay within 7 days and the pictures are made at once.", _url("booking", booking))  # fmt: skip


def tell_about_pictures(booking: Booking) -> None:
    _tell(booking.twin.talent.party, "booking.pictures", "Pictures of your twin wait for you",
          f"Check what was made for {booking.brand.name}. Nobody sees a picture that you have not passed.",
          _url("picture_check", booking))  # fmt: skip


def tell_about_delivery(booking: Booking) -> None:
    _tell(booking.brand.party, "booking.delivered", f"{booking.title}: delivered",
          "Your pictures are labelled, licensed and ready to download.", _url("booking", booking))  # fmt: skip
    for party in [booking.twin.talent.party, *(_voters(booking)[1:]), *_mother(booking)]:
        _tell(party, "booking.earned", f"{booking.brand.name}: earned", "Your part is in this month's statement.",
              settings.SITE_URL + reverse("landing"))  # fmt: skip


def tell_about_closing(booking: Booking, words: str) -> None:
    """Every party of a paid booking that ends without delivery."""
    for party in [booking.brand.party, *_voters(booking)]:
        _tell(party, "booking.closed", f"{booking.title}: closed", words, settings.SITE_URL + reverse("landing"))


def _voters(booking: Booking) -> list[str]:
    return [booking.twin.talent.party, *([booking.agency.party] if booking.agency else [])]


def _mother(booking: Booking) -> list[str]:
    return [booking.mother_agency.party] if booking.mother_agency else []


def _url(name: str, booking: Booking) -> str:
    return settings.SITE_URL + reverse(name, args=[booking.pk])


def _tell(party: str, kind: str, title: str, body: str, url: str) -> None:
    notify(to=party, kind=kind, title=title, body=body, url=url, emails=_addresses(party))


def _addresses(party: str) -> list[str]:
    if party.startswith("talent:"):
        talent = Talent.objects.filter(pk=parse_ref(party, "talent")).select_related("user").first()
        return [talent.user.email] if talent and talent.user else []
    organization = Organization.objects.get(pk=parse_ref(party, "org"))
    members = Membership.objects.filter(organization=organization).exclude(role="viewer")
    return list(members.values_list("user__email", flat=True))
