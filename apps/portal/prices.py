"""What a twin costs at least, and what a usual booking would cost, for many twins at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

from apps.common.money import Money
from apps.common.refs import PLATFORM
from apps.common.vocabulary import Category, Exclusivity, Medium, Window
from apps.organizations.models import Organization
from apps.pricing.factors import DEFAULTS, Factors
from apps.pricing.models import RateCard
from apps.pricing.quote import Ask, quote
from apps.pricing.services import day_rates


@dataclass(frozen=True)
class Prices:
    """Day rates and rate cards of some models and their agencies; every question is answered from memory."""

    rates: Mapping[str, Money]
    cards: Mapping[str, RateCard]
    country: str

    @classmethod
    def of(cls, parties: list[tuple[str, Organization | None]], *, country: str) -> "Prices":
        """Two queries. `country` is the brand's: where the pictures run at the least, and the place of VAT."""
        owners = {PLATFORM} | {talent for talent, _ in parties} | {agency.party for _, agency in parties if agency}
        return cls(day_rates([talent for talent, _ in parties]), RateCard.objects.current(sorted(owners)), country)

    def lowest(self, talent: str, agency: str | None) -> Money | None:
        """The smallest booking there is: one picture on the brand's own site for three months, before VAT."""
        ask = self.ask(
            talent, represented=bool(agency), pictures=1, media=(Medium.OWN.value,), window=Window.THREE.value
        )
        if ask is None:
            return None
        return Money(quote(ask, factors=self.factors(talent, agency)).net_minor, ask.currency)

    def usual(self, talent: str, agency: str | None) -> Ask | None:
        """What most brands ask for: ten pictures for a web shop, for a year in one country."""
        return self.ask(
            talent, represented=bool(agency), pictures=10, media=(Medium.ECOMMERCE.value,), window=Window.TWELVE.value
        )

    def ask(self, talent: str, *, represented: bool, pictures: int, media: tuple[str, ...], window: int) -> Ask | None:
        rate = self.rates.get(talent)
        if rate is None:
            return None
        return Ask(
            day_rate_minor=rate.amount_minor,
            currency=rate.currency,
            pictures=pictures,
            media=media,
            territories=(self.country,),
            window_months=window,
            exclusivity=Exclusivity.NONE.value,
            category=Category.FASHION.value,
            represented=represented,
            vat_country=self.country,
        )

    def factors(self, talent: str, agency: str | None) -> Factors:
        """The platform's card under the agency's, under the model's own."""
        owners = [owner for owner in (PLATFORM, agency, talent) if owner and owner in self.cards]
        return reduce(lambda under, owner: under.overridden_by(self.cards[owner].factors), owners, DEFAULTS)
