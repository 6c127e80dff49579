"""Asking somebody into a team by mail. The link shows the invitation; a press by the invited address accepts it."""

import hashlib
from functools import partial

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.accounts.addresses import verified_addresses
from apps.accounts.models import User
from apps.audit.services import record
from apps.common.errors import InvalidInput, Refused, StaleState
from apps.organizations import tasks
from apps.organizations.models import Membership, Organization, TeamInvitation
from apps.organizations.permissions import ROLE_WORDS
from apps.organizations.services.news import tell_about_joining
from apps.organizations.services.team import require_owner

MOST_OPEN = 50  # at once: nobody's team, but what a stolen account could send in our name


@transaction.atomic
def invite(*, by: Actor, organization: Organization, email: str, role: str) -> TeamInvitation:
    """An owner asks an address to join in this role; the mail is queued. Exit: pending, then sent.

    Raises NotAllowed, InvalidInput(field=…): an address that belongs to the team, or is invited already, is told.
    """
    require_owner(by, organization)
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise InvalidInput("Enter an e-mail address.", field="email") from error
    if role not in ROLE_WORDS[organization.kind]:
        raise InvalidInput("Choose a role.", field="role")
    of_hers = Q(user__email__iexact=address) | Q(user__emailaddress__email__iexact=address)
    if Membership.objects.filter(of_hers, organization=organization).exists():
        raise InvalidInput("This person belongs to the team already.", field="email")
    if _open().filter(organization=organization).count() >= MOST_OPEN:
        raise InvalidInput("Too many invitations are open. Withdraw some first.", field="email")
    try:
        with transaction.atomic():
            invitation = TeamInvitation.objects.create(
                organization=organization, email=address, role=role, invited_by_id=by.user_id
            )
    except IntegrityError as error:
        raise InvalidInput("This address is invited already. You find it below.", field="email") from error
    _queue(invitation)
    record(kind="team.invited", subject=organization.party, by=by.label, payload={"email": address, "role": role})
    return invitation


@transaction.atomic
def send_again(*, by: Actor, invitation: TeamInvitation) -> TeamInvitation:
    """A new mail, a new link, fourteen new days; the old link stops at once. Entry: not accepted, not withdrawn."""
    row = _locked(by, invitation)
    row.secret_sha256 = row.expires_at = row.mailed_at = None
    row.queued_at = timezone.now()
    row.save(update_fields=["secret_sha256", "expires_at", "mailed_at", "queued_at"])
    _queue(row)
    record(kind="team.invited_again", subject=row.organization.party, by=by.label, payload={"email": row.email})
    return row


@transaction.atomic
def withdraw(*, by: Actor, invitation: TeamInvitation) -> None:
    """The link stops at once. Entry: not accepted, not withdrawn."""
    row = _locked(by, invitation)
    row.withdrawn_at = timezone.now()
    row.save(update_fields=["withdrawn_at"])
    record(kind="team.invitation_withdrawn", subject=row.organization.party, by=by.label, payload={"email": row.email})


def open_invitation(secret: str) -> TeamInvitation | None:
    """The invitation behind a link, while it can be accepted. None for every other text, without saying why."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    rows = _open().filter(secret_sha256=digest, expires_at__gt=timezone.now())
    return rows.select_related("organization", "invited_by").first()


@transaction.atomic
def accept(*, by: User, secret: str) -> Membership:
    """The invited person joins. Once: of two presses at the same moment one finds the invitation used.

    Raises StaleState for a link that does not work (any more), Refused for a person who has not proved that the
    invited address is hers. Somebody who belongs to the team by now keeps the role she has.
    """
    found = open_invitation(secret)
    row = _open().select_for_update(of=("self",)).filter(pk=found.pk).first() if found else None
    if row is None:
        raise StaleState("This invitation does not work any more. Ask for a new one.")
    if row.email not in verified_addresses(by):
        raise Refused(f"This invitation is for {row.email}. Sign in with that address to accept it.", code="address")
    member, _ = Membership.objects.get_or_create(
        user=by, organization_id=row.organization_id, defaults={"role": row.role}
    )
    row.accepted_at = timezone.now()
    row.save(update_fields=["accepted_at"])
    tell_about_joining(member, row)
    record(
        kind="team.joined",
        subject=member.organization.party,
        by=f"user:{by.pk} for {member.organization.party}",
        payload={"role": member.role, "invitation": str(row.pk)},
    )
    return member


def _open() -> "QuerySet[TeamInvitation]":
    return TeamInvitation.objects.filter(accepted_at=None, withdrawn_at=None)


def _locked(by: Actor, invitation: TeamInvitation) -> TeamInvitation:
    require_owner(by, invitation.organization)
    row = _open().select_for_update(of=("self",)).select_related("organization").filter(pk=invitation.pk).first()
    if row is None:
        raise StaleState("This invitation was accepted or withdrawn meanwhile.")
    return row


def _queue(invitation: TeamInvitation) -> None:
    transaction.on_commit(partial(tasks.send_invitation.delay, str(invitation.pk)))
