"""How much a brand may have open on invoices. Staff decide with a reason; without a decision there is no credit."""

from django.db import transaction

from apps.accounts.models import User
from apps.audit.services import record
from apps.common.errors import InvalidInput, Refused
from apps.common.refs import PLATFORM
from apps.organizations.models import Organization, OrganizationCheck
from apps.organizations.services.checking import checked_reason, require_staff
from apps.organizations.services.news import tell_about_credit

HIGHEST_CREDIT_MINOR = 100_000_000


@transaction.atomic
def set_credit(*, by: User, organization: Organization, limit_minor: int, reason: str) -> OrganizationCheck:
    """Give, change or end (0) a checked brand's credit, in the minor unit of its currency. The owners read the reason.

    Credit ends by itself with the check. Raises NotAllowed as decide does, InvalidInput(field=…), Refused for an agency
    or an unchecked brand.
    """
    require_staff(by, organization)
    words = checked_reason(reason)
    if not 0 <= limit_minor <= HIGHEST_CREDIT_MINOR:
        raise InvalidInput("From 0 to 1,000,000.", field="limit")
    row = Organization.objects.select_for_update().get(pk=organization.pk)
    if row.kind != Organization.Kind.BRAND or row.checked_at is None:
        raise Refused("Only a checked brand can have credit.", code="unchecked")
    row.credit_limit_minor = limit_minor
    row.save(update_fields=["credit_limit_minor"])
    amount = f"{limit_minor / 100:,.2f} {row.currency}"
    step = OrganizationCheck.objects.create(
        organization=row, decision=OrganizationCheck.Decision.CREDIT, reason=f"{amount}. {words}"[:500], by=by
    )
    tell_about_credit(row, words)
    record(
        kind="organization.credit_set",
        subject=row.party,
        by=f"user:{by.pk} for {PLATFORM}",
        payload={"limit_minor": limit_minor, "reason": words},
    )
    organization.refresh_from_db()
    return step
