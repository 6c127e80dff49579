"""Issuing and revoking vouchers, inside the transaction of an act of theirs, which also writes the audit event."""

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
from apps.generation.sheet import read_sheet
from apps.twins.models import Twin, TwinVersion

CANDIDATES_A_PICTURE = 3


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
    return _issue(
        Voucher(
            purpose=Voucher.Purpose.GENERATE,
            subject=booking_ref,
            twin=twin,
            pictures=pictures,
            candidates=candidates,
            scope=dict(scope),
            ends=ends,
        )
    )


@transaction.atomic
def issue_test_voucher(*, version: TwinVersion, scope: Mapping[str, Any], ends: datetime) -> Voucher:
    """Permit the pictures of one version's test sheet until `ends`, three candidates for each.

    Raises InvalidInput for a scope that makes no sense, StaleState when the version has an active voucher already.
    """
    pictures = len(read_sheet(scope))
    return _issue(
        Voucher(
            purpose=Voucher.Purpose.TRAIN,
            subject=version.ref,
            twin=version.twin,
            pictures=pictures,
            candidates=pictures * CANDIDATES_A_PICTURE,
            scope=dict(scope),
            ends=ends,
        )
    )


def _issue(voucher: Voucher) -> Voucher:
    if not 1 <= voucher.pictures <= voucher.candidates or voucher.ends <= timezone.now():
        raise InvalidInput("A voucher is for at least one picture, as many candidates, and ends in the future.")
    voucher.token = tokens.signed(voucher, candidates=voucher.candidates)
    try:
        with transaction.atomic():
            voucher.save(force_insert=True)
    except IntegrityError as error:
        raise StaleState("There is a voucher already.") from error
    return voucher


@transaction.atomic
def revoke_vouchers(*, by: Actor, subject: str, reason: str) -> int:
    """From the commit on nothing more is made for this booking or version; what is being made is cancelled by a task.

    Answers how many vouchers were active. Revoking twice changes nothing. `by` is named in the audit event of the act.
    """
    active = Voucher.objects.about(subject).filter(state=Voucher.State.ACTIVE)
    revoked = active.update(state=Voucher.State.REVOKED, revoked_at=timezone.now(), revoked_reason=reason[:200])
    if revoked:
        after_commit("cancel_revoked", subject)
    return revoked
