"""Taking back what was earned: a licence that ends early, a refund or a lost dispute after delivery."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from django.db import transaction
from django.db.models import Sum

from apps.accounts.actor import Actor
from apps.common.errors import InvalidInput, Refused
from apps.common.money import half_up, largest_remainder
from apps.ledger.models import Entry, Journal
from apps.ledger.services import Leg, post
from apps.pricing.amounts import Amounts, share_of
from apps.royalties.models import Royalty
from apps.royalties.services import FEE_REASONS, account_of, locked

KIND = "taken_back"


def unused_usage(price: Amounts, *, unused_days: int, licence_days: int) -> tuple[int, int]:
    """What goes back when a running licence ends early: the unused part of U and the VAT on it, in minor units.

    The session took place, and both charges were earned with it. Raises InvalidInput for impossible numbers of days.
    """
    if licence_days < 1 or not 0 <= unused_days <= licence_days:
        raise InvalidInput(f"{unused_days} of {licence_days} days cannot be unused.", field="unused_days")
    unused = half_up(price.usage_minor * Fraction(unused_days, licence_days))
    return unused, share_of(unused, price.vat_rate_bp)


def allocate(amount_minor: int, remaining: Sequence[int]) -> list[int]:
    """Lay a refund over what the parties still have of a fee: each part is at most what remains.

    Raises Refused when more is asked than remains.
    """
    if not 0 < amount_minor <= sum(remaining):
        raise Refused(f"{amount_minor} cannot be taken back of {sum(remaining)}.", code="more_than_earned")
    return largest_remainder(amount_minor, remaining)


@transaction.atomic
def take_back(*, charge_ref: str, key: str, fee_minor: int, at: datetime, by: Actor) -> Journal:
    """Move a part of the earned fee from its parties back to `held`, from where it is refunded.

    A party that was already paid goes below zero: it is netted from what it earns next. The same key does it once.
    Raises Refused when nothing is earned or less remains.
    """
    rows = [row for row in locked(charge_ref) if row.reason in FEE_REASONS]
    full_key = f"{KIND}:{charge_ref}:{key}"
    done = Journal.objects.filter(key=full_key).first()
    if done:
        return done
    parts = allocate(fee_minor, _remaining(charge_ref, rows))
    legs = [Leg(account_of(row.party), row.currency, part, row.reason) for row, part in zip(rows, parts, strict=True)]
    return post(
        key=full_key,
        kind=KIND,
        ref=charge_ref,
        legs=[Leg(f"held:{charge_ref}", rows[0].currency, -fee_minor), *(leg for leg in legs if leg.amount_minor)],
        occurred_at=at,
        by=by.label,
    )


def _remaining(charge_ref: str, rows: Sequence[Royalty]) -> list[int]:
    taken = Entry.objects.filter(journal__ref=charge_ref, journal__kind=KIND).values_list("account__code", "memo")
    so_far = {(code, memo): total for code, memo, total in taken.annotate(total=Sum("amount"))}
    return [(row.earned_minor or 0) - so_far.get((account_of(row.party), row.reason), 0) for row in rows]
