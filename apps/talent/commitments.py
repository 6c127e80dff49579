"""Exclusivities that a model signed elsewhere. They block bookings like our own, so they are entered truthfully or not
at all: by herself, or by an agency that represents her today."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import InvalidInput, NotAllowed, StaleState
from apps.common.refs import parse_ref
from apps.common.territories import COUNTRIES, WORLD
from apps.common.vocabulary import Category, Exclusivity
from apps.organizations.permissions import Permission
from apps.talent.models import LONGEST_WINDOW_MONTHS, Mandate, OutsideCommitment, Talent

LONGEST = timedelta(days=LONGEST_WINDOW_MONTHS // 12 * 366)


@transaction.atomic
def enter_commitment(
    *, by: Actor, talent: Talent, exclusivity: str, category: str, territories: Sequence[str], starts_on: date,
    ends_on: date, brand: str = "", note: str = "",
) -> OutsideCommitment:  # fmt: skip
    """From the commit on nothing that it excludes can be booked or made. Days are inclusive.

    `category` counts for an exclusivity in a category; a full one takes them all. What is agreed already stays agreed,
    and the check before every GPU call looks at this row. Raises NotAllowed, InvalidInput(field=…).
    """
    _require_side(by, talent)
    if exclusivity not in (Exclusivity.CATEGORY, Exclusivity.FULL):
        raise InvalidInput("Choose what it takes.", field="exclusivity")
    if category not in Category.values:
        raise InvalidInput("Choose a category.", field="category")
    if not territories:
        raise InvalidInput("Choose where it holds.", field="territories")
    if unknown := sorted(set(territories) - COUNTRIES - {WORLD}):
        raise InvalidInput(f"“{unknown[0]}” is no country that we know.", field="territories")
    _check_days(starts_on, ends_on)
    row = OutsideCommitment.objects.create(
        talent=talent, entered_by=by.party, exclusivity=exclusivity, category=category, brand=brand.strip()[:120],
        territories=sorted(set(territories)), window=DateRange(starts_on, ends_on + timedelta(days=1)),
        note=note.strip()[:200],
    )  # fmt: skip
    record(kind="commitment.entered", subject=talent.party, by=by.label, payload=_facts(row))
    return row


@transaction.atomic
def remove_commitment(*, by: Actor, commitment: OutsideCommitment) -> None:
    """It blocks nothing any more. She may remove any of hers, an agency what it entered itself.

    Raises NotAllowed, StaleState when somebody was quicker.
    """
    _require_side(by, commitment.talent)
    if by.party not in (commitment.talent.party, commitment.entered_by):
        raise NotAllowed("Only the model, or whoever entered it, removes it.")
    row = OutsideCommitment.objects.select_for_update(of=("self",)).filter(pk=commitment.pk).first()
    if row is None:
        raise StaleState("This was removed already.")
    row.delete()
    record(kind="commitment.removed", subject=commitment.talent.party, by=by.label, payload=_facts(commitment))


def _require_side(by: Actor, talent: Talent) -> None:
    """She in person, or an agency's people with the roster in their hands, under a mandate that runs today."""
    if by.kind == "talent":
        by.require(Permission.SIGN_CONSENT)
        if by.party == talent.party and by.user_id == talent.user_id:
            return
    if by.kind == "agency":
        by.require(Permission.MANAGE_ROSTER)
        today = timezone.now().date()
        if Mandate.objects.filter(agency=parse_ref(by.party, "org"), talent=talent).running_on(today).exists():
            return
    raise NotAllowed("Only the model herself or an agency that represents her enters this.")


def _check_days(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise InvalidInput("It cannot end before it begins.", field="ends_on")
    if ends_on < timezone.now().date():
        raise InvalidInput("It is over already: it blocks nothing.", field="ends_on")
    if ends_on - starts_on > LONGEST:
        raise InvalidInput("At most ten years.", field="ends_on")


def _facts(row: OutsideCommitment) -> dict[str, str]:
    """What the audit chain keeps of it, the private words left out."""
    return {
        "exclusivity": row.exclusivity,
        "category": row.category,
        "territories": ", ".join(row.territories),
        "starts_on": row.window.lower.isoformat(),
        "ends_on": (row.window.upper - timedelta(days=1)).isoformat(),
    }
