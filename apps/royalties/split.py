"""Who gets which part of a price. Integers only; one largest remainder over all parties of a line."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models

from apps.common.errors import InvalidInput
from apps.common.money import BASIS_POINTS, largest_remainder
from apps.common.refs import PLATFORM
from apps.pricing.amounts import Amounts
from apps.talent.models import HIGHEST_COMMISSION_BP


class Kind(models.TextChoices):
    """As what a party earns."""

    TALENT = "talent", "Model"
    AGENCY = "agency", "Agency"
    MOTHER_AGENCY = "mother_agency", "Mother agency"
    PLATFORM = "platform", "Platform"
    CREW = "crew", "Crew"
    VAT = "vat", "VAT"


class Reason(models.TextChoices):
    """For what. Fee and commission are parts of the fee F; service, platform and crew are paid beside it."""

    FEE = "fee", "Fee after commission"
    COMMISSION = "commission", "Commission on the model's fee"
    SERVICE = "service", "Service charge paid by the brand"
    PLATFORM = "platform", "Platform fee"
    CREW = "crew", "Share of the crew"
    VAT = "vat", "VAT"


@dataclass(frozen=True)
class Share:
    """`rate_bp` is the part of its line (of F for fee and commission, of the net sum for VAT, of what the whole crew is
    given for each of it) in basis points."""

    party: str
    kind: str
    amount_minor: int
    currency: str
    reason: str
    rate_bp: int


def split(
    amounts: Amounts,
    *,
    talent: str,
    agency: str | None,
    mother_agency: str | None,
    commission_bp: int,
    mother_bp: int,
    crew: Mapping[str, int] | None = None,
) -> list[Share]:
    """The shares of a price; together they are exactly what the brand pays.

    The model gets F less the commission. The mother agency's part lies inside the commission and has none of the
    service charge, which is the agency's. A mother agency that books herself gets the agency's lines. VAT is a share
    of the platform's only in name: a liability it hands on. Shares of nothing are left out. Ties of a cent go to the
    model first, then to the agency. `crew` is what each party of the crew is given: it comes on top of F and off
    nobody's share. Raises InvalidInput for a commission that is not allowed or fits no agency, and for a crew that is
    given another sum than the price says.
    """
    booking_agency = agency or mother_agency
    mother = mother_agency if agency and mother_agency != agency and mother_bp else None
    _check(amounts, booking_agency, commission_bp, mother_bp)
    given = crew or {}
    _check_crew(amounts, given)
    mother_part = mother_bp if mother else 0
    rates = [BASIS_POINTS - commission_bp, commission_bp - mother_part, mother_part]
    for_talent, for_agency, for_mother = largest_remainder(amounts.fee_minor, rates)
    shares = [
        (talent, Kind.TALENT, for_talent, Reason.FEE, rates[0]),
        (booking_agency, Kind.AGENCY, for_agency, Reason.COMMISSION, rates[1]),
        (mother, Kind.MOTHER_AGENCY, for_mother, Reason.COMMISSION, rates[2]),
        (booking_agency, Kind.AGENCY, amounts.service_minor, Reason.SERVICE, amounts.service_bp),
        (PLATFORM, Kind.PLATFORM, amounts.platform_minor, Reason.PLATFORM, amounts.platform_bp),
        *_crew_parts(given),
        (PLATFORM, Kind.VAT, amounts.vat_minor, Reason.VAT, amounts.vat_rate_bp),
    ]
    return [
        Share(party, kind.value, amount, amounts.currency, reason.value, rate)
        for party, kind, amount, reason, rate in shares
        if party and amount
    ]


def _check(amounts: Amounts, agency: str | None, commission_bp: int, mother_bp: int) -> None:
    """New York Fashion Workers Act: an agency's commission is at most 20 % of the model's fee."""
    if not 0 <= commission_bp <= HIGHEST_COMMISSION_BP:
        raise InvalidInput("A commission is at most 20 %.", field="commission_bp")
    if not 0 <= mother_bp <= commission_bp:
        raise InvalidInput("The mother agency's part lies inside the commission.", field="mother_bp")
    if agency is None and (commission_bp or amounts.service_minor):
        raise InvalidInput("Without an agency there is neither commission nor service charge.", field="agency")


def _crew_parts(crew: Mapping[str, int]) -> list[tuple[str, Kind, int, Reason, int]]:
    if not crew:
        return []
    rates = largest_remainder(BASIS_POINTS, list(crew.values()))
    return [
        (party, Kind.CREW, amount, Reason.CREW, rate) for (party, amount), rate in zip(crew.items(), rates, strict=True)
    ]


def _check_crew(amounts: Amounts, crew: Mapping[str, int]) -> None:
    if any(amount <= 0 for amount in crew.values()) or sum(crew.values()) != amounts.crew_minor:
        raise InvalidInput("The crew's shares do not add up to what the crew is given.", field="crew_split")
