"""One twin as a brand sees it: measurements, what it may be used for, and what a usual booking costs."""

from dataclasses import dataclass

from apps.common.templatetags.ui import number
from apps.common.territories import describe
from apps.common.vocabulary import Category, Medium
from apps.generation.selectors import portfolio
from apps.organizations.models import Organization
from apps.portal.catalogue import Card, cards
from apps.portal.pictures import Picture, picture
from apps.portal.prices import Prices
from apps.portal.test_sheet import TITLES
from apps.pricing.parity import RealShoot, real_shoot
from apps.pricing.quote import Quote, quote
from apps.talent.models import Boundaries, Mandate, Talent
from apps.twins.models import Twin


@dataclass(frozen=True)
class TwinPage:
    twin: Twin
    talent: Talent
    card: Card
    portfolio: list[tuple[str, Picture]]
    agency: Organization | None
    measures: list[tuple[str, str]]
    uses: list[str]
    not_uses: list[str]
    not_categories: list[str]
    not_territories: str
    longest_months: int
    usual: Quote | None
    shoot: RealShoot | None


def twin_page(twin: Twin, brand: Organization) -> TwinPage:
    """`twin` comes from `catalogue.bookable`, so that she agrees to be shown, and `catalogue.with_cards`. Her rules are
    told in general words; her lowest fee is hers to know."""
    talent = twin.talent
    rules: Boundaries = talent.boundaries
    mandate: Mandate | None = next(iter(getattr(talent, "running", [])), None)
    usual, shoot = _prices(talent, mandate, brand)
    return TwinPage(
        twin=twin,
        talent=talent,
        card=cards([twin], brand)[0],
        portfolio=[
            (TITLES[shown.job.spec["scene"]], picture(shown.file))
            for shown in portfolio(twin)
            if shown.file != twin.cover
        ],
        agency=mandate.agency if mandate else None,
        measures=measures(talent),
        uses=[str(medium.label) for medium in Medium if medium.value not in rules.barred_media],
        not_uses=[str(medium.label) for medium in Medium if medium.value in rules.barred_media],
        not_categories=[str(category.label) for category in Category if category.value in rules.barred_categories],
        not_territories=describe(rules.barred_territories) if rules.barred_territories else "",
        longest_months=rules.longest_window_months,
        usual=usual,
        shoot=shoot,
    )


def _prices(talent: Talent, mandate: Mandate | None, brand: Organization) -> tuple[Quote | None, RealShoot | None]:
    agency = mandate.agency if mandate else None
    prices = Prices.of([(talent.party, agency)], country=brand.country)
    ask = prices.usual(talent.party, agency.party if agency else None)
    if ask is None:
        return None, None
    factors = prices.factors(talent.party, agency.party if agency else None)
    return quote(ask, factors=factors), real_shoot(
        ask, commission_bp=mandate.commission_bp if mandate else 0, factors=factors
    )


def measures(talent: Talent) -> list[tuple[str, str]]:
    """What she told of herself, label and value; what she did not tell is left out."""
    rows = [
        ("Height", talent.height_cm, " cm"),
        ("Bust", talent.bust_cm, " cm"),
        ("Waist", talent.waist_cm, " cm"),
        ("Hips", talent.hips_cm, " cm"),
        ("Shoe", talent.shoe_eu, " EU"),
        ("Hair", talent.hair, ""),
        ("Eyes", talent.eyes, ""),
    ]
    return [(label, f"{number(value)}{unit}" if unit else str(value)) for label, value, unit in rows if value]
