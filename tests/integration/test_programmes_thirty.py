"""Thirty models from an invitation to a bookable twin, with at most two touches of the booker for each."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.organizations.permissions import TALENT_PERMISSIONS
from apps.payments import services as payments
from apps.payments.models import Charge
from apps.portal.catalogue import bookable
from apps.programmes import services
from apps.programmes.models import Place, Programme
from apps.programmes.stages import STAGES, with_stages
from apps.roster.mailing import pending, send
from apps.roster.models import RosterUpload
from apps.roster.services import taking
from apps.roster.services.inviting import accept
from apps.talent.joining import AboutHer
from apps.talent.models import Boundaries, MandateProposal, Talent
from tests.factories import programmes as some
from tests.factories.clients import signed_in
from tests.factories.joining import verified
from tests.factories.mandates import sign_as, sign_twins_as
from tests.factories.people import Person, acting, make_member, make_organization, make_user
from tests.factories.roster import HEADER
from tests.fakes import stripe_site as site

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
THIRTY = 30


class Touches:
    """The booker's browser: counts what she presses."""

    def __init__(self, booker: Person) -> None:
        self.client, self.presses = signed_in(booker), 0

    def press(self, address: str, data: dict | None = None) -> str:
        self.presses += 1
        answer = self.client.post(address, data or {})
        assert answer.status_code == 302, answer.content[:500]
        return answer.url


def roster_file() -> SimpleUploadedFile:
    rows = [f"model-{n}@tests.example,Model,No{n:02},2000-01-{n + 1:02},FR,women,fr" for n in range(THIRTY)]
    return SimpleUploadedFile("thirty.csv", "\n".join([HEADER, *rows]).encode(), "text/csv")


def joined(place: Place, secret: str) -> tuple[Talent, Person]:
    user = verified(make_user(place.email.partition("@")[0]))
    talent = accept(by=user, secret=secret, about=AboutHer(place.name, date(2000, 1, 1), "FR", "women"))
    return talent, Person(user, acting(user, talent.party, "talent", TALENT_PERMISSIONS))


def test_thirty_models_with_at_most_two_touches_of_the_booker_each(mailoutbox) -> None:
    agency = make_organization("agency", "elan", country="FR")
    booker = Touches(make_member(agency, "owner", "claire"))
    # The booker: one file, one programme, everybody at once.
    uploaded = booker.press(reverse("roster_upload_new"), {"file": roster_file()})
    upload = RosterUpload.objects.get()
    run_uploads()
    booker.press(reverse("roster_upload_take", args=[upload.pk]))
    run_uploads()
    assert str(upload.pk) in uploaded
    asking = booker.press(
        reverse("programme_new"),
        {
            "name": "Thirty twins", "day_rate": "1500", "ends_on": "2030-05-01", "with_mandate": "on",
            "mandate_months": "24", "mandate_commission": "20", "mandate_regions": ["WORLD"],
        },
    )  # fmt: skip
    booker.press(asking, {"all": "1"})
    # Each model, by herself.
    programme = Programme.objects.get()
    secrets = mailed(mailoutbox)
    for place in programme.places.order_by("email"):
        talent, person = joined(place, secrets[place.email])
        some.take(place, talent, person)
        proposal = MandateProposal.objects.get(talent=talent)
        sign_as(person, proposal)
        sign_twins_as(person, proposal)
        Boundaries.objects.create(talent=talent)
        some.consent(talent, person)
        some.approve(talent, person)
    # The booker: one payment.
    booker.press(reverse("programme_pay", args=[programme.pk]))
    charge = Charge.objects.get()
    site.pay(charge)
    payments.settle(charge)
    payments.announce(charge_id=charge.pk)
    for place in programme.places.all():
        services.earn(place_id=place.pk)

    reached = set(with_stages(programme.places.all()).values_list("stage", "state"))
    assert reached == {(len(STAGES) - 1, Place.State.EARNED)}
    brand = make_organization("brand", "halden-rye")
    assert bookable(brand).count() == THIRTY
    # Each model is in two of the five: the file that brings her, and the question to all.
    assert booker.presses == 5
    site.assert_books_agree()


def run_uploads() -> None:
    for upload in RosterUpload.objects.all():
        taking.check(upload.pk)
        taking.take(upload.pk)


def mailed(outbox: list) -> dict[str, str]:
    """The secret out of each model's mail."""
    for invitation in pending():
        assert send(invitation.pk)
    return {mail.to[0]: mail.body.split("/join/")[1].split("/")[0] for mail in outbox}
