"""Setting day rates and rate cards, and finding the factors that hold for a booking."""

from collections.abc import Iterable, Mapping
from functools import reduce

from babel.numbers import get_territory_currencies
from django.db import IntegrityError, transaction

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import InvalidInput, StaleState
from apps.common.money import Money
from apps.common.refs import PLATFORM, parse_ref
from apps.common.vocabulary import CURRENCIES
from apps.pricing.ask import check_day_rate
from apps.pricing.factors import DEFAULTS, Factors, checked_card
from apps.pricing.models import DayRate, RateCard
from apps.pricing.news import tell_about_day_rate
from apps.pricing.policies import require_pricing_of, require_pricing_of_talent
from apps.talent.models import Boundaries, Talent


def day_rate(talent_ref: str) -> Money | None:
    """What a day of this model costs, or None while nobody has set it."""
    return day_rates([talent_ref]).get(talent_ref)


def day_rates(talent_refs: Iterable[str]) -> dict[str, Money]:
    """The day rates of many models in one query; those without one are missing."""
    rows = DayRate.objects.filter(talent_ref__in=list(talent_refs))
    return {row.talent_ref: Money(row.amount_minor, row.currency) for row in rows}


def currency_of(talent: Talent) -> str:
    """The currency of her day rate, in which her lowest fee is meant; before there is one, that of her country."""
    rate = day_rate(talent.party)
    return rate.currency if rate else usual_currency(talent.country)


def usual_currency(country: str) -> str:
    """What one pays with in this country, where prices are made in it; else euros."""
    return next((code for code in get_territory_currencies(country) if code in CURRENCIES), CURRENCIES[0])


@transaction.atomic
def set_day_rate(*, by: Actor, talent_ref: str, amount_minor: int, currency: str) -> DayRate:
    """Set B for the quotes to come; terms that exist keep theirs. The other side is told.

    Raises NotAllowed, InvalidInput(field=…): also for another currency while her lowest fee is an amount in this one.
    """
    require_pricing_of_talent(by, talent_ref)
    check_day_rate(amount_minor, currency)
    talent = Talent.objects.select_for_update(of=("self",)).get(pk=parse_ref(talent_ref, "talent"))
    before, rate = day_rate(talent_ref), Money(amount_minor, currency)
    if currency != currency_of(talent):
        _require_no_lowest_fee(talent, by)
    row, _ = DayRate.objects.update_or_create(
        talent_ref=talent_ref,
        defaults={"amount_minor": amount_minor, "currency": currency, "changed_by": by.label},
    )
    record(
        kind="pricing.day_rate_set",
        subject=talent_ref,
        by=by.label,
        payload={"amount_minor": amount_minor, "currency": currency},
    )
    if rate != before:
        tell_about_day_rate(talent, rate, by)
    return row


def _require_no_lowest_fee(talent: Talent, by: Actor) -> None:
    """A lowest fee is an amount without a currency of its own: it never changes its meaning behind her back."""
    if not Boundaries.objects.filter(talent=talent, lowest_fee_minor__gt=0).exists():
        return
    now = currency_of(talent)
    if by.party == talent.party:
        raise InvalidInput(f"Your lowest fee is in {now}. Take it out of your rules first.", field="currency")
    raise InvalidInput(f"{talent.stage_name}’s own rules count in {now}. Only she can change that.", field="currency")


def publish_rate_card(*, by: Actor, owner: str, factors: Mapping[str, Mapping[str, int]]) -> RateCard:
    """Add the next version of an owner's card. Of two at the same time one wins, the other gets StaleState.

    Raises NotAllowed, InvalidInput(field="factors"), StaleState.
    """
    require_pricing_of(by, owner)
    card = checked_card(factors, of_platform=owner == PLATFORM)
    try:
        return _append_version(by, owner, card)
    except IntegrityError as error:
        raise StaleState("Somebody else just changed this rate card. Load it again.") from error


@transaction.atomic
def _append_version(by: Actor, owner: str, card: dict[str, dict[str, int]]) -> RateCard:
    last = RateCard.objects.filter(owner=owner).order_by("-version").first()
    row = RateCard.objects.create(
        owner=owner, version=last.version + 1 if last else 1, factors=card, created_by=by.label
    )
    record(
        kind="pricing.rate_card_published",
        subject=owner,
        by=by.label,
        payload={"version": row.version, "factors": card},
    )
    return row


def factors_for(*, talent_ref: str, agency: str | None = None) -> Factors:
    """The defaults under the platform's card, under the agency's, under the model's own."""
    owners = [owner for owner in (PLATFORM, agency, talent_ref) if owner]
    cards = RateCard.objects.current(owners)
    return reduce(
        lambda factors, owner: factors.overridden_by(cards[owner].factors) if owner in cards else factors,
        owners,
        DEFAULTS,
    )
