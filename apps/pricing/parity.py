"""The parity meter: the same pictures as a real shoot, and what the model earns in both.

An estimate with named assumptions. Studio, crew, travel and retouching are not in it: they differ from shoot to
shoot and would only make the real one dearer.
"""

from dataclasses import dataclass
from math import ceil

from apps.common.errors import InvalidInput
from apps.common.money import BASIS_POINTS, half_up
from apps.pricing.amounts import share_of
from apps.pricing.factors import Factors
from apps.pricing.quote import Ask, quote, usage_exact
from apps.talent.models import HIGHEST_COMMISSION_BP

PICTURES_PER_DAY = 20

ASSUMPTIONS = (
    f"A day of a real shoot gives {PICTURES_PER_DAY} finished pictures.",
    "The model is paid her day rate for every day, and the same usage fee.",
    "The agency takes the same service charge and the same commission.",
    "Studio, crew, travel and retouching are not counted; VAT is left out on both sides.",
)


@dataclass(frozen=True)
class RealShoot:
    """Amounts in minor units without VAT. `model_minor` is what she gets after commission."""

    currency: str
    days: int
    session_minor: int
    usage_minor: int
    service_minor: int
    net_minor: int
    model_minor: int
    twin_net_minor: int
    twin_model_minor: int
    assumptions: tuple[str, ...] = ASSUMPTIONS


def real_shoot(ask: Ask, *, commission_bp: int = 0, factors: Factors | None = None) -> RealShoot:
    """Estimate the shoot that this booking replaces. `commission_bp` is what the agency keeps of the model's fee.

    Raises InvalidInput(field=…) for what cannot be priced, and for a commission above 20 % (New York Fashion
    Workers Act).
    """
    if not 0 <= commission_bp <= HIGHEST_COMMISSION_BP:
        raise InvalidInput("A commission is at most 20 %.", field="commission_bp")
    twin = quote(ask, factors=factors)
    days = ceil(ask.pictures / PICTURES_PER_DAY)
    session, usage = ask.day_rate_minor * days, half_up(usage_exact(twin))
    service = share_of(session + usage, twin.service_bp)
    kept_bp = BASIS_POINTS - commission_bp
    return RealShoot(
        currency=ask.currency,
        days=days,
        session_minor=session,
        usage_minor=usage,
        service_minor=service,
        net_minor=session + usage + service,
        model_minor=share_of(session + usage, kept_bp),
        twin_net_minor=twin.net_minor,
        twin_model_minor=share_of(twin.fee_minor, kept_bp),
    )
