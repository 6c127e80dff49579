"""The firm price beside the composer, with everything that explains it or stands against it."""

from dataclasses import dataclass, field

from apps.bookings.matrix import UsageMatrix, scales, usage_matrix
from apps.bookings.models import Booking
from apps.bookings.policies import NoMandate
from apps.bookings.terms import quote_of, shares_of
from apps.bookings.warnings import Warning, standing_against
from apps.common.errors import InvalidInput
from apps.pricing.factors import Factors
from apps.pricing.parity import RealShoot, real_shoot
from apps.pricing.quote import FactorLine, Quote
from apps.pricing.services import factors_for
from apps.royalties.split import Share

BAR = 1_000  # units of the drawn bars' width
WARNED_FIELDS = ("media", "category", "territories", "window_months", "exclusivity")
WARNING_ICONS = {"boundary": "shield-check", "consent": "fingerprint", "exclusivity": "lock", "mandate": "handshake"}


@dataclass(frozen=True)
class Parity:
    """The same pictures as a real shoot, as four bars on one scale."""

    shoot: RealShoot

    @property
    def bars(self) -> list[dict[str, object]]:
        shoot = self.shoot
        rows = [
            ("A real shoot costs", shoot.net_minor, "c2"),
            ("The twin costs", shoot.twin_net_minor, "c1"),
            ("The model earns at the shoot", shoot.model_minor, "c2"),
            ("The model earns with the twin", shoot.twin_model_minor, "c1"),
        ]
        widest = max(amount for _, amount, _ in rows)
        return [
            {"label": label, "amount_minor": amount, "tone": tone, "width": BAR * amount // widest}
            for label, amount, tone in rows
        ]


@dataclass(frozen=True)
class QuoteBox:
    """Either a price with its explanation, or the problem that keeps it from being made."""

    price: Quote | None = None
    problem: str = ""
    receives_minor: int | None = None
    parity: Parity | None = None
    matrix: UsageMatrix | None = None
    factors: list[tuple[FactorLine, str]] = field(default_factory=list)  # each with what it could be
    warnings: list[Warning] = field(default_factory=list)

    @property
    def icons(self) -> list[tuple[str, Warning]]:
        return [(WARNING_ICONS[warning.kind], warning) for warning in self.warnings]

    @property
    def against(self) -> dict[str, list[tuple[str, Warning]]]:
        """Every field that a warning may concern, with what stands against it now: nothing where nothing does."""
        return {name: [row for row in self.icons if row[1].field == name] for name in WARNED_FIELDS}


def quote_box(booking: Booking, *, pictures: int) -> QuoteBox:
    """Price the booking as it stands in memory; nothing is saved."""
    try:
        priced = quote_of(booking, pictures=pictures)
    except InvalidInput as error:
        return QuoteBox(problem=error.message, warnings=standing_against(booking))
    shares = _shares(booking, priced)
    factors = _factors(booking, shares)
    could_be = scales(factors)
    return QuoteBox(
        price=priced,
        receives_minor=sum(share.amount_minor for share in shares if share.kind == "talent") if shares else None,
        parity=_parity(priced, shares, factors),
        matrix=usage_matrix(booking, priced, factors),
        factors=[(line, could_be[line.code]) for line in priced.factors],
        warnings=standing_against(booking, fee_minor=priced.fee_minor),
    )


def _shares(booking: Booking, priced: Quote) -> list[Share]:
    """Nobody's share is known while no mandate covers the use; the warning beside the price says so."""
    try:
        return shares_of(booking, priced)
    except NoMandate:
        return []


def _factors(booking: Booking, shares: list[Share]) -> Factors:
    """Those that made the price."""
    agency = next((share.party for share in shares if share.kind == "agency"), None)
    return factors_for(talent_ref=booking.twin.talent.party, agency=agency)


def _parity(priced: Quote, shares: list[Share], factors: Factors) -> Parity | None:
    if not shares:
        return None
    commission_bp = sum(share.rate_bp for share in shares if share.reason == "commission")
    return Parity(real_shoot(priced.ask, commission_bp=commission_bp, factors=factors))
