"""The lines of a price and how each is rounded: half up, once per line, to the minor unit."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from apps.common.money import BASIS_POINTS, half_up
from apps.pricing.vat import VatRate, percent

ROUNDING = "half up, once per line"


@dataclass(frozen=True)
class Line:
    code: str
    label: str
    amount_minor: int


@dataclass(frozen=True)
class Amounts:
    """What a brand pays, in minor units: session and usage make the fee, two charges on it, VAT on the net sum.

    The service charge is the agency's, the platform fee is ours; both are shares of the fee. `crew_minor` is what the
    brand gives the crew on top (product.md, 14): no charge is laid on it, and nobody's share of the fee pays for it.
    """

    currency: str
    session_minor: int
    usage_minor: int
    service_bp: int
    platform_bp: int
    service_minor: int
    platform_minor: int
    vat: VatRate
    vat_minor: int
    crew_minor: int = 0

    @property
    def fee_minor(self) -> int:
        return self.session_minor + self.usage_minor

    @property
    def net_minor(self) -> int:
        return self.fee_minor + self.service_minor + self.platform_minor + self.crew_minor

    @property
    def total_minor(self) -> int:
        return self.net_minor + self.vat_minor

    @property
    def vat_rate_bp(self) -> int:
        return self.vat.rate_bp

    @property
    def lines(self) -> list[Line]:
        """The lines that are charged, in the order of the invoice. They add up to the total."""
        lines = [
            Line("session", "Session fee", self.session_minor),
            Line("usage", "Usage fee", self.usage_minor),
            Line("service", f"Agency service charge, {percent(self.service_bp)} % of the fee", self.service_minor),
            Line("platform", f"Platform fee, {percent(self.platform_bp)} % of the fee", self.platform_minor),
            Line("crew", "Crew", self.crew_minor),
        ]
        return [line for line in lines if line.amount_minor] + [Line("vat", self.vat.reason, self.vat_minor)]

    def amounts_json(self) -> dict[str, Any]:
        """Every figure with what explains it: rate, base, place and rounding of the VAT."""
        return {
            "currency": self.currency,
            "session_minor": self.session_minor,
            "usage_minor": self.usage_minor,
            "fee_minor": self.fee_minor,
            "service_bp": self.service_bp,
            "service_minor": self.service_minor,
            "platform_bp": self.platform_bp,
            "platform_minor": self.platform_minor,
            **({"crew_minor": self.crew_minor} if self.crew_minor else {}),  # prices without one read as before
            "net_minor": self.net_minor,
            "vat": {
                "country": self.vat.country,
                "rate_bp": self.vat.rate_bp,
                "base_minor": self.net_minor,
                "reason": self.vat.reason,
                "source": self.vat.source,
                "rounding": ROUNDING,
            },
            "vat_minor": self.vat_minor,
            "total_minor": self.total_minor,
        }


def share_of(amount_minor: int, basis_points: int) -> int:
    """A share of an amount, half up to the minor unit."""
    return half_up(Fraction(amount_minor * basis_points, BASIS_POINTS))


def charge(
    *,
    currency: str,
    session_minor: int,
    usage_minor: int,
    service_bp: int,
    platform_bp: int,
    vat: VatRate,
    crew_minor: int = 0,
) -> Amounts:
    """Lay the charges on a fee that is already rounded, and the VAT on their sum and what the crew is given."""
    fee = session_minor + usage_minor
    service, platform = share_of(fee, service_bp), share_of(fee, platform_bp)
    return Amounts(
        currency=currency,
        session_minor=session_minor,
        usage_minor=usage_minor,
        service_bp=service_bp,
        platform_bp=platform_bp,
        service_minor=service,
        platform_minor=platform,
        vat=vat,
        vat_minor=share_of(fee + service + platform + crew_minor, vat.rate_bp),
        crew_minor=crew_minor,
    )


def amounts_from_json(data: dict[str, Any]) -> Amounts:
    """The frozen amounts as they were agreed. Raises ValueError where their sums do not hold together."""
    vat = data["vat"]
    amounts = Amounts(
        currency=data["currency"],
        session_minor=data["session_minor"],
        usage_minor=data["usage_minor"],
        service_bp=data["service_bp"],
        platform_bp=data["platform_bp"],
        service_minor=data["service_minor"],
        platform_minor=data["platform_minor"],
        vat=VatRate(vat["country"], vat["rate_bp"], vat["reason"], vat["source"]),
        vat_minor=data["vat_minor"],
        crew_minor=data.get("crew_minor", 0),
    )
    sums = (amounts.fee_minor, amounts.net_minor, amounts.total_minor)
    if sums != (data["fee_minor"], data["net_minor"], data["total_minor"]):
        raise ValueError("the sums of this price do not follow from its lines")
    return amounts
