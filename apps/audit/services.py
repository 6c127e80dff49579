"""Writing the audit chain and erasing what it says about people."""

import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from django.db import connection, transaction

from apps.audit.chain import ERASED, GENESIS, Record, commitment, leaf_hash
from apps.audit.models import Event, Payload
from apps.audit.verification import ChainReport, verify_chain
from apps.common.canonical import canonical_json

__all__ = ["ERASED", "JSON", "ChainReport", "erase_payloads", "record", "verify_chain"]

JSON: TypeAlias = "str | int | float | bool | Mapping[str, JSON] | Sequence[JSON] | None"

# Writers of every process take turns on this advisory lock; the number only has to differ from other locks of ours.
CHAIN_LOCK = 7_701_001


@transaction.atomic(savepoint=False)
def record(*, kind: str, subject: str, by: str, payload: Mapping[str, JSON]) -> Event:
    """Append one event in the caller's transaction: it stands and falls with what it tells of.

    Holds the chain's lock until the transaction ends, so it is called once and last. `by` is `actor.label`. What the
    payload says can be erased later; `kind` and `subject` stay for ever and hold no name. Raises TypeError for a
    payload that JSON cannot say.
    """
    body = canonical_json({"by": by, "data": payload}).decode()
    salt = secrets.token_bytes(16)
    last_record, last_hash, now = _lock_and_read_tip()
    last: dict[str, Any] = json.loads(last_record) if last_record else {"seq": 0, "ts": ""}
    entry = Record(
        seq=last["seq"] + 1,
        ts=max(last["ts"], now),  # a clock set back must not look like a forgery
        kind=kind,
        subject=subject,
        commit=commitment(salt, body),
        prev=last_hash or GENESIS,
    )
    event = Event(seq=entry.seq, record=entry.text, hash=leaf_hash(entry.text))
    event.save(force_insert=True)
    Payload(event=event, salt=salt, body=body).save(force_insert=True)
    return event


@transaction.atomic(savepoint=False)
def erase_payloads(*, subject: str, by: str, reason: str) -> int:
    """Delete what the events of this subject say, keep that they happened, and append a receipt that lists them.

    Returns how many payloads went. Earlier receipts stay: they are what tells an erasure from a theft.
    (GDPR art. 17; the chain itself is kept under art. 17(3)(e), for the defence of legal claims.)
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
        cursor.execute("SET LOCAL double.erasing = 'on'")
        found = Payload.objects.filter(event__subject=subject).exclude(event__kind=ERASED)
        seqs = sorted(found.values_list("event_id", flat=True))
        found.delete()
        cursor.execute("SET LOCAL double.erasing = 'off'")
    if seqs:
        record(kind=ERASED, subject=subject, by=by, payload={"events": seqs, "reason": reason})
    return len(seqs)


def _lock_and_read_tip() -> tuple[str | None, str | None, str]:
    """Two statements on purpose: the second one's snapshot must begin after the lock is ours."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
        cursor.execute(
            "SELECT tip.record, tip.hash,"
            " to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
            " FROM (SELECT 1) one"
            " LEFT JOIN (SELECT record, hash FROM audit_event ORDER BY seq DESC LIMIT 1) tip ON true"
        )
        row: tuple[str | None, str | None, str] = cursor.fetchone()
    return row
