"""People whom Élan Models has invited: one has the mail, one waits for hers, one has joined and shown a document."""

from datetime import date

from django.db import transaction

from apps.accounts.actor import Actor
from apps.accounts.models import User
from apps.demonstration.programme import address
from apps.demonstration.specimen import specimen
from apps.identity.models import IdentityCheck
from apps.identity.services import submit
from apps.organizations.models import Organization
from apps.organizations.permissions import TALENT_PERMISSIONS
from apps.roster.mailing import send
from apps.roster.models import RosterEntry
from apps.roster.services.inviting import invite_model
from apps.talent.joining import AboutHer, join
from apps.talent.models import Talent

JOINED = "elif-aydin"
MAILED = {
    "email": "lou.bernard@double.example", "first_name": "Lou", "last_name": "Bernard", "birth_date": "2003-02-11",
    "country": "FR", "board": "open", "language": "fr",
}  # fmt: skip
NOT_MAILED = {
    "email": "greta.holm@double.example", "first_name": "Greta", "last_name": "Holm", "birth_date": "1979-10-30",
    "country": "DK", "board": "women", "language": "en",
}  # fmt: skip
BORN = date(2002, 8, 9)


def are_invited() -> bool:
    """The one who has joined is made last."""
    return Talent.objects.filter(slug=JOINED).exists()


@transaction.atomic
def load_invited(*, booker: Actor, elif_: User) -> None:
    """Idempotent as a whole. Elif's entry is written as one that was accepted: only a mail knows a secret."""
    if are_invited():
        return
    agency = Organization.objects.get(slug="elan")
    send(invite_model(by=booker, agency=agency, person=MAILED).invitations.get().pk)
    invite_model(by=booker, agency=agency, person=NOT_MAILED)
    talent = join(by=elif_, about=AboutHer("Elif Aydın", BORN, "FR", "women"))
    Talent.objects.filter(pk=talent.pk).update(synthetic=True, slug=JOINED)
    asked = {"first_name": "Elif", "last_name": "Aydın", "birth_date": BORN, "country": "FR", "language": "fr"}
    RosterEntry.objects.create(agency=agency, talent=talent, email=address(JOINED), board="women", **asked)
    herself = Actor(
        user_id=elif_.pk, party=talent.party, kind="talent", name="Elif Aydın", permissions=TALENT_PERMISSIONS
    )
    card = specimen("Elif Aydın", BORN)
    submit(by=herself, talent=talent, kind=IdentityCheck.Document.IDENTITY_CARD, document=card, selfie=card)
