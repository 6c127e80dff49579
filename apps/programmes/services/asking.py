"""Asking models into a programme: many at once, each told by herself, and taking a question back."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import InvalidInput, StaleState
from apps.programmes.models import Place, Programme
from apps.programmes.policies import locked_place, locked_programme, require_keeper
from apps.roster.models import Invitation

MOST_PLACES = 2_000


@dataclass(frozen=True)
class Asked:
    """Somebody to be asked; the name is how the organisation calls her until she has joined."""

    email: str
    name: str


@transaction.atomic
def ask(*, by: Actor, programme: Programme, people: Sequence[Asked]) -> int:
    """A place for each who has none yet. Exit: invited; each is told within a minute. Answers how many are new.

    Whoever said no or left is not asked again. Somebody whose roster invitation is still open reads of her place when
    she has accepted that. Raises NotAllowed, StaleState for a programme that is over, InvalidInput(field="people").
    """
    require_keeper(by, programme.organization)
    row = locked_programme(programme)
    if not row.runs_on(timezone.now().date()):
        raise StaleState("This programme is over. Start a new one.")
    wanted = {person.email: person for person in map(_checked, people)}
    if not wanted:
        raise InvalidInput("Choose somebody to ask.", field="people")
    there = set(row.places.values_list("email", flat=True))
    if len(there | set(wanted)) > MOST_PLACES:
        raise InvalidInput(f"A programme has at most {MOST_PLACES} places.", field="people")
    new = [person for email, person in wanted.items() if email not in there]
    invited = _on_their_way(row, [person.email for person in new])
    now = timezone.now()
    Place.objects.bulk_create(
        Place(programme=row, email=one.email, name=one.name, mailed_at=now if one.email in invited else None)
        for one in new
    )
    if new:
        record(kind="programme.asked", subject=row.ref, by=by.label, payload={"emails": [one.email for one in new]})
    return len(new)


@transaction.atomic
def take_back(*, by: Actor, place: Place) -> None:
    """Before she answered. Entry: invited; exit: no place. Raises NotAllowed, StaleState once she has answered."""
    require_keeper(by, place.programme.organization)
    row = locked_place(place, Place.State.INVITED)
    row.delete()
    record(kind="programme.taken_back", subject=row.programme.ref, by=by.label, payload={"email": row.email})


def _checked(person: Asked) -> Asked:
    email = person.email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise InvalidInput(f"“{person.email}” is no e-mail address.", field="people") from error
    name = " ".join(person.name.split()) or email.partition("@")[0]
    return Asked(email, name[:160])


def _on_their_way(programme: Programme, emails: list[str]) -> set[str]:
    """Whom a roster invitation of the same agency asks in: one mail is enough."""
    open_ones = Invitation.objects.filter(
        accepted_at=None, entry__agency=programme.organization, entry__email__in=emails
    )
    return set(open_ones.values_list("entry__email", flat=True))
