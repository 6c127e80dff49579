"""Inviting a model, one by one; and what she does with it. Accepting is hers alone and signs no mandate."""

import hashlib
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.accounts.addresses import verified_addresses
from apps.accounts.models import User
from apps.audit.services import record
from apps.common.errors import InvalidInput, NotAllowed, Refused, StaleState
from apps.common.wording import say
from apps.notifications.services import notify
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission
from apps.roster import tasks
from apps.roster.models import Invitation, RosterEntry
from apps.roster.services.checking import checked
from apps.roster.services.reading import COLUMNS
from apps.talent.joining import AboutHer, join
from apps.talent.models import Talent


@transaction.atomic
def invite_model(*, by: Actor, agency: Organization, person: dict[str, str]) -> RosterEntry:
    """One more person on the roster, with a pending invitation; its mail is queued once the agency is checked.

    `person` has the columns of the CSV file. Raises NotAllowed, InvalidInput(field=…), also for an address that is on
    the roster already.
    """
    _require_roster(by, agency)
    values = {}
    for column in COLUMNS:
        try:
            values[column] = checked(column, person.get(column, "").strip())
        except InvalidInput as error:
            raise InvalidInput(error.message, field=column) from error
    Organization.objects.select_for_update(no_key=True).get(pk=agency.pk)  # an import of the same person waits
    entry, made = RosterEntry.objects.get_or_create(agency=agency, email=values.pop("email"), defaults=values)
    if not made:
        raise InvalidInput("This address is on your roster already.", field="email")
    invitation = Invitation.objects.create(entry=entry)
    if agency.checked_at:
        transaction.on_commit(partial(tasks.send_invitation.delay, str(invitation.pk)))
    record(kind="roster.invited", subject=agency.party, by=by.label, payload={"email": entry.email})
    return entry


@transaction.atomic
def send_again(*, by: Actor, entry: RosterEntry) -> Invitation:
    """A new mail with a new link; the old one stops at once. Raises StaleState once she has accepted."""
    _require_roster(by, entry.agency)
    row = Invitation.objects.select_for_update().filter(entry=entry, accepted_at=None).first()
    if row is None:
        raise StaleState(f"{entry} has joined meanwhile.")
    row.secret_sha256 = row.expires_at = None
    row.save(update_fields=["secret_sha256", "expires_at"])
    if entry.agency.checked_at:
        transaction.on_commit(partial(tasks.send_invitation.delay, str(row.pk)))
    record(kind="roster.invited_again", subject=entry.agency.party, by=by.label, payload={"email": entry.email})
    return row


def open_invitation(secret: str) -> Invitation | None:
    """The invitation behind a link, while it can be accepted. None for every other text, without saying why."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    rows = _open().filter(secret_sha256=digest, expires_at__gt=timezone.now())
    return rows.select_related("entry__agency").first()


@transaction.atomic
def accept(*, by: User, secret: str, about: AboutHer | None) -> Talent:
    """She joins her agency's roster, as the model she is already or as a new one. Once, of two presses too.

    No mandate comes of it: that is proposed and signed separately. Raises StaleState for a link that does not work (any
    more), Refused for somebody who has not proved that the invited address is hers, InvalidInput as `join` does.
    """
    found = open_invitation(secret)
    row = _open().select_for_update(of=("self",)).filter(pk=found.pk).first() if found else None
    if found is None or row is None:
        raise StaleState("This invitation does not work any more. Ask for a new one.")
    entry = found.entry
    if entry.email not in verified_addresses(by):
        raise Refused(f"This invitation is for {entry.email}. Sign in with that address to accept it.", code="address")
    talent = Talent.objects.filter(user=by).first() or join(by=by, about=about)
    row.accepted_at = timezone.now()
    row.save(update_fields=["accepted_at"])
    RosterEntry.objects.filter(pk=entry.pk).update(talent=talent)
    _tell_agency(entry.agency, talent)
    record(
        kind="roster.joined",
        subject=talent.party,
        by=f"user:{by.pk} for {talent.party}",
        payload={"agency": entry.agency.party, "invitation": str(row.pk)},
    )
    return talent


def _open() -> "QuerySet[Invitation]":
    return Invitation.objects.filter(accepted_at=None)


def _require_roster(by: Actor, agency: Organization) -> None:
    by.require(Permission.MANAGE_ROSTER)
    if by.party != agency.party or agency.kind != Organization.Kind.AGENCY:
        raise NotAllowed("Only the agency itself keeps its roster.")


def _tell_agency(agency: Organization, talent: Talent) -> None:
    bookers = User.objects.filter(memberships__organization=agency, memberships__role__in=["owner", "booker"])
    what = say("roster.joined", model=talent.stage_name)
    notify(to=agency.party, what=what, url=reverse("roster_invited"), people=bookers)
