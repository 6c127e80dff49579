"""Issuing and revoking vouchers, inside the transaction of a booking's act, which also writes the audit event."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.common.errors import InvalidInput, StaleState
from apps.generation import vouchers as tokens
from apps.generation.enqueue import after_commit
from apps.generation.models import Voucher
from apps.generation.scope import read_scope
from apps.twins.models import Twin


@transaction.atomic
def issue_voucher(
    *,
    by: Actor,
    booking_ref: str,
    twin: Twin,
    pictures: int,
    candidates: int,
    scope: Mapping[str, Any],
    ends: datetime,
) -> Voucher:
    """Permit `candidates` pictures of one twin for one booking until `ends`, within a frozen scope.

    `by` is named in the audit event of the booking. Raises InvalidInput for a scope or numbers that make no sense,
    StaleState when the booking has an active voucher already.
    """
    read_scope(scope)
    if not 1 <= pictures <= candidates or ends <= timezone.now():
        raise InvalidInput("A voucher is for at least one picture, as many candidates, and ends in the future.")
    voucher = Voucher(
        booking_ref=booking_ref, twin=twin, pictures=pictures, candidates=candidates, scope=dict(scope), ends=ends
    )
    voucher.token = tokens.signed(voucher, candidates=candidates)
    try:
        with transaction.atomic():
            voucher.save(force_insert=True)
    except IntegrityError as error:
        raise StaleState("This booking has a voucher already.") from error
    return voucher


@transaction.atomic
def revoke_vouchers(*, by: Actor, booking_ref: str, reason: str) -> int:
    """From the commit on nothing more is made for this booking; what is being made is cancelled by a task.

    Answers how many vouchers were active. Revoking twice changes nothing. `by` is named in the booking's audit event.
    """
    active = Voucher.objects.of_booking(booking_ref).filter(state=Voucher.State.ACTIVE)
    revoked = active.update(state=Voucher.State.REVOKED, revoked_at=timezone.now(), revoked_reason=reason[:200])
    if revoked:
        after_commit("cancel_booking", booking_ref)
    return revoked
