"""Beginning a programme."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import InvalidInput
from apps.common.territories import COUNTRIES, WORLD
from apps.organizations.models import Organization
from apps.pricing.ask import check_day_rate
from apps.programmes.models import LONGEST_MANDATE_MONTHS, Programme
from apps.programmes.policies import require_keeper
from apps.talent.models import HIGHEST_COMMISSION_BP


@dataclass(frozen=True)
class Plan:
    """What a programme is. `day_rate_minor` is B in the organisation's currency; a mandate is an agency's alone."""

    name: str
    words: str
    day_rate_minor: int
    ends_on: date
    mandate_territories: Sequence[str] = ()
    mandate_commission_bp: int | None = None
    mandate_months: int | None = None


@transaction.atomic
def start(*, by: Actor, organization: Organization, plan: Plan) -> Programme:
    """Exit: a running programme without places; nobody is asked yet. Raises NotAllowed, InvalidInput(field=…).

    An organisation that is not checked prepares one all the same: its invitations wait until it is.
    """
    require_keeper(by, organization)
    if not plan.name.strip():
        raise InvalidInput("Give the programme a name.", field="name")
    check_day_rate(plan.day_rate_minor, organization.currency)
    if plan.ends_on <= timezone.now().date():
        raise InvalidInput("The last day lies ahead: the invited need time.", field="ends_on")
    _check_mandate(organization, plan)
    programme = Programme.objects.create(
        organization=organization, name=plan.name.strip(), words=plan.words.strip(), started_by_id=by.user_id,
        day_rate_minor=plan.day_rate_minor, currency=organization.currency, ends_on=plan.ends_on,
        mandate_territories=sorted(set(plan.mandate_territories)), mandate_commission_bp=plan.mandate_commission_bp,
        mandate_months=plan.mandate_months,
    )  # fmt: skip
    record(
        kind="programme.started", subject=programme.ref, by=by.label,
        payload={
            "organization": organization.party, "day_rate_minor": plan.day_rate_minor, "ends_on": str(plan.ends_on),
        },
    )  # fmt: skip
    return programme


def _check_mandate(organization: Organization, plan: Plan) -> None:
    """New York Fashion Workers Act: a mandate of at most three years, a commission of at most 20 %."""
    if plan.mandate_months is None:
        return
    if organization.kind != Organization.Kind.AGENCY:
        raise InvalidInput("Only an agency proposes mandates.", field="mandate_months")
    if not 1 <= plan.mandate_months <= LONGEST_MANDATE_MONTHS:
        raise InvalidInput("A mandate lasts three years at most.", field="mandate_months")
    if plan.mandate_commission_bp is None or not 0 <= plan.mandate_commission_bp <= HIGHEST_COMMISSION_BP:
        raise InvalidInput("A commission is at most 20 %.", field="mandate_commission_bp")
    if not plan.mandate_territories or set(plan.mandate_territories) - COUNTRIES - {WORLD}:
        raise InvalidInput("Choose where you would represent them.", field="mandate_territories")
