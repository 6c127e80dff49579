"""A model's day rate as she and her agency set it, and what it would bring with a usual booking."""

from dataclasses import dataclass
from typing import Any

from babel.numbers import get_currency_name
from django import forms
from django.utils import timezone

from apps.bookings.policies import ApprovalPlan, NoMandate, plan_approvals
from apps.bookings.selectors import named
from apps.bookings.views.money import Received, received
from apps.common.money import Money
from apps.common.templatetags.ui import major
from apps.common.territories import WORLD, country_name
from apps.common.vocabulary import CURRENCIES, Category, Exclusivity, Medium, Window
from apps.portal.my_twin import to_minor
from apps.pricing.ask import HIGHEST_DAY_RATE_MINOR
from apps.pricing.quote import Ask, quote
from apps.pricing.services import currency_of, factors_for
from apps.royalties.split import split
from apps.talent.models import Mandate, Talent

PICTURES = 40
HUNDRED = 100  # every currency that prices are made in has hundredths


class DayRateForm(forms.Form):
    """Typed in the major unit; `rate` is the amount as the services take it."""

    amount = forms.DecimalField(
        label="For a day",
        min_value=1,
        max_value=HIGHEST_DAY_RATE_MINOR // HUNDRED,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
        help_text="As for a day before a camera. Brands see what it makes of their booking.",
        error_messages={"required": "Enter an amount.", "invalid": "Enter an amount, like 1500."},
    )
    currency = forms.ChoiceField(
        label="Currency", choices=[(code, f"{get_currency_name(code, locale='en')} ({code})") for code in CURRENCIES]
    )

    @property
    def rate(self) -> Money:
        """What was typed. Entry: the form is valid."""
        currency = self.cleaned_data["currency"]
        return Money(to_minor(self.cleaned_data["amount"], currency), currency)

    def refuse(self, field: str | None, message: str) -> None:
        """A service's refusal beside the field that it means."""
        here = {"day_rate_minor": "amount"}.get(field or "", field)
        self.add_error(here if here in self.fields else None, message)


def initial(talent: Talent, rate: Money | None) -> dict[str, Any]:
    if rate is None:
        return {"currency": currency_of(talent)}
    return {"amount": major(rate, rate.currency)[0], "currency": rate.currency}


@dataclass(frozen=True)
class Example:
    """What a brand in one country would pay for a year in its web shop, and who would receive what of it."""

    country: str
    pictures: int
    hers: Money
    money: Received


def example(talent: Talent, rate: Money, *, party: str) -> Example | None:
    """As `party` reads it. None where nobody can book her: she is represented, and no mandate covers her twin."""
    found = _somewhere(talent)
    if found is None:
        return None
    country, plan = found
    agency = plan.agency.party if plan.agency else None
    ask = Ask(
        day_rate_minor=rate.amount_minor, currency=rate.currency, pictures=PICTURES, media=(Medium.ECOMMERCE.value,),
        territories=(country,), window_months=Window.TWELVE.value, exclusivity=Exclusivity.NONE.value,
        category=Category.FASHION.value, represented=plan.represented, vat_country=country,
    )  # fmt: skip
    shares = split(
        quote(ask, factors=factors_for(talent_ref=talent.party, agency=agency)),
        talent=talent.party, agency=agency, mother_agency=plan.mother_agency.party if plan.mother_agency else None,
        commission_bp=plan.commission_bp, mother_bp=plan.mother_bp,
    )  # fmt: skip
    hers = sum(share.amount_minor for share in shares if share.party == talent.party)
    return Example(country_name(country), PICTURES, Money(hers, rate.currency), received(named(shares), party))


def _somewhere(talent: Talent) -> tuple[str, ApprovalPlan] | None:
    """A country in which her twin can be booked, her own if that is one, and who answers there."""
    today = timezone.now().date()
    mandates = Mandate.objects.filter(talent=talent, covers_twins=True).running_on(today).order_by("starts_on", "pk")
    places = [place for mandate in mandates for place in mandate.territories if place != WORLD]
    for country in dict.fromkeys([talent.country, *places]):
        try:
            return country, plan_approvals(talent=talent, territories=[country], brand_country=country, day=today)
        except NoMandate:
            continue
    return None
