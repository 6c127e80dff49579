"""Whose request it is at the agency, who stands in while she is away, and who is written to.

A request is everybody's until a booker takes it, or was hers the last time the model was asked for. That gives nobody a
right: every booker of the agency can answer, as before. Nobody stands in for a model.
"""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.accounts.models import User
from apps.audit.services import record
from apps.bookings.models import Booking
from apps.bookings.services.access import locked
from apps.common.errors import InvalidInput, NotAllowed
from apps.common.refs import parse_ref
from apps.organizations.models import Absence, Membership, Organization
from apps.organizations.permissions import Permission, roles_with
from apps.talent.models import Talent

RIGHT = Permission.ANSWER_FOR_AGENCY


@transaction.atomic
def give_to(*, by: Actor, booking: Booking, booker: User | None) -> Booking:
    """A booker takes a request, hands it to a colleague with the same right, or back to everybody (None).

    Raises NotAllowed, InvalidInput(field="booker") for somebody who could not answer it.
    """
    by.require(RIGHT)
    if by.kind != "agency" or booking.agency is None or by.party != booking.agency.party:
        raise NotAllowed("Another agency answers for this booking.")
    row = locked(booking)
    if booker is not None and not _bookers(row.agency).filter(user=booker).exists():
        raise InvalidInput("Choose a colleague who answers requests.", field="booker")
    row.booker = booker
    row.save(update_fields=["booker"])
    to = {"booker": str(booker.pk) if booker else ""}
    record(kind="booking.given_to", subject=row.ref, by=by.label, payload=to | stood_in(by, row))
    return row


def usual_booker(booking: Booking) -> User | None:
    """Whose the model's last request to this agency was, if she is still a booker there."""
    if booking.agency is None:
        return None
    before = Booking.objects.filter(agency=booking.agency, twin__talent=booking.twin.talent, booker__isnull=False)
    last = before.exclude(pk=booking.pk).order_by("-submitted_at").select_related("booker").first()
    return last.booker if last and _bookers(booking.agency).filter(user=last.booker).exists() else None


def bookers_of(booking: Booking) -> list[User]:
    """Who of its agency could keep this request."""
    return [member.user for member in _bookers(booking.agency).order_by("user__name", "user__email")]


def deputy_of(booking: Booking) -> User | None:
    """Who stands in for the booker of this request today; None while she is there."""
    if booking.booker_id is None or booking.agency_id is None:
        return None
    away = Absence.objects.on(timezone.now().date()).filter(organization=booking.agency_id, user=booking.booker_id)
    found = away.select_related("deputy").first()
    return found.deputy if found else None


def stood_in(by: Actor, booking: Booking) -> dict[str, str]:
    """What the audit chain adds when a deputy acts: for whom. Empty for everybody else."""
    deputy = deputy_of(booking)
    acts = deputy is not None and by.user_id == deputy.pk and booking.agency is not None
    return {"for": f"user:{booking.booker_id}"} if acts and by.party == booking.agency.party else {}  # type: ignore[union-attr]


def people_for(party: str, booking: Booking | None, *, permission: Permission | None = None) -> list[User]:
    """Whom to write to about this booking: at the agency its booker, and who stands in while she is away, both; else
    everybody who acts for the party. Somebody who only looks is not written to."""
    if party.startswith("talent:"):
        talent = Talent.objects.filter(pk=parse_ref(party, "talent")).select_related("user").first()
        return talent.people if talent else []
    if booking and booking.agency and party == booking.agency.party and (own := _booker(booking)):
        deputy = deputy_of(booking)
        return [own, *([deputy] if deputy else [])]
    members = Membership.objects.filter(organization=parse_ref(party, "org")).exclude(role="viewer")
    members = members.select_related("user", "organization")
    return [row.user for row in members if permission is None or permission in row.permissions]


def _booker(booking: Booking) -> User | None:
    """None where it is everybody's, also because whose it was has left."""
    found = _bookers(booking.agency).filter(user=booking.booker_id).first() if booking.booker_id else None
    return found.user if found else None


def _bookers(agency: Organization | None) -> QuerySet[Membership]:
    roles = roles_with("agency", RIGHT)
    return Membership.objects.filter(organization=agency, role__in=roles, user__is_active=True).select_related("user")
