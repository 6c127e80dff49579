"""Notices to the parties. Each is written in the transaction of the act; mails follow its commit."""

from collections.abc import Iterable, Sequence

from django.urls import reverse

from apps.bookings.models import Booking
from apps.bookings.services.desks import people_for
from apps.bookings.times import PAYMENT_WINDOW
from apps.common.money import Money
from apps.common.wording import Saying, say
from apps.crew.services import tell_about_share
from apps.notifications.services import notify
from apps.royalties.models import Royalty
from apps.royalties.split import Kind


def tell_about_request(booking: Booking) -> None:
    brand, model = booking.brand.name, booking.twin.talent.stage_name
    _tell(booking.twin.talent.party, say("booking.asked", brand=brand), _url("request", booking))
    if booking.agency:
        what = say("booking.submitted", brand=brand, model=model)
        _tell(booking.agency.party, what, _url("request", booking), booking)
    if booking.mother_agency:
        _tell(booking.mother_agency.party, say("booking.informed", brand=brand, model=model), _url("request", booking))


def tell_about_decline(booking: Booking) -> None:
    """The brand learns only that it is not available: never who said no, or why."""
    talent = booking.twin.talent
    _tell(booking.brand.party, say("booking.not_available", model=talent.stage_name), _url("booking", booking))
    if talent.user_id:
        _tell(talent.party, say("booking.declined", brand=booking.brand.name), _url("request", booking))


def tell_about_conditions(booking: Booking) -> None:
    """To whoever writes the joint version now, and to the model whom an agency represents."""
    talent = booking.twin.talent
    if booking.agency:
        what = say("booking.to_propose", brand=booking.brand.name, model=talent.stage_name)
        _tell(booking.agency.party, what, _url("request", booking))
        _tell(talent.party, say("booking.being_proposed", brand=booking.brand.name), _url("request", booking))
    else:
        _tell(talent.party, say("booking.to_propose_herself", brand=booking.brand.name), _url("request", booking))


def tell_about_proposal(booking: Booking) -> None:
    what = say("booking.to_sign", brand=booking.brand.name)
    _tell(booking.twin.talent.party, what, _url("request", booking))


def tell_about_counter(booking: Booking) -> None:
    """The brand learns what the version says: never whose condition it was."""
    what = say("booking.countered", model=booking.twin.talent.stage_name)
    _tell(booking.brand.party, what, _url("booking", booking))


def tell_about_acceptance(booking: Booking) -> None:
    for party in _voters(booking):
        _tell(party, say("booking.counter_accepted", brand=booking.brand.name), _url("request", booking))


def tell_about_deadline(booking: Booking, parties: Iterable[str], what: Saying) -> None:
    for party in parties:
        _tell(party, what, _url("booking" if party == booking.brand.party else "request", booking))


def tell_about_agreement(booking: Booking) -> None:
    what = say("booking.agreed", model=booking.twin.talent.stage_name, count=PAYMENT_WINDOW.days)
    _tell(booking.brand.party, what, _url("booking", booking))


def tell_about_pictures(booking: Booking) -> None:
    what = say("booking.pictures", brand=booking.brand.name)
    _tell(booking.twin.talent.party, what, _url("picture_check", booking))


def tell_about_wish(booking: Booking) -> None:
    """The brand asks for another picture with words, which wait for her."""
    what = say("booking.wish", brand=booking.brand.name)
    _tell(booking.twin.talent.party, what, _url("picture_check", booking))


def tell_about_advice(booking: Booking) -> None:
    """She asks her agency about a picture."""
    if booking.agency:
        what = say("booking.advice", model=booking.twin.talent.stage_name, brand=booking.brand.name)
        _tell(booking.agency.party, what, _url("picture_advice", booking))


def tell_about_delivery(booking: Booking) -> None:
    _tell(booking.brand.party, say("booking.delivered", title=booking.title), _url("booking", booking))
    for party in [booking.twin.talent.party, *(_voters(booking)[1:]), *_mother(booking)]:
        _tell(party, say("booking.earned", brand=booking.brand.name), reverse("landing"), booking)


def tell_about_payment_sent_back(booking: Booking, amount: Money) -> None:
    """To whoever paid what is not agreed any more."""
    what = say("booking.payment_sent_back", title=booking.title, amount=amount)
    _tell(booking.brand.party, what, _url("booking", booking))


def tell_about_credit(booking: Booking, days: int) -> None:
    what = say("booking.days_credited", title=booking.title, count=days)
    _tell(booking.brand.party, what, _url("booking", booking))


def tell_crew(booking: Booking, rows: Sequence[Royalty]) -> None:
    """Whoever of the crew earned something learns of it, and only now: before, a mail would tell of a request that is
    still sealed. In the transaction that earned it."""
    for row in rows:
        if row.kind == Kind.CREW and row.earned_minor:
            earned = Money(row.earned_minor, row.currency)
            tell_about_share(party=row.party, brand=booking.brand.name, title=booking.title, amount=earned)


def tell_about_closing(booking: Booking, what: Saying) -> None:
    """Every party of a paid booking that ends without delivery."""
    for party in [booking.brand.party, *_voters(booking)]:
        _tell(party, what, reverse("landing"), booking)


def tell_about_licence(booking: Booking, what: Saying, url: str) -> None:
    """Something of its licence that the brand, the model and the agency that earns it read alike."""
    for party in [booking.brand.party, *_voters(booking)]:
        _tell(party, what, url)


def tell_brand(booking: Booking, what: Saying, url: str) -> None:
    _tell(booking.brand.party, what, url)


def tell_model_and_agency(booking: Booking, what: Saying, url: str) -> None:
    for party in _voters(booking):
        _tell(party, what, url)


def _voters(booking: Booking) -> list[str]:
    return [booking.twin.talent.party, *([booking.agency.party] if booking.agency else [])]


def _mother(booking: Booking) -> list[str]:
    return [booking.mother_agency.party] if booking.mother_agency else []


def _url(name: str, booking: Booking) -> str:
    return reverse(name, args=[booking.pk])


def _tell(party: str, what: Saying, url: str, booking: Booking | None = None) -> None:
    """With the booking named, an agency's mail goes to whose request it is, and to who stands in for her."""
    notify(to=party, what=what, url=url, people=people_for(party, booking))
