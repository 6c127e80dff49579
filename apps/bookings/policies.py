"""Who answers for a booking and who earns from it: one agency per booking, decided by the mandates."""

from dataclasses import dataclass
from datetime import date

from apps.common.errors import Refused
from apps.organizations.models import Organization
from apps.talent.models import Mandate, Talent


@dataclass(frozen=True)
class ApprovalPlan:
    """Frozen at submission. Without an agency only the model answers: no service charge, no commission."""

    agency: Organization | None
    mother_agency: Organization | None
    commission_bp: int
    mother_bp: int

    @property
    def represented(self) -> bool:
        return self.agency is not None


ALONE = ApprovalPlan(agency=None, mother_agency=None, commission_bp=0, mother_bp=0)


class NoMandate(Refused):
    """She is represented, but no mandate covers this use of her twin."""


def plan_approvals(*, talent: Talent, territories: list[str], brand_country: str, day: date) -> ApprovalPlan:
    """The agency whose mandate covers all territories; if several, the one that covers the brand's country.

    A mandate covers twins only where that is signed separately. A mother agency books herself where no local mandate
    exists, else she is informed and has no vote. Raises NoMandate when mandates run but none covers the booking.
    """
    running = [m for m in talent.mandates.select_related("agency") if m.runs_on(day)]
    if not running:
        return ALONE
    mothers = [m for m in running if m.kind == Mandate.Kind.MOTHER]
    locals_ = [m for m in running if m.kind == Mandate.Kind.LOCAL]
    chosen = _choose(locals_, territories, brand_country)
    if chosen is not None:
        mother = mothers[0].agency if mothers and chosen.mother_bp else None
        return ApprovalPlan(chosen.agency, mother, chosen.commission_bp, chosen.mother_bp if mother else 0)
    if not locals_ and (herself := _choose(mothers, territories, brand_country)):
        return ApprovalPlan(herself.agency, None, herself.commission_bp, 0)
    raise NoMandate("No agency holds a mandate for this twin in all these territories.", code="mandate")


def _choose(mandates: list[Mandate], territories: list[str], brand_country: str) -> Mandate | None:
    fitting = [m for m in mandates if m.covers_twins and m.agency.checked_at and m.holds_in(territories)]
    if len(fitting) > 1:
        fitting = [m for m in fitting if m.holds_in([brand_country])] or fitting
    return min(fitting, key=lambda m: (m.starts_on, str(m.pk)), default=None)
