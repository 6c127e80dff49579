"""Who may do what with a programme."""

from apps.accounts.actor import Actor
from apps.common.errors import NotAllowed, StaleState
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission
from apps.programmes.models import Place, Programme
from apps.talent.models import Talent

KEEPS = {Organization.Kind.AGENCY: Permission.MANAGE_ROSTER, Organization.Kind.BRAND: Permission.COMPOSE}


def keeps(by: Actor, organization: Organization) -> bool:
    """Whether she keeps this agency's roster, or composes this brand's bookings."""
    return _of(by, organization) and by.can(KEEPS[Organization.Kind(organization.kind)])


def pays(by: Actor, organization: Organization) -> bool:
    return _of(by, organization) and by.can(Permission.PAY)


def require_keeper(by: Actor, organization: Organization) -> None:
    if not keeps(by, organization):
        raise NotAllowed("Your role does not include programmes. Ask the owner of your account.")


def require_payer(by: Actor, organization: Organization) -> None:
    if not pays(by, organization):
        raise NotAllowed("Your role does not include paying. Ask the owner of your account.")


def require_herself(by: Actor, talent: Talent) -> None:
    """Nobody answers for her, staff and agency included."""
    by.require(Permission.SIGN_CONSENT)
    if by.kind != "talent" or by.party != talent.party or by.user_id is None or by.user_id != talent.user_id:
        raise NotAllowed("Only the model herself answers this.", code="in_person")


def _of(by: Actor, organization: Organization) -> bool:
    return by.party == organization.party and by.kind == organization.kind


def locked_programme(programme: Programme) -> Programme:
    """The row, locked: places and orders of a programme change one after the other."""
    rows = Programme.objects.select_for_update(of=("self",)).select_related("organization")
    return rows.get(pk=programme.pk)


def locked_place(place: Place, *states: Place.State) -> Place:
    """The row, locked. Raises StaleState unless it is in one of the states."""
    rows = Place.objects.select_for_update(of=("self",)).select_related(
        "programme__organization", "talent__user", "order"
    )
    row = rows.get(pk=place.pk)
    if row.state not in states:
        raise StaleState("This place was answered or ended meanwhile.")
    return row
