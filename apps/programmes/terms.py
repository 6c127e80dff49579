"""What a place is worth and what its model reads and signs. Pure reading: nothing is written here."""

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from babel.numbers import format_currency

from apps.common.legal_texts import fill, long_date, percent, words
from apps.common.templatetags.ui import major
from apps.organizations.models import Organization
from apps.pricing.amounts import Amounts
from apps.pricing.extras import twin_creation
from apps.pricing.services import factors_for
from apps.programmes.models import Programme
from apps.royalties.split import Kind, Share, split
from apps.talent.models import Mandate, Talent

TEXT_VERSION = "2026-11"
FOLDER = Path(__file__).parent / "texts" / TEXT_VERSION


@dataclass(frozen=True)
class Offer:
    """The price of one place and its split, as of one day."""

    amounts: Amounts
    shares: list[Share]
    agency: Organization | None
    commission_bp: int

    @property
    def receives_minor(self) -> int:
        """What the model gets of it, in minor units."""
        return sum(share.amount_minor for share in self.shares if share.kind == Kind.TALENT)

    def shares_json(self) -> list[dict[str, Any]]:
        return [asdict(share) for share in self.shares]


def offer_to(programme: Programme, talent: Talent, *, on: date) -> Offer:
    """1.25 × B with the platform fee; the agency that represents her twin adds its service charge and takes its
    commission (product.md, Price). An agency that pays for its own model takes neither: it would pay itself.
    """
    mandate = _mandate(talent, programme.organization.country, on)
    agency = mandate.agency if mandate and mandate.agency_id != programme.organization_id else None
    amounts = price_of(programme, represented=agency is not None, on=on)
    mother = _mother(talent, on) if mandate and agency and mandate.kind == Mandate.Kind.LOCAL else None
    commission_bp = mandate.commission_bp if mandate and agency else 0
    shares = split(
        amounts,
        talent=talent.party,
        agency=agency.party if agency else None,
        mother_agency=mother.party if mother else None,
        commission_bp=commission_bp,
        mother_bp=mandate.mother_bp if mandate and mother else 0,
    )
    return Offer(amounts, shares, agency, commission_bp)


def price_of(programme: Programme, *, represented: bool, on: date) -> Amounts:
    """What the organisation pays for one place, by the platform's own factors: the same for every model."""
    return twin_creation(
        day_rate_minor=programme.day_rate_minor,
        currency=programme.currency,
        represented=represented,
        vat_country=programme.organization.country,
        on=on,
        factors=factors_for(talent_ref=""),
    )


def place_text(programme: Programme, talent: Talent, offer: Offer, *, language: str) -> str:
    """The text that she reads and signs (New York Fashion Workers Act: scope, purpose, rate of pay, duration). Its
    first line is the title."""
    said = words(FOLDER, language)
    organization = programme.organization
    values = {
        "model": talent.stage_name,
        "programme": programme.name,
        "organization": organization.name,
        "legal_name": organization.legal_name,
        "fee": _money(offer.amounts.fee_minor, offer.amounts.currency, language),
        "receives": _money(offer.receives_minor, offer.amounts.currency, language),
        "ends_on": long_date(programme.ends_on, language),
    }
    taken = {"agency": offer.agency.name, "rate": percent(offer.commission_bp, language)} if offer.agency else {}
    sentence = said["commission"] if offer.agency and offer.commission_bp else said["no_commission"]
    return fill([said["title"], *said["lines"]], values | {"commission": fill([sentence], taken)})


def _mandate(talent: Talent, country: str, on: date) -> Mandate | None:
    """The running mandate that covers her twin: a local one before the mother's, the payer's country before others."""
    running = talent.mandates.running_on(on).filter(covers_twins=True, agency__checked_at__isnull=False)
    found = list(running.select_related("agency").order_by("starts_on", "pk"))
    return min(found, key=lambda one: (one.kind != Mandate.Kind.LOCAL, not one.holds_in([country])), default=None)


def _mother(talent: Talent, on: date) -> Organization | None:
    mother = talent.mandates.running_on(on).filter(kind=Mandate.Kind.MOTHER).select_related("agency").first()
    return mother.agency if mother else None


def _money(amount_minor: int, currency: str, language: str) -> str:
    return format_currency(major(amount_minor, currency)[0], currency, locale=language)
