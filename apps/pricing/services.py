"""Setting day rates and rate cards, and finding the factors that hold for a booking."""

from collections.abc import Iterable, Mapping
from functools import reduce

from django.db import IntegrityError, transaction

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import StaleState
from apps.common.money import Money
from apps.common.refs import PLATFORM
from apps.pricing.ask import check_day_rate
from apps.pricing.factors import DEFAULTS, Factors, checked_card
from apps.pricing.models import DayRate, RateCard
from apps.pricing.policies import require_pricing_of, require_pricing_of_talent


def day_rate(talent_ref: str) -> Money | None:
    """What a day of this model costs, or None while nobody has set it."""
    return day_rates([talent_ref]).get(talent_ref)


def day_rates(talent_refs: Iterable[str]) -> dict[str, Money]:
    """The day rates of many models in one query; those without one are missing."""
    rows = DayRate.objects.filter(talent_ref__in=list(talent_refs))
    return {row.talent_ref: Money(row.amount_minor, row.currency) for row in rows}


@transaction.atomic
def set_day_rate(*, by: Actor, talent_ref: str, amount_minor: int, currency: str) -> DayRate:
    """Set B for the quotes to come; terms that exist keep theirs. Raises NotAllowed, InvalidInput(field=…)."""
    require_pricing_of_talent(by, talent_ref)
    check_day_rate(amount_minor, currency)
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
    return row


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
