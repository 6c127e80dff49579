"""Freezing who gets what when a booking is agreed, and paying it out of `held` when it is delivered or closed."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from apps.accounts.actor import Actor
from apps.common.errors import Refused
from apps.common.money import largest_remainder
from apps.common.refs import PLATFORM
from apps.ledger.services import Leg, balance, post
from apps.royalties.closing import Closing, Rule
from apps.royalties.models import Royalty, Split
from apps.royalties.split import Kind, Reason, Share

PLATFORM_ACCOUNT = "platform:fees"
FEE_REASONS = frozenset({Reason.FEE.value, Reason.COMMISSION.value})


def agree(*, charge_ref: str, shares: Sequence[Share], by: Actor) -> list[Royalty]:
    """Freeze the shares of a charge. Again with the same shares does nothing; with others it is refused.

    Raises Refused(code="already_agreed"); the database refuses commissions above 20 % and parts that do not add up.
    """
    try:
        return _freeze(charge_ref, shares, by)
    except IntegrityError:
        rows = list(Royalty.objects.filter(charge_ref=charge_ref))
        if not rows:
            raise
        if _as_set(rows) != {_row_key(share) for share in shares if share.reason != Reason.VAT}:
            raise Refused("Other shares are already agreed for this.", code="already_agreed") from None
        return rows


@transaction.atomic
def earn(*, charge_ref: str, delivered_at: datetime, by: Actor) -> list[Royalty]:
    """Everything agreed is earned: held moves to the parties. Entry: all agreed. Exit: all earned.

    Again it does nothing. Raises Refused when nothing is agreed, when it was closed otherwise (code="already_closed"),
    and BelowFloor when it was never paid.
    """
    rows = locked(charge_ref)
    return _settle(rows, [row.amount_minor for row in rows], at=delivered_at, kind="earned", by=by)


@transaction.atomic
def close_unearned(*, charge_ref: str, closing: Closing, closed_at: datetime, by: Actor) -> list[Royalty]:
    """What a closing rule lets stay is earned, the rest lapses. Entry: all agreed. Exit: all earned or lapsed.

    Each line that stays is laid over the agreed parts of that line, so nobody gets more than agreed. The refund that
    the closing names stays in `held` until it is refunded. Again it does nothing. Raises Refused as `earn` does, and
    for a closing of another price.
    """
    rows = locked(charge_ref)
    _check_closing(Split.objects.get(charge_ref=charge_ref), closing)
    return _settle(rows, _kept(rows, closing), at=closed_at, kind="closed", by=by)


@transaction.atomic
def _freeze(charge_ref: str, shares: Sequence[Share], by: Actor) -> list[Royalty]:
    def line(*reasons: Reason) -> int:
        return sum(share.amount_minor for share in shares if share.reason in reasons)

    Split.objects.create(
        charge_ref=charge_ref,
        currency=shares[0].currency,
        fee_minor=line(Reason.FEE, Reason.COMMISSION),
        service_minor=line(Reason.SERVICE),
        platform_minor=line(Reason.PLATFORM),
        crew_minor=line(Reason.CREW),
        vat_minor=line(Reason.VAT),
        total_minor=sum(share.amount_minor for share in shares),
        commission_bp=sum(share.rate_bp for share in shares if share.reason == Reason.COMMISSION),
        agreed_by=by.label,
    )
    return Royalty.objects.bulk_create(
        Royalty(
            charge_ref=charge_ref,
            party=share.party,
            kind=share.kind,
            reason=share.reason,
            rate_bp=share.rate_bp,
            amount_minor=share.amount_minor,
            currency=share.currency,
        )
        for share in shares
        if share.reason != Reason.VAT
    )


def locked(charge_ref: str) -> list[Royalty]:
    """The royalties of a charge in their fixed order, locked until the transaction ends. Raises Refused for none."""
    rows = list(Royalty.objects.select_for_update().filter(charge_ref=charge_ref).order_by("pk"))
    if not rows:
        raise Refused("Nothing is agreed for this yet.", code="not_agreed")
    return sorted(rows, key=lambda row: (Kind.values.index(row.kind), Reason.values.index(row.reason)))


def _settle(rows: list[Royalty], earned: list[int], *, at: datetime, kind: str, by: Actor) -> list[Royalty]:
    """Post what is earned and move every row to its end state, once."""
    charge_ref = rows[0].charge_ref
    if any(row.state != Royalty.State.AGREED for row in rows):
        if [row.earned_minor for row in rows] == earned:
            return rows
        raise Refused("This was already closed with other amounts.", code="already_closed")
    for row, amount in zip(rows, earned, strict=True):
        row.earned_minor, row.earned_on = amount, at.date()
        row.state = Royalty.State.EARNED if amount else Royalty.State.LAPSED
        row.save(update_fields=["earned_minor", "earned_on", "state"])
    legs = [Leg(account_of(row.party), row.currency, -(row.earned_minor or 0), row.reason) for row in rows]
    legs = [leg for leg in legs if leg.amount_minor]
    if legs:
        out = Leg(f"held:{charge_ref}", rows[0].currency, sum(earned))
        post(key=f"earned:{charge_ref}", kind=kind, ref=charge_ref, legs=[out, *legs], occurred_at=at, by=by.label)
    return rows


def account_of(party: str) -> str:
    """The ledger account on which a party's royalties gather."""
    return PLATFORM_ACCOUNT if party == PLATFORM else f"payable:{party}"


def _kept(rows: list[Royalty], closing: Closing) -> list[int]:
    """Each line's kept amount over the agreed parts of that line, in the order of the rows."""
    kept = {row.pk: 0 for row in rows}
    lines = (
        (FEE_REASONS, closing.kept.fee_minor),
        ({Reason.SERVICE.value}, closing.kept.service_minor),
        ({Reason.PLATFORM.value}, closing.kept.platform_minor),
        ({Reason.CREW.value}, closing.kept.crew_minor),
    )
    for reasons, amount in lines:
        members = [row for row in rows if row.reason in reasons]
        if members:
            parts = largest_remainder(amount, [row.amount_minor for row in members])
            kept |= {row.pk: part for row, part in zip(members, parts, strict=True)}
    return [kept[row.pk] for row in rows]


def _check_closing(split: Split, closing: Closing) -> None:
    kept = closing.kept
    if closing.rule is Rule.NOT_PAID:
        if balance(f"held:{split.charge_ref}", split.currency):
            raise Refused("This was paid: choose the rule that says what is refunded.", code="was_paid")
    elif (kept.currency, kept.net_minor + closing.refund_held_minor, kept.vat_minor + closing.refund_vat_minor) != (
        split.currency,
        split.net_minor,
        split.vat_minor,
    ):
        raise Refused("This closing belongs to another price.", code="other_price")


def _row_key(part: Royalty | Share) -> tuple[str, str, str, int, str]:
    return part.party, part.kind, part.reason, part.amount_minor, part.currency


def _as_set(rows: Sequence[Royalty]) -> set[tuple[str, str, str, int, str]]:
    return {_row_key(row) for row in rows}
